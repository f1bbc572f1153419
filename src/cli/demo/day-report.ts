import { dates, storyZone } from '../../../certification/simulators/trade-day/index.ts';
import { microsOfIso } from '../../core/clock.ts';
import { addDecimals, type Decimal, decimalText, readDecimal } from '../../core/decimal.ts';
import { dateInZone } from '../../core/zone.ts';
import { type FeedRow, timeInZone } from '../../gateway/index.ts';
import { type AgedBreak, shownText } from '../../recon/index.ts';
import { accountsMask, dollars, maskedBreak } from '../breaks-words.ts';
import { tableLines, wrapped } from '../table.ts';
import type { Paint } from '../terminal.ts';
import type { Evidence } from './evidence.ts';
import { verdictText } from './feed-verdicts.ts';

/** Everything that the demo prints fits into so many columns, two of them in front. */
const columnsMax = 100;
const indent = '  ';

/** Which files were due and came, and what became of each. */
export function feedLines({ feeds }: Evidence, paint: Paint): string[] {
  const right = (head: string) => ({ head, align: 'right' as const });
  const columns = [
    { head: 'feed' },
    { head: 'of' },
    right('due'),
    right('arrived'),
    { head: 'verdict' },
    { head: 'file', shrinks: true },
  ];
  const rows = feeds
    .toSorted(byArrival)
    .map((row) => [
      row.feed,
      row.businessDate?.slice(5) ?? '',
      shownTime(row.dueAt),
      shownTime(row.arrivedAt),
      painted(row, paint),
      shortName(row.name),
    ]);
  return ['', paint('strong', 'Feeds'), ...tableLines(columns, rows, columnsMax - 2).map(indented)];
}

/** By the minute; what came in one minute, in the order of names, so that the same days look the same. */
function byArrival(left: FeedRow, right: FeedRow): number {
  const [one, other] = [left, right].map((row) =>
    [shownTime(row.arrivedAt ?? row.dueAt), row.feed, row.name].join(' '),
  );
  return (one ?? '') < (other ?? '') ? -1 : 1;
}

/** Our book on each of the days, by both dates, and the baseline that it stands on. */
export function bookLines({ book, baseline }: Evidence, paint: Paint): string[] {
  const right = (head: string) => ({ head, align: 'right' as const });
  const columns = [
    { head: 'as of' },
    { head: 'basis' },
    right('positions'),
    right('shares long'),
    right('shares short'),
    right('cash, USD'),
  ];
  const rows = [dates.first, dates.second, dates.settlement].flatMap((asOf) =>
    (['trade-date', 'settlement-date'] as const).map((basis) => {
      const positions = book.positions({ basis, asOf });
      const signed = positions.map(({ quantity }) => quantity);
      const cash = book.cash({ basis, asOf }).map(({ amount }) => amount);
      return [
        asOf,
        basis,
        String(positions.length),
        shownText(sum(signed.filter((quantity) => !quantity.startsWith('-')))),
        shownText(sum(signed.filter((quantity) => quantity.startsWith('-')))),
        dollars(sum(cash)),
      ];
    }),
  );
  const opened =
    baseline === undefined
      ? 'No baseline was adopted.'
      : `Baseline: ${baseline.movements} balances of ${baseline.snapshot}, adopted by ${baseline.approvedBy ?? 'nobody'}.`;
  return [
    '',
    paint('strong', 'Our book'),
    ...tableLines(columns, rows, columnsMax - 2).map(indented),
    indented(opened),
  ];
}

/** Each break that is open: at risk, cause in one sentence, owner, what the clearer is asked; the first text whole. */
export function breakLines({ breaks }: Evidence, paint: Paint): string[] {
  const open = breaks.filter(({ status }) => status === 'open');
  const total = dollars(sum(open.map(({ atRisk }) => atRisk)));
  const [first] = open;
  return [
    '',
    paint('strong', `Breaks: ${open.length} open, ${total} USD at risk`),
    ...open.flatMap((one) => oneBreak(one, paint)),
    ...healedLines(breaks, paint),
    ...(first === undefined ? [] : letterLines(first, paint)),
  ];
}

function oneBreak(one: AgedBreak, paint: Paint): string[] {
  const shown = maskedBreak(one, accountsMask(one.accounts, false));
  const age = one.ageDays === 1 ? '1 day' : `${one.ageDays} days`;
  const head = `${paint('strong', one.cause)}  ${dollars(one.atRisk)} USD  owner: ${one.owner}  ${age}  ${one.id}`;
  return [
    indented(head),
    ...wrapped(shown.sentence, columnsMax, `${indent}  `),
    ...wrapped(`To the clearer: ${requestOf(shown.message)}`, columnsMax, `${indent}  `),
  ];
}

/** What the text asks for: its last sentence of substance stands before the way to answer. */
function requestOf(message: string): string {
  const lines = message.split('\n');
  const at = lines.findIndex((line) => line.startsWith('Please answer with our reference'));
  return lines[at - 1] ?? '';
}

function healedLines(breaks: readonly AgedBreak[], paint: Paint): string[] {
  const healed = breaks.filter(({ status }) => status === 'closed');
  if (healed.length === 0) return [];
  return [
    indented(paint('strong', `Healed: ${healed.length}, their history is kept`)),
    ...healed.flatMap((one) => {
      const shown = maskedBreak(one, accountsMask(one.accounts, false));
      return wrapped(`${one.id}: ${shown.sentence}`, columnsMax, `${indent}  `);
    }),
  ];
}

function letterLines(one: AgedBreak, paint: Paint): string[] {
  const shown = maskedBreak(one, accountsMask(one.accounts, false));
  const lines = shown.message
    .split('\n')
    .flatMap((line) => (line === '' ? [''] : wrapped(line, columnsMax, '    ')));
  return ['', indented(paint('strong', `The text to send for ${one.id}, whole`)), ...lines];
}

/** `11 06:30`: day and time of New York. */
function shownTime(iso: string | undefined): string {
  const micros = iso === undefined ? undefined : microsOfIso(iso);
  if (iso === undefined || micros === undefined) return '';
  return `${dateInZone(iso, storyZone)?.slice(8) ?? ''} ${timeInZone(micros, storyZone)}`;
}

/** What tells files of one feed apart: `20261110.EOD.01`. */
function shortName(name = ''): string {
  return name.split('.').slice(3, -1).join('.');
}

function painted(row: FeedRow, paint: Paint): string {
  const text = verdictText(row);
  if (row.verdict === 'accepted') return paint('good', text);
  return row.verdict.startsWith('refused') || row.verdict === 'missing'
    ? paint('bad', text)
    : paint('doubt', text);
}

function sum(texts: readonly string[]): string {
  const zero: Decimal = { units: 0n, scale: 0 };
  const total = texts.reduce((before, text) => {
    const read = readDecimal(text);
    return read.ok ? addDecimals(before, read.value) : before;
  }, zero);
  return decimalText(total);
}

function indented(line: string): string {
  return `${indent}${line}`;
}
