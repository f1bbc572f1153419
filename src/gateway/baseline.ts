import { closeOf } from '../book/index.ts';
import type { Entry, EntryDraft } from '../contract/entry.ts';
import { eventOf } from '../contract/normalize.ts';
import { GatewayError } from '../core/errors.ts';
import type { JsonValue } from '../core/json.ts';
import { decodeEvent, type Event, encodeEvent } from '../events/index.ts';
import { channelOf, type Desk } from './desk.ts';
import { gatewayIssues } from './issues.ts';
import { auditEntry, named, type Person } from './person.ts';
import { gatewayChannel } from './schema.ts';

/** Which snapshot of which channel. */
export interface SnapshotName {
  readonly channel: string;
  readonly snapshot: string;
}

export interface BaselineRequest {
  readonly positions: SnapshotName;
  readonly cash?: SnapshotName;
}

/** What an adoption did. `repeated`: this is the baseline already, and nothing was written. */
export interface Adoption {
  readonly outcome: 'written' | 'repeated';
  readonly positions: SnapshotName & { readonly records: number };
  readonly cash?: SnapshotName & { readonly records: number };
  readonly businessDate?: string;
  readonly asOf?: string;
  /** Id of the event `baseline.adopted`. */
  readonly event?: string;
  readonly offset?: number;
}

type SnapshotKind = 'positions' | 'cash';
type Closed = Extract<Event, { type: 'snapshot.closed' }>;

/**
 * Takes the snapshots of a counterparty as the opening book, because a person says so: an `audit` entry of the gateway's
 * own channel with the event `baseline.adopted`. Throws `BASELINE_SNAPSHOT_UNKNOWN`, `BASELINE_SNAPSHOT_INCOMPLETE`,
 * `BASELINE_DATES_DIFFER`, `REASON_MISSING`, `CHANNEL_UNKNOWN`.
 */
export async function adoptBaseline(desk: Desk, request: BaselineRequest, person: Person): Promise<Adoption> {
  const by = named(person);
  const positions = await wholeSnapshot(desk, request.positions, 'positions');
  const cash = request.cash && (await wholeSnapshot(desk, request.cash, 'cash'));
  const { businessDate } = positions.closed;
  // A file of the morning holds the close of the day before: what is adopted is that close.
  const asOf = closeOf(positions.closed);
  if (cash !== undefined && cash.closed.businessDate !== businessDate) {
    throw baselineError(
      'BASELINE_DATES_DIFFER',
      request.positions.channel,
      `positions are of ${businessDate ?? 'no date'}, cash is of ${cash.closed.businessDate ?? 'no date'}`,
    );
  }
  const told = {
    positions: { ...request.positions, records: positions.records },
    ...(request.cash && cash && { cash: { ...request.cash, records: cash.records } }),
    ...(businessDate !== undefined && { businessDate }),
    ...(asOf !== undefined && { asOf }),
  };
  if (isSame(await lastAdopted(desk), request)) return { outcome: 'repeated', ...told };
  const { draft, id } = adoptionEntry(desk, request, told, by);
  const [appended] = await desk.log.append(gatewayChannel, [draft]);
  return { outcome: 'written', ...told, event: id, ...(appended && { offset: appended.offset }) };
}

function adoptionEntry(
  { clock, configuration }: Desk,
  { positions, cash }: BaselineRequest,
  told: Pick<Adoption, 'positions' | 'businessDate' | 'asOf'>,
  person: Person,
): { readonly draft: EntryDraft; readonly id: string } {
  const about: JsonValue = { positions: { ...positions }, ...(cash && { cash: { ...cash } }) };
  const audit = auditEntry(clock, person, 'baseline.adopt', about);
  const context = {
    channel: gatewayChannel,
    perspective: 'ours' as const,
    tenant: configuration.tenant,
    direction: audit.direction,
    origin: audit.origin,
    revision: 0,
    receivedAt: audit.receivedAt,
    zone: 'UTC',
  };
  const { businessDate, asOf } = told;
  const event = eventOf(
    context,
    'baseline',
    'baseline.adopted',
    { businessDate, asOf },
    {
      snapshot: positions.snapshot,
      sourceChannel: positions.channel,
      cashSnapshot: cash?.snapshot,
      cashChannel: cash?.channel,
      approvedBy: person.by,
      reason: person.reason,
      count: told.positions.records,
    },
  );
  return { draft: { ...audit, events: [encodeEvent(event)] }, id: event.id };
}

interface Snapshot {
  readonly closed: Closed;
  /** Entries that report a row of it. */
  readonly records: number;
}

async function wholeSnapshot(desk: Desk, name: SnapshotName, kind: SnapshotKind): Promise<Snapshot> {
  channelOf(desk.configuration, name.channel);
  const { closed, records } = await readSnapshot(desk, name, kind);
  const place = `${name.channel} ${name.snapshot}`;
  if (closed === undefined) {
    const more = records === 0 ? '' : `; ${records} of its rows came, and no end`;
    const text = `there is no closed snapshot of ${kind} "${name.snapshot}" on "${name.channel}"${more}`;
    throw baselineError(
      records === 0 ? 'BASELINE_SNAPSHOT_UNKNOWN' : 'BASELINE_SNAPSHOT_INCOMPLETE',
      place,
      text,
    );
  }
  const { count, completeness } = closed.data;
  if (completeness === 'partial') {
    const text = 'its reporter calls it partial: what is not in it is not zero';
    throw baselineError('BASELINE_SNAPSHOT_INCOMPLETE', place, text);
  }
  if (count !== undefined && count !== records) {
    const text = `${records} of ${count} rows can be read; look for the others in quarantine`;
    throw baselineError('BASELINE_SNAPSHOT_INCOMPLETE', place, text);
  }
  return { closed, records };
}

/** What of the snapshot stands in the log: a revision takes back what it voids. */
async function readSnapshot(
  { log }: Desk,
  { channel, snapshot }: SnapshotName,
  kind: SnapshotKind,
): Promise<{ readonly closed?: Closed; readonly records: number }> {
  const rows = new Set<number>();
  const ends = new Map<number, Closed>();
  for await (const entry of log.read({ channel })) {
    if (entry.voids !== undefined) {
      rows.delete(entry.voids);
      ends.delete(entry.voids);
    }
    for (const event of eventsIn(entry)) {
      if (!('snapshot' in event.data) || event.data.snapshot !== snapshot) continue;
      if (event.type === (kind === 'positions' ? 'position.reported' : 'cash.reported'))
        rows.add(entry.offset);
      if (event.type === 'snapshot.closed' && event.data.kind === kind) ends.set(entry.offset, event);
    }
  }
  const closed = [...ends.values()].at(-1);
  return { records: rows.size, ...(closed && { closed }) };
}

type Adopted = Extract<Event, { type: 'baseline.adopted' }>;

async function lastAdopted({ log }: Desk): Promise<Adopted | undefined> {
  let last: Adopted | undefined;
  for await (const entry of log.read({ channel: gatewayChannel })) {
    for (const event of eventsIn(entry)) if (event.type === 'baseline.adopted') last = event;
  }
  return last;
}

function isSame(last: Adopted | undefined, { positions, cash }: BaselineRequest): boolean {
  if (last === undefined) return false;
  const { snapshot, sourceChannel, cashSnapshot, cashChannel } = last.data;
  const before = [snapshot, sourceChannel, cashSnapshot, cashChannel];
  const now = [positions.snapshot, positions.channel, cash?.snapshot, cash?.channel];
  return before.every((one, at) => one === now[at]);
}

/** What cannot be decoded is left to `verify` and its people. */
function eventsIn(entry: Entry): Event[] {
  return entry.events.flatMap((bytes) => {
    try {
      return [decodeEvent(bytes)];
    } catch (cause) {
      if (cause instanceof GatewayError) return [];
      throw cause;
    }
  });
}

function baselineError(
  code: Extract<keyof typeof gatewayIssues, `BASELINE_${string}`>,
  place: string,
  message: string,
): GatewayError {
  return new GatewayError(code, message, { place, remedy: gatewayIssues[code].remedy, exitCode: 2 });
}
