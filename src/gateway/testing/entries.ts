import type { EntryDraft } from '../../contract/entry.ts';
import { type EntryMaking, entryOf as entryBy } from '../entry-making.ts';
import { lineChannel, start } from './fixture.ts';
import { lineCodec } from './line-codec.ts';

export function makingFor(channel: string): EntryMaking {
  return { channel: lineChannel(channel), codec: lineCodec(), tenant: 'acme', alarm: () => undefined };
}

/** The entry of one line, under the ordinal of a day's file. */
export function entryOf(making: EntryMaking, text: string, ordinal: number): EntryDraft {
  return entryBy(making, {
    kind: 'message',
    direction: 'in',
    origin: { scope: 'day', ordinal },
    receivedAt: start + ordinal,
    bytes: Buffer.from(text),
    issues: [],
    admin: false,
  });
}
