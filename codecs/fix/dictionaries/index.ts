export { type Difference, type DifferenceKind, type DifferenceWeight, differencesOf } from './difference.ts';
export { differenceText } from './difference-words.ts';
export { dialectJsonSchema } from './editor-schema.ts';
export { dictionaryIssues } from './issues.ts';
export { calledIn, type Member, membersOf, messageIn } from './members.ts';
export { type OpenDictionary, type OpenedDictionary, openDictionary } from './open-dictionary.ts';
export { dictionaryNames, spoken, standardWhole } from './standard-names.ts';
