import {
  type Execution,
  type ExpectedEvent,
  eventPrice,
  type PlantedCase,
  type Truth,
} from '../../../certification/simulators/clearing-firm/index.ts';
import type { Event } from '../../events/index.ts';
import { eventsOf, type KeptReport, type SessionEvidence } from './evidence.ts';
import type { Verdict } from './verdict.ts';

interface SessionVerdict extends Verdict {
  readonly name: PlantedCase | 'executions';
}

/** Every case of a FIX session, judged by the generator's truth and the log alone. */
export function sessionVerdicts(truth: Truth, evidence: SessionEvidence): readonly SessionVerdict[] {
  return [
    executions(truth, evidence),
    twins(truth, evidence),
    change('bust', 'trade.busted', truth, evidence),
    change('correction', 'trade.corrected', truth, evidence),
    resend(truth, evidence),
    gap(truth, evidence),
    restart(truth, evidence),
    garbled(truth, evidence),
    badValue(truth, evidence),
    reset(truth, evidence),
  ];
}

/** True when an event says of an execution exactly what the firm knows of it. */
export function tells(event: Event, { type, execution }: ExpectedEvent): boolean {
  if (event.type !== type) return false;
  const { execId, side, quantity, price, tradeDate, referenceId } = event.data;
  const settled = event.type === 'trade.busted' ? execution.settlementDate : event.data.settlementDate;
  return (
    execId === execution.id &&
    referenceId === execution.reference &&
    event.account === execution.account &&
    event.security?.id === execution.security.id &&
    side === execution.side &&
    quantity === String(execution.quantity) &&
    price === eventPrice(execution.cents) &&
    tradeDate === execution.tradeDate &&
    settled === execution.settlementDate
  );
}

function executions(truth: Truth, evidence: SessionEvidence): SessionVerdict {
  const wanted = truth.events.filter((one) => one.type === 'trade.executed' && one.standing === 'first');
  const found = byExecId(eventsOf(evidence, 'trade.executed', 'first'));
  const right = wanted.filter((one) => {
    const told = found.get(one.execution.id) ?? [];
    return told.length === 1 && told[0] !== undefined && tells(told[0], one);
  });
  const known = new Set(wanted.map((one) => one.execution.id));
  const strange = [...found.keys()].filter((id) => !known.has(id)).length;
  const off = wanted.length - right.length;
  const rest = [
    off === 0 ? '' : `${off} missing or wrong`,
    strange === 0 ? '' : `${strange} that nobody sent`,
  ];
  const said = [`${right.length} booked, each once`, ...rest].filter((text) => text !== '').join(', ');
  return { name: 'executions', planted: `${wanted.length} executions`, found: said, ok: off + strange === 0 };
}

function twins(truth: Truth, evidence: SessionEvidence): SessionVerdict {
  const booked = byExecId(eventsOf(evidence, 'trade.executed', 'first'));
  const found = truth.twins.filter((twin) => booked.get(twin.id)?.length === 1);
  return {
    name: 'twins',
    planted: `${truth.twins.length} fills alike but for their ExecID`,
    found: found.length === truth.twins.length ? 'two trades' : `${found.length} of ${truth.twins.length}`,
    ok: found.length === truth.twins.length,
  };
}

function change(
  name: 'bust' | 'correction',
  type: 'trade.busted' | 'trade.corrected',
  truth: Truth,
  evidence: SessionEvidence,
): SessionVerdict {
  const wanted = truth.events.filter((one) => one.type === type);
  const found = eventsOf(evidence, type, 'first');
  const right = wanted.filter((one) => found.some((event) => tells(event, one)));
  const ok = right.length === wanted.length && found.length === wanted.length;
  return {
    name,
    planted: name === 'bust' ? 'a trade taken back' : 'a price corrected',
    found: ok ? `${right.length} ${type}` : `${right.length} of ${wanted.length}`,
    ok,
  };
}

function resend({ resent }: Truth, evidence: SessionEvidence): SessionVerdict {
  const found = resent.filter((one) => (firstKept(evidence, one)?.repeats ?? 0) > 0);
  const doubled = resent.filter((one) => (evidence.kept.get(one.id)?.length ?? 0) > 1);
  return {
    name: 'resend',
    planted: `${resent.length} reports sent again, PossDupFlag`,
    found: `${found.length} repeats, ${doubled.length} kept twice`,
    ok: found.length === resent.length && doubled.length === 0,
  };
}

function gap({ lost }: Truth, evidence: SessionEvidence): SessionVerdict {
  const found = lost.filter((one) => {
    const report = firstKept(evidence, one);
    return report?.possibleDuplicate === true && gapCovers(evidence, report);
  });
  return {
    name: 'gap',
    planted: `${lost.length} numbers missing on the wire`,
    found: found.length === lost.length ? `gap seen, all ${found.length} filled` : `${found.length} filled`,
    ok: found.length === lost.length,
  };
}

/** A session.gap was told, and later filled, that holds the number of this report. */
function gapCovers(evidence: SessionEvidence, { entry }: KeptReport): boolean {
  const number = 'ordinal' in entry.origin ? entry.origin.ordinal : -1;
  const filled = eventsOf(evidence, 'session.gap').filter(
    (event) =>
      event.type === 'session.gap' &&
      (event.data.from ?? 0) <= number &&
      number <= (event.data.to ?? 0) &&
      event.data.filled !== undefined,
  );
  return filled.length > 0;
}

/**
 * A process that is killed cannot say goodbye: the log shows a session that came up twice in one numbering without
 * having gone down between.
 */
function restart({ restarts }: Truth, evidence: SessionEvidence): SessionVerdict {
  let up: number | undefined;
  let found = 0;
  for (const { told: event } of evidence.events) {
    if (event.type === 'session.down') up = undefined;
    if (event.type !== 'session.up') continue;
    const epoch = event.data.epoch ?? 0;
    if (up === epoch) found += 1;
    up = epoch;
  }
  return {
    name: 'restart',
    planted: `${restarts} kill -9 of the gateway`,
    found: `${found} restart${found === 1 ? '' : 's'} without a goodbye`,
    ok: found === restarts,
  };
}

function garbled(truth: Truth, evidence: SessionEvidence): SessionVerdict {
  const found = truth.garbled.filter((one) => {
    const held = evidence.held.some(
      (report) => report.execId === one.id && report.why?.code === 'FIX_CHECKSUM',
    );
    return held && firstKept(evidence, one)?.possibleDuplicate === true;
  });
  return {
    name: 'garbled',
    planted: `${truth.garbled.length} report with a wrong CheckSum`,
    found: `${found.length} held, and asked for again`,
    ok: found.length === truth.garbled.length,
  };
}

function badValue({ badValue: spoiled }: Truth, evidence: SessionEvidence): SessionVerdict {
  const held = evidence.held.filter((report) => report.execId === spoiled?.id);
  const told = evidence.events.filter((one) => execIdOf(one.told) === spoiled?.id);
  const named = held.filter((report) =>
    report.entry.issues.some((issue) => issue.at?.field === 'LastPx(31)'),
  );
  return {
    name: 'bad-value',
    planted: 'a price with a letter in it',
    found: `${named.length} held for LastPx, ${told.length} events`,
    ok: named.length === 1 && told.length === 0,
  };
}

function reset({ retold }: Truth, evidence: SessionEvidence): SessionVerdict {
  const repeated = byExecId(eventsOf(evidence, 'trade.executed', 'repeated'));
  const found = retold.filter((one) => {
    const [first, second] = evidence.kept.get(one.id) ?? [];
    const later =
      first !== undefined && second !== undefined && first.entry.origin.scope !== second.entry.origin.scope;
    return later && repeated.get(one.id)?.length === 1;
  });
  const ok = found.length === retold.length && repeated.size === retold.length;
  return {
    name: 'reset',
    planted: `${retold.length} fills told again after a reset`,
    found: `${repeated.size} known as repeats, ${retold.length - found.length} not`,
    ok,
  };
}

function firstKept(evidence: SessionEvidence, execution: Execution): KeptReport | undefined {
  return evidence.kept.get(execution.id)?.[0];
}

function byExecId(events: readonly Event[]): ReadonlyMap<string, readonly Event[]> {
  const map = new Map<string, Event[]>();
  for (const event of events) {
    const id = execIdOf(event);
    if (id !== undefined) map.set(id, [...(map.get(id) ?? []), event]);
  }
  return map;
}

function execIdOf(event: Event): string | undefined {
  return 'execId' in event.data ? event.data.execId : undefined;
}
