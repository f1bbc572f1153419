import { BookView } from '../book/index.ts';
import type { Message } from '../contract/codec.ts';
import type { Log } from '../contract/log.ts';
import { isoOfMicros } from '../core/clock.ts';
import { GatewayError } from '../core/errors.ts';
import type { JsonValue } from '../core/json.ts';
import {
  type AgedBreak,
  type Evidence,
  type HistoryRow,
  type Member,
  ReconView,
  reconIssues,
  shownText,
} from '../recon/index.ts';
import { accountsMask, dollars, maskedBreak, maskedHistory } from './breaks-words.ts';
import type { ReadingOptions } from './configured.ts';
import { type CommandContext, type ExitCode, printJson } from './context.ts';
import { viewLines } from './decode-lines.ts';
import { entryDecoder } from './entry-codec.ts';
import { jsonOf } from './json-of.ts';
import { tableLines, wrapped } from './table.ts';
import { withViews } from './views.ts';

export interface BreakOptions extends ReadingOptions {
  readonly unmasked?: boolean;
}

/** `clearport breaks show`: one break with everything that is known of it. Exit code 1 while it is open. */
export function breaksShow(context: CommandContext, name: string, options: BreakOptions): Promise<ExitCode> {
  return withViews<ExitCode>(context, options, async ({ log, projections }) => {
    const view = new ReconView(projections.store);
    const found = named(view, name);
    const history = view.history(found.id);
    const decode = await decoderOf(context, log, options);
    if (context.json) {
      const messages = await Promise.all(found.evidence.map((one) => messageJson(decode, one)));
      await printJson(context, jsonOf({ ...found, history, messages }));
    } else {
      const symbols = symbolsOf(new BookView(projections.store));
      for (const line of await lines(context, decode, found, history, { ...options, symbols }))
        await context.printer.line(line);
    }
    return found.status === 'open' ? 1 : 0;
  });
}

type Symbols = ReadonlyMap<string, string>;

/** The names that people know securities by. */
function symbolsOf(book: BookView): Symbols {
  return new Map(
    book.securities().flatMap(({ security, symbol }) => (symbol === undefined ? [] : [[security, symbol]])),
  );
}

async function lines(
  context: CommandContext,
  decode: DecodeAt,
  found: AgedBreak,
  history: readonly HistoryRow[],
  options: BreakOptions & { readonly symbols: Symbols },
): Promise<string[]> {
  const unmasked = options.unmasked === true;
  const mask = accountsMask(found.accounts, unmasked);
  const shown = maskedBreak(found, mask);
  const messages: string[] = [];
  for (const one of found.evidence)
    messages.push(...(await evidenceLines(context, decode, one, mask, unmasked)));
  return [
    ...headLines(context, shown),
    ...memberLines(context, shown, options.symbols),
    ...messages,
    context.paint('strong', 'History'),
    ...maskedHistory(history, mask).flatMap((row) => historyLines(context, row, found.id)),
    '',
    context.paint('strong', 'What to do'),
    ...shown.nextSteps.flatMap((step) => wrapped(`- ${step}`, widthOf(context), '  ')),
  ];
}

function historyLines(
  context: CommandContext,
  { at, date, what, text, id }: HistoryRow,
  own: string,
): string[] {
  const other = id === own ? '' : ` as ${id}`;
  const head = `  ${isoOfMicros(at).slice(0, 16).replace('T', ' ')}  ${what}${other}, business date ${date}`;
  return [head, ...wrapped(text, widthOf(context), '    ')];
}

/** `clearport breaks message`: the text for the clearer, ready to send where account numbers are shown in full. */
export function breaksMessage(
  context: CommandContext,
  name: string,
  options: BreakOptions,
): Promise<ExitCode> {
  return withViews<ExitCode>(context, options, async ({ projections }) => {
    const found = named(new ReconView(projections.store), name);
    const unmasked = options.unmasked === true;
    const text = accountsMask(found.accounts, unmasked)(found.message);
    if (context.json) {
      await printJson(context, { id: found.id, message: found.message });
      return 0;
    }
    for (const line of text.split('\n')) await context.printer.line(line);
    if (!unmasked)
      context.note('account numbers are masked; --unmasked shows them as the clearer needs them');
    return 0;
  });
}

function named(view: ReconView, name: string): AgedBreak {
  const found = view.find(name);
  if (found !== undefined) return found;
  const { remedy } = reconIssues.RECON_BREAK_UNKNOWN;
  throw new GatewayError('RECON_BREAK_UNKNOWN', `there is no break "${name}"`, { remedy, exitCode: 2 });
}

function widthOf({ terminal }: CommandContext): number {
  return Math.min(terminal.columns ?? 110, 110);
}

function headLines(context: CommandContext, one: AgedBreak): string[] {
  const { id, cause, owner, status, atRisk, ageDays, openedOn, closedOn, sentence, explainedBy } = one;
  const age = `${ageDays} business ${ageDays === 1 ? 'day' : 'days'}`;
  const closed = closedOn === undefined ? '' : `, closed on ${closedOn}`;
  return [
    context.paint('strong', `${id}  ${cause}, ${status}`),
    ...wrapped(sentence, widthOf(context)),
    '',
    `  owner    ${owner === 'us' ? 'us' : 'the clearer'}`,
    `  at risk  USD ${dollars(atRisk)}`,
    `  age      ${age}, since ${openedOn}${closed}`,
    ...(explainedBy === undefined ? [] : [`  belongs to ${explainedBy.join(' and ')}`]),
    '',
  ];
}

/** Theirs less ours: what of it this break explains. */
function memberLines({ paint, terminal }: CommandContext, one: AgedBreak, symbols: Symbols): string[] {
  const right = (head: string) => ({ head, align: 'right' as const });
  const columns = [
    { head: 'difference' },
    { head: 'account' },
    { head: 'of', shrinks: true },
    right('ours'),
    right('theirs'),
    right('this break'),
  ];
  const cells = one.members.map((member) => memberRow(member, symbols));
  const [head = '', ...rows] = tableLines(columns, cells, terminal.columns);
  return [paint('strong', head), ...rows, ''];
}

function memberRow(member: Member, symbols: Symbols): string[] {
  const { kind, basis, account, field, ours, theirs, difference } = member;
  const symbol = symbols.get(member.unit);
  const unit = symbol === undefined ? member.unit : `${symbol} ${member.unit}`;
  if (kind === 'trade') return [`trade ${field ?? ''}`, account, unit, ours, theirs, ''];
  const by = basis === 'settlement-date' ? 'settlement date' : 'trade date';
  const number = (text: string): string => shownText(text, kind === 'cash' ? 2 : 0);
  return [`${kind} by ${by}`, account, unit, ...[ours, theirs, difference].map(number)];
}

/** The message behind one side's word, decoded. */
async function evidenceLines(
  { paint }: CommandContext,
  decode: DecodeAt,
  { side, offset, what, source }: Evidence,
  mask: (text: string) => string,
  unmasked: boolean,
): Promise<string[]> {
  const whose = side === 'ours' ? 'Ours' : 'Theirs';
  const head = `${paint('strong', `${whose}: ${mask(what)}`)}  ${source}, offset ${offset}`;
  const view = (await decode(offset))?.view();
  const lines = view === undefined ? ['  the message cannot be decoded'] : viewLines(view, unmasked);
  return [head, ...lines.map(mask), ''];
}

async function messageJson(decode: DecodeAt, { side, offset }: Evidence): Promise<JsonValue> {
  return { side, offset, message: (await decode(offset))?.view() ?? null };
}

/** Decodes the message of a piece of evidence. */
type DecodeAt = (offset: number) => Promise<Message | undefined>;

async function decoderOf(context: CommandContext, log: Log, options: ReadingOptions): Promise<DecodeAt> {
  const decode = await entryDecoder(context, options);
  return async (offset) => {
    const entry = await log.get(offset);
    return entry === undefined ? undefined : (await decode(log, entry))?.message;
  };
}
