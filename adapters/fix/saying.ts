import { fix } from '../../codecs/fix/index.ts';
import type { Message } from '../../src/contract/codec.ts';
import type { JsonValue } from '../../src/core/json.ts';
import { isOurs, readBody } from './body.ts';
import { type Field, writeMessage } from './compose.ts';
import type { FixSessionOptions } from './options.ts';

/** Type and fields of a FIX message, as `send` takes them: without what only the session writes. */
export function bodyOf(
  message: Message,
): { readonly type: string; readonly body: readonly (readonly [number, string])[] } | undefined {
  const read = fix.decode({ bytes: message.bytes }).message;
  if (read === undefined) return undefined;
  return { type: read.type, body: read.fields().filter(([tag]) => !isOurs(tag)) };
}

/** The message with a number and a time that stand for those of the moment when it is sent. Throws `FIX_SEND`. */
export function preview(options: FixSessionOptions, type: string, body: JsonValue): Uint8Array {
  const { header, fields } = readBody(type, body, options.allowPosDup);
  const own: Field[] = [
    [34, '1'],
    [49, options.senderCompId],
    [52, '20260101-00:00:00'],
    [56, options.targetCompId],
  ];
  return writeMessage(options.beginString, type, [...own, ...header], fields);
}
