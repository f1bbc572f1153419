import { describe, expect, test } from 'vitest';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import { bookProjection } from '../book/index.ts';
import {
  adopted,
  balance,
  bust,
  closed,
  type Fill,
  fill,
  type Message,
  openingCashFile,
  openingFile,
  position,
  Story,
  type Told,
} from '../book/testing/story.ts';
import { openProjections, type Projections } from '../log/index.ts';
import { type ReconOptions, reconProjection } from './projection.ts';
import { ReconView } from './view.ts';

const evening = 'POS/2026-11-10/end-of-day/01';
const eveningCash = 'CSH/2026-11-10/end-of-day/01';
const activity = 'ACT/2026-11-10/end-of-day/01';
const morning = '2026-11-11T11:30:00Z';

/** A morning of messages, told one after the other; each gets the next number of its channel. */
class Morning {
  readonly story = new Story();
  private readonly counts = new Map<string, number>();

  async tell(channel: Channel, told: readonly Told[], more: Partial<Message> = {}): Promise<number> {
    const ordinal = (this.counts.get(channel) ?? 0) + 1;
    this.counts.set(channel, ordinal);
    const perspective = channel === 'orders' || channel === 'gateway' ? 'ours' : 'clearer';
    await this.story.tell({ channel, perspective, ordinal, told, ...more });
    return ordinal;
  }

  /** The close of the 9th, adopted: 300 shares and 10,000 dollars in A1. */
  async opened(): Promise<this> {
    await this.tell('positions', [
      ...position('A1', '990000108', ['300', '300']),
      closed('positions', openingFile),
    ]);
    await this.tell('cash', [...balance('A1', ['10000', '10000']), closed('cash', openingCashFile)]);
    await this.tell('gateway', [adopted()]);
    return this;
  }

  /** Their close of the 10th: traded and settled of A1's one security and of its cash. */
  async closes(traded: string, cash: string, more: readonly Told[] = []): Promise<number> {
    const at = morning;
    await this.tell(
      'cash',
      [...balance('A1', [cash, '10000'], eveningCash), closed('cash', eveningCash, 'end-of-day')],
      {
        at,
      },
    );
    const rows = position('A1', '990000108', [traded, '300'], evening);
    return this.tell('positions', [...rows, ...more, closed('positions', evening, 'end-of-day')], { at });
  }

  async view(options: ReconOptions = {}): Promise<ReconView> {
    return new ReconView((await this.views(options)).store);
  }

  async views(options: ReconOptions = {}): Promise<Projections> {
    const projections = [bookProjection(), reconProjection(options)];
    const views = await openProjections(tempDirectory('recon'), this.story.log, { projections });
    await views.catchUp();
    return views;
  }
}

type Channel = 'orders' | 'gateway' | 'positions' | 'cash' | 'activity' | 'dropcopy';

/** Their list of the day, whole. */
function listed(...trades: readonly Told[]): readonly Told[] {
  const { attributes, data, ...rest } = closed('positions', activity, 'end-of-day');
  return [...trades, { ...rest, attributes, data: { ...data, kind: 'activity' } }];
}

/** A trade as their file has it: their number, and the ExecID of the fill that it is about. */
function booked(given: Fill, asOf?: string): Told {
  const told = fill(given);
  const number = `T-${given.exec}`;
  return {
    ...told,
    slot: number,
    attributes: {
      ...told.attributes,
      businessKey: `trade|CLR|booked|2026-11-10|${number}`,
      asOf,
      businessDate: '2026-11-10',
    },
    data: { ...told.data, execId: number, referenceId: given.exec },
  };
}

const buy: Fill = { exec: 'E1', net: '1000', settlementDate: '2026-11-12' };
const told = (view: ReconView) =>
  view.breaks().map(({ cause, status, sentence }) => `${cause} ${status}: ${sentence}`);
const what = (view: ReconView, id: string) => view.history(id).map((row) => row.what);

describe('a comparison', () => {
  test('says that there is no opening book, and finds nothing then', async () => {
    const day = new Morning();
    await day.tell('orders', [fill(buy)]);
    await day.closes('100', '9000');
    const view = await day.view();
    expect(view.runs().map(({ outcome }) => outcome)).toEqual(['no-baseline', 'no-baseline']);
    expect(view.breaks()).toEqual([]);
  });

  test('finds nothing where the trade is on both sides and has only not settled', async () => {
    const day = await new Morning().opened();
    await day.tell('orders', [fill(buy)]);
    await day.tell('activity', listed(booked(buy)), { at: morning });
    await day.closes('400', '9000');
    const view = await day.view();
    expect(told(view)).toEqual([]);
    expect(view.runs().at(-1)).toMatchObject({
      outcome: 'compared',
      date: '2026-11-10',
      counts: { positions: 1, positionsAgreed: 1, balancesAgreed: 1, trades: 1, tradesAgreed: 1, timing: 1 },
      found: {},
    });
  });

  test('compares as soon as an opening book is adopted, however late that is', async () => {
    const day = new Morning();
    const opening = [...position('A1', '990000108', ['300', '300']), closed('positions', openingFile)];
    await day.tell('positions', opening);
    await day.tell('orders', [fill(buy)]);
    await day.tell('positions', [
      ...position('A1', '990000108', ['300', '300'], evening),
      closed('positions', evening, 'end-of-day'),
    ]);
    await day.tell('gateway', [adopted(openingFile, '')], { at: morning });
    const view = await day.view();
    expect(view.runs().map(({ outcome }) => outcome)).toEqual(['no-baseline', 'no-baseline', 'compared']);
    expect(view.breaks().map(({ cause }) => cause)).toEqual(['missing-at-clearer']);
  });

  test('does not book a fill twice that is told again', async () => {
    const day = await new Morning().opened();
    await day.tell('orders', [fill(buy)]);
    await day.tell('orders', [fill(buy)]);
    await day.closes('400', '9000');
    expect(told(await day.view())).toEqual([]);
  });

  test('compares nothing with rows of a basis that is neither of ours', async () => {
    const day = await new Morning().opened();
    const rows = position('A1', '990000108', ['999', '999'], evening).map((row): Told => {
      return { ...row, data: { ...row.data, basis: 'contractual' } };
    });
    await day.tell('positions', [...rows, closed('positions', evening, 'end-of-day')], { at: morning });
    const view = await day.view();
    expect(view.runs().at(-1)?.outcome).toBe('compared');
    expect(told(view)).toEqual([]);
  });

  test('compares an empty snapshot by the basis that it says', async () => {
    const day = await new Morning().opened();
    const end = closed('positions', evening, 'end-of-day');
    const settled = { ...end, data: { ...end.data, basis: 'settlement-date' } };
    await day.tell('positions', [settled], { at: morning });
    const bases = (await day.view()).breaks().flatMap(({ members }) => members.map(({ basis }) => basis));
    expect(bases).toEqual(['settlement-date']);
  });

  test('takes a row that is not there for zero, and names a security that nobody knows', async () => {
    const day = await new Morning().opened();
    const at = morning;
    const rows = position('A2', '990009904', ['50', '50'], evening);
    await day.tell('positions', [...rows, closed('positions', evening, 'end-of-day')], { at });
    expect(told(await day.view())).toEqual([
      'unexplained open: Their position in S108 of A1 is 0, ours 300: 300 less, and their activity of 2026-11-10 is not here yet.'.replace(
        'S108',
        'THEIRS',
      ),
      'unknown-security open: They hold 50 of THEIRS (CUSIP 990009904) in A2, a security that we never traded and nobody described.',
    ]);
  });

  test('names a security that nobody knows on either side, and takes none of them for another', async () => {
    const day = await new Morning().opened();
    const strange = fill({ ...buy, exec: 'E7', account: 'A2' });
    const symbolOnly = { id: 'ZZQX', scheme: 'symbol' };
    await day.tell('orders', [{ ...strange, attributes: { ...strange.attributes, security: symbolOnly } }]);
    await day.tell('activity', listed(), { at: morning });
    // As many shares at the same price, in the same account: still nobody says that they are one.
    const row = position('A2', '990009904', ['100', '0'], evening).map((one) => ({
      ...one,
      attributes: { ...one.attributes, security: { id: '990009904', scheme: 'cusip' } },
    }));
    await day.closes('300', '10000', row);
    const view = await day.view();
    expect(told(view)).toEqual([
      'missing-at-clearer open: Our purchase of 100 ZZQX at 10.00 for A2 (E7) is not in their books.',
      'unknown-security open: They hold 100 of CUSIP 990009904 in A2, a security that we never traded and nobody described.',
    ]);
    expect(view.breaks().map(({ securities, owner }) => [securities, owner])).toEqual([
      [['symbol:ZZQX'], 'clearer'],
      [['cusip:990009904'], 'us'],
    ]);
  });

  test('shows an earlier date that is corrected, and leaves the breaks of the latest alone', async () => {
    const day = await new Morning().opened();
    await day.closes('300', '10000');
    const later = 'POS/2026-11-11/end-of-day/01';
    const close = closed('positions', later, 'end-of-day');
    const dates = { businessDate: '2026-11-11', asOf: '2026-11-11' };
    await day.tell('positions', [
      ...position('A1', '990000108', ['300', '300'], later),
      { ...close, attributes: dates },
    ]);
    await day.tell(
      'positions',
      [...position('A1', '990000108', ['299', '299'], evening), closed('positions', evening, 'end-of-day')],
      { ordinal: 2 },
    );
    const view = await day.view();
    expect(view.runs().at(-1)).toMatchObject({
      date: '2026-11-10',
      current: false,
      found: { unexplained: 1 },
    });
    expect(view.breaks()).toEqual([]);
  });
});

describe('a break', () => {
  test('heals when the clearer corrects its file, and opens again when that is taken back', async () => {
    const day = await new Morning().opened();
    const ordinal = await day.closes('299', '10000');
    const again = async (traded: string): Promise<void> => {
      const rows = position('A1', '990000108', [traded, '300'], evening);
      const at = morning;
      await day.story.tell({
        channel: 'positions',
        perspective: 'clearer',
        ordinal,
        at,
        told: [...rows, closed('positions', evening, 'end-of-day')],
      });
    };
    await again('300');
    const healed = await day.view();
    const [first] = healed.breaks();
    expect(first).toMatchObject({ status: 'closed', closedOn: '2026-11-10', cause: 'unexplained' });
    await again('299');
    const view = await day.view();
    expect(view.breaks()).toMatchObject([{ id: first?.id, status: 'open' }]);
    expect(what(view, first?.id ?? '')).toEqual(['opened', 'healed', 'reopened']);
  });

  test('heals on the same day when we mend it, without another file', async () => {
    const day = await new Morning().opened();
    await day.tell('orders', [fill({ ...buy, quantity: '110', net: '1100' })]);
    await day.tell('activity', listed(booked(buy)), { at: morning });
    await day.closes('400', '9000');
    const open = await day.view();
    expect(open.breaks()).toMatchObject([{ cause: 'mismatch', status: 'open', atRisk: '100' }]);
    const mended = { ...buy, exec: 'C1', about: 'E1', occurredAt: '2026-11-10T20:00:00Z' };
    await day.tell('orders', [fill(mended)], { at: '2026-11-11T15:00:00Z' });
    const view = await day.view();
    expect(view.breaks()).toMatchObject([{ cause: 'mismatch', status: 'closed' }]);
    expect(view.runs().at(-1)).toMatchObject({ why: '2 late facts', healed: 1 });
  });

  test('after the cut is the same break with another name when the next day still has it', async () => {
    const day = await new Morning().opened();
    await day.tell('orders', [fill(buy)]);
    await day.tell('orders', [bust({ exec: 'B1', about: 'E1', occurredAt: '2026-11-11T00:10:00Z' })]);
    await day.tell('activity', listed(booked(buy)), { at: morning });
    await day.closes('400', '9000');
    const [first] = (await day.view()).breaks();
    expect(first).toMatchObject({ cause: 'after-cut', owner: 'clearer', ageDays: 0 });
    const later = 'POS/2026-11-11/end-of-day/01';
    const close = closed('positions', later, 'end-of-day');
    const attributes = { businessDate: '2026-11-11', asOf: '2026-11-11' };
    await day.tell(
      'positions',
      [
        ...position('A1', '990000108', ['400', '300'], later),
        { ...close, attributes, data: { ...close.data, cutAt: '2026-11-11T18:00:00-05:00' } },
      ],
      { at: '2026-11-12T11:30:00Z' },
    );
    const view = await day.view();
    expect(view.breaks()).toMatchObject([{ id: first?.id, cause: 'unknown-to-us', owner: 'us', ageDays: 1 }]);
    expect(what(view, first?.id ?? '')).toEqual(['opened', 'changed']);
  });

  test('that was unexplained is as old as the difference when their activity explains it', async () => {
    const day = await new Morning().opened();
    await day.closes('400', '9000');
    const before = (await day.view()).breaks();
    expect(before.map(({ cause }) => cause)).toEqual(['unexplained', 'unexplained']);
    await day.tell('activity', listed(booked(buy)), { at: '2026-11-11T12:30:00Z' });
    const view = await day.view();
    const [found, ...none] = view.breaks();
    expect(none).toEqual([]);
    expect(found).toMatchObject({ cause: 'unknown-to-us', openedAt: before[0]?.openedAt });
    expect(what(view, found?.id ?? '')).toEqual(['opened', 'opened', 'opened']);
    expect(view.find(before[0]?.id ?? '')).toMatchObject({ status: 'closed', explainedBy: [found?.id] });
  });

  test('of cash is not healed by a file of positions alone', async () => {
    const day = await new Morning().opened();
    await day.closes('300', '9999');
    const later = 'POS/2026-11-11/end-of-day/01';
    const close = closed('positions', later, 'end-of-day');
    await day.tell('positions', [
      ...position('A1', '990000108', ['300', '300'], later),
      { ...close, attributes: { businessDate: '2026-11-11', asOf: '2026-11-11' } },
    ]);
    expect((await day.view()).breaks({ status: 'open' })).toMatchObject([
      { cause: 'unexplained', kind: 'cash' },
    ]);
  });

  test('belongs to whom the configuration names', async () => {
    const day = await new Morning().opened();
    await day.closes('299', '10000');
    expect((await day.view({ owners: { unexplained: 'us' } })).breaks()).toMatchObject([{ owner: 'us' }]);
  });

  test('is found by its name, by a part of it, and not by a part of two', async () => {
    const day = await new Morning().opened();
    await day.closes('299', '10000');
    const view = await day.view();
    const id = view.breaks()[0]?.id ?? '';
    expect(view.find(id)?.id).toBe(id);
    expect(view.find(id.slice(4, 8))?.id).toBe(id);
    expect(view.find('')).toBeUndefined();
  });
});

describe('facts that arrive late', () => {
  test('in a burst are compared together, the last of them with the next message', async () => {
    const day = await new Morning().opened();
    await day.closes('300', '10000');
    const at = '2026-11-11T15:00:00Z';
    for (let index = 0; index < 20; index += 1)
      await day.tell('orders', [fill({ ...buy, exec: `L${index}` })], { at });
    const view = await day.view();
    expect(view.runs().filter(({ why }) => why.includes('late'))).toHaveLength(1);
    expect(view.breaks()).toHaveLength(1);
    expect(view.waiting()).toBe(19);
    await day.tell('orders', [], { at: '2026-11-11T15:00:30Z' });
    const after = await day.view();
    expect(after.waiting()).toBe(0);
    expect(after.breaks()).toHaveLength(20);
  });

  test('for a day to come are no news of the day that was compared', async () => {
    const day = await new Morning().opened();
    await day.closes('300', '10000');
    await day.tell('orders', [fill({ ...buy, tradeDate: '2026-11-11' })], { at: '2026-11-11T15:00:00Z' });
    const view = await day.view();
    expect(view.runs().filter(({ why }) => why.includes('late'))).toEqual([]);
    expect(view.breaks()).toEqual([]);
  });
});
