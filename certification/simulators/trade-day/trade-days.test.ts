import { describe, expect, test } from 'vitest';
import { fix, writeFix } from '../../../codecs/fix/index.ts';
import type { Step } from '../clearing-firm/morning.ts';
import { breakCases, type TradeDayCase, tradeDayCases } from './cases.ts';
import { netCents } from './charges.ts';
import { fileBytes } from './file-bytes.ts';
import { streams } from './sessions.ts';
import { type TradeDays, tradeDayDefaults, tradeDayExecutionsMin, tradeDays } from './trade-days.ts';
import { dates, errorAccount } from './world.ts';

const whole = tradeDays(tradeDayDefaults);
const wholePlayed = played(whole);
const short = { ...tradeDayDefaults, executions: tradeDayExecutionsMin };
const shortWhole = tradeDays(short);
const shortPlayed = played(shortWhole);

function reports(days: TradeDays): Extract<Step, { step: 'send' }>[] {
  const parts = streams.flatMap((stream) => Object.values(days.play.sessions[stream]));
  return parts.flat().filter((step) => step.step === 'send');
}

/** What differs in what is played: FIX steps, files with their bytes, messages. */
function played({ play }: TradeDays): unknown {
  const files = play.files.map((file) => [file.name, file.arrives, Buffer.from(fileBytes(file)).toString()]);
  return [play.sessions, files, play.holiday, play.morning];
}

function activityOf(days: TradeDays) {
  return days.play.files.flatMap(({ content, verdict }) =>
    content.feed === 'activity' && verdict === 'accepted' ? content.rows : [],
  );
}

describe('the simulated trade days', () => {
  test('are the same for the same seed, and others for another', () => {
    expect(played(tradeDays(tradeDayDefaults))).toEqual(wholePlayed);
    expect(played(tradeDays({ ...tradeDayDefaults, seed: 21 }))).not.toEqual(wholePlayed);
  });

  test('hold 2,000 executions and more of 40 securities in 25 accounts', () => {
    const { trades, opening } = whole.truth;
    expect(trades.length).toBeGreaterThan(2_000);
    expect(new Set(trades.map((trade) => trade.account)).size).toBe(25);
    const held = opening.holdings.map((holding) => holding.security);
    const traded = trades.map((trade) => `cusip:${trade.security.id}`);
    expect(new Set([...held, ...traded]).size).toBe(40);
    expect(new Set(trades.map((trade) => trade.id)).size).toBe(trades.length);
  });

  test('settle nothing on the 11th, and everything on the 12th', () => {
    const { ours, opening } = whole.truth;
    expect(ours.at('settlement-date', dates.second)).toEqual(opening);
    expect(ours.at('settlement-date', dates.settlement)).toEqual(ours.at('trade-date', dates.second));
    expect(ours.at('trade-date', dates.first)).not.toEqual(opening);
  });

  test('agree to the cent on every trade that no case is about', () => {
    const ours = new Map(whole.truth.trades.map((trade) => [trade.id, trade]));
    const off = activityOf(whole).flatMap((line) => {
      const trade = line.record === 'trade' ? ours.get(line.booking.reference) : undefined;
      if (line.record !== 'trade' || trade === undefined) return [];
      const difference = netCents(line.booking, line.booking.charges) - netCents(trade, trade.charges);
      return difference === 0 ? [] : [[trade.made, difference]];
    });
    expect(off).toEqual([
      ['fee', -3],
      ['cancel-rebill', -1_600],
    ]);
  });

  test('plant one break a case, with the differences that its cause makes', () => {
    const { breaks } = whole.truth;
    expect(breaks.map((one) => one.name)).toEqual(breakCases);
    const shape = new Map(
      breaks.map(({ name, differences }) => [name, differences.map(({ kind }) => kind).join(' ')]),
    );
    expect(Object.fromEntries(shape)).toEqual({
      rejected: 'position position cash cash',
      'wrong-account': 'position position cash cash',
      'corporate-action': 'position position position position',
      'cancel-rebill': 'cash',
      'after-cut': 'position cash',
      'two-spellings': 'position position',
      'cusip-change': 'position position position position',
      transfer: 'position position',
      fee: 'cash',
      'healed-short': 'position',
      'healed-absent': 'position position',
    });
    expect(breaks.filter((one) => one.cents <= 0)).toEqual([]);
    const rejected = breaks.find((one) => one.name === 'rejected');
    expect(rejected?.differences.map(({ account }) => account)).toContain(errorAccount);
  });

  test('tell settlement statuses in both standards, and one message in none', () => {
    const { holiday, morning } = whole.play;
    const kinds = [...holiday, ...morning].map(({ bytes }) => {
      const text = Buffer.from(bytes).toString('latin1');
      if (text.startsWith('{1:')) return 'MT548';
      return text.includes('sese.024.001') ? 'sese.024' : 'none';
    });
    const count = (kind: string): number => kinds.filter((one) => one === kind).length;
    expect({ MT548: count('MT548'), 'sese.024': count('sese.024'), none: count('none') }).toEqual({
      MT548: 38,
      'sese.024': 37,
      none: 1,
    });
  });

  test('send reports that the codec reads without an error, but for the two that are spoiled', () => {
    const spoiled = reports(whole).filter(({ body }) => {
      const header = [
        [35, '8'],
        [49, 'A'],
        [56, 'B'],
        [34, '1'],
        [52, '20261110-14:30:00.000'],
      ] as const;
      const bytes = writeFix('FIX.4.4', [...header, ...body]);
      return fix.decode({ bytes }).issues.some((issue) => issue.severity === 'error');
    });
    const ids = spoiled.map(({ body }) => body.find(([tag]) => tag === 17)?.[1]);
    const spoiledId = whole.truth.sessions.orders.badValue?.id;
    expect(ids).toEqual([spoiledId, spoiledId]);
  });

  test.each(
    tradeDayCases,
  )('%s can be left out of what is played, and stays in the truth', (name: TradeDayCase) => {
    const without = tradeDays({ ...short, leaveOut: [name] });
    expect(without.truth.breaks).toEqual(shortWhole.truth.breaks);
    expect(without.truth.sessions).toEqual(shortWhole.truth.sessions);
    expect(played(without)).not.toEqual(shortPlayed);
  });
});
