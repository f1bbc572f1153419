import { below, oneOf, type Random } from './mutation.ts';

/** A definition with one change, and what was changed. Characters are bytes. */
export interface Mutant {
  readonly what: string;
  readonly line: number;
  readonly text: string;
}

type Fields = readonly string[];
type Change = (fields: Fields, random: Random) => Fields | undefined;

/** One of its expected messages (E-lines) changed: what a runner has to notice, and a few changes that it must not mind. */
export function mutantOf(text: string, random: Random): Mutant {
  const lines = text.split('\n');
  const expected = lines.flatMap((line, index) => (/^E\d?,?8=/.test(line) ? [index] : []));
  for (;;) {
    const at = oneOf(random, expected) ?? 0;
    const changes = random() < harmlessShare ? harmlessChanges : lineChanges;
    const [what, change] = oneOf(random, Object.entries(changes)) ?? ['', undefined];
    const changed = change?.(lines[at] ?? '', random);
    if (changed === undefined || changed === lines[at]) continue;
    const mutated = lines.flatMap((line, index) => (index === at ? changed.split('\n') : [line]));
    return {
      what,
      line: at + 1,
      text: mutated.filter((line, index) => line !== gone || index !== at).join('\n'),
    };
  }
}

/** How many of the changes are such that nothing may come of them. */
const harmlessShare = 0.2;
/** Stands for a line that is no longer there. */
const gone = '\u0000';

const fieldChanges: Readonly<Record<string, Change>> = {
  'a value has another end': (fields, random) => withField(fields, random, plain, (field) => `${field}X`),
  'a value is another number': (fields, random) =>
    withField(fields, random, /^\d+=\d+$/, (field) =>
      field.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10)),
    ),
  'a value is empty': (fields, random) =>
    withField(fields, random, plain, (field) => field.replace(/=.*/, '=')),
  'a tag is another one': (fields, random) => withField(fields, random, plain, (field) => `9${field}`),
  'a field is left out': (fields, random) => without(fields, below(random, fields.length - 2) + 1),
  'a field more': (fields, random) => inserted(fields, below(random, fields.length), '58=more than was sent'),
  'a field twice': (fields, random) => {
    const at = below(random, fields.length);
    return inserted(fields, at, fields[at] ?? '');
  },
  'two fields in the other order': (fields, random) => {
    const at = below(random, fields.length - 1);
    const [left = '', right = ''] = fields.slice(at, at + 2);
    return [...fields.slice(0, at), right, left, ...fields.slice(at + 2)];
  },
  'another MsgType(35)': (fields, random) =>
    withField(fields, random, /^35=/, () => `35=${oneOf(random, ['0', '1', '3', '5', 'D', 'j'])}`),
  'another BodyLength(9)': (fields, random) =>
    withField(fields, random, /^9=/, (field) => `9=${Number(field.slice(2)) + 1 + below(random, 9)}`),
  'BodyLength(9) left out': (fields) => fields.filter((field) => !field.startsWith('9=')),
  'an empty field more': (fields, random) => inserted(fields, below(random, fields.length - 1) + 1, ''),
};

/** Changes that a runner must not mind. */
const harmlessFieldChanges: Readonly<Record<string, Change>> = {
  'CheckSum(10) left out': (fields) => fields.filter((field) => !field.startsWith('10=')),
  'another CheckSum(10)': (fields, random) =>
    withField(fields, random, /^10=/, () => `10=${below(random, 999)}`),
  'another SendingTime(52)': (fields, random) =>
    withField(fields, random, /^52=/, (field) => field.replace('0', '9')),
  'text behind a second =': (fields, random) =>
    withField(fields, random, plain, (field) => `${field}=and more`),
};

/** Fields whose value is compared as it stands. */
const plain = /^(?!(?:8|9|10|52|60|122|42)=)\d+=/;

type LineChange = (line: string, random: Random) => string | undefined;

const harmlessChanges: Readonly<Record<string, LineChange>> = {
  ...onLines(harmlessFieldChanges),
  'separators at the end': (line) => `${line}\u0001\u0001`,
  'no separator at the end': (line) => line.replace(/\u0001$/, ''),
};

const lineChanges: Readonly<Record<string, LineChange>> = {
  ...onLines(fieldChanges),
  'a message is not expected': () => gone,
  'a message is expected twice': (line) => `${line}\n${line}`,
  'the end is expected instead': () => 'eDISCONNECT',
};

function onLines(changes: Readonly<Record<string, Change>>): Readonly<Record<string, LineChange>> {
  return Object.fromEntries(Object.entries(changes).map(([what, change]) => [what, onFields(change)]));
}

function onFields(change: Change): (line: string, random: Random) => string | undefined {
  return (line, random) => {
    const [, front = '', message = ''] = /^(E(?:\d,)?)([^\r]*)/.exec(line) ?? [];
    const fields = message.replace(/\u0001$/, '').split('\u0001');
    const changed = change(fields, random);
    return changed === undefined ? undefined : `${front}${changed.join('\u0001')}\u0001`;
  };
}

function withField(
  fields: Fields,
  random: Random,
  pattern: RegExp,
  change: (field: string) => string,
): Fields | undefined {
  const fitting = fields.flatMap((field, index) => (pattern.test(field) ? [index] : []));
  const at = oneOf(random, fitting);
  return at === undefined ? undefined : fields.map((field, index) => (index === at ? change(field) : field));
}

function without(fields: Fields, at: number): Fields {
  return fields.filter((_, index) => index !== at);
}

function inserted(fields: Fields, at: number, field: string): Fields {
  return [...fields.slice(0, at), field, ...fields.slice(at)];
}
