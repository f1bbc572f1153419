import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { harmless } from '../../src/core/issue.ts';
import { mutated, randomOf } from '../../test/mutation.ts';
import {
  checkLayout,
  checkSamples,
  layoutJsonSchema,
  layoutNames,
  loadLayout,
  records,
  recordsCodec,
  shippedLayout,
} from './index.ts';

const shipped = new URL('./layouts/clearing-positions.yaml', import.meta.url);
const good = readFileSync(shipped, 'utf8');

/** The positions layout with one change, and all that is wrong with it. */
function changed(from: string | RegExp, to: string): readonly string[] {
  const text = good.replace(from, to);
  expect(text).not.toBe(good);
  const { layout, issues } = loadLayout(text, 'changed.yaml');
  const found = [...issues, ...(layout === undefined ? [] : checkLayout(layout))];
  return found.map(({ code, message, at }) => {
    expect(at?.line).toBeGreaterThan(0);
    expect(at?.column).toBeGreaterThan(0);
    return `${code} ${text.split('\n')[(at?.line ?? 1) - 1]?.trim().slice(0, 20)}: ${message}`;
  });
}

describe('every layout that ships', () => {
  test.each(layoutNames)('%s has nothing wrong, and its samples read as they say', (name) => {
    const { layout, issues } = shippedLayout(name) ?? { issues: [] };
    expect(issues).toEqual([]);
    expect(layout && checkLayout(layout)).toEqual([]);
    expect(layout && checkSamples(layout, recordsCodec(layout))).toEqual([]);
    expect(layout?.data.samples.length).toBeGreaterThan(1);
    expect(layout?.data).toMatchObject({ layout: name, status: 'invented' });
  });

  test('has widths that add up to the length of its records', () => {
    for (const name of layoutNames) {
      const layout = shippedLayout(name)?.layout;
      if (layout?.data.form.kind !== 'fixed') continue;
      for (const { length, fields } of layout.records)
        expect(fields.reduce((sum, { width }) => sum + width, 0)).toBe(length);
    }
  });

  test('carries the common fields of a header, a count, and totals', () => {
    for (const name of layoutNames) {
      const layout = shippedLayout(name)?.layout;
      const header = layout?.byName.get('HDR');
      expect([...(header?.byName.keys() ?? [])]).toEqual(
        'recordType fileId firm correspondent businessDate cycle run createdAt cutAt cutZone environment'.split(
          ' ',
        ),
      );
      expect(layout?.controls.filter(({ counts }) => counts !== undefined)).toHaveLength(1);
      expect(layout?.controls.filter(({ sums }) => sums !== undefined).length).toBeGreaterThan(1);
    }
  });
});

describe('a layout', () => {
  test.each<[string, string | RegExp, string, string]>([
    [
      'with an overlap',
      'from: 17, to: 25',
      'from: 16, to: 25',
      'LAYOUT_OVERLAP - { name: cusip, fro: cols 16-25 cusip overlaps col 16 accountType',
    ],
    [
      'with a gap',
      'from: 17, to: 25',
      'from: 18, to: 25',
      'LAYOUT_GAP - { name: cusip, fro: no field of POS takes column 17',
    ],
    [
      'with a gap at its end',
      'from: 98, to: 140',
      'from: 98, to: 139',
      'LAYOUT_GAP length: 140: no field of HDR takes column 140',
    ],
    [
      'that runs behind its end',
      'from: 98, to: 140',
      'from: 98, to: 141',
      'LAYOUT_COLUMNS - { from: 98, to: 14: the filler in cols 98-141 ends behind column 140, the last one',
    ],
    ['with columns backwards', 'from: 17, to: 25', 'from: 25, to: 17', 'LAYOUT_COLUMNS'],
    ['with one name twice', 'name: cusip, from', 'name: account, from', 'LAYOUT_FIELD'],
    [
      'with a date of seven columns',
      'from: 24, to: 31, kind: date',
      'from: 24, to: 30, kind: date',
      'LAYOUT_FIELD',
    ],
    ['with a format of its own', 'format: CCYYMMDD }', 'format: YYMMDD }', 'LAYOUT_FIELD'],
    ['with two codes for one word', 'M: margin, S: short', 'M: margin, S: margin', 'LAYOUT_FIELD'],
    [
      'with two types alike',
      'is: TRL',
      'is: POS',
      'LAYOUT_DISCRIMINATOR TRL:: a record could be POS and TRL: no column tells them apart',
    ],
    [
      'with two types without a mark',
      /, is: (?:POS|TRL)/g,
      '',
      'LAYOUT_DISCRIMINATOR TRL:: TRL has no field with `is`, and nor has POS',
    ],
    [
      'with a second header',
      'role: detail',
      'role: header',
      'LAYOUT_FILE role: header: POS is a second header',
    ],
    [
      'with a key from nowhere',
      '[fileId, businessDate',
      '[fileNo, businessDate',
      'LAYOUT_FILE key: [fileNo, busine: the header has no field "fileNo"',
    ],
    ['with a business date that is none', 'businessDate: businessDate', 'businessDate: cycle', 'LAYOUT_FILE'],
    [
      'with a total of no number',
      'POS: marketValue',
      'POS: currency',
      'LAYOUT_CONTROL - { record: TRL, fie: POS.currency is of kind text: only a number can be a total or be summed',
    ],
    ['with a total of nothing', 'POS: marketValue', 'POS: worth', 'LAYOUT_CONTROL'],
    ['with a count of nothing', 'counts: [POS]', 'counts: [PSN]', 'LAYOUT_CONTROL'],
    ['with a control that does nothing', ', counts: [POS]', '', 'LAYOUT_CONTROL'],
    [
      'with an event of no type',
      'type: snapshot.closed',
      'type: snapshot.shut',
      'LAYOUT_EVENT type: snapshot.shut: "snapshot.shut" is no type of event',
    ],
    ['with data of no event', 'completeness: complete', 'completness: complete', 'LAYOUT_EVENT'],
    [
      'with a reference to nothing',
      'price: $price',
      'price: $prize',
      'LAYOUT_EVENT price: $prize: POS has no field "prize"',
    ],
    ['with a header field of nothing', 'cycle: $header.cycle', 'cycle: $header.cicle', 'LAYOUT_EVENT'],
    [
      'with a text for a decimal',
      'price: $price',
      'price: $currency',
      'LAYOUT_EVENT price: $currency: "price" is a decimal, and currency is of kind text',
    ],
    [
      'with an attribute that is not its own',
      'account: $account\n',
      'channel: $account\n',
      'LAYOUT_EVENT channel: $account: "channel" is nothing that Event has',
    ],
    [
      'with one slot twice',
      'slot: settlement-date',
      'slot: trade-date',
      'LAYOUT_EVENT - slot: trade-date: the slot "trade-date" stands twice in POS',
    ],
    [
      'with a condition that never holds',
      'slot: trade-date\n',
      'slot: trade-date\n        if: { value: $accountType, is: [marign] }\n',
      'LAYOUT_EVENT',
    ],
    [
      'with an unknown key',
      'framing:',
      'frame: x\nframing:',
      'LAYOUT_SCHEMA frame: x: "frame" is no key that a layout has here',
    ],
    [
      'with a mistyped key',
      'businessDate: businessDate\n  cycle',
      'businessDate: businessDate\n  cicle',
      'LAYOUT_SCHEMA cicle: cycle: "cicle" is no key that a layout has here; did you mean "cycle"?',
    ],
    [
      'with a mistyped key of a field',
      'kind: zone',
      'kind: zone, optionl: true',
      'LAYOUT_SCHEMA - { name: cutZone, f: "optionl" is no key that a layout has here; did you mean "optional"?',
    ],
    [
      'with a mistyped key of its form',
      'form: { kind: fixed }',
      'form: { kind: delimited, delimitr: "," }',
      'LAYOUT_SCHEMA form: { kind: delimi: "delimitr" is no key that a layout has here; did you mean "delimiter"?',
    ],
    ['of an unknown kind', 'kind: zone', 'kind: clock', 'LAYOUT_SCHEMA'],
    ['with words for columns', 'to: 25,', 'to: twenty,', 'LAYOUT_SCHEMA'],
    ['without a title', /title: Positions.*/, '', 'LAYOUT_SCHEMA'],
    ['with an anchor', 'role: header', 'role: &r header', ''],
    ['with a format that objects have', 'format: CCYYMMDD }', 'format: constructor }', 'LAYOUT_FIELD'],
    [
      'with joined texts for a decimal',
      'price: $price',
      'price: { join: [$price] }',
      'LAYOUT_EVENT price: { join: [$pri: "price" is a decimal, and this is of kind text',
    ],
    [
      'with a fact of the file for a decimal',
      'price: $price',
      'price: $file.key',
      'LAYOUT_EVENT price: $file.key: "price" is a decimal, and this is of kind text',
    ],
    [
      'with a control that a detail holds',
      /record: TRL, field: (\w+), sums/,
      'record: POS, field: $1, sums',
      'LAYOUT_CONTROL',
    ],
    [
      'with positions that nobody compares',
      '          currency: $currency\n          snapshot: $file.key\n',
      '          currency: $currency\n',
      'LAYOUT_SNAPSHOT type: position.repor: "trade-date" of POS names no snapshot: it would never be compared',
    ],
    ['with an alias', 'role: trailer', 'role: *r', 'LAYOUT_SYNTAX role: *r: a layout may not use aliases'],
    ['that is no YAML', 'records:', 'records: [', 'LAYOUT_SYNTAX'],
    [
      'with a key twice',
      'version: 1',
      'version: 1\nversion: 2',
      'LAYOUT_SYNTAX version: 2: the key "version" stands twice',
    ],
  ])('%s', (_, from, to, told) => {
    const found = changed(from, to);
    if (told === '') expect(found).toEqual([]);
    else expect(found.filter((line) => line.startsWith(told))).not.toEqual([]);
  });

  test('with a sample that does not read as it says', () => {
    const { layout } = loadLayout(good.replace('RECORDS_COUNT', 'RECORDS_TOTAL'), 'changed.yaml');
    expect(layout && checkSamples(layout, recordsCodec(layout))).toMatchObject([
      {
        code: 'LAYOUT_SAMPLE',
        message: expect.stringMatching(
          /^one-record-short should give RECORDS_TOTAL, and gives RECORDS_COUNT/,
        ),
        at: { line: expect.any(Number), field: 'samples.one-record-short' },
      },
    ]);
  });

  describe('whose good sample has three rows', () => {
    /** The rows of these accounts, with the totals of three. */
    const withRows = (accounts: readonly string[]): string =>
      good
        .replace(/^ {6}- 'POS.*\n/m, (row) =>
          accounts.map((account) => row.replace('7Q100001', account)).join(''),
        )
        .replace(
          'TRL000000001+000000000000125000000+00000000000001265625',
          'TRL000000003+000000000000375000000+00000000000003796875',
        );
    const told = (text: string) => {
      const { layout } = loadLayout(text, 'changed.yaml');
      expect(layout && checkLayout(layout)).toEqual([]);
      return layout && checkSamples(layout, recordsCodec(layout));
    };

    test('and two of them one business key, is told so, once for each kind of event', () => {
      const both = (line: number) =>
        ['trade-date', 'settlement-date'].map((slot) => ({
          code: 'LAYOUT_SAME_KEY',
          severity: 'warning',
          message: `good: "${slot}" of line ${line} gets the same business key as "${slot}" of line 2`,
          at: { line: expect.any(Number), field: 'samples.good' },
        }));
      expect(told(withRows(['7Q100001', '7Q100002', '7Q100001']))).toMatchObject(both(4));
      const apart = withRows(['7Q100001', '7Q100002', '7Q100003']);
      expect(told(apart)).toEqual([]);
      const sloppy = apart.replaceAll('$account, $accountType, $cusip]', '$accountType, $cusip]');
      expect(told(sloppy)).toMatchObject(both(3));
    });

    test('and is wrong, is told only that', () => {
      const wrong = withRows(['7Q100001', '7Q100001', '7Q100001']).replace('TRL000000003', 'TRL000000004');
      expect(told(wrong)?.map(({ code }) => code)).toEqual(['LAYOUT_SAMPLE']);
    });
  });

  test('that is wrong opens no codec, one that is missing neither', () => {
    expect(records.openText(good.replace('to: 25', 'to: 24'), 'x').codec).toBeUndefined();
    expect(records.open('nothing')).toMatchObject({ issues: [{ code: 'LAYOUT_UNKNOWN' }] });
  });

  /** The first thing that is wrong with a text. */
  const firstOf = (text: string): string | undefined => loadLayout(text, 'x').issues[0]?.message;

  test.each([
    ['aliases', `a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n`, 'a layout may not use aliases'],
    ['aliases, many', `a: &a [x]\nb: [${'*a, '.repeat(20_000)}]`, 'a layout may not use aliases'],
    ['nesting', '['.repeat(100_000), 'the layout is nested too deep'],
    ['nesting, closed', `a: ${'['.repeat(100)}${']'.repeat(100)}`, 'the layout is nested too deep'],
    ['nesting, by lines', '- '.repeat(50_000), 'the layout is nested too deep'],
    ['size', ' '.repeat(300_000), 'the layout is larger than 262144 bytes'],
    ['anchors', 'a: &a x\nb: *b\n', 'a layout may not use aliases'],
  ])('bomb of %s is refused', (_, text, message) => {
    expect(firstOf(text)).toBe(message);
  });

  test('as large as one may be takes no longer with more keys of one mapping', () => {
    // Comparing each key with all others takes minutes here.
    const codes = Array.from({ length: 15_000 }, (_, number) => `a${number}: w${number}`).join(', ');
    const text = good.replace('M: margin, S: short', `M: margin, S: short, ${codes}`);
    expect(firstOf(text)).toBeUndefined();
    expect(firstOf(text.replace('a9: w9', 'a8: w9'))).toBe('the key "a8" stands twice');
  });
});

test('law: a layout with changed bytes never throws, and has its findings in its lines', () => {
  const texts = layoutNames.map((name) => readFileSync(new URL(`./layouts/${name}.yaml`, import.meta.url)));
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const text = mutated(texts, randomOf(seed)).toString('utf8');
      const { layout, issues } = loadLayout(text, 'x');
      const found = [...issues, ...(layout === undefined ? [] : checkLayout(layout))];
      for (const { at } of found) expect(at?.line).toBeLessThanOrEqual(text.split('\n').length);
      const { codec } = records.openText(text, 'x');
      expect(codec === undefined).toBe(!harmless(found));
      if (codec !== undefined && layout !== undefined) checkSamples(layout, codec);
    }),
    { numRuns: 150 },
  );
});

describe('the fingerprint', () => {
  const of = (text: string): string | undefined => loadLayout(text, 'x').layout?.fingerprint;

  test('changes with what is read, and not with what is said about it', () => {
    expect(of(good.replace('title: Positions', 'title: All positions'))).toBe(of(good));
    expect(of(`# a comment\n${good}`)).toBe(of(good));
    expect(of(good.replace('decimals: 6', 'decimals: 5'))).not.toBe(of(good));
    expect(of(good.replace('basis: trade-date', 'basis: traded'))).not.toBe(of(good));
  });
});

test('docs/schema/layout.schema.json is what the code makes', () => {
  const path = fileURLToPath(new URL('../../docs/schema/layout.schema.json', import.meta.url));
  if (process.env['GOLDEN'] === 'write') writeFileSync(path, JSON.stringify(layoutJsonSchema(), null, 2));
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(layoutJsonSchema());
});
