import type { StatedBalance, StatedHolding, StatedPrice } from '../../src/contract/statement.ts';
import type { Issue } from '../../src/core/issue.ts';
import {
  accountOf,
  balanceOf,
  moneyOf,
  placeOf,
  priceOf,
  type SequenceReader,
  securityOf,
  sequenceReader,
  textOf,
} from './statement-values.ts';
import { fieldsIn, type MtSequence, sequencesIn } from './tree.ts';
import { dateOf } from './values.ts';

/** A FIN with the sub-account that it stands in. */
export interface FinPlace {
  readonly fin: MtSequence;
  readonly account: string | undefined;
  readonly location: string | undefined;
}

/** All FIN of a page: those of its sub-accounts, and those that stand outside of any. */
export function finsIn(root: MtSequence): readonly FinPlace[] {
  const inner = sequencesIn(root, 'SUBSAFE').flatMap((sub) => {
    const reader = sequenceReader(sub, []);
    const account = accountOf(reader.one('97a::SAFE'));
    const location = placeOf(reader.one('94a::SAFE'));
    return sequencesIn(sub, 'FIN').map((fin) => ({ fin, account, location }));
  });
  const outer = sequencesIn(root, 'FIN').map((fin) => ({ fin, account: undefined, location: undefined }));
  return [...inner, ...outer];
}

/** The holding of a FIN of MT535; undefined where its aggregate balance is missing or cannot be read. */
export function holdingIn(
  { fin, account, location }: FinPlace,
  problems: Issue[],
): StatedHolding | undefined {
  const reader = sequenceReader(fin, problems);
  reader.need('35B', (value) => (value.trim() === '' ? undefined : value));
  reader.need('93a::AGGR', balanceOf);
  const aggregates = reader.all('93a::AGGR').flatMap(({ content }) => balanceOf(content) ?? []);
  const aggregate = aggregates.find(({ counted }) => counted !== 'AMOR') ?? aggregates[0];
  if (aggregate === undefined) return undefined;
  const amortised = aggregates.filter((one) => one !== aggregate && one.counted === 'AMOR');
  const place = placeOf(reader.one('94a::SAFE')) ?? location;
  return {
    ...securityOf(reader.one('35B')?.value ?? ''),
    account,
    quantity: aggregate.quantity,
    unit: aggregate.unit,
    available: reader.read('93a::AVAI', balanceOf)?.quantity,
    notAvailable: reader.read('93a::NAVL', balanceOf)?.quantity,
    location: place,
    prices: pricesIn(reader),
    amounts: reader.each('19A', (field) => {
      const money = moneyOf(field.content);
      return money === undefined ? undefined : { kind: field.qualifier, ...money };
    }),
    balances: [
      ...amortised.map(({ quantity }) => ({ type: 'AMOR', quantity })),
      ...sequencesIn(fin, 'SUBBAL').flatMap((inner) => balancesIn(inner, problems)),
      ...sequencesIn(fin, 'BREAK').flatMap((inner) => lotsIn(inner, undefined, problems)),
    ],
    text: reader.read('70E::HOLD', textOf),
  };
}

/** 90A and 90B; 90E says that the price is not known, which is no price. */
function pricesIn(reader: SequenceReader): readonly StatedPrice[] {
  const source = placeOf(reader.one('94a::PRIC'));
  const date = reader.read('98a::PRIC', dateOf);
  return ['90A', '90B'].flatMap((tag) =>
    reader.each(tag, ({ qualifier, content }) => {
      const price = priceOf(content);
      return price === undefined ? undefined : { kind: qualifier, ...price, source, date };
    }),
  );
}

/** The balances of a SUBBAL, each field 93a one of them, and its lots. */
function balancesIn(sub: MtSequence, problems: Issue[]): readonly StatedBalance[] {
  const reader = sequenceReader(sub, problems);
  const location = placeOf(reader.one('94a::SAFE'));
  const text = reader.read('70C::SUBB', textOf);
  const balances = reader.each('93a', ({ qualifier, issuer, content }) => {
    const balance = balanceOf(content);
    if (balance === undefined) return undefined;
    const { quantity, availability } = balance;
    return {
      type: issuer === '' ? qualifier : `${issuer}/${qualifier}`,
      quantity,
      availability,
      location,
      text,
    };
  });
  const within = balances[0]?.type;
  return [...balances, ...sequencesIn(sub, 'BREAK').flatMap((inner) => lotsIn(inner, within, problems))];
}

/** The lot of a BREAK: its number (13B), quantity (93a), date (98a) and price (90a), all of them LOTS. */
function lotsIn(lot: MtSequence, within: string | undefined, problems: Issue[]): readonly StatedBalance[] {
  const reader = sequenceReader(lot, problems);
  const [counted] = fieldsIn(lot).filter(({ tag }) => /^93[BF]$/.test(tag));
  const quantity =
    counted === undefined ? undefined : reader.read(`${counted.tag}::${counted.qualifier}`, balanceOf);
  if (quantity === undefined) return [];
  const price = ['90A', '90B'].flatMap((tag) => reader.each(tag, ({ content }) => priceOf(content)))[0];
  return [
    {
      type: 'LOTS',
      quantity: quantity.quantity,
      within,
      lotId: reader.content('13B::LOTS'),
      lotDate: reader.read('98a::LOTS', dateOf),
      price: price?.type === 'ACTU' ? price.price : undefined,
      currency: price?.type === 'ACTU' ? price.currency : undefined,
    },
  ];
}
