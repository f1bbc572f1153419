import type {
  CashBalance,
  CashBalanceKind,
  CashEntry,
  CashParty,
  CashStatement,
} from '../../src/contract/cash-statement.ts';
import { cashSumProblems } from '../../src/contract/cash-statement-check.ts';
import { cashEvents } from '../../src/contract/cash-statement-events.ts';
import type { NormalizeContext } from '../../src/contract/codec.ts';
import { shownText } from '../../src/core/bytes.ts';
import type { Issue } from '../../src/core/issue.ts';
import type { Event } from '../../src/events/event.ts';
import type { MtField } from './fields.ts';
import { mtIssue } from './issues.ts';
import type { MtMessage } from './message.ts';
import { readStatementLine, shortDateOf, signedOf } from './statement-line.ts';
import { fieldsIn } from './tree.ts';
import { decimalOf, narrativeOf } from './values.ts';

/** What MT940, MT942, MT950, MT900 and MT910 mean: the meanings are those of `cashEvents`. */
export function cashMtEvents(message: MtMessage, context: NormalizeContext): readonly Event[] {
  const { statements, problems } = readCashMt(message);
  const errors = problems.some(({ severity }) => severity === 'error');
  return errors ? [] : statements.flatMap((said) => cashEvents(said, context));
}

/** What their events cannot be made without, and sums that are not what they are said to be. */
export function cashMtProblems(message: MtMessage): readonly Issue[] {
  return readCashMt(message).problems;
}

export interface CashRead {
  readonly statements: readonly CashStatement[];
  readonly problems: readonly Issue[];
}

/** The statements of a message: one by the standard, but files are met that hold several in one text. */
export function readCashMt(message: MtMessage): CashRead {
  const known = reads.get(message);
  if (known !== undefined) return known;
  const problems: Issue[] = [];
  const parts = statementsIn(fieldsIn(message.root));
  const statements = parts.map((fields) => statementIn(message, fields, problems));
  if (parts.length === 0) problems.push(needed('20', message.root.from));
  const read = { statements, problems };
  reads.set(message, read);
  return read;
}

/** Decoding asks for the problems and normalizing for the statement: a message is read once for both. */
const reads = new WeakMap<MtMessage, CashRead>();

/** Fields of the statements of a text: each begins with field 20. */
function statementsIn(fields: readonly MtField[]): readonly (readonly MtField[])[] {
  const parts: MtField[][] = [];
  for (const field of fields) {
    if (field.tag === '20' || parts.length === 0) parts.push([]);
    parts.at(-1)?.push(field);
  }
  return parts;
}

function statementIn(message: MtMessage, fields: readonly MtField[], problems: Issue[]): CashStatement {
  const { type, envelope } = message;
  const from = fields[0]?.from ?? message.root.from;
  const id = textOf(fields, '20') ?? '';
  const account = accountIn(fields);
  if (id === '') problems.push(needed('20', from));
  if (account === undefined) problems.push(needed('25', from));
  const said = { id, sender: envelope.sender, account: account ?? '' };
  if (type === 'MT900' || type === 'MT910') return adviceIn(type, said, fields, problems, from);
  const balances = fields.flatMap((field) => balanceIn(field, problems));
  const currency = balances[0]?.currency ?? floorCurrency(fields);
  const cut = cutIn(fields);
  const closing = balances.find(({ kind }) => kind === 'closing' || kind === 'page-closing');
  const day = closing?.date ?? cut.cutAt?.slice(0, 10);
  const { entries, rest } = entriesIn(fields, currency ?? '', day, problems);
  if (type !== 'MT942') missingBalances(fields, problems, from);
  if (entries.length > 0 && currency === undefined) problems.push(needed('34F', from));
  const statement: CashStatement = {
    report: type === 'MT942' ? 'interim' : 'statement',
    ...said,
    currency,
    ...numberIn(fields, problems),
    more: fields.some(({ tag }) => tag === '62M') ? true : undefined,
    ...cut,
    balances,
    entries,
    text: rest,
  };
  problems.push(...cashSumProblems(statement).map((text) => mtIssue('MT_SUM', text, { offset: from })));
  problems.push(...countProblems(fields, entries));
  return statement;
}

/** Without balances nobody can say what a statement closes with. */
function missingBalances(fields: readonly MtField[], problems: Issue[], from: number): void {
  for (const number of ['60', '62']) {
    if (!fields.some(({ tag }) => tag === `${number}F` || tag === `${number}M`))
      problems.push(needed(`${number}a`, from));
  }
}

function needed(tag: string, offset: number): Issue {
  return mtIssue('MT_VALUE_NEEDED', `:${tag}: is needed and missing`, { offset, field: `:${tag}:` });
}

function unreadable({ tag, value, from, to }: MtField): Issue {
  const at = { offset: from, length: to - from, field: `:${tag}:` };
  return mtIssue('MT_VALUE_NEEDED', `:${tag}: cannot be "${shownText(value)}"`, at);
}

function textOf(fields: readonly MtField[], tag: string): string | undefined {
  const value = fields.find((field) => field.tag === tag)?.value.trim();
  return value === '' ? undefined : value;
}

/** The account of 25 or 25P, whose second line is a BIC. Some banks put the currency behind it (`NL12BANK0123456789 EUR`). */
function accountIn(fields: readonly MtField[]): string | undefined {
  const value = textOf(fields, '25') ?? textOf(fields, '25P');
  const account = value
    ?.split(/\r?\n/)[0]
    ?.replace(/ [A-Z]{3}$/, '')
    .trim();
  return account === '' ? undefined : account;
}

/** `00012/002`: number and page; field 28 of older messages alike. */
function numberIn(fields: readonly MtField[], problems: Issue[]): Pick<CashStatement, 'number' | 'page'> {
  const field = fields.find(({ tag }) => tag === '28C' || tag === '28');
  const match = field === undefined ? null : /^(\d{1,5})(?:\/(\d{1,5}))?$/.exec(field.value.trim());
  if (field === undefined) return {};
  if (match === null) {
    problems.push(unreadable(field));
    return {};
  }
  const page = match[2] === undefined ? undefined : Number(match[2]);
  return { number: String(Number(match[1])), page };
}

/** 13D: `2611121530-0500`. */
function cutIn(fields: readonly MtField[]): Pick<CashStatement, 'cutAt' | 'cutZone'> {
  const match = /^(\d{6})(\d\d)(\d\d)([+-])(\d\d)(\d\d)$/.exec(textOf(fields, '13D') ?? '');
  const date = shortDateOf(match?.[1] ?? '');
  if (match === null || date === undefined) return {};
  const zone = `${match[4]}${match[5]}:${match[6]}`;
  return { cutAt: `${date}T${match[2]}:${match[3]}:00${zone}`, cutZone: zone };
}

const balanceKinds = new Map<string, CashBalanceKind>([
  ['60F', 'opening'],
  ['60M', 'page-opening'],
  ['62F', 'closing'],
  ['62M', 'page-closing'],
  ['64', 'available'],
  ['65', 'forward-available'],
]);

function balanceIn(field: MtField, problems: Issue[]): readonly CashBalance[] {
  const kind = balanceKinds.get(field.tag);
  if (kind === undefined) return [];
  const match = /^([DC])(\d{6})([A-Z]{3})([0-9,]+)$/.exec(field.value.trim());
  const amount = signedOf(match?.[1] ?? '', match?.[4] ?? '');
  const date = shortDateOf(match?.[2] ?? '');
  if (match === null || amount === undefined || date === undefined) {
    problems.push(unreadable(field));
    return [];
  }
  return [{ kind, amount, currency: match[3] ?? '', date }];
}

/** An MT942 has no balance: its currency stands in the floor limit. */
function floorCurrency(fields: readonly MtField[]): string | undefined {
  const value = textOf(fields, '34F') ?? textOf(fields, '90D')?.replace(/^\d+/, '');
  return /^[A-Z]{3}/.exec(value ?? '')?.[0];
}

/** The lines with the words behind each; words that belong to no line are the statement's own. */
function entriesIn(
  fields: readonly MtField[],
  currency: string,
  day: string | undefined,
  problems: Issue[],
): { readonly entries: readonly CashEntry[]; readonly rest: string | undefined } {
  const entries: CashEntry[] = [];
  const words: string[] = [];
  let line: CashEntry | undefined;
  for (const field of fields) {
    if (field.tag === '61') {
      if (line !== undefined) entries.push(line);
      line = readStatementLine(field.value, currency, day);
      if (line === undefined) problems.push(unreadable(field));
    } else if (field.tag === '86' && line !== undefined) {
      line = withWords(line, field.value);
    } else if (field.tag === '86') {
      words.push(narrativeOf(field.value));
    } else if (/^6[25]|^64/.test(field.tag) && line !== undefined) {
      entries.push(line);
      line = undefined;
    }
  }
  if (line !== undefined) entries.push(line);
  return { entries, rest: words.length === 0 ? undefined : words.join(' ') };
}

/** 86 of a line. A reference that it names (`/EREF/…`, `EREF+…`) is the owner's where 61 has none of its own. */
function withWords(line: CashEntry, value: string): CashEntry {
  const words = narrativeOf(value);
  const named = endToEnd(value);
  return {
    ...line,
    reference: line.reference ?? named,
    text: [line.text, words].filter((part) => part !== undefined && part !== '').join(' '),
  };
}

/** The end-to-end reference of a structured 86: `/EREF/…/` with slashes, or `EREF+…` between `?20` and its like. */
function endToEnd(value: string): string | undefined {
  const joined = value.replace(/\r?\n/g, '');
  const slashed = /\/EREF\/(.{1,35}?)(?:\/\/|\/[A-Z]{4}\/|$)/.exec(joined)?.[1];
  const plus = /(?:\?2\d)?EREF\+((?:(?!\?\d\d|[A-Z]{4}\+).){1,35})/.exec(
    joined.replace(/\?2\d(?![A-Z]{4}\+)/g, ''),
  )?.[1];
  const found = (slashed ?? plus)?.trim();
  return found === undefined || found === '' || /^(NOTPROVIDED|NONREF)$/.test(found) ? undefined : found;
}

/** 90D and 90C of an MT942 count its lines. */
function countProblems(fields: readonly MtField[], entries: readonly CashEntry[]): readonly Issue[] {
  return (['90D', '90C'] as const).flatMap((tag) => {
    const field = fields.find((one) => one.tag === tag);
    const count = /^\d{1,5}/.exec(field?.value ?? '')?.[0];
    if (field === undefined || count === undefined) return [];
    const found = entries.filter(({ amount }) => amount.startsWith('-') === (tag === '90D')).length;
    if (found === Number(count)) return [];
    return [mtIssue('MT_SUM', `:${tag}: counts ${count} lines, there are ${found}`, { offset: field.from })];
  });
}

/** MT900 and MT910 tell of one entry: field 20 is the bank's reference, which its statement repeats. */
function adviceIn(
  type: string,
  said: Pick<CashStatement, 'id' | 'sender' | 'account'>,
  fields: readonly MtField[],
  problems: Issue[],
  from: number,
): CashStatement {
  const field = fields.find(({ tag }) => tag === '32A');
  const match = /^(\d{6})([A-Z]{3})([0-9,]+)$/.exec(field?.value.trim() ?? '');
  const valueDate = shortDateOf(match?.[1] ?? '');
  const amount = decimalOf(match?.[3] ?? '');
  const currency = match?.[2] ?? '';
  if (field === undefined) problems.push(needed('32A', from));
  else if (amount === undefined || valueDate === undefined) problems.push(unreadable(field));
  const sign = type === 'MT900' && amount !== '0' ? '-' : '';
  const related = textOf(fields, '21');
  const entry: CashEntry = {
    amount: `${sign}${amount ?? '0'}`,
    currency,
    valueDate,
    reference: related === 'NONREF' ? undefined : related,
    bankReference: said.id,
    parties: partiesIn(fields),
    text: textOf(fields, '72') === undefined ? undefined : narrativeOf(textOf(fields, '72') ?? ''),
  };
  return { report: 'advice', ...said, currency, balances: [], entries: [entry] };
}

const roles = new Map([
  ['50A', 'debtor'],
  ['52A', 'debtor-agent'],
  ['56A', 'intermediary'],
]);

/** Institutions that are named by their BIC: the last line of option A. */
function partiesIn(fields: readonly MtField[]): readonly CashParty[] {
  return fields.flatMap(({ tag, value }) => {
    const role = roles.get(tag);
    const bic = /(?:^|\n)([A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?)\s*$/.exec(value)?.[1];
    return role === undefined || bic === undefined ? [] : [{ role, id: bic, scheme: 'bic' }];
  });
}
