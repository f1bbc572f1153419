import { streams, type TradeDayTruth } from '../../../certification/simulators/trade-day/index.ts';
import { breakVerdicts, strangeBreaks } from './break-verdicts.ts';
import type { Evidence } from './evidence.ts';
import { feedVerdicts, type QueueSaid, strangeAlarms, strangeFeeds } from './feed-verdicts.ts';
import { sessionVerdicts } from './session-verdicts.ts';
import type { Verdict } from './verdict.ts';

/** Everything that was planted, and that nothing else was found. */
export function verdicts(truth: TradeDayTruth, evidence: Evidence, queue: QueueSaid): readonly Verdict[] {
  return [
    ...bothSessions(truth, evidence),
    ...feedVerdicts(truth, evidence, queue),
    ...breakVerdicts(truth, evidence),
    nothingElse(truth, evidence),
    verify(evidence),
  ];
}

/** A case of FIX is planted on both sessions, and has to be found on both. */
function bothSessions(truth: TradeDayTruth, evidence: Evidence): readonly Verdict[] {
  const [ours = [], theirs = []] = streams.map((stream) =>
    sessionVerdicts(truth.sessions[stream], evidence.sessions[stream]),
  );
  return ours.map((one, index) => {
    const other = theirs[index] ?? one;
    const found = one.found === other.found ? one.found : `${one.found}; ${other.found}`;
    return { ...one, found, ok: one.ok && other.ok };
  });
}

/** No break, file, alarm, quarantine, contradiction or message that nobody understands beside what was planted. */
function nothingElse(truth: TradeDayTruth, evidence: Evidence): Verdict {
  const held = truth.files.filter(({ verdict }) => ['refused', 'stale', 'held'].includes(verdict)).length;
  const reports = streams.reduce((sum, stream) => sum + truth.sessions[stream].garbled.length + 1, 0);
  const counts = {
    breaks: strangeBreaks(truth, evidence).length,
    feeds: strangeFeeds(truth, evidence).length,
    alarms: strangeAlarms(truth, evidence).length,
    'in quarantine': evidence.held.length - held - reports - truth.poisoned,
    conflicts: evidence.events.filter(({ standing }) => standing === 'conflict').length,
    'messages not understood': evidence.events.filter(({ told }) => told.type.startsWith('message.')).length,
  };
  const said = Object.entries(counts).flatMap(([what, count]) => (count === 0 ? [] : [`${count} ${what}`]));
  return {
    name: 'nothing-else',
    planted: 'nothing beside this',
    found: said.length === 0 ? 'nothing' : said.join(', '),
    ok: said.length === 0,
  };
}

function verify({ verified }: Evidence): Verdict {
  return {
    name: 'verify',
    planted: 'an unbroken chain over all entries',
    found: verified.ok ? `${verified.blocks} blocks verified` : `${verified.findings.length} findings`,
    ok: verified.ok,
  };
}
