import { type AgedBreak, type Cause, ReconView } from '../recon/index.ts';
import { accountsMask, dollars, maskedBreak, sumText } from './breaks-words.ts';
import type { ReadingOptions } from './configured.ts';
import { type CommandContext, type ExitCode, printJson } from './context.ts';
import { jsonOf } from './json-of.ts';
import { tableLines, wrapped } from './table.ts';
import { withViews } from './views.ts';

export interface BreaksOptions extends ReadingOptions {
  readonly status: 'open' | 'closed' | 'all';
  readonly cause?: Cause;
  readonly account?: string;
  readonly unmasked?: boolean;
}

/** `clearport breaks list`: what differs, the largest at risk first. Exit code 1 when any of them is open. */
export function breaksList(context: CommandContext, options: BreaksOptions): Promise<ExitCode> {
  return withViews<ExitCode>(context, options, async ({ projections }) => {
    const view = new ReconView(projections.store);
    const { status, cause, account } = options;
    const found = view.breaks({
      ...(status !== 'all' && { status }),
      ...(cause !== undefined && { cause }),
      ...(account !== undefined && { account }),
    });
    if (context.json) for (const one of found) await printJson(context, jsonOf(one));
    else for (const line of lines(context, view, found, options)) await context.printer.line(line);
    return found.some((one) => one.status === 'open') ? 1 : 0;
  });
}

function shown(one: AgedBreak, options: BreaksOptions): AgedBreak {
  return maskedBreak(one, accountsMask(one.accounts, options.unmasked === true));
}

/** A line for each break, and under it what it is in one sentence. */
function lines(
  context: CommandContext,
  view: ReconView,
  found: readonly AgedBreak[],
  options: BreaksOptions,
): string[] {
  if (found.length === 0) return emptyLines(view, options);
  const right = (head: string) => ({ head, align: 'right' as const });
  const columns = [
    { head: 'break' },
    { head: 'cause' },
    { head: 'owner' },
    right('USD at risk'),
    right('age'),
    { head: 'since' },
    { head: 'accounts', shrinks: true },
    { head: 'status' },
  ];
  const rows = found.map((one) => [
    one.id,
    one.cause,
    one.owner,
    dollars(one.atRisk),
    one.ageDays === 1 ? '1 day' : `${one.ageDays} days`,
    one.openedOn,
    accountsText(shown(one, options).accounts),
    one.status,
  ]);
  const [head = '', ...body] = tableLines(columns, rows, context.terminal.columns);
  const width = Math.min(context.terminal.columns ?? 110, 110);
  const told = found.flatMap((one, at) => [
    body[at] ?? '',
    ...wrapped(shown(one, options).sentence, width, '    '),
  ]);
  return [context.paint('strong', head), ...told, '', totalLine(found), ...waitingLines(view)];
}

function accountsText(accounts: readonly string[]): string {
  return accounts.length <= 2
    ? accounts.join(' ')
    : `${accounts.slice(0, 2).join(' ')} +${accounts.length - 2}`;
}

function totalLine(found: readonly AgedBreak[]): string {
  const open = found.filter(({ status }) => status === 'open');
  const closed = found.length - open.length;
  const owed = (owner: AgedBreak['owner']): number => open.filter((one) => one.owner === owner).length;
  const parts = [
    ...(open.length === 0
      ? []
      : [
          `${open.length} open, USD ${dollars(sumText(open.map(({ atRisk }) => atRisk)))} at risk`,
          `${owed('us')} for us, ${owed('clearer')} for the clearer`,
        ]),
    ...(closed === 0 ? [] : [`${closed} closed`]),
  ];
  return `${parts.join('; ')}. "clearport breaks show <break>" tells all of one.`;
}

/** Nothing found says nothing where nothing was compared. */
function emptyLines(view: ReconView, { status, cause, account }: BreaksOptions): string[] {
  const last = view.runs().at(-1);
  if (last === undefined) return ['Nothing was compared yet: no snapshot of the clearer was closed.'];
  if (last.outcome === 'no-baseline')
    return [
      'Nothing was compared: no opening book is adopted. "clearport book snapshots" lists what can be.',
    ];
  if (last.outcome === 'in-baseline' && !view.runs().some(({ outcome }) => outcome === 'compared'))
    return ['Nothing was compared yet: the opening book is adopted, and the next file is compared with it.'];
  const which = status === 'all' ? '' : `${status} `;
  const asked = cause === undefined && account === undefined ? '' : ' of that kind';
  return [`No ${which}breaks${asked}; last compared: ${last.date}.`, ...waitingLines(view)];
}

/** What is not in the answer yet. */
function waitingLines(view: ReconView): string[] {
  const waiting = view.waiting();
  if (waiting === 0) return [];
  return [`${waiting} late ${waiting === 1 ? 'fact is' : 'facts are'} compared with the next message.`];
}
