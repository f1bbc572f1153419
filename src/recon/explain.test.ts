import { describe, expect, test } from 'vitest';
import { sumOf } from './amounts.ts';
import { effectOf } from './effect.ts';
import { explain } from './explain.ts';
import type { Finding } from './terms.ts';
import { plants } from './testing/plants.ts';
import {
  businessDate,
  dayOf,
  decimal,
  holding,
  type TradeGiven,
  trade,
  type World,
} from './testing/world.ts';

const security = 'cusip:990000108';
const other = 'cusip:990000207';

function worldOf(trades: readonly TradeGiven[] = []): World {
  return {
    date: businessDate,
    opening: sumOf(
      holding('A-1', security, decimal(300)),
      holding('A-2', security, decimal(-40)),
      holding('A-1', 'USD', decimal(5000)),
    ),
    ours: { trades: trades.map((one) => trade('ours', one)), ended: [], postings: [] },
    theirs: { trades: trades.map((one) => trade('theirs', one)), ended: [], postings: [], rejections: [] },
    symbols: new Map([
      [security, 'ABCD'],
      [other, 'EFGH'],
    ]),
    prices: new Map([
      [security, decimal('10.5')],
      [other, decimal(20)],
    ]),
    known: new Set([security, other]),
    ourNames: new Map(),
    changes: [],
    extra: new Map(),
    activity: true,
  };
}

const buy: TradeGiven = { reference: 'E1', account: 'A-1', security, quantity: 100, price: 1000 };

function found(world: World): readonly Finding[] {
  return explain(dayOf(world)).findings;
}

function planted(name: string, more: Partial<TradeGiven> = {}): Finding {
  const world = worldOf([{ ...buy, ...more }]);
  const [one] = world.ours.trades;
  if (one === undefined) throw new Error('no trade');
  plants[name]?.(world, { trade: one, account: 'A-2', security, number: 4 });
  const [first, ...rest] = found(world);
  expect(rest).toEqual([]);
  if (first === undefined) throw new Error(`nothing found for ${name}`);
  return first;
}

describe('sentences', () => {
  test.each([
    [
      'rejected',
      'They rejected our purchase of 100 ABCD at 10.00 for A-1 (E1): R07 account restricted; it sits in their error account ERROR-1.',
      '1050',
    ],
    ['wrong-account', 'They booked our purchase of 100 ABCD at 10.00 (E1) to A-2 instead of A-1.', '1050'],
    [
      'cancel-rebill',
      'They cancelled our purchase of 100 ABCD at 10.00 for A-1 (E1) and rebilled it as of 2026-11-10 at 10.04: the position agrees, the account has 4.00 USD less with them.',
      '4',
    ],
    [
      'after-cut bust',
      'We took back the purchase of 100 ABCD at 10.00 for A-1 (E1) at 23:01 UTC on 2026-11-11, after the cut of their file at 23:00 UTC on 2026-11-11; it is still in their books.',
      '1050',
    ],
    [
      'after-cut trade',
      'We booked the purchase of 100 ABCD at 10.00 for A-1 (E1) at 23:00 UTC on 2026-11-11, after the cut of their file at 23:00 UTC on 2026-11-11; it is not in their books yet.',
      '1050',
    ],
    [
      'fee',
      'They charge 0.04 USD more sec-fee on our purchase of 100 ABCD at 10.00 for A-1 (E1): 0.04 instead of 0.00.',
      '0.04',
    ],
    ['missing-at-clearer', 'Our purchase of 100 ABCD at 10.00 for A-1 (E1) is not in their books.', '1050'],
    [
      'unknown-to-us',
      'They booked a purchase of 100 ABCD at 10.00 for A-1 (E1), and we have no such trade.',
      '1050',
    ],
    [
      'mismatch',
      'They booked our purchase of 100 ABCD at 10.00 for A-1 (E1) otherwise: quantity 104 instead of 100, net -1041 instead of -1001.',
      '42',
    ],
    ['transfer', 'They booked transfer ACATS4 of 4 ABCD into A-2 on 2026-11-11, and our book has not.', '42'],
    [
      'transfer of ours',
      'We booked transfer OUT4 of 4 ABCD out of A-2 on 2026-11-11, and they have not.',
      '42',
    ],
    [
      'corporate-action',
      'They booked split 2:1 of ABCD (CA4) on 2026-11-11 in 3 accounts, 12 securities, and our book has not.',
      '126',
    ],
    [
      'identifier by separator',
      'We hold 40 shares of ZZ4.B, they call it ZZ4 B (CUSIP CLASS-B4): only the share-class separator differs.',
      '480',
    ],
    [
      'unknown-security',
      'They hold 4 of CUSIP STRANGE4 in A-2, a security that we never traded and nobody described.',
      '0',
    ],
    [
      'unknown-security short',
      'They are short 4 of CUSIP STRANGE4 in A-2, a security that we never traded and nobody described.',
      '0',
    ],
    [
      'unexplained position',
      'Their position in ABCD of A-2 is -44, ours -40: 4 less, and nothing that we know explains it.',
      '42',
    ],
  ])('%s', (name, sentence, atRisk) => {
    expect(planted(name)).toMatchObject({ sentence, atRisk });
  });

  test('say when their list of the day is not here yet', () => {
    const world = { ...worldOf(), activity: false, extra: holding('A-1', 'USD', decimal('12.5')) };
    expect(found(world)).toMatchObject([
      {
        cause: 'unexplained',
        sentence:
          'Their USD balance of A-1 is 5,012.50, ours 5,000.00: 12.50 more, and their activity of 2026-11-11 is not here yet.',
      },
    ]);
  });
});

describe('the text for the clearer', () => {
  test('has the account, the security, the numbers, both records and the question', () => {
    const { message, id, accounts } = planted('rejected');
    expect(accounts).toEqual(['A-1', 'ERROR-1']);
    expect(message.split('\n')).toEqual([
      `Subject: ${id}: rejected fill, business date 2026-11-11`,
      '',
      'Dear colleagues,',
      '',
      'for business date 2026-11-11 your records and ours differ as follows.',
      '',
      '- account A-1, ABCD (CUSIP 990000108) by trade date: we have 400, you have 300; difference of this break -100',
      '- account ERROR-1, ABCD (CUSIP 990000108) by trade date: we have 0, you have 100; difference of this break 100',
      '- account A-1, cash in USD by trade date: we have 3,999.00, you have 5,000.00; difference of this break 1,001.00',
      '- account ERROR-1, cash in USD by trade date: we have 0.00, you have -1,000.00; difference of this break -1,000.00',
      '- account A-1, ABCD (CUSIP 990000108), standing: booked with us, rejected with you',
      '',
      'Your records:',
      '- REJ trade|E1, theirs/file:REJ trade|E1',
      ...['A-1|cusip:990000108', 'ERROR-1|cusip:990000108'].map((cell) => rowLine('position', cell)),
      ...['A-1|USD', 'ERROR-1|USD'].map((cell) => rowLine('cash', cell)),
      'Your files compared:',
      '- file positions/2026-11-11, cut 2026-11-11T23:00Z',
      '- file cash/2026-11-11, cut 2026-11-11T23:00Z',
      '- file activity/2026-11-11, cut 2026-11-11T23:00Z',
      'Our records:',
      '- E1, ours/file:E1',
      '',
      'Please confirm the rejection (R07 account restricted) and tell us what you need to book the fill to account A-1 out of ERROR-1.',
      `Please answer with our reference ${id}. Thank you.`,
      '',
      'Kind regards,',
      'Operations',
    ]);
  });
});

function rowLine(kind: string, cell: string): string {
  return `- row ${kind}|trade-date|${cell}, theirs/file:row ${kind}|trade-date|${cell}`;
}

describe('what no event speaks for', () => {
  test('one exact ratio over all holders looks like a split: one break', () => {
    const world = worldOf();
    world.extra = sumOf(holding('A-1', security, decimal(300)), holding('A-2', security, decimal(-40)));
    expect(found(world)).toMatchObject([
      {
        cause: 'corporate-action',
        subject: `corporate-action|${security}`,
        accounts: ['A-1', 'A-2'],
        sentence:
          'They hold 2 for each 1 of ours of ABCD in all of 2 accounts: it looks like a 2:1 split that our book has not.',
      },
    ]);
  });

  test('a reverse split likewise', () => {
    const world = worldOf();
    world.extra = sumOf(holding('A-1', security, decimal(-270)), holding('A-2', security, decimal(36)));
    expect(found(world)).toMatchObject([{ cause: 'corporate-action' }]);
    expect(found(world)[0]?.sentence).toContain('1:10 reverse split');
  });

  test('a ratio that one holder does not have is no split', () => {
    const world = worldOf();
    world.extra = sumOf(holding('A-1', security, decimal(300)), holding('A-2', security, decimal(-41)));
    expect(found(world).map(({ cause }) => cause)).toEqual(['unexplained', 'unexplained']);
  });

  test('the same holdings under another name with the same price look like one security', () => {
    const world = worldOf();
    world.extra = sumOf(
      ...[security, other].flatMap((name) => {
        const sign = name === security ? -1 : 1;
        return [holding('A-1', name, decimal(300 * sign)), holding('A-2', name, decimal(-40 * sign))];
      }),
    );
    expect(found(world).map(({ cause }) => cause)).not.toContain('identifier');
    world.prices.set(other, decimal('10.5'));
    const [one, ...rest] = found(world);
    expect(rest).toEqual([]);
    expect(one).toMatchObject({ cause: 'identifier', owner: 'us' });
    expect(one?.sentence).toContain('looks like the same security under another name');
  });
});

describe('what it is worth', () => {
  /** The list of trades is here, positions and cash are not yet. */
  function listedOnly(world: World): readonly Finding[] {
    const day = dayOf(world);
    const { activity } = day.snapshots;
    return explain({ ...day, snapshots: activity === undefined ? {} : { activity } }).findings;
  }

  test('cents of a fee are cents before any balance shows them, and so is the money of a rebill', () => {
    for (const [name, atRisk] of [
      ['fee', '0.04'],
      ['cancel-rebill', '4'],
      ['missing-at-clearer', '1000'],
      ['wrong-account', '1000'],
    ]) {
      const world = worldOf([buy]);
      const [one] = world.ours.trades;
      if (one === undefined) throw new Error('no trade');
      plants[name ?? '']?.(world, { trade: one, account: 'A-2', security, number: 4 });
      expect([name, listedOnly(world)]).toMatchObject([name, [{ cause: name, atRisk }]]);
    }
  });

  test('fees that differ both ways do not make their trades a risk', () => {
    const world = worldOf([
      { ...buy, fee: 5 },
      { ...buy, reference: 'E2', fee: 5 },
    ]);
    const [first, second] = [3, 7].map((fee, at) =>
      trade('theirs', { ...buy, reference: `E${at + 1}`, fee }),
    );
    world.theirs.trades = [first, second].filter((one) => one !== undefined);
    expect(found(world)).toMatchObject([{ cause: 'fee', atRisk: '0.04' }]);
  });
});

describe('what moves without a trade', () => {
  test('of ours: the clearer is asked to book it, and nobody speaks of a trade', () => {
    const { message, nextSteps, owner } = planted('transfer of ours');
    expect(owner).toBe('clearer');
    expect(message).toContain('Please book OUT4, or tell us why you did not.');
    expect(nextSteps[0]).toBe('check that the clearer knows OUT4');
  });

  test('a transfer names the firm that it comes from', () => {
    const world = worldOf();
    plants['transfer']?.(world, { trade: trade('ours', buy), account: 'A-2', security, number: 4 });
    world.theirs.postings = world.theirs.postings.map((one) => ({ ...one, contraFirm: '0226' }));
    expect(found(world)[0]?.sentence).toBe(
      'They booked transfer ACATS4 of 4 ABCD into A-2 from firm 0226 on 2026-11-11, and our book has not.',
    );
  });

  test('cash of either side is a cash movement', () => {
    for (const side of ['ours', 'theirs'] as const) {
      const world = worldOf();
      plants['transfer']?.(world, { trade: trade('ours', buy), account: 'A-2', security, number: 4 });
      const [{ security: _none, ...one } = { security: '' }] = world.theirs.postings;
      const moved = {
        ...one,
        kind: 'cash',
        description: 'interest',
        quantity: decimal(0),
        cash: decimal(12),
      };
      world.theirs.postings = [];
      world[side].postings = [moved as World['ours']['postings'][number]];
      const [first] = found(world);
      expect(first?.message).toContain(': cash movement, account A-2');
      expect(`${first?.message} ${first?.nextSteps.join(' ')}`).not.toMatch(/\btrade\b(?![- ]date)/);
    }
  });
});

describe('what is weighed', () => {
  test('evidence that nothing bears out is no break', () => {
    const world = { ...worldOf([buy]), activity: false };
    world.theirs.trades = [];
    world.extra = sumOf(holdingOf('A-1', security, 100), holdingOf('A-1', 'USD', -1001));
    expect(found(world)).toEqual([]);
  });

  test('without a list of the day a missing trade is found by what positions and cash show', () => {
    const world = { ...worldOf([buy, { ...buy, reference: 'E2', quantity: 70 }]), activity: false };
    world.theirs.trades = [];
    world.extra = sumOf(holdingOf('A-1', security, 70), holdingOf('A-1', 'USD', -701));
    expect(found(world)).toMatchObject([{ cause: 'missing-at-clearer', subject: 'trade|2026-11-10|E1' }]);
  });

  test('trades that would cancel each other out are not guessed to be missing', () => {
    const back = { ...buy, reference: 'E2', quantity: -100 };
    const charged = { ...buy, reference: 'E3', account: 'A-2' };
    const world = { ...worldOf([buy, back, charged]), activity: false };
    world.theirs.trades = [];
    const settled = [...world.ours.trades].map((one) => effectOf(one, businessDate));
    world.extra = sumOf(...settled);
    expect(found(world)).toEqual([]);
  });

  test('many trades of one account without a list are weighed in no time that grows with their square', () => {
    const trades = Array.from({ length: 3_000 }, (_, index) => ({
      ...buy,
      reference: `E${index}`,
      price: 1000 + index,
    }));
    const world = { ...worldOf(trades), activity: false };
    world.theirs.trades = [];
    world.extra = sumOf(...world.ours.trades.slice(1).map((one) => effectOf(one, businessDate)));
    expect(found(world)).toMatchObject([{ cause: 'missing-at-clearer', subject: 'trade|2026-11-10|E0' }]);
  });

  test('fees of one type and day are one break over all their trades', () => {
    const trades = ['E1', 'E2', 'E3'].map((reference) => ({ ...buy, reference, account: `A-${reference}` }));
    const world = worldOf(trades);
    for (const one of [...world.ours.trades])
      plants['fee']?.(world, { trade: one, account: one.account, security, number: 2 });
    expect(found(world)).toMatchObject([
      {
        cause: 'fee',
        atRisk: '0.06',
        accounts: ['A-E1', 'A-E2', 'A-E3'],
        sentence: 'They charge 0.06 USD more sec-fee than we do on 3 trades of 2026-11-10.',
      },
    ]);
  });

  test('a basis that a snapshot does not report is not compared', () => {
    const day = dayOf({ ...worldOf(), extra: holding('A-1', security, decimal(5)) });
    const { positions } = day.snapshots;
    if (positions === undefined) throw new Error('no positions');
    const one = {
      ...day,
      snapshots: { ...day.snapshots, positions: { ...positions, bases: ['trade-date'] as const } },
    };
    expect(explain(one).findings[0]?.members.map(({ basis }) => basis)).toEqual(['trade-date']);
  });

  test('what a partial snapshot leaves out is not zero', () => {
    const day = dayOf(worldOf());
    const { positions } = day.snapshots;
    if (positions === undefined) throw new Error('no positions');
    const amounts = new Map([...day.theirs.amounts].filter(([key]) => !key.includes('A-2')));
    const rows = new Map([...day.theirs.rows].filter(([key]) => !key.includes('A-2')));
    const partial = (complete: boolean) => ({
      ...day,
      theirs: { ...day.theirs, amounts, rows },
      snapshots: { ...day.snapshots, positions: { ...positions, complete } },
    });
    expect(explain(partial(false)).findings).toEqual([]);
    expect(explain(partial(true)).findings).toMatchObject([{ cause: 'unexplained', accounts: ['A-2'] }]);
  });
});

/** By trade date alone: what has not settled. */
function holdingOf(account: string, unit: string, amount: number) {
  return new Map(
    [...holding(account, unit, decimal(amount))].filter(([key]) => key.includes('|trade-date|')),
  );
}
