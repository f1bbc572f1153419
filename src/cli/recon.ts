import { isoOfMicros } from '../core/clock.ts';
import { causes, ReconView, type Run } from '../recon/index.ts';
import type { ReadingOptions } from './configured.ts';
import { type CommandContext, type ExitCode, printJson } from './context.ts';
import { jsonOf } from './json-of.ts';
import { tableLines, wrapped } from './table.ts';
import { withViews } from './views.ts';

export interface ReconOptions extends ReadingOptions {
  readonly date?: string;
  readonly limit: number;
}

/** `clearport recon`: what was compared when, what agreed, what was found. Exit code 1 when a break is open. */
export function recon(context: CommandContext, options: ReconOptions): Promise<ExitCode> {
  return withViews<ExitCode>(context, options, async ({ projections }) => {
    const view = new ReconView(projections.store);
    const { date, limit } = options;
    const all = view.runs(date === undefined ? {} : { date });
    const runs = all.slice(-limit);
    if (context.json) for (const run of runs) await printJson(context, jsonOf(run));
    else for (const line of lines(context, view, runs)) await context.printer.line(line);
    if (all.length > runs.length) context.note(`the latest ${limit} of ${all.length}; --limit shows more`);
    return view.breaks({ status: 'open' }).length > 0 ? 1 : 0;
  });
}

function lines(context: CommandContext, view: ReconView, runs: readonly Run[]): string[] {
  const last = runs.at(-1);
  if (last === undefined) return ['Nothing was compared yet: no snapshot of the clearer was closed.'];
  const { terminal, paint } = context;
  const right = (head: string) => ({ head, align: 'right' as const });
  const columns = [
    { head: 'compared (UTC)' },
    { head: 'date' },
    { head: 'because of', shrinks: true },
    right('positions'),
    right('cash'),
    right('trades'),
    right('timing'),
    right('breaks'),
    right('new'),
    right('gone'),
  ];
  const [head = '', ...rows] = tableLines(columns, runs.map(row), terminal.columns);
  const width = Math.min(terminal.columns ?? 110, 110);
  const told = summary(last, view).flatMap((line) => wrapped(line, width));
  return [paint('strong', head), ...rows, '', ...told];
}

function row(run: Run): string[] {
  const { at, date, why, counts, found, opened, healed, outcome } = run;
  const when = isoOfMicros(at).slice(0, 16).replace('T', ' ');
  if (outcome === 'no-baseline') return [when, date, `no opening book yet: ${why}`];
  if (outcome === 'in-baseline') return [when, date, `held by the opening book: ${why}`];
  const breaks = Object.values(found ?? {}).reduce((sum, count) => sum + count, 0);
  const agreed = (of: number | undefined, all: number | undefined): string =>
    (all ?? 0) === 0 ? '-' : `${of}/${all}`;
  return [
    when,
    date,
    why,
    agreed(counts?.positionsAgreed, counts?.positions),
    agreed(counts?.balancesAgreed, counts?.balances),
    agreed(counts?.tradesAgreed, counts?.trades),
    String(counts?.timing ?? 0),
    String(breaks),
    String(opened ?? 0),
    String(healed ?? 0),
  ];
}

/** The last comparison in words, and what it still waits for. */
function summary(last: Run, view: ReconView): string[] {
  if (last.outcome === 'no-baseline')
    return [
      'No opening book is adopted: "clearport book snapshots" lists what "clearport book adopt" takes.',
    ];
  if (last.outcome === 'in-baseline')
    return ['The opening book is adopted; the next file is compared with it.'];
  const missing = (['positions', 'cash', 'activity'] as const).filter(
    (kind) => last.snapshots[kind] === undefined,
  );
  const found = causes.flatMap((cause) => {
    const count = last.found?.[cause];
    return count === undefined ? [] : [`${count} ${cause}`];
  });
  const { counts } = last;
  const waiting = view.waiting();
  return [
    `${last.date}: ${counts?.accounts ?? 0} accounts; breaks: ${found.length === 0 ? 'none' : found.join(', ')}.`,
    'Positions, cash and trades: how many agree of how many were compared; "-" is not compared.',
    `${counts?.timing ?? 0} positions are traded and not settled yet, alike on both sides: timing, no breaks.`,
    ...(missing.length === 0 ? [] : [`Not here yet for ${last.date}: ${missing.join(', ')}.`]),
    ...(waiting === 0 ? [] : [`${waiting} late facts are compared with the next message.`]),
  ];
}
