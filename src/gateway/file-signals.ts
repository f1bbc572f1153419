import type { NormalizeContext } from '../contract/codec.ts';
import type { EntryDraft } from '../contract/entry.ts';
import { eventOf } from '../contract/normalize.ts';
import type { Origin } from '../contract/origin.ts';
import { utf8Bytes } from '../core/bytes.ts';
import type { Micros } from '../core/clock.ts';
import { canonicalJson } from '../core/json.ts';
import { type Event, encodeEvent } from '../events/index.ts';
import { contextOf, type EntryMaking } from './entry-making.ts';

/** What a file is, wherever something is said about it. */
interface AboutFile {
  readonly name: string;
  readonly sha256: string;
  readonly size: number;
  readonly businessDate?: string;
  /** Which expected feed it is; absent: it is one that nobody expects. */
  readonly feed?: string;
}

/** What happened to a file, or did not happen. */
export type FeedSignal =
  | {
      readonly signal: 'feed.expected';
      readonly feed: string;
      readonly dueAt: string;
      readonly businessDate: string;
      readonly cycle?: string;
    }
  | (AboutFile & {
      readonly signal: 'feed.arrived';
      /** When it was due, where it was expected. */
      readonly dueAt?: string;
      readonly late?: boolean;
      /** It takes the place of what was booked under its key before. */
      readonly supersedes?: boolean;
      /** A person let it in: who, and why. */
      readonly released?: { readonly by: string; readonly reason: string };
    })
  | (AboutFile & {
      readonly signal: 'feed.accepted';
      readonly records: number;
      readonly quarantined: number;
      readonly skipped: number;
      /** Cuts of its framer: the highest ordinal that a record of it can have. */
      readonly cuts: number;
      readonly totals: readonly string[];
    })
  | (AboutFile & {
      readonly signal: 'feed.refused';
      readonly code: string;
      readonly reason: string;
      readonly cuts?: number;
    });

/** The entry of a feed signal, with its event. Its bytes hold no time of ours: telling it again is a repeat. */
export function feedEntry(
  making: EntryMaking,
  origin: Origin & { readonly key: string },
  receivedAt: Micros,
  signal: FeedSignal,
): EntryDraft {
  const file = signal.signal === 'feed.expected' ? {} : { fileKey: origin.scope };
  const bytes = utf8Bytes(canonicalJson({ ...file, ...signal }));
  const context = contextOf(making.channel, making.tenant, { direction: 'in', origin, receivedAt }, 0);
  const events = [encodeEvent(feedEvent(context, origin.scope, signal))];
  return { kind: 'signal', direction: 'in', origin, receivedAt, bytes, events, type: signal.signal };
}

function feedEvent(context: NormalizeContext, fileKey: string, told: FeedSignal): Event {
  const { feed = context.channel, businessDate } = told;
  const day = { businessDate };
  if (told.signal === 'feed.expected') {
    return eventOf(context, 'feed', 'feed.expected', day, { feed, dueAt: told.dueAt });
  }
  const { name } = told;
  if (told.signal === 'feed.arrived') {
    const { sha256, size, dueAt } = told;
    return eventOf(context, 'feed', 'feed.arrived', day, { feed, fileKey, name, sha256, size, dueAt });
  }
  if (told.signal === 'feed.refused') {
    const { code, reason } = told;
    return eventOf(context, 'feed', 'feed.refused', day, { feed, fileKey, name, code, reason });
  }
  const { records, quarantined, skipped } = told;
  const totals = [...told.totals, ...(skipped === 0 ? [] : [`${skipped} pieces without a message`])];
  return eventOf(context, 'feed', 'feed.accepted', day, {
    feed,
    fileKey,
    name,
    records,
    quarantined,
    totals,
  });
}
