import { hash } from 'node:crypto';
import { type Codec, defineCodec, type Message, type NormalizeContext } from '../../contract/codec.ts';
import type { Cut, Framer } from '../../contract/frame.ts';
import { eventOf } from '../../contract/normalize.ts';
import { concatBytes, latin1Text } from '../../core/bytes.ts';
import type { Issue, IssueTable } from '../../core/issue.ts';
import type { Event } from '../../events/index.ts';

/** `T|id|quantity` in a line of its own: a standard small enough to be wrong in every way that a test needs. */
interface LineMessage extends Message {
  readonly fields: readonly string[];
}

export interface LineCodecOptions {
  /** Later versions read `U|` too, and tell each trade with its text. */
  readonly version?: '1' | '2';
}

const issues = {
  LINE_GARBAGE: { severity: 'error', meaning: 'a line that does not begin with a letter', remedy: 'none' },
  LINE_BLANK: { severity: 'info', meaning: 'an empty line', remedy: 'none' },
  LINE_TYPE: { severity: 'error', meaning: 'a type that is not known', remedy: 'none' },
  LINE_QUANTITY: { severity: 'error', meaning: 'a quantity that is no number', remedy: 'none' },
} as const satisfies IssueTable;

function issue(code: keyof typeof issues, message: string): Issue {
  return { code, severity: issues[code].severity, message };
}

/** `T` is a trade, `A` administrative; `THROW` anywhere makes the codec throw, as a bug of ours would. */
export function lineCodec({ version = '1' }: LineCodecOptions = {}): Codec<LineMessage> {
  const known = version === '1' ? ['T', 'A'] : ['T', 'A', 'U'];
  return defineCodec<LineMessage>({
    id: 'line',
    version,
    fingerprint: version,
    standard: 'lines',
    framer: lineFramer,
    issues,
    decode({ bytes }) {
      const text = latin1Text(bytes).trimEnd();
      if (text.includes('THROW')) throw new Error(`bug while reading ${text}`);
      const fields = text.split('|');
      const type = fields[0] ?? '';
      if (!known.includes(type)) return { issues: [issue('LINE_TYPE', `type "${type}"`)] };
      const message: LineMessage = { standard: 'lines', type, name: '', bytes, fields, view: () => fields };
      const number = /^\d+$/.test(fields[2] ?? '');
      return { message, issues: number ? [] : [issue('LINE_QUANTITY', `quantity "${fields[2] ?? ''}"`)] };
    },
    encode: (message) => message.bytes,
    normalize: (message, context) => eventsOf(message, context, version),
    digest: ({ fields }) => hash('sha256', fields.slice(0, 3).join('|'), 'hex'),
  });
}

function eventsOf({ type, fields }: LineMessage, context: NormalizeContext, version: string): Event[] {
  if (type === 'A') return [];
  const [, execId = '', quantity = ''] = fields;
  const text = version === '1' ? undefined : 'second reading';
  return [
    eventOf(context, 'trade', 'trade.executed', { account: 'ACCT-CANARY-1' }, { execId, quantity, text }),
  ];
}

const lineFramer: Framer = {
  open() {
    let rest: Uint8Array = new Uint8Array();
    return {
      feed(chunk, last) {
        const all = concatBytes([rest, chunk]);
        const cuts: Cut[] = [];
        let from = 0;
        for (let end = all.indexOf(10); end >= 0; end = all.indexOf(10, from)) {
          cuts.push(cutOf(all.slice(from, end + 1)));
          from = end + 1;
        }
        rest = all.slice(from);
        if (last && rest.length > 0)
          cuts.push({ kind: 'garbage', bytes: rest, why: issue('LINE_GARBAGE', 'no end') });
        return cuts;
      },
    };
  },
};

function cutOf(bytes: Uint8Array): Cut {
  const text = latin1Text(bytes).trim();
  if (text === '') return { kind: 'garbage', bytes, why: issue('LINE_BLANK', 'an empty line') };
  if (/^[A-Z]/.test(text)) return { kind: 'frame', bytes };
  return { kind: 'garbage', bytes, why: issue('LINE_GARBAGE', 'a line that is none') };
}
