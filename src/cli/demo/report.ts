import { relative } from 'node:path';
import { noSecrets } from '../../gateway/mask.ts';
import type { CommandContext } from '../context.ts';
import { tableLines } from '../table.ts';
import type { Paint } from '../terminal.ts';
import type { Evidence } from './evidence.ts';
import type { DemoOptions, Played } from './play.ts';
import type { Verdict } from './verdicts.ts';

/** Everything that the demo prints fits into so many columns. */
const columnsMax = 100;

export function openingLines(
  { executions, seed }: Pick<DemoOptions, 'executions' | 'seed'>,
  paint: Paint,
): string[] {
  return [
    paint('strong', 'Clearport, first act: a morning of FIX drop copy from a clearing firm'),
    '',
    `A simulated clearing firm tells ${executions} executions (seed ${seed}). On the way, messages are lost,`,
    'garbled and repeated, trades are taken back and corrected, the numbering begins anew, and the',
    'gateway is killed. Afterwards its log must say what really happened, each thing once.',
    '',
  ];
}

/** What arrived: counts by type and standing. */
export function arrivedLines(evidence: Evidence, paint: Paint): string[] {
  const counts = new Map<string, Map<string, number>>();
  for (const { event, standing } of evidence.events) {
    const row = counts.get(event.type) ?? new Map<string, number>();
    row.set(standing, (row.get(standing) ?? 0) + 1);
    counts.set(event.type, row);
  }
  const standings = ['first', 'repeated', 'conflict', 'void'] as const;
  const rows = [...counts]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([type, row]) => [type, ...standings.map((standing) => count(row.get(standing)))]);
  const columns = [{ head: 'event' }, ...standings.map((head) => ({ head, align: 'right' as const }))];
  const report = `${evidence.entries} entries in the log; ${evidence.repeats} messages came again under a number that was taken.`;
  return [
    '',
    paint('strong', 'What arrived'),
    ...tableLines(columns, rows, columnsMax).map(indented),
    indented(report),
  ];
}

/** What waits for a person, and why. */
export function quarantineLines(evidence: Evidence, paint: Paint): string[] {
  const columns = [
    { head: 'offset', align: 'right' as const },
    { head: 'report' },
    { head: 'bytes', align: 'right' as const },
    { head: 'why', shrinks: true },
  ];
  const rows = evidence.held.map(({ entry, execId, why }) => [
    String(entry.offset),
    execId ?? '-',
    String(entry.size),
    why === undefined ? 'no reason was recorded' : `${why.code}: ${noSecrets.text(why.message)}`,
  ]);
  const table = tableLines(columns, rows, columnsMax - 2);
  return ['', paint('strong', 'What is in quarantine'), ...table.map(indented)];
}

/** Planted, found, verdict. */
export function verdictLines(verdicts: readonly Verdict[], paint: Paint): string[] {
  const columns = [
    { head: 'case' },
    { head: 'planted', shrinks: true },
    { head: 'found', shrinks: true },
    { head: 'verdict' },
  ];
  const rows = verdicts.map(({ name, planted, found, ok }) => [
    name,
    planted,
    found,
    ok ? paint('good', 'found') : paint('bad', 'NOT FOUND'),
  ]);
  return [
    '',
    paint('strong', 'What was planted'),
    ...tableLines(columns, rows, columnsMax - 2).map(indented),
  ];
}

/** The outcome, and what to do next with what the demo left behind. */
export function endLines(verdicts: readonly Verdict[], played: Played, context: CommandContext): string[] {
  const { paint, terminal } = context;
  const missing = verdicts.filter((verdict) => !verdict.ok).map((verdict) => verdict.name);
  const path = relative(terminal.directory, played.configuration) || played.configuration;
  const config = path.startsWith('..') ? played.configuration : path;
  const left =
    played.gatewayExit === 0
      ? []
      : [`The gateway ended with ${played.gatewayExit}: ${played.directory}/gateway.log`];
  const outcome =
    missing.length === 0
      ? `${paint('good', 'As planted.')} Every case was found, in ${played.seconds.toFixed(1)} s.`
      : `${paint('bad', 'Not as planted:')} ${missing.join(', ')}.`;
  return [
    '',
    outcome,
    ...left,
    '',
    'The log is kept. Look at it yourself:',
    `  npm run clearport -- events --type trade.busted --config ${config}`,
    `  npm run clearport -- quarantine list --config ${config}`,
    `  npm run clearport -- verify --config ${config}`,
  ];
}

function indented(line: string): string {
  return `  ${line}`;
}

function count(number: number | undefined): string {
  return number === undefined ? '' : String(number);
}
