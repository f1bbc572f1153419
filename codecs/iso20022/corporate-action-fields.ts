import type {
  AmountSaid,
  BalanceSaid,
  DateSaid,
  MovementSaid,
  OptionSaid,
  RateSaid,
  RatioSaid,
} from '../../src/contract/corporate-action.ts';
import { shownText } from '../../src/core/bytes.ts';
import type { Issue } from '../../src/core/issue.ts';
import {
  amountSaid,
  balanceSaid,
  codeIn,
  dateSaid,
  periodSaid,
  qualifierOf,
  quantitySaid,
  rateSaid,
  ratioElements,
  ratioSaid,
  securitySaid,
} from './corporate-action-values.ts';
import { mxIssue } from './issues.ts';
import { textAt } from './message.ts';
import { elementsAt, elementsIn, type MxElement, textIn } from './tree.ts';

/** Reads the parts of a corporate action by what they are, whatever their names. */
export interface ElementReader {
  /** What `reader` makes of an element; an element that stands there and that it cannot read is a problem. */
  read<T>(element: MxElement | undefined, reader: (element: MxElement) => T | undefined): T | undefined;
  /** Dates and periods inside of an element. */
  dates(from: MxElement): readonly DateSaid[];
  rates(from: MxElement): readonly RateSaid[];
  balances(from: MxElement | undefined): readonly BalanceSaid[];
  option(from: MxElement): OptionSaid;
}

/** A reader that puts what cannot be read into `problems`. */
export function elementReader(problems: Issue[]): ElementReader {
  const read = <T>(
    element: MxElement | undefined,
    reader: (element: MxElement) => T | undefined,
  ): T | undefined => {
    const value = element === undefined ? undefined : reader(element);
    if (element !== undefined && value === undefined) problems.push(unreadable(element));
    return value;
  };
  const all = <T>(
    elements: readonly MxElement[],
    reader: (element: MxElement) => T | undefined,
  ): readonly T[] => elements.map((one) => read(one, reader)).filter((one) => one !== undefined);
  const dates = (from: MxElement): readonly DateSaid[] => [
    ...all(membersOf(from, ['DtDtls']), (one) => dateSaid(one, qualifierOf('dates', one.local))),
    ...all(membersOf(from, ['PrdDtls']), (one) => periodSaid(one, qualifierOf('periods', one.local))).flat(),
  ];
  const rates = (from: MxElement): readonly RateSaid[] => {
    const members = membersOf(from, ['RateAndAmtDtls', 'RateDtls', 'PricDtls']).flatMap((one) =>
      one.local === 'IndctvOrMktPric' ? ownElements(one) : [one],
    );
    const simple = members.filter((one) => !Object.hasOwn(ratioElements, one.local));
    return all(simple.filter(hasOneValue), (one) => rateSaid(one, qualifierOf('rates', one.local)));
  };
  const balances = (from: MxElement | undefined): readonly BalanceSaid[] =>
    from === undefined
      ? []
      : all(ownElements(from), (one) => balanceSaid(one, qualifierOf('balances', one.local)));
  const option = (from: MxElement): OptionSaid => ({
    number: codeIn(from, 'OptnNb') ?? textAt(from, 'OptnNb') ?? '',
    type: codeIn(from, 'OptnTp') ?? '',
    isDefault: flagOf(textAt(from, 'DfltPrcgOrStgInstr/DfltOptnInd')),
    status: codeIn(from, 'OptnAvlbtySts'),
    fractions: codeIn(from, 'FrctnDspstn'),
    currency: textAt(from, 'CcyOptn'),
    dates: dates(from),
    rates: rates(from),
    movements: [
      ...elementsAt(from, 'SctiesMvmntDtls').flatMap((one) => movementIn(one, 'securities', reader)),
      ...elementsAt(from, 'CshMvmntDtls').flatMap((one) => movementIn(one, 'cash', reader)),
    ],
  });
  const reader: ElementReader = { read, dates, rates, balances, option };
  return reader;
}

/** Rates of an amount to a quantity and the like have two values: they are not told. */
function hasOneValue(element: MxElement): boolean {
  return !ownElements(element).some(({ local }) => /^(Amt|Qty)To(Amt|Qty)$|^AmtPricPer/.test(local));
}

function ownElements(from: MxElement): readonly MxElement[] {
  return elementsIn(from).filter(({ uri }) => uri === from.uri);
}

function membersOf(from: MxElement, groups: readonly string[]): readonly MxElement[] {
  return groups.flatMap((group) => elementsAt(from, group)).flatMap(ownElements);
}

function unreadable({ local, line, column, ...element }: MxElement): Issue {
  const text = element.items.every((item) => typeof item === 'string') ? element.items.join('') : 'this';
  return mxIssue('MX_VALUE_NEEDED', `${local} cannot be "${shownText(text)}"`, {
    line,
    column,
    field: local,
  });
}

/** `true`, `false`, `1`, `0`. Source: XML Schema Part 2, boolean. */
export function flagOf(text: string | undefined): boolean | undefined {
  if (text === 'true' || text === '1') return true;
  return text === 'false' || text === '0' ? false : undefined;
}

function movementIn(
  from: MxElement,
  kind: 'securities' | 'cash',
  reader: ElementReader,
): readonly MovementSaid[] {
  const direction = reader.read(elementsAt(from, 'CdtDbtInd')[0], (one) =>
    directions.get(textIn(one).trim()),
  );
  if (direction === undefined) return [];
  const shared = {
    kind,
    direction,
    fractions: codeIn(from, 'FrctnDspstn'),
    dates: [...reader.dates(from), ...bareDates(from, reader)],
    rates: reader.rates(from),
  };
  return [
    kind === 'cash' ? { ...shared, ...cashIn(from, reader) } : { ...shared, ...securitiesIn(from, reader) },
  ];
}

const directions = new Map<string, 'credit' | 'debit'>([
  ['CRDT', 'credit'],
  ['DBIT', 'debit'],
]);

/** seev.037 has its dates in the movement itself. */
function bareDates(from: MxElement, reader: ElementReader): readonly DateSaid[] {
  return ['PstngDt', 'OrgnlPstngDt', 'ValDt'].flatMap((name) => {
    const said = reader.read(elementsAt(from, name)[0], (one) => dateSaid(one, qualifierOf('dates', name)));
    return said === undefined ? [] : [said];
  });
}

function securitiesIn(from: MxElement, reader: ElementReader): Partial<MovementSaid> {
  const [held] = [...elementsAt(from, 'PstngQty'), ...elementsAt(from, 'EntitldQty')];
  const moved = reader.read(held, quantitySaid);
  const [named] = [...elementsAt(from, 'FinInstrmId'), ...elementsAt(from, 'SctyDtls/FinInstrmId')];
  return {
    security: securitySaid(named),
    quantity: moved?.quantity,
    unit: moved?.unit,
    ratio: elementsAt(from, 'RateDtls')
      .flatMap(ownElements)
      .map(ratioIn)
      .find((one) => one !== undefined),
  };
}

function ratioIn(element: MxElement): RatioSaid | undefined {
  const type = Object.hasOwn(ratioElements, element.local) ? ratioElements[element.local] : undefined;
  return type === undefined ? undefined : ratioSaid(element, type);
}

function cashIn(from: MxElement, reader: ElementReader): Partial<MovementSaid> {
  const elements = [...elementsAt(from, 'AmtDtls').flatMap(ownElements), ...elementsAt(from, 'PstngAmt')];
  const amounts = elements
    .map((one) => reader.read(one, () => amountSaid(one, qualifierOf('amounts', one.local))))
    .filter((one): one is AmountSaid => one !== undefined);
  const moved = amounts.find(({ type }) => type === 'PSTA') ?? amounts.find(({ type }) => type === 'ENTL');
  const accounts = ['CashAcctId', 'CshAcctId', 'Acct/CshAcct', 'Acct/ChrgsAcct', 'Acct/TaxAcct'];
  return {
    amount: moved?.amount,
    currency: moved?.currency,
    amounts: amounts.filter((one) => one !== moved),
    account: accounts
      .map((path) => textAt(from, `${path}/IBAN`) ?? textAt(from, `${path}/Prtry`))
      .find((account) => account !== undefined),
  };
}
