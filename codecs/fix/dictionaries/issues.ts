import { type IssueTable, issueMaker } from '../../../src/core/issue.ts';

/** What can be wrong with a dictionary or a dialect that a user brings. Each is told with its line and column. */
export const dictionaryIssues = {
  DICTIONARY_XML: {
    severity: 'error',
    meaning:
      'A dictionary is not well-formed XML, or has what no dictionary needs: a DOCTYPE with declarations, an entity.',
    remedy:
      'Mend the XML at this place. Take declarations out; the five entities of XML are all that is read.',
  },
  DICTIONARY_LIMIT: {
    severity: 'error',
    meaning: 'A dictionary is larger, deeper or wider than the limit.',
    remedy:
      'Check what the file is; the limits fit every dictionary that is published, see src/core/limits.ts.',
  },
  DICTIONARY_FORM: {
    severity: 'error',
    meaning:
      'The file is in no form that dictionaries have here: QuickFIX XML, FIX Orchestra XML, or a dialect in YAML.',
    remedy:
      'Name a file whose outermost element is fix or repository, or a YAML file that begins with dialect.',
  },
  DICTIONARY_VERSION: {
    severity: 'error',
    meaning: 'A dictionary says that it is of a version which FIX does not have.',
    remedy: 'Mend major, minor, type and servicepack (QuickFIX), version (Orchestra) or extends (dialect).',
  },
  DICTIONARY_ELEMENT: {
    severity: 'info',
    meaning: 'An element that says nothing about messages here; it is not read.',
    remedy:
      'None needed, unless something that you expect is missing: check its spelling and where it stands.',
  },
  DICTIONARY_ATTRIBUTE: {
    severity: 'error',
    meaning:
      'An element lacks an attribute that it needs, or its value cannot be one: a number, a name, Y or N.',
    remedy: 'Mend the attribute at this place.',
  },
  DICTIONARY_TWICE: {
    severity: 'warning',
    meaning: 'The same field, value, message, component or member is said twice; the first one counts.',
    remedy: 'Take one of the two out.',
  },
  DICTIONARY_REFERENCE: {
    severity: 'error',
    meaning: 'A member names a field, group or component that the dictionary does not have.',
    remedy: 'Mend the name, or add what it names.',
  },
  DICTIONARY_CYCLE: {
    severity: 'error',
    meaning: 'A component holds itself, directly or through others.',
    remedy: 'Take the component out of itself; what it is meant to repeat is a group.',
  },
  DICTIONARY_GROUP: {
    severity: 'error',
    meaning: 'A repeating group has no fields, so that nobody could tell where an entry begins.',
    remedy: 'Give the group its fields, the one that begins an entry first.',
  },
  DICTIONARY_TYPE: {
    severity: 'warning',
    meaning: 'A type of a field that FIX does not have; its values are read as text.',
    remedy: "Check the spelling; an Orchestra datatype needs a mapping or the standard's own name.",
  },
  DICTIONARY_DATA: {
    severity: 'warning',
    meaning: 'A data field without a length field before it: its value ends at the next separator.',
    remedy: 'Name the length field XyzLen or XyzLength for a data field Xyz, or number it directly before.',
  },
  DICTIONARY_SCENARIO: {
    severity: 'info',
    meaning: 'Orchestra has several scenarios of this element; the base one, or the first one, is read.',
    remedy:
      'None needed where the base scenario says what is sent; otherwise take the other one out into a file of its own.',
  },
  DIALECT_SYNTAX: {
    severity: 'error',
    meaning: 'A dialect is not YAML as it is read here: one document, no aliases, no key twice.',
    remedy: 'Mend the YAML at this place.',
  },
  DIALECT_SCHEMA: {
    severity: 'error',
    meaning: 'A dialect has a key that it cannot have here, lacks one, or a value has the wrong form.',
    remedy: 'Compare with docs/fix-dictionaries.md.',
  },
  DIALECT_BASE: {
    severity: 'error',
    meaning: 'The dictionary that a dialect extends cannot be read, or is wrong itself.',
    remedy: 'Mend that file first: clearport dictionary check FILE. A relative path counts from the dialect.',
  },
  DIALECT_CHANGE: {
    severity: 'error',
    meaning: 'A dialect changes or takes away what the version that it extends does not have there.',
    remedy: 'Look at what is there: clearport dictionary show VERSION MSGTYPE.',
  },
} as const satisfies IssueTable;

export type DictionaryIssueCode = keyof typeof dictionaryIssues;

export const dictionaryIssue = issueMaker(dictionaryIssues);
