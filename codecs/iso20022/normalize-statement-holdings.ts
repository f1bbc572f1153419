import type {
  StatedAmount,
  StatedBalance,
  StatedHolding,
  StatedPrice,
} from '../../src/contract/statement.ts';
import type { Issue } from '../../src/core/issue.ts';
import { flagOf } from './normalize-statement-head.ts';
import {
  type Counted,
  codeAt,
  dateAt,
  type ElementReader,
  elementReader,
  moneyAt,
  negated,
  placeAt,
  quantityAt,
  securityAt,
  signedDecimalOf,
} from './statement-values.ts';
import type { MxElement } from './tree.ts';

/** The holding of a BalForAcct or BalForSubAcct; undefined where its aggregate balance is missing or cannot be read. */
export function holdingIn(
  element: MxElement,
  account: string | undefined,
  problems: Issue[],
): StatedHolding | undefined {
  const reader = elementReader(element, problems);
  const aggregate = signedAt(reader, 'AggtBal');
  if (aggregate === undefined) {
    if (problems.length === 0) reader.need('AggtBal', () => undefined);
    return undefined;
  }
  return {
    ...securityAt(reader),
    account,
    ...aggregate,
    available: signedAt(reader, 'AvlblBal')?.quantity,
    notAvailable: (unsignedAt(reader, 'NotAvlblBal') ?? proprietaryAt(reader, 'NotAvlblBal'))?.quantity,
    location: placeAt(reader, 'SfkpgPlc'),
    prices: pricesIn(reader),
    amounts: amountsIn(reader),
    balances: [
      ...currentFace(reader),
      ...partsIn(reader),
      ...reader.each('BalAtSfkpgPlc', placedIn).flat(),
      ...lotsIn(reader, undefined),
    ],
    text: reader.text('HldgAddtlDtls'),
  };
}

const quantityPaths = ['Qty/Qty/Qty', 'Qty/Qty/OrgnlAndCurFace', 'Qty/Qty', 'Qty/QtyAndAvlbty/Qty', 'Qty'];

/** A balance with its ShrtLngInd: SHOR is less than nothing, and is said once, not also by a minus. */
function signedAt(reader: ElementReader, path: string): Counted | undefined {
  const counted = unsignedAt(reader, `${path}/Qty`) ?? proprietaryAt(reader, `${path}/Qty`);
  if (counted === undefined || reader.text(`${path}/ShrtLngInd`) !== 'SHOR') return counted;
  if (counted.quantity.startsWith('-')) return reader.unreadable(reader.element, `SHOR ${counted.quantity}`);
  return { ...counted, quantity: negated(counted.quantity) };
}

function unsignedAt(reader: ElementReader, path: string): Counted | undefined {
  const inside = ['Qty/Qty', 'Qty/OrgnlAndCurFace', 'OrgnlAndCurFace', 'QtyAndAvlbty/Qty', 'Qty', ''];
  return quantityAt(
    reader,
    inside.map((inner) => (inner === '' ? path : `${path}/${inner}`)),
  );
}

/** A balance that an issuer counts in a way of its own. */
function proprietaryAt(reader: ElementReader, path: string): Counted | undefined {
  const quantity = reader.read(`${path}/Prtry/Bal`, signedDecimalOf);
  return quantity === undefined ? undefined : { quantity, unit: 'shares' };
}

/** Of a security with a factor the current face stands beside the original one: a part of type AMOR. */
function currentFace(reader: ElementReader): readonly StatedBalance[] {
  const current = reader.read('AggtBal/Qty/Qty/OrgnlAndCurFace/AmtsdVal', signedDecimalOf);
  if (current === undefined) return [];
  const short = reader.text('AggtBal/ShrtLngInd') === 'SHOR';
  return [{ type: 'AMOR', quantity: short ? negated(current) : current }];
}

/** BalBrkdwn with what it is broken down into, and AddtlBalBrkdwn. */
function partsIn(reader: ElementReader): readonly StatedBalance[] {
  const broken = reader.each('BalBrkdwn', (inner) => {
    const own = partIn(inner, undefined);
    const type = codeAt(inner, 'SubBalTp');
    const more = inner.each('AddtlBalBrkdwnDtls', (part) => partIn(part, type));
    return [...own, ...lotsIn(inner, type), ...more.flat()];
  });
  const additional = reader.each('AddtlBalBrkdwn', (inner) => partIn(inner, undefined));
  return [...broken.flat(), ...additional.flat()];
}

/** A part is under Qty/Qty in semt.002, which has its sign beside it, and right under Qty in semt.003, which has none. */
function partIn(reader: ElementReader, within: string | undefined): readonly StatedBalance[] {
  const counted = signedAt(reader, 'Qty') ?? unsignedAt(reader, 'Qty') ?? proprietaryAt(reader, 'Qty');
  const type = codeAt(reader, 'SubBalTp');
  if (counted === undefined || type === undefined) {
    reader.unreadable(reader.element, 'a balance without type or quantity');
    return [];
  }
  const available = ['Qty/Qty', 'Qty']
    .map((path) => reader.read(`${path}/QtyAndAvlbty/AvlbtyInd`, flagOf))
    .find((said) => said !== undefined);
  const availability = available === undefined ? undefined : available ? 'available' : 'not-available';
  const text = reader.text('SubBalAddtlDtls');
  return [{ type, quantity: counted.quantity, availability, within, text }];
}

/** What is held at one place: all of it (AGGR), and its own parts, each with the place. */
function placedIn(reader: ElementReader): readonly StatedBalance[] {
  const location = placeAt(reader, 'SfkpgPlc');
  const aggregate = signedAt(reader, 'AggtBal');
  const parts = [...partsIn(reader), ...lotsIn(reader, undefined)];
  return [
    ...(aggregate === undefined ? [] : [{ type: 'AGGR', quantity: aggregate.quantity, location }]),
    ...parts.map((part) => ({ ...part, within: part.within ?? 'AGGR', location })),
  ];
}

function lotsIn(reader: ElementReader, within: string | undefined): readonly StatedBalance[] {
  return reader.each('QtyBrkdwn', (lot): StatedBalance | undefined => {
    const counted = signedAt(lot, 'LotQty') ?? quantityAt(lot, quantityPaths);
    if (counted === undefined) return undefined;
    const money = moneyAt(lot, 'LotPric/Val/Amt');
    return {
      type: 'LOTS',
      quantity: counted.quantity,
      within,
      lotId: lot.text('LotNb/Id'),
      lotDate: dateAt(lot, 'LotDtTm'),
      price: money?.amount,
      currency: money?.currency,
    };
  });
}

/** A price in the codes of 90A and 90B: a rate is in percent, and PARV of an amount is the amount itself. */
function pricesIn(reader: ElementReader): readonly StatedPrice[] {
  return reader.each('PricDtls', (price): StatedPrice | undefined => {
    const kind = codeAt(price, 'Tp') ?? '';
    const valued = price.text('ValTp/Yldd') === undefined ? (price.text('ValTp/ValTp') ?? 'PARV') : 'YIEL';
    const place = [
      codeAt(price, 'SrcOfPric/Tp'),
      price.text('SrcOfPric/Id/MktIdrCd') ?? price.text('SrcOfPric/Id/Desc'),
    ];
    const source = place.filter((part) => part !== undefined).join('/');
    const more = { source: source === '' ? undefined : source, date: dateAt(price, 'QtnDt') };
    const rate = price.read('Val/Rate', signedDecimalOf);
    if (rate !== undefined) return { kind, type: valued === 'PARV' ? 'PRCT' : valued, price: rate, ...more };
    const money = moneyAt(price, 'Val/Amt');
    if (money === undefined) return undefined;
    const { amount, currency } = money;
    return { kind, type: valued === 'PARV' ? 'ACTU' : valued, price: amount, currency, ...more };
  });
}

const amountNames = [
  ['HldgVal', 'HOLD'],
  ['BookVal', 'BOOK'],
  ['AcrdIntrstAmt', 'ACRU'],
] as const;

/** In the account's own currency, and behind that in the instrument's. Sgn false is minus. */
function amountsIn(reader: ElementReader): readonly StatedAmount[] {
  return ['AcctBaseCcyAmts', 'InstrmCcyAmts', 'AltrnRptgCcyAmts'].flatMap((group) =>
    amountNames.flatMap(([name, kind]) => {
      const money = moneyAt(reader, `${group}/${name}/Amt`);
      if (money === undefined) return [];
      const minus = reader.read(`${group}/${name}/Sgn`, flagOf) === false;
      return [{ kind, ...money, amount: minus ? negated(money.amount) : money.amount }];
    }),
  );
}
