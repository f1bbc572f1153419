import {
  dates,
  feedLayouts,
  fileBytes,
  fileKey,
  type Part,
  type Stream,
  streams,
  type TradeDayFile,
  type TradeDays,
  tradeDayDefaults,
  tradeDayNames,
  tradeDays,
  utcOf,
} from '../../../certification/simulators/trade-day/index.ts';
import { fix, writeFix } from '../../../codecs/fix/index.ts';
import { records } from '../../../codecs/records/index.ts';
import type { Codec, NormalizeContext } from '../../contract/codec.ts';
import type { EntryDraft } from '../../contract/entry.ts';
import type { Log } from '../../contract/log.ts';
import { eventOf } from '../../contract/normalize.ts';
import type { Origin } from '../../contract/origin.ts';
import { limits } from '../../core/limits.ts';
import { encodeEvent } from '../../events/index.ts';

/**
 * The simulated trade days as a gateway would have written them to a log, without its adapters: every FIX report that
 * can be read, every file that counts, the opening book adopted. `until` leaves out the files that come later.
 */
export async function keepTradeDays(
  log: Log,
  options: Partial<typeof tradeDayDefaults> = {},
  until: TradeDayFile['id'] = 'positions-corrected',
): Promise<TradeDays> {
  const days = tradeDays({ ...tradeDayDefaults, ...options });
  const keeper = new Keeper(log);
  const files = days.play.files.filter(({ verdict }) => verdict === 'accepted' || verdict === 'superseded');
  const arrive = async (date: string): Promise<boolean> => {
    for (const file of files.filter((one) => one.arrives.date === date)) {
      await keeper.file(file);
      if (file.id === until) return false;
    }
    return true;
  };
  const play = async (part: Part, date: string): Promise<void> => {
    for (const stream of streams) await keeper.session(stream, days.play.sessions[stream][part], date);
  };
  await arrive(dates.first);
  await keeper.adopt(files);
  await play('first', dates.first);
  if (!(await arrive(dates.second))) return days;
  await play('second', dates.second);
  await play('evening', dates.second);
  await arrive(dates.settlement);
  return days;
}

type Steps = TradeDays['play']['sessions'][Stream][Part];

class Keeper {
  private readonly log: Log;
  private readonly counts = new Map<string, number>();
  /** The records of each file as they stand, by their place. */
  private readonly files = new Map<string, readonly string[]>();
  private readonly snapshots = new Map<string, string>();

  constructor(log: Log) {
    this.log = log;
  }

  async session(stream: Stream, steps: Steps, date: string): Promise<void> {
    const batch: EntryDraft[] = [];
    for (const step of steps) {
      if (step.step !== 'send') continue;
      const ordinal = this.next(stream);
      const time = step.body.find(([tag]) => tag === 60)?.[1] ?? `${date.replaceAll('-', '')}-20:00:00.000`;
      const head = [
        [35, '8'],
        [49, stream === 'orders' ? tradeDayNames.orderSystem : tradeDayNames.clearer],
        [56, tradeDayNames.broker],
        [34, String(ordinal)],
        [52, time],
      ] as const;
      const bytes = writeFix('FIX.4.4', [...head, ...step.body]);
      const perspective = stream === 'orders' ? 'ours' : 'clearer';
      const origin = { scope: `${stream}/1/in`, ordinal };
      const draft = draftOf(fix, stream, perspective, origin, microsOfFix(time), bytes, undefined);
      if (draft !== undefined) batch.push(draft);
    }
    await this.log.append(stream, batch);
  }

  async file(file: TradeDayFile): Promise<void> {
    const { feed } = file.content;
    const codec = records.open(feedLayouts[feed]).codec;
    if (codec === undefined) throw new Error(`no layout for ${feed}`);
    const receivedAt = Date.parse(utcOf(file.arrives.date, file.arrives.time)) * 1000;
    const scope = fileKey(file);
    const before = this.files.get(scope) ?? [];
    const cuts = codec.framer.open(limits).feed(fileBytes(file), true);
    const frames = cuts.flatMap((cut) => (cut.kind === 'frame' ? [cut] : []));
    this.files.set(
      scope,
      frames.map(({ bytes }) => Buffer.from(bytes).toString('latin1')),
    );
    const perspective = feed === 'nscc-settlement' ? 'street' : 'clearer';
    const judgement = codec.file?.open(limits);
    for (const cut of cuts) judgement?.add(cut);
    this.snapshots.set(scope, judgement?.verdict().key ?? '');
    const batch = frames.flatMap((frame, index) => {
      const origin: Origin = { scope, ordinal: index + 1 };
      const same = before[index] === Buffer.from(frame.bytes).toString('latin1');
      if (same && index < frames.length - 1) return [];
      const again = index < before.length;
      const draft = draftOf(
        codec,
        feed,
        perspective,
        origin,
        receivedAt,
        frame.bytes,
        frame.context,
        again ? 1 : 0,
      );
      return draft === undefined ? [] : [draft];
    });
    const gone = before.slice(frames.length).map((bytes, at): EntryDraft => {
      const origin: Origin = { scope, ordinal: frames.length + at + 1 };
      const revision = { kind: 'revision', revision: 1, revises: origin } as const;
      return { ...revision, direction: 'in', origin, receivedAt, bytes: Buffer.from(bytes) };
    });
    // What ends the file stands last: then everything of it is there.
    await this.log.append(feed, [...gone, ...batch]);
  }

  async adopt(files: readonly TradeDayFile[]): Promise<void> {
    const [positions, cash] = ['positions-sod', 'cash-sod'].map((id) => files.find((file) => file.id === id));
    if (positions === undefined || cash === undefined) throw new Error('no opening files');
    const receivedAt = Date.parse(utcOf(dates.first, '07:00')) * 1000;
    const origin: Origin = { scope: 'audit', key: 'adopt' };
    const context = contextOf('gateway', 'ours', origin, receivedAt, 0);
    const event = eventOf(
      context,
      'baseline',
      'baseline.adopted',
      { businessDate: dates.first, asOf: dates.opening },
      {
        snapshot: this.named(positions),
        cashSnapshot: this.named(cash),
        sourceChannel: 'positions',
        cashChannel: 'cash',
        approvedBy: 'ann',
        reason: 'opening',
      },
    );
    const bytes = Buffer.from('adopt');
    await this.log.append('gateway', [
      { kind: 'audit', direction: 'in', origin, receivedAt, bytes, events: [encodeEvent(event)] },
    ]);
  }

  /** The file's own name of its snapshot, as its codec tells it. */
  private named(file: TradeDayFile): string {
    return this.snapshots.get(fileKey(file)) ?? '';
  }

  private next(stream: Stream): number {
    const next = (this.counts.get(stream) ?? 0) + 1;
    this.counts.set(stream, next);
    return next;
  }
}

type Perspective = NormalizeContext['perspective'];

function contextOf(
  channel: string,
  perspective: Perspective,
  origin: Origin,
  receivedAt: number,
  revision: number,
): NormalizeContext {
  const plain = { tenant: 'demo', direction: 'in', zone: 'America/New_York' } as const;
  return { channel, perspective, origin, receivedAt, revision, ...plain };
}

function draftOf(
  codec: Codec,
  channel: string,
  perspective: Perspective,
  origin: Origin,
  receivedAt: number,
  bytes: Uint8Array,
  frame: NonNullable<EntryDraft['context']> | undefined,
  revision = 0,
): EntryDraft | undefined {
  const { message, issues } = codec.decode({ bytes, ...(frame && { context: frame }) });
  if (message === undefined || issues.some(({ severity }) => severity === 'error')) return undefined;
  const events = codec.normalize(message, contextOf(channel, perspective, origin, receivedAt, revision));
  return {
    kind: revision === 0 ? 'message' : 'revision',
    direction: 'in',
    origin,
    receivedAt,
    bytes,
    digest: `${codec.digest(message)}`,
    type: message.type,
    codec: { id: codec.id, version: codec.version, fingerprint: codec.fingerprint },
    ...(frame && { context: frame }),
    events: events.map(encodeEvent),
    ...(revision > 0 && { revision, revises: origin }),
  };
}

/** `20261110-14:30:00.000`, UTC. */
function microsOfFix(text: string): number {
  const [date = '', time = ''] = text.split('-');
  return Date.parse(`${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}T${time}Z`) * 1000;
}
