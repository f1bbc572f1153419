import { type Dictionary, loadDictionary } from '../../codecs/fix/index.ts';
import { maskSecret } from '../../src/core/mask.ts';
import type { Definition } from './definition.ts';
import { evidenceText, isSecretTag } from './evidence.ts';
import type { Difference } from './fields.ts';
import type { Fault } from './play.ts';

/** Names of a FIX version, for whoever reads a report. */
export interface Names {
  /** `MsgSeqNum(34)`; `tag 9999` where no name is known. */
  field(tag: string): string;
  /** `5 (ValueIsIncorrect)`: a value as it stands, and what it says where it is an enumeration; never a secret. */
  value(tag: string, value: string): string;
  /** `Logout(5)`, of the text of a message; `a message` where it has no MsgType(35). */
  message(text: string): string;
}

/** The names of the version that a definition speaks: BeginString(8) and ApplVerID(1128) or DefaultApplVerID(1137) of its lines. */
export function namesOf(definition: Pick<Definition, 'steps'>): Names {
  const bodies = definition.steps.flatMap((step) => ('body' in step ? [step.body] : []));
  const first = (tag: string): string | undefined =>
    bodies.flatMap((body) => new RegExp(`(?:^|\u0001)${tag}=([^\u0001]+)`).exec(body)?.[1] ?? [])[0];
  const version = bodies.some((body) => body.startsWith('8=FIXT.1.1')) ? 'FIXT.1.1' : first('8');
  return namesBy(loadDictionary(version ?? '', first('1137') ?? first('1128')));
}

function namesBy(dictionary: Dictionary): Names {
  const fact = (tag: string) => (/^\d{1,9}$/.test(tag) ? dictionary.field(Number(tag)) : undefined);
  return {
    field: (tag) => {
      const known = fact(tag);
      if (known !== undefined) return `${known.name}(${tag})`;
      return tag === '' ? 'a field without tag' : `tag ${cut(tag)}`;
    },
    value: (tag, value) => {
      if (isSecretTag(tag)) return maskSecret(value);
      if (tag === '35') return dictionary.message(value)?.name ?? value;
      const word = fact(tag)?.values?.get(value);
      if (value === '') return 'empty';
      return word === undefined ? cut(value) : `${value} (${word})`;
    },
    message: (text) => {
      const type = /(?:^|\u0001)35=([^\u0001]*)/.exec(text)?.[1];
      if (type === undefined) return 'a message without MsgType(35)';
      return `${dictionary.message(type)?.name ?? 'MsgType(35)'}(${cut(type)})`;
    },
  };
}

function cut(text: string): string {
  const shown = evidenceText(text);
  return shown.length > 80 ? `${shown.slice(0, 80)}…` : shown;
}

/** One difference in words. */
export function differenceText(
  { kind, tag, expected = '', received = '' }: Difference,
  names: Names,
): string {
  const field = names.field(tag);
  switch (kind) {
    case 'value':
      return `${field} is ${names.value(tag, received)}, expected ${names.value(tag, expected)}`;
    case 'pattern':
      return `${field} is ${names.value(tag, received)}, which does not match ${expected}`;
    case 'missing':
      return `${field} is missing, expected ${names.value(tag, expected)}`;
    case 'unexpected':
      return `${field} is ${names.value(tag, received)}, expected not to be there`;
    case 'order':
      return `${names.field(received)} stands where ${field} is expected`;
  }
}

/** How many differences a reason tells; all of them stand beside it. */
const differencesTold = 3;

/** Why a definition failed, in a sentence for whoever leads a certification. */
export function reasonText(fault: Fault, names: Names): string {
  const expected = fault.expected === undefined ? 'a message' : names.message(fault.expected);
  const received = fault.received === undefined ? 'nothing' : names.message(fault.received);
  switch (fault.code) {
    case 'CERT_DIFFERENT':
      return differentText(fault, expected, received, names);
    case 'CERT_SILENT':
      return fault.received === undefined
        ? `${expected} is expected, and ${fault.detail}`
        : `${expected} is expected, and only the beginning of a message came`;
    case 'CERT_DISCONNECTED':
      return fault.expected === undefined ? fault.detail : `${expected} is expected, and ${fault.detail}`;
    case 'CERT_DATA':
      return `${received} came where the engine has to hang up`;
    case 'CERT_STILL_CONNECTED':
      return `the engine has to hang up, and ${fault.detail}`;
    case 'CERT_CHECKSUM':
      return `CheckSum(10) of ${received} is wrong: ${fault.detail}`;
    case 'CERT_UNREADABLE':
      return `${expected} is expected, and what came cannot be read: ${fault.detail}`;
    case 'CERT_NO_CONNECTION':
      return `there is no connection: ${fault.detail}`;
    default:
      return fault.detail;
  }
}

/** What a Logout(5) or Reject(3) says in Text(58) is mostly the whole reason. */
function saidIn({ received = '' }: Fault): string {
  const text = /\u000158=([^\u0001]+)/.exec(received)?.[1];
  return text === undefined ? '' : `: "${cut(text)}"`;
}

function differentText(fault: Fault, expected: string, received: string, names: Names): string {
  const { differences } = fault;
  const other = differences.find(({ tag, kind }) => tag === '35' && kind === 'value');
  if (other !== undefined) return `${expected} is expected, and ${received} came${saidIn(fault)}`;
  const told = differences.slice(0, differencesTold).map((difference) => differenceText(difference, names));
  const more = differences.length - told.length;
  return `${received}: ${told.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}
