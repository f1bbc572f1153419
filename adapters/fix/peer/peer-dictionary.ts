import { type Dictionary, type LevelFact, loadDictionary, role } from '../../../codecs/fix/index.ts';

/**
 * A version's tables in the format that QuickFIX reads: without a dictionary it takes no message with a repeating group
 * apart, and could not send one again. Nothing is required, and an entry's first field comes first, the rest ascending.
 */
export function quickfixDictionary(beginString: string): string {
  const dictionary = loadDictionary(beginString);
  const [, major = '4', minor = '4'] = beginString.split('.');
  const used = new Set<number>();
  const messages = dictionary.types.map((type) => {
    const message = dictionary.message(type);
    if (message === undefined) return '';
    const category = message.admin ? 'admin' : 'app';
    const body = membersOf(
      dictionary,
      message.level,
      used,
      (bits) => (bits & (role.header | role.trailer)) === 0,
    );
    return `<message name='${message.name}' msgtype='${type}' msgcat='${category}'>${body}</message>`;
  });
  const header = membersOf(dictionary, dictionary.envelope, used, (bits) => (bits & role.header) !== 0);
  const trailer = membersOf(dictionary, dictionary.envelope, used, (bits) => (bits & role.trailer) !== 0);
  const fields = [...used].sort((left, right) => left - right).map((tag) => fieldOf(dictionary, tag));
  return [
    `<fix major='${major}' minor='${minor}'>`,
    `<header>${header}</header>`,
    `<messages>${messages.join('\n')}</messages>`,
    `<trailer>${trailer}</trailer>`,
    '<components/>',
    `<fields>${fields.join('\n')}</fields>`,
    '</fix>',
  ].join('\n');
}

function membersOf(
  dictionary: Dictionary,
  level: LevelFact,
  used: Set<number>,
  wanted: (bits: number) => boolean,
): string {
  const tags = [...level.roles.keys()].filter(
    (tag) => wanted(level.roles[tag] ?? 0) && level.roles[tag] !== 0,
  );
  const ordered = tags.includes(level.first)
    ? [level.first, ...tags.filter((tag) => tag !== level.first)]
    : tags;
  const lines = ordered.map((tag) => {
    const name = dictionary.field(tag)?.name;
    if (name === undefined) return '';
    used.add(tag);
    const group = level.groups.get(tag);
    if (group === undefined) return `<field name='${name}' required='N'/>`;
    const entry = membersOf(dictionary, group, used, () => true);
    return `<group name='${name}' required='N'>${entry}</group>`;
  });
  return lines.join('');
}

/** Numbers and times are left as text: what the peer would refuse is not what is tested here. */
function fieldOf(dictionary: Dictionary, tag: number): string {
  const field = dictionary.field(tag);
  const type = ['LENGTH', 'DATA', 'SEQNUM', 'NUMINGROUP'].includes(field?.type ?? '')
    ? field?.type
    : 'STRING';
  return `<field number='${tag}' name='${field?.name}' type='${type}'/>`;
}
