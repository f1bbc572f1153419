import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { FixTable } from '../dictionary.ts';
import { standardTable } from '../load-dictionary.ts';
import { applications } from '../versions.ts';
import { loadDialect } from './dialect.ts';
import { differencesOf } from './difference.ts';
import { differenceText } from './difference-words.ts';
import { standardWhole } from './standard-names.ts';

const fix44 = standardTable('FIX.4.4');

/** The departures of a dialect over FIX 4.4, in words. */
function departures(changes: string): readonly string[] {
  const { table, issues } = loadDialect(
    `dialect: mine\nversion: "1"\ntitle: Mine\nextends: FIX.4.4\nsource: a test\n${changes}`,
  );
  expect(issues.filter(({ severity }) => severity === 'error')).toEqual([]);
  return table === undefined ? [] : between(fix44, table);
}

function between(ours: FixTable, theirs: FixTable): readonly string[] {
  return differencesOf(ours, theirs).map((one) => `${one.weight}: ${differenceText(one, ours, theirs)}`);
}

describe('the difference between dictionaries', () => {
  test.each(applications)('%s and itself is none', (version) => {
    expect(differencesOf(standardTable(version), structuredClone(standardTable(version)))).toEqual([]);
  });

  test('a tag that a message has twice is no difference from itself, and is what it is at its last place', () => {
    const { messages } = fix44;
    const news = messages['B'] ?? ['News', 'app', ''];
    const twice = (members: string): FixTable => ({
      ...fix44,
      messages: { ...messages, B: [news[0], news[1], `${news[2]} ${members}`] },
    });
    const both = twice('38! 38(54!)');
    expect(differencesOf(both, structuredClone(both))).toEqual([]);
    expect(between(twice('38(54!)'), both)).toEqual([]);
    expect(between(twice('38!'), both)).toHaveLength(2);
  });

  test.each([
    ['fields: { 9001: { name: Own, type: INT } }', ['brings: Own(9001) is a new field of type INT']],
    ['fields: { 58: { type: DATA } }', ['asks: Text(58) is of type DATA, not STRING']],
    ['fields: { 58: { name: FreeText } }', ['words: 58 is called FreeText, not Text']],
    ['fields: { 54: { values: { Z: Other } } }', ['brings: Side(54) takes Z as well: Other']],
    ['fields: { 54: { withoutValues: [G] } }', ['asks: Side(54) does not take G any more: Borrow']],
    ['fields: { 54: { values: { "1": Bought } } }', ['words: Side(54): 1 means Bought, not Buy']],
    ['fields: { 54: { anyValue: true } }', ['brings: Side(54) takes any value, not only listed ones']],
    ['fields: { 58: { values: { A: Alpha } } }', ['asks: Text(58) takes listed values only']],
    ['messages: { U1: { name: Note, members: [Text] } }', ['brings: Note(U1) is a new message']],
    ['messages: { B: { name: NewsItem } }', ['words: the message B is called NewsItem, not News']],
    ['messages: { B: { category: admin } }', ['asks: News(B) is of category admin, not app']],
    ['messages: { B: { add: [Side] } }', ['brings: News(B) may hold Side(54)']],
    [
      'messages: { B: { add: [Side!] } }',
      ['asks: News(B) needs Side(54)', 'brings: News(B) may hold Side(54)'],
    ],
    ['messages: { B: { remove: [Urgency] } }', ['asks: News(B) does not hold Urgency(61) any more']],
    ['messages: { B: { optional: [Headline] } }', ['brings: News(B) does not need Headline(148) any more']],
    ['header: { require: [SenderSubID] }', ['asks: the header needs SenderSubID(50)']],
    [
      'messages: { B: { groups: { 215: { remove: [RoutingID] } }, add: [RoutingID] } }',
      ['asks: News(B) holds RoutingID(217) here, not in NoRoutingIDs(215)'],
    ],
    [
      'messages: { B: { groups: { 215: { add: [{ member: OrdStatus, after: RoutingType }] } } } }',
      ['brings: an entry of NoRoutingIDs(215) in News(B) may hold OrdStatus(39)'],
    ],
  ])('%s is told', (changes, told) => {
    expect(departures(changes)).toEqual(told);
  });

  test('tells the order inside of groups, and not outside of them', () => {
    const swapped = (from: string, to: string): FixTable =>
      JSON.parse(JSON.stringify(fix44).replaceAll(from, to)) as FixTable;
    expect(between(fix44, swapped('453(448 447 452', '453(448 452 447')).slice(0, 1)).toEqual([
      'asks: an entry of NoPartyIDs(453) in ExecutionReport(8), NewOrderMultileg(AB), MultilegOrderCancelReplace(AC) and 33 other messages has its fields in another order: 448 452 447 802, not 448 447 452 802',
    ]);
    expect(between(fix44, swapped('453(448 447', '453(447 448'))[0]).toMatch(
      /begins with PartyIDSource\(447\)$/,
    );
    expect(between(fix44, swapped('37! 198 526', '198 37! 526'))).toEqual([]);
  });

  test('does not see how a dictionary is cut into components', () => {
    const { table } = loadDialect(
      'dialect: mine\nversion: "1"\ntitle: Mine\nextends: FIX.4.4\nsource: a test\nmessages: { AP: { groups: { 453: { require: [PartyID], optional: [PartyID] } } } }',
    );
    // The change touches the group, so it is spelled out in the message, and still says the same.
    expect(table?.messages['AP']?.[2]).not.toBe(fix44.messages['AP']?.[2]);
    expect(table && between(fix44, table)).toEqual([]);
  });

  test('of two versions is what the later one brought', () => {
    const told = between(standardTable('FIX.4.2'), fix44);
    expect(told).toContain('words: 32 is called LastQty, not LastShares');
    expect(told).toContain('brings: TradeCaptureReport(AE) is a new message');
    expect(told).toContain('asks: ExecutionReport(8) does not hold ExecTransType(20) any more');
  });

  test('of the samples is what they say', () => {
    const text = readFileSync(new URL('./samples/drop-copy.yaml', import.meta.url), 'utf8');
    const { table } = loadDialect(text);
    const told = table === undefined ? [] : between(standardTable('FIX.4.2'), table);
    expect(told).toContain('asks: the header needs LastMsgSeqNumProcessed(369)');
    expect(told).toContain('brings: MDTradeEntryID(37711) is a new field of type STRING');
    expect(told).toHaveLength(31);
  });

  test('knows versions by their names', () => {
    expect(standardWhole('FIX.5.0SP2')).toMatchObject({ version: 'FIXT.1.1', application: 'FIX.5.0SP2' });
    expect(standardWhole('FIX.4.5')).toBeUndefined();
  });
});
