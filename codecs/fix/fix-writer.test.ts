import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openDictionary } from './dictionaries/open-dictionary.ts';
import {
  encodeFix,
  type FixField,
  type FixValues,
  FixWriter,
  fix,
  fixTemplate,
  loadDictionary,
  writeFix,
} from './index.ts';

const dictionary = loadDictionary('FIX.4.4');
const template = fixTemplate(dictionary, '8');

/** An ExecutionReport(8) of typed values, and the same fields as text. */
const report: FixValues = [
  [49, 'CLRFIRM'],
  [56, 'BRKOPS'],
  [34, 42],
  [52, 1_794_321_000_123_456],
  [37, 'ORD-1'],
  [
    453,
    [
      [
        [448, 'BRKR'],
        [447, 'D'],
        [452, 1],
      ],
      [
        [448, 'CLRF'],
        [447, 'D'],
        [452, 4],
        [
          802,
          [
            [
              [523, 'DESK'],
              [803, 4],
            ],
          ],
        ],
      ],
    ],
  ],
  [17, 'EX-1'],
  [150, 'F'],
  [39, '1'],
  [55, 'ACME'],
  [54, '1'],
  [38, 500n],
  [32, { units: 200n, scale: 0 }],
  [31, { units: 250_950n, scale: 4 }],
  [151, '300'],
  [14, '200'],
  [6, '25.095'],
  [75, '20261110'],
  [377, true],
];

describe('a message of typed values', () => {
  test('decodes without an issue, and says what was given', () => {
    const encoded = encodeFix(template, [...report, [355, Buffer.from('caf\u00e9\u0001|', 'latin1')]]);
    const bytes = encoded.ok ? encoded.value : Buffer.alloc(0);
    const { message, issues } = fix.decode({ bytes });
    expect([encoded.ok, issues]).toEqual([true, []]);
    const said = [52, 38, 32, 31, 354].map((tag) => message?.get(tag));
    expect(said).toEqual(['20261110-14:30:00.123', '500', '200', '25.0950', '6']);
    expect(message?.raw(355)).toEqual(Buffer.from('caf\u00e9\u0001|', 'latin1'));
    expect(message?.root.group(453)[1]?.group(802)[0]?.get(523)).toBe('DESK');
  });

  test('has its header in front, in the order given', () => {
    const mixed = encodeFix(template, [...report.slice(4), ...report.slice(0, 4)]);
    const straight = encodeFix(template, report);
    expect(mixed).toEqual(straight);
  });

  test.each<readonly [string, number, FixValues[number][1], string]>([
    ['a separator in a text', 58, 'a\u00018=b', 'FIX_VALUE_FORMAT'],
    ['a character beyond Latin-1', 58, '\u20ac', 'FIX_VALUE_FORMAT'],
    ['no value', 58, '', 'FIX_VALUE_EMPTY'],
    ['a word that is no decimal', 31, 'ten', 'FIX_VALUE_FORMAT'],
    ['a side that is none', 54, 'Z', 'FIX_VALUE_FORMAT'],
    ['a broken number', 38, 1.5, 'FIX_VALUE_FORMAT'],
    ['bytes for a field without a length', 58, Buffer.from('x'), 'FIX_DATA_LENGTH'],
    ['a time that is none', 60, Number.NaN, 'FIX_VALUE_FORMAT'],
  ])('is refused for %s', (_, tag, value, code) => {
    const encoded = encodeFix(template, [...report, [tag, value]]);
    expect(encoded.ok ? 'ok' : encoded.issue.code).toBe(code);
  });
});

describe('laws', () => {
  const texts = fc.stringMatching(/^[\x20-\x7e\u00a0-\u00ff]{1,40}$/);
  const tags = fc.oneof(
    fc.integer({ min: 5000, max: 12_000 }),
    fc.integer({ min: 9990, max: 2_000_000_000 }),
  );
  const fields = fc.array(fc.tuple(tags, texts), { maxLength: 60 });

  test('equals writeFix of the same fields', () => {
    const writer = new FixWriter(template);
    fc.assert(
      fc.property(fields, (given) => {
        writer.begin();
        for (const [tag, value] of given) writer.text(tag, value);
        const written = writer.finish();
        const wanted = writeFix('FIX.4.4', [[35, '8'], ...given] as readonly FixField[]);
        expect(written.ok && Buffer.from(written.value).equals(wanted)).toBe(true);
      }),
    );
  });

  test('decimals are all their places, whole numbers are themselves, times keep their precision', () => {
    const writer = new FixWriter(template);
    const units = fc.oneof(
      fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
      fc.bigInt({ min: -99999n, max: 99999n }),
    );
    const times = fc.integer({ min: 0, max: 4_000_000_000_000_000 });
    fc.assert(
      fc.property(units, fc.nat(12), fc.maxSafeInteger(), times, (value, scale, whole, micros) => {
        writer.begin();
        writer.decimal(5001, value, scale);
        writer.integer(5002, whole);
        writer.time(5003, micros, 'microseconds');
        writer.time(5004, micros, 'seconds');
        const iso = new Date(Math.floor(micros / 1000)).toISOString();
        const fraction = String(micros % 1_000_000).padStart(6, '0');
        const seconds = `${iso.slice(0, 10).replaceAll('-', '')}-${iso.slice(11, 19)}`;
        const digits = String(value < 0n ? -value : value).padStart(scale + 1, '0');
        const places = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
        const wanted = writeFix('FIX.4.4', [
          [35, '8'],
          [5001, `${value < 0n ? '-' : ''}${places}`],
          [5002, String(whole)],
          [5003, `${seconds}.${fraction}`],
          [5004, seconds],
        ]);
        const written = writer.finish();
        expect(written.ok ? Buffer.from(written.value).toString('latin1') : written.issue).toBe(
          Buffer.from(wanted).toString('latin1'),
        );
      }),
      { numRuns: 300 },
    );
  });

  test('a message larger than its buffer is written whole, and the next one as before', () => {
    const writer = new FixWriter(template);
    const long = 'x'.repeat(100_000);
    const written = (): string => {
      const { ok, ...rest } = writer.finish();
      return ok && 'value' in rest ? Buffer.from(rest.value).toString('latin1') : '';
    };
    writer.begin();
    writer.text(58, 'small');
    writer.text(58, long);
    expect(written()).toBe(
      Buffer.from(
        writeFix('FIX.4.4', [
          [35, '8'],
          [58, 'small'],
          [58, long],
        ]),
      ).toString('latin1'),
    );
    writer.begin();
    writer.text(58, 'small');
    expect(written()).toBe(
      Buffer.from(
        writeFix('FIX.4.4', [
          [35, '8'],
          [58, 'small'],
        ]),
      ).toString('latin1'),
    );
  });
});

test('a dialect s own data fields have their lengths, and its own header fields stand in front', () => {
  const { dictionary: opened } = openDictionary(`dialect: mine
version: "1"
title: Mine
extends: FIX.4.4
source: a test
fields:
  10001: { name: OwnHead, type: STRING }
  7001: { name: BlobSize, type: LENGTH }
  7002: { name: Blob, type: DATA }
header: { add: [OwnHead] }
messages: { "8": { add: [BlobSize, Blob] } }
`);
  const own = opened?.lookup('FIX.4.4') ?? dictionary;
  const written = encodeFix(fixTemplate(own, '8'), [
    [37, 'O'],
    [10001, 'h'],
    [7002, Buffer.from('a\u0001b')],
  ]);
  expect(written.ok && Buffer.from(written.value).toString('latin1')).toContain(
    '35=8\u000110001=h\u000137=O\u00017001=3\u00017002=a\u0001b\u0001',
  );
});
