import { fix } from '../../../codecs/fix/index.ts';
import type { Entry } from '../../contract/entry.ts';
import type { VerifyReport } from '../../contract/log.ts';
import { originText } from '../../contract/origin.ts';
import { latin1Text } from '../../core/bytes.ts';
import type { Issue } from '../../core/issue.ts';
import type { Event } from '../../events/index.ts';
import type { Standing } from '../../log/index.ts';
import { type StandingEvent, standingEvents } from '../standing.ts';
import type { Views } from '../views.ts';

/** One report as the log holds it. */
export interface KeptReport {
  readonly execId: string;
  readonly entry: Entry;
  /** It came with PossDupFlag(43): somebody had to ask for it again. */
  readonly possibleDuplicate: boolean;
  /** How often the same message came again under the same number. */
  readonly repeats: number;
}

/** A report that waits in quarantine. */
export interface HeldReport {
  readonly execId: string | undefined;
  readonly entry: Entry;
  readonly why: Issue | undefined;
}

/** Everything that the log has to say of a morning. Only this is compared with the truth. */
export interface Evidence {
  readonly events: readonly StandingEvent[];
  /** Reports that were understood, by ExecID(17), in the order in which they were kept. */
  readonly kept: ReadonlyMap<string, readonly KeptReport[]>;
  readonly held: readonly HeldReport[];
  readonly repeats: number;
  readonly entries: number;
  readonly verified: VerifyReport;
}

/** Reads the whole log: entries, events with their standing, repeats, and the audit chain. */
export async function readEvidence({ log, projections }: Views): Promise<Evidence> {
  const repeated = new Map((await log.repeats()).map((repeat) => [originText(repeat.origin), repeat.count]));
  const kept = new Map<string, KeptReport[]>();
  const held: HeldReport[] = [];
  const events: StandingEvent[] = [];
  let entries = 0;
  for await (const entry of log.read()) {
    entries += 1;
    events.push(...(await standingEvents(entry, projections)));
    if (entry.direction !== 'in') continue;
    if (entry.kind === 'quarantine') held.push(heldReport(entry));
    if (entry.kind !== 'message' || entry.type !== '8') continue;
    const report = keptReport(entry, repeated.get(originText(entry.origin)) ?? 0);
    kept.set(report.execId, [...(kept.get(report.execId) ?? []), report]);
  }
  const repeats = [...repeated.values()].reduce((sum, count) => sum + count, 0);
  return { events, kept, held, repeats, entries, verified: await log.verify() };
}

/** Events that were told as this type, with this standing. */
export function eventsOf(evidence: Evidence, type: string, standing?: Standing): readonly Event[] {
  return evidence.events
    .filter((one) => one.told.type === type && (standing ?? one.standing) === one.standing)
    .map((one) => one.told);
}

function keptReport(entry: Entry, repeats: number): KeptReport {
  const { message } = fix.decode({ bytes: entry.bytes });
  return {
    execId: message?.get(17) ?? '',
    entry,
    possibleDuplicate: message?.get(43) === 'Y',
    repeats,
  };
}

/** Bytes that are no message are looked through as text: the ExecID(17) of a garbled report can still be read. */
function heldReport(entry: Entry): HeldReport {
  const execId = /\u000117=([^\u0001]+)\u0001/.exec(latin1Text(entry.bytes))?.[1];
  const why = entry.issues.find((issue) => issue.severity === 'error') ?? entry.issues[0];
  return { execId, entry, why };
}
