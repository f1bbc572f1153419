import { hash } from 'node:crypto';
import {
  type Codec,
  type Command,
  type Decoded,
  defineCodec,
  type NormalizeContext,
} from '../../src/contract/codec.ts';
import { eventOf, inOwnSlots } from '../../src/contract/normalize.ts';
import { latin1Text } from '../../src/core/bytes.ts';
import type { Issue } from '../../src/core/issue.ts';
import type { JsonValue } from '../../src/core/json.ts';
import type { Event } from '../../src/events/event.ts';
import { decodeMx } from './decode.ts';
import { familyOf } from './families.ts';
import { mxFramer } from './framer.ts';
import { iso20022Issues, mxIssue } from './issues.ts';
import { type MxMessage, textAt } from './message.ts';
import { tablesDigest } from './schema-table.ts';
import type { MxElement } from './tree.ts';
import { writers } from './writers.ts';

/** ISO 20022, as depositories and custodians send it: lenient towards its schema, strict towards XML, every byte kept. */
export const iso20022: Codec<MxMessage> = defineCodec<MxMessage>({
  id: 'iso20022',
  version: '1',
  fingerprint: tablesDigest,
  standard: 'ISO 20022',
  framer: mxFramer,
  issues: iso20022Issues,
  decode: (frame) => decodeMx(frame, neededIssues),
  encode: (message) => message.bytes,
  normalize,
  compose,
  digest,
  recognizes,
});

function neededIssues(message: MxMessage): readonly Issue[] {
  return familyOf(message)?.problems(message) ?? [];
}

function normalize(message: MxMessage, context: NormalizeContext): readonly Event[] {
  const family = familyOf(message);
  if (family !== undefined) return inOwnSlots(context, family.events(message, context));
  const { standard, type, content, header } = message;
  const named = context.direction === 'in' ? context.reportedBy : undefined;
  const reportedBy = named ?? textAt(header, 'Fr/FIId/FinInstnId/BICFI');
  const data = { standard, messageType: type === '' ? content.local : type };
  return [eventOf(context, 'unknown', 'message.unknown', { reportedBy }, data)];
}

/**
 * The message of a command. What we write has to be right: warnings count as errors, and it must read as it was given.
 */
function compose(command: Command): Decoded<MxMessage> {
  const writer = writers.get(command.type);
  const written = writer?.(command) ?? { problems: [`no message says the command "${command.type}"`] };
  if ('problems' in written) return { issues: written.problems.map((text) => mxIssue('MX_COMMAND', text)) };
  const { message, issues } = decodeMx({ bytes: written.bytes }, neededIssues);
  const strict = issues.map(
    (issue): Issue => (issue.severity === 'warning' ? mxIssue('MX_COMMAND', issue.message, issue.at) : issue),
  );
  if (message === undefined) return { issues: strict };
  const changed = written
    .differences(message)
    .map((name) =>
      mxIssue('MX_COMMAND', `${name} would be read as something else than was given`, { field: name }),
    );
  return { message, issues: [...strict, ...changed] };
}

/**
 * Hex SHA-256 of who sends it, the message's own id and everything in it: a redelivery may have other blanks, prefixes,
 * envelopes and times of creation around the same message.
 */
function digest({ header, content, namespace }: MxMessage): string {
  const ids = ['Fr/FIId/FinInstnId/BICFI', 'Fr/FIId/FinInstnId/Othr/Id', 'BizMsgIdr'];
  return hash(
    'sha256',
    JSON.stringify([namespace, ids.map((path) => textAt(header, path) ?? null), said(content)]),
  );
}

/** An element with its namespaces resolved: names of prefixes do not count. */
function said({ local, uri, attributes, items }: MxElement): JsonValue {
  const own = attributes.filter(({ name }) => !/^xmlns(:|$)/.test(name));
  const pairs = own.map((one) => [one.uri, one.local, one.value]).sort();
  return [uri, local, pairs, items.map((item) => (typeof item === 'string' ? item : said(item)))];
}

/** True for what begins like XML in UTF-8: whether it is a message that anybody knows is for decode to say. */
function recognizes(bytes: Uint8Array): boolean {
  const front = latin1Text(bytes, 0, Math.min(bytes.length, 256));
  return /^(?:\u00ef\u00bb\u00bf)?[ \t\r\n]*<(?:[A-Za-z_][\w.:-]*[\s>/]|\?xml\s|!)/.test(front);
}
