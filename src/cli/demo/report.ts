import { relative } from 'node:path';
import { dates } from '../../../certification/simulators/trade-day/index.ts';
import { noSecrets } from '../../gateway/mask.ts';
import type { CommandContext } from '../context.ts';
import { tableLines, wrapped } from '../table.ts';
import type { Paint } from '../terminal.ts';
import type { Evidence } from './evidence.ts';
import type { DemoOptions, Played } from './play.ts';
import type { Verdict } from './verdict.ts';

/** Everything that the demo prints fits into so many columns. */
const columnsMax = 100;

export function openingLines(
  { executions, seed }: Pick<DemoOptions, 'executions' | 'seed'>,
  paint: Paint,
): string[] {
  return [
    paint('strong', 'Clearport: three trade days of an introducing broker, 10 to 12 November 2026'),
    '',
    `Our order system and a clearing firm tell ${executions} executions each (seed ${seed}); the firm also sends`,
    'files over SFTP and settlement statuses through a queue. On the way nearly everything goes wrong',
    'that can, the gateway is killed once, and the books differ for eleven reasons. The 11th is a',
    'holiday of the depository: the exchange trades, nothing settles. Times are of New York.',
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
  const report = `${evidence.entries} entries in the log; ${evidence.repeats} messages came again under a name that was taken.`;
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
    { head: 'channel' },
    { head: 'bytes', align: 'right' as const },
    { head: 'why', shrinks: true },
  ];
  const rows = evidence.held.map(({ entry, why }) => [
    String(entry.offset),
    entry.channel,
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

export interface Ending {
  readonly played: Played;
  readonly seconds: number;
  readonly verdicts: readonly Verdict[];
  readonly evidence: Evidence;
  /** Undefined while it runs on. */
  readonly gatewayExit: number | string | undefined;
}

/** The outcome, and what to do next with what the demo left behind. */
export function endLines(ending: Ending, { paint, terminal }: CommandContext): string[] {
  const { played, seconds, verdicts, evidence, gatewayExit } = ending;
  const missing = verdicts.filter((verdict) => !verdict.ok).map((verdict) => verdict.name);
  const { configuration, directory } = played.stage;
  const path = relative(terminal.directory, configuration) || configuration;
  const config = path.startsWith('..') ? configuration : path;
  const left =
    gatewayExit === undefined || gatewayExit === 0
      ? []
      : [`The gateway ended with ${gatewayExit}: ${directory}/gateway.log`];
  const [first] = evidence.breaks.filter(({ status }) => status === 'open');
  const shown = first === undefined ? [] : [`breaks show ${first.id}`, `breaks message ${first.id}`];
  const day = dates.second;
  const next = [
    'breaks',
    ...shown,
    `recon --date ${day}`,
    `schedule --date ${day}`,
    `book --as-of ${day}`,
    'quarantine',
    'verify',
  ];
  return [
    '',
    missing.length === 0
      ? `${paint('good', 'As planted.')} Every fault and every break was found, and no other, in ${seconds.toFixed(1)} s.`
      : wrapped(`${paint('bad', 'Not as planted:')} ${missing.join(', ')}.`, columnsMax).join('\n'),
    ...left,
    '',
    'Everything is kept. Look at it yourself:',
    ...next.map((command) => `  npm run -s clearport -- ${command} --config ${config}`),
  ];
}

function indented(line: string): string {
  return `  ${line}`;
}

function count(number: number | undefined): string {
  return number === undefined ? '' : String(number);
}
