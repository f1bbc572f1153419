import { sumOf } from '../amounts.ts';
import type { Cause, Posting, Trade } from '../terms.ts';
import { cashOf, cutAt, decimal, evidence, holding, taken, trade, type World } from './world.ts';

/** A difference that is made on purpose, and what it must be found as. */
export interface Planted {
  readonly cause: Cause;
  readonly subject: string;
}

/** What a difference is made of: one matched trade of its own, an account and a number. */
export interface Spot {
  readonly trade: Trade;
  readonly account: string;
  readonly security: string;
  readonly number: number;
}

type Plant = (world: World, spot: Spot) => Planted;

const errorAccount = 'ERROR-1';

/** Every way in which two books come to differ. `mend` of most is to take the world without it. */
export const plants: Readonly<Record<string, Plant>> = {
  rejected(world, { trade: one }) {
    gone(world, one);
    const { references, account, security, quantity, price, currency, tradeDate, settlementDate } = one;
    world.theirs.rejections.push({
      id: `rej-${one.id}`,
      key: `rej|${one.key}`,
      evidence: evidence('theirs', `REJ ${one.key}`),
      at: cutAt,
      references,
      account,
      security,
      quantity,
      price,
      currency,
      bookedAccount: errorAccount,
      reason: 'R07 account restricted',
      tradeDate,
      settlementDate,
    });
    return ofTrade('rejected', one);
  },
  'wrong-account': (world, { trade: one, account }) => {
    const other = account === one.account ? `${account}-2` : account;
    replaced(world, one, { account: other });
    return ofTrade('wrong-account', one);
  },
  'cancel-rebill': (world, { trade: one, number }) => {
    const price = { units: one.price.units + BigInt(number), scale: one.price.scale };
    const cash = cashOf(one.quantity, price, one.charges);
    replaced(world, one, { price, cash, asOf: one.tradeDate });
    const first = world.theirs.trades.find(({ references }) => references[0] === one.references[0]);
    if (first !== undefined)
      world.theirs.ended.push(taken({ ...one, id: `cxl-${one.id}` }, 'reversed', cutAt - 1));
    return ofTrade('cancel-rebill', one);
  },
  'after-cut bust': (world, { trade: one }) => {
    world.ours.trades = world.ours.trades.filter(({ key }) => key !== one.key);
    world.ours.ended.push(taken(one, 'reversed', cutAt + 60_000_000));
    return ofTrade('after-cut', one);
  },
  'after-cut trade': (world, { trade: one }) => {
    gone(world, one);
    world.ours.trades = world.ours.trades.map((each) =>
      each.key === one.key ? { ...each, at: cutAt + 1 } : each,
    );
    return ofTrade('after-cut', one);
  },
  'after-cut correction': (world, { trade: one, number }) => {
    const price = { units: one.price.units + BigInt(number), scale: one.price.scale };
    const reference = one.references[0] ?? '';
    const corrected: Trade = {
      ...one,
      id: `${one.id}-c`,
      references: [`${reference}C`],
      replaces: reference,
      price,
      cash: cashOf(one.quantity, price, one.charges),
      at: cutAt + 5,
    };
    world.ours.trades = world.ours.trades.map((each) => (each.key === one.key ? corrected : each));
    world.ours.ended.push(taken(one, 'replaced', cutAt + 5));
    return ofTrade('after-cut', one);
  },
  fee: (world, { trade: one, number }) => {
    const charges = new Map([...one.charges, ['sec-fee', { units: BigInt(number), scale: 2 }] as const]);
    replaced(world, one, { charges, cash: cashOf(one.quantity, one.price, charges) });
    return { cause: 'fee', subject: `fee|sec-fee|${one.tradeDate}` };
  },
  'missing-at-clearer': (world, { trade: one }) => {
    gone(world, one);
    return ofTrade('missing-at-clearer', one);
  },
  'unknown-to-us': (world, { trade: one }) => {
    world.ours.trades = world.ours.trades.filter(({ key }) => key !== one.key);
    return ofTrade('unknown-to-us', one);
  },
  mismatch: (world, { trade: one, number }) => {
    const quantity = { units: one.quantity.units + BigInt(number), scale: one.quantity.scale };
    replaced(world, one, { quantity, cash: cashOf(quantity, one.price, one.charges) });
    return ofTrade('mismatch', one);
  },
  transfer: (world, { account, security, number }) => {
    world.theirs.postings.push(posting('transfer', `ACATS${number}`, account, security, number));
    return { cause: 'transfer', subject: `transfer|ACATS${number}|${account}` };
  },
  'transfer of ours': (world, { account, security, number }) => {
    world.ours.postings.push({
      ...posting('transfer', `OUT${number}`, account, security, -number),
      evidence: evidence('ours', `OUT${number}`),
    });
    return { cause: 'transfer', subject: `transfer|OUT${number}|${account}` };
  },
  'corporate-action': (world, { security, number }) => {
    for (const account of ['A-1', 'A-2', 'A-3'])
      world.theirs.postings.push(posting('corporate-action', `CA${number}`, account, security, number));
    return { cause: 'corporate-action', subject: `corporate-action|CA${number}|${security}` };
  },
  'identifier by separator': (world, { number }) => {
    const name = `cusip:CLASS-B${number}`;
    renamedHolding(world, name, `symbol:ZZ${number}.B`, `ZZ${number} B`);
    return { cause: 'identifier', subject: `identifier|symbol:ZZ${number}.B|${name}` };
  },
  'identifier by change': (world, { number }) => {
    const [former, next] = [`cusip:OLD${number}`, `cusip:NEW${number}`];
    renamedHolding(world, next, former, `CHG${number}`);
    const change = evidence('theirs', `IDC${number}`);
    world.changes.push({ former, next, effective: '2026-11-11', evidence: change });
    return { cause: 'identifier', subject: `identifier|${former}|${next}` };
  },
  'unknown-security': (world, { account, number }) => {
    const name = `cusip:STRANGE${number}`;
    world.extra = sumOf(world.extra, holding(account, name, decimal(number)));
    return { cause: 'unknown-security', subject: `unknown-security|${name}` };
  },
  'unknown-security short': (world, { account, number }) => {
    const name = `cusip:STRANGE${number}`;
    world.extra = sumOf(world.extra, holding(account, name, decimal(-number)));
    return { cause: 'unknown-security', subject: `unknown-security|${name}` };
  },
  'unexplained position': (world, { account, security, number }) => {
    world.extra = sumOf(world.extra, holding(account, security, decimal(-number)));
    return { cause: 'unexplained', subject: `position|${account}|${security}` };
  },
  'unexplained cash': (world, { account, number }) => {
    world.extra = sumOf(world.extra, holding(account, 'USD', { units: BigInt(number) * 7n, scale: 2 }));
    return { cause: 'unexplained', subject: `cash|${account}|USD` };
  },
};

function ofTrade(cause: Cause, one: Trade): Planted {
  return { cause, subject: `trade|${one.tradeDate}|${one.references[0]}` };
}

function gone(world: World, one: Trade): void {
  world.theirs.trades = world.theirs.trades.filter(({ key }) => key !== one.key);
}

function replaced(world: World, one: Trade, change: Partial<Trade>): void {
  world.theirs.trades = world.theirs.trades.map((each) =>
    each.key === one.key ? { ...each, ...change } : each,
  );
}

function posting(
  kind: Posting['kind'],
  reference: string,
  account: string,
  security: string,
  number: number,
): Posting {
  return {
    id: `${kind}-${reference}-${account}`,
    key: `${kind}|${reference}|${account}`,
    evidence: evidence('theirs', `${reference} ${account}`),
    at: cutAt,
    kind,
    reference,
    account,
    security,
    quantity: decimal(number),
    cash: decimal(0),
    currency: 'USD',
    tradeDate: '2026-11-11',
    settlementDate: '2026-11-11',
    description: kind === 'transfer' ? 'transfer' : 'split 2:1',
  };
}

/** A security that both sides hold and trade; we by a name that the clearer does not use. */
function renamedHolding(world: World, canonical: string, ours: string, symbol: string): void {
  world.symbols.set(canonical, symbol);
  world.known.add(canonical).add(ours);
  world.ourNames.set(ours, canonical);
  world.prices.set(canonical, decimal(12));
  const given = {
    reference: `R${canonical}`,
    account: 'A-1',
    security: canonical,
    quantity: 40,
    price: 1200,
  };
  world.ours.trades.push(trade('ours', given));
  world.theirs.trades.push(trade('theirs', given));
}
