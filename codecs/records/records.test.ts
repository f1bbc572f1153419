import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Codec } from '../../src/contract/codec.ts';
import { harmless } from '../../src/core/issue.ts';
import { limits } from '../../src/core/limits.ts';
import { cutsOf } from '../../test/codec-suite.ts';
import { verdictOf } from '../../test/file-codec-suite.ts';
import { randomOf, splitAtRandom } from '../../test/mutation.ts';
import { sampleContext } from '../../test/sample-context.ts';
import {
  checkLayout,
  type Layout,
  loadLayout,
  type RecordMessage,
  records,
  recordsCodec,
  shippedLayout,
  writeRecordFile,
} from './index.ts';
import { randomFiles } from './testing/random-layout.ts';
import { headerValues, positionValues } from './testing/values.ts';

const codec = opened('clearing-positions');
const layout = shipped('clearing-positions');

function opened(name: string): Codec {
  const made = records.open(name).codec;
  if (made === undefined) throw new Error(name);
  return made;
}

function shipped(name: string): Layout {
  const made = shippedLayout(name)?.layout;
  if (made === undefined) throw new Error(name);
  return made;
}

function positions(count: number): Buffer {
  const records = Array.from({ length: count }, (_, number) => ({
    type: 'POS',
    values: positionValues(number),
  }));
  return Buffer.from(writeRecordFile(layout, { header: headerValues, records }));
}

function codesOf(bytes: Uint8Array, by: Codec = codec): readonly string[] {
  return (verdictOf(by, cutsOf(by.framer, [bytes]))?.issues ?? []).map(({ code }) => code);
}

describe('laws on random layouts and random files', () => {
  test('what is written is read again, value by value, in any split, and the file is in order', () => {
    fc.assert(
      fc.property(randomFiles, fc.integer(), ({ layoutText, records: given }, seed) => {
        const { layout: made, issues } = loadLayout(layoutText, 'random');
        if (made === undefined) throw new Error(JSON.stringify(issues));
        expect(checkLayout(made)).toEqual([]);
        const bytes = writeRecordFile(made, { header: { day: '2026-11-10' }, records: given });
        const by = recordsCodec(made);
        const cuts = cutsOf(by.framer, [bytes]);
        expect(cutsOf(by.framer, splitAtRandom(bytes, randomOf(seed)))).toEqual(cuts);
        const details = cuts
          .slice(1, -1)
          .map((cut) => (cut.kind === 'frame' ? by.decode(cut).message : undefined));
        expect(details.map(valuesOf)).toEqual(given.map(({ values }) => values));
        expect(verdictOf(by, cuts)).toMatchObject({ issues: [], records: given.length, key: '2026-11-10' });
      }),
      { numRuns: 300 },
    );
  });
});

/** The values of the fields f0, f1, … of a record. */
function valuesOf(message: RecordMessage | undefined): Readonly<Record<string, string>> {
  const names = [...(message?.recordType?.byName.keys() ?? [])].filter((name) => name !== 'mark');
  return Object.fromEntries(
    names.flatMap((name) => (message?.value(name) === undefined ? [] : [[name, message.value(name) ?? '']])),
  );
}

describe('a file that was cut off', () => {
  test('anywhere is refused, for every layout of fixed width', () => {
    for (const name of ['clearing-positions', 'clearing-activity', 'nscc-settlement']) {
      const by = opened(name);
      const text = shipped(name).data.samples[0]?.lines.join('\n') ?? '';
      for (let length = 0; length < text.length; length++)
        expect(codesOf(Buffer.from(text.slice(0, length)), by), `${name} cut at ${length}`).not.toEqual([]);
    }
  });

  test('in its last detail is refused, where fields are delimited and no trailer would show it', () => {
    const text = (lastEnd: string): string => `
layout: bare-rows
version: 1
title: Rows
status: invented
source: this test
framing: { kind: lines${lastEnd} }
form: { kind: delimited, delimiter: ',' }
records:
  ROW:
    role: detail
    fields: [{ name: account, at: 1, kind: text }, { name: isin, at: 2, kind: text }]
`;
    const strict = records.openText(text(''), 'x').codec;
    const lax = records.openText(text(', lastEnd: optional'), 'x').codec;
    if (strict === undefined || lax === undefined) throw new Error('no codec');
    const rows = 'A1,US0378331005\nA2,US0378331005\n';
    expect(codesOf(Buffer.from(rows), strict)).toEqual([]);
    expect(codesOf(Buffer.from(rows.slice(0, -6)), strict)).toEqual(['RECORDS_CUT_SHORT']);
    expect(codesOf(Buffer.from(rows.slice(0, -1)), lax)).toEqual([]);
  });

  test('before its last total is refused, where fields are delimited', () => {
    const by = opened('clearing-cash');
    const text = shipped('clearing-cash').data.samples[0]?.lines.join('\n') ?? '';
    for (let length = 0; length <= text.lastIndexOf('|'); length++)
      expect(codesOf(Buffer.from(text.slice(0, length)), by), `cut at ${length}`).not.toEqual([]);
  });

  test('says so in one sentence', () => {
    const bytes = positions(3);
    const verdict = verdictOf(codec, cutsOf(codec.framer, [bytes.subarray(0, 141 * 2 + 99)]));
    expect(verdict?.issues).toMatchObject([
      {
        code: 'RECORDS_CUT_SHORT',
        message: 'the file ends inside line 3: the POS record there has 99 of 140 columns',
        at: { line: 3 },
      },
    ]);
  });
});

describe('a file out of order', () => {
  const lines = positions(3).toString('latin1').split('\n').slice(0, -1);
  const file = (...which: readonly string[]): Buffer =>
    Buffer.from(which.map((line) => `${line}\n`).join(''), 'latin1');
  const [header = '', first = '', second = '', third = '', trailer = ''] = lines;

  test.each<[string, Buffer, readonly string[]]>([
    ['is good as it is', file(...lines), []],
    ['of no bytes', Buffer.alloc(0), ['RECORDS_EMPTY_FILE']],
    ['of blank lines', Buffer.from('\n\r\n'), ['RECORDS_EMPTY_FILE']],
    [
      'of nothing that is known',
      Buffer.from('hello\n'),
      ['RECORDS_NO_HEADER', 'RECORDS_NO_TRAILER', 'RECORDS_UNKNOWN_RECORD'],
    ],
    ['without its header', file(first, second, third, trailer), ['RECORDS_NO_HEADER']],
    ['without its trailer', file(header, first, second, third), ['RECORDS_NO_TRAILER']],
    ['of a header alone', file(header), ['RECORDS_NO_TRAILER']],
    [
      'with a record behind the trailer',
      file(header, first, second, trailer, third),
      ['RECORDS_BEHIND_TRAILER', 'RECORDS_COUNT', 'RECORDS_TOTAL', 'RECORDS_TOTAL'],
    ],
    [
      'with one record less',
      file(header, first, third, trailer),
      ['RECORDS_COUNT', 'RECORDS_TOTAL', 'RECORDS_TOTAL'],
    ],
    ['with one record twice', file(header, first, first, third, trailer), ['RECORDS_TOTAL', 'RECORDS_TOTAL']],
    [
      'with a header in the middle',
      file(header, first, header, second, third, trailer),
      ['RECORDS_SECOND_HEADER'],
    ],
    [
      'with an unknown record',
      file(header, first, second, third, second.replace('POS', 'NEW'), trailer),
      ['RECORDS_UNKNOWN_RECORD'],
    ],
    ['with a shorter record', file(header, first, second.slice(0, -1), third, trailer), ['RECORDS_LENGTH']],
    [
      'with a wrong date',
      file(header.replace('20261110EOD', '20261131EOD'), first, second, third, trailer),
      ['RECORDS_FIELD'],
    ],
    [
      'with no zone',
      file(header.replace('America/New_York', 'America/Gotham  '), first, second, third, trailer),
      ['RECORDS_FIELD'],
    ],
    [
      'with a blank account',
      file(header, first.replace('7Q100000', '        '), second, third, trailer),
      ['RECORDS_NEEDED'],
    ],
    [
      'with a letter in a sum',
      file(header, first.replace('+00', '+O0'), second, third, trailer),
      ['RECORDS_FIELD'],
    ],
    [
      'with bytes that are no text',
      file(header, first.replace('SYM0', 'S\u00ffM0'), second, third, trailer),
      ['RECORDS_FIELD'],
    ],
    [
      'with a trailer of blanks',
      file(header, first, second, third, 'TRL'.padEnd(140)),
      ['RECORDS_NEEDED', 'RECORDS_NEEDED', 'RECORDS_NEEDED'],
    ],
  ])('%s', (_, bytes, codes) => {
    expect(codesOf(bytes)).toEqual(codes);
  });

  test('of many wrong records names the first ones, the shape of the file before them', () => {
    const judgement = codec.file?.open(limits);
    const state = codec.framer.open(limits);
    const wrong = file(first.replace('+00', '+O0'));
    const piece = Buffer.concat(Array<Buffer>(500).fill(wrong));
    for (const cut of state.feed(file(header), false)) judgement?.add(cut);
    const before = process.memoryUsage().heapUsed;
    for (let fed = 0; fed < 50_000; fed += 500)
      for (const cut of state.feed(piece, false)) judgement?.add(cut);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(100 * 1024 * 1024);
    const verdict = judgement?.verdict();
    expect(verdict?.issues).toHaveLength(limits.issuesPerFrameMax);
    expect(verdict?.issues.slice(0, 2).map(({ code, at }) => [code, at?.line])).toEqual([
      ['RECORDS_NO_TRAILER', 50_001],
      ['RECORDS_FIELD', 2],
    ]);
    expect(verdict?.records).toBe(50_000);
  });

  test('law: a changed digit in a controlled field refuses it', () => {
    const bytes = positions(5);
    // Columns of the two summed fields of a POS record, and of the totals and the count of the trailer.
    const columns = [...Array(20).keys()].flatMap((at) => [38 + at, 95 + (at % 18)]);
    fc.assert(
      fc.property(
        fc.nat(4),
        fc.constantFrom(...columns),
        fc.integer({ min: 1, max: 9 }),
        (record, column, by) => {
          const changed = Buffer.from(bytes);
          const at = 141 * (record + 1) + column;
          changed[at] = 0x30 + (((changed[at] ?? 0) - 0x30 + by) % 10);
          expect(codesOf(changed)).toContain('RECORDS_TOTAL');
        },
      ),
    );
  });
});

describe('a line that never ends', () => {
  test('is garbage in pieces, the same ones in any split, and what follows is read', () => {
    const good = positions(1);
    const bytes = Buffer.concat([
      Buffer.alloc(limits.recordBytesMax * 2 + 77, 0x41),
      Buffer.from('\n'),
      good,
    ]);
    const cuts = cutsOf(codec.framer, [bytes]);
    expect(cuts.map(({ kind }) => kind)).toEqual([
      'garbage',
      'garbage',
      'garbage',
      'frame',
      'frame',
      'frame',
    ]);
    expect(Buffer.concat(cuts.map((cut) => cut.bytes)).equals(bytes)).toBe(true);
    for (const size of [1000, limits.recordBytesMax, limits.recordBytesMax + 1]) {
      const chunks: Buffer[] = [];
      for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
      expect(cutsOf(codec.framer, chunks)).toEqual(cuts);
    }
    expect(codesOf(bytes)[0]).toBe('RECORDS_LINE_TOO_LONG');
  });
});

describe('a record', () => {
  const [, detail] = cutsOf(codec.framer, [positions(1)]);

  test('is read again from its bytes and its context alone', () => {
    if (detail?.kind !== 'frame') throw new Error('no frame');
    const { message, issues } = codec.decode({
      bytes: detail.bytes,
      ...(detail.context && { context: detail.context }),
    });
    expect(issues).toEqual([]);
    expect(message && codec.normalize(message, sampleContext)).toHaveLength(2);
  });

  test('means nothing without the header of its file', () => {
    const { message, issues } = codec.decode({ bytes: detail?.bytes ?? new Uint8Array() });
    expect(issues).toMatchObject([{ code: 'RECORDS_CONTEXT', severity: 'error' }]);
    expect(message && codec.normalize(message, sampleContext)).toEqual([]);
  });

  test('is named by line, column and field where it is wrong, and its account is not told', () => {
    const lines = positions(1)
      .toString('latin1')
      .replace('7Q100000    M', '7Q1000\u000100   M')
      .replace('+00', '+O0');
    const [, wrong] = cutsOf(codec.framer, [Buffer.from(lines, 'latin1')]);
    const { issues } = codec.decode({ bytes: wrong?.bytes ?? new Uint8Array(), context: { line: '2' } });
    expect(issues.slice(1)).toMatchObject([
      {
        code: 'RECORDS_FIELD',
        message: expect.stringMatching(/^POS cols 4-15 account: "\*+00" holds a byte/),
      },
      {
        code: 'RECORDS_FIELD',
        message: expect.stringMatching(/^POS cols 38-58 tradeDateQuantity: "\+O0.*" is no number/),
        at: { line: 2, column: 38, offset: 37, length: 21, field: 'POS.tradeDateQuantity' },
      },
    ]);
    expect(JSON.stringify(issues)).not.toContain('7Q1000');
  });

  test('of this standard is recognized by its header, and nothing else is', () => {
    const cash = Buffer.from(shipped('clearing-cash').data.samples[0]?.lines.join('\n') ?? '');
    expect(codec.recognizes?.(positions(0))).toBe(true);
    expect(codec.recognizes?.(cash)).toBe(false);
    expect(opened('clearing-cash').recognizes?.(cash)).toBe(true);
    for (const other of ['', '8=FIX.4.4\u00019=5\u0001', '{1:F01', '<?xml version="1.0"?>', 'HDR\n', '\n'])
      expect(codec.recognizes?.(Buffer.from(other))).toBe(false);
  });
});

describe('events by condition', () => {
  const text = `
layout: conditions
version: 1
title: Conditions
status: invented
source: this test
framing: { kind: lines }
form: { kind: delimited, delimiter: ',' }
records:
  ROW:
    role: detail
    fields:
      - { name: account, at: 1, kind: text }
      - { name: amount, at: 2, kind: number, point: written, decimals: 2, sign: leading }
      - { name: kind, at: 3, kind: text, codes: { D: debit, C: credit }, optional: true }
      - { name: isin, at: 4, kind: text, optional: true }
    events:
      - slot: moved
        type: cash.moved
        if: { value: $kind, is: [debit, credit] }
        attributes:
          account: $account
          security: { id: $isin, scheme: isin }
          parties:
            - { if: $isin, id: $$fixed, role: { join: [agent, $kind], with: '-' } }
        data:
          amount: { value: $amount, minusIf: { value: $kind, not: [credit] } }
      - slot: noted
        type: day.closed
        if: $amount
        data: { scope: $account }
`;
  const made = records.openText(text, 'conditions.yaml');

  test.each<[string, string, unknown]>([
    [
      'debit',
      'A1,12.50,D,\n',
      [{ type: 'cash.moved', account: 'A1', data: { amount: '-12.5' } }, { type: 'day.closed' }],
    ],
    [
      'credit of a security',
      'A1,12.50,C,XS1\n',
      [
        {
          security: { id: 'XS1', scheme: 'isin' },
          parties: [{ id: '$fixed', role: 'agent-credit' }],
          data: { amount: '12.5' },
        },
        {},
      ],
    ],
    ['zero and blank', 'A1,0,,\n', []],
  ])('%s', (_, line, events) => {
    expect(made.issues).toEqual([]);
    const { message, issues } = made.codec?.decode({ bytes: Buffer.from(line) }) ?? { issues: [] };
    expect(issues).toEqual([]);
    const found = message === undefined ? [] : made.codec?.normalize(message, sampleContext);
    expect(found).toMatchObject(events as object[]);
    expect(found).toHaveLength((events as object[]).length);
    if (line.endsWith(',\n'))
      expect(found?.some((event) => 'security' in event || 'parties' in event)).toBe(false);
  });

  test('a file without header and trailer is judged by its records alone', () => {
    const by = made.codec;
    if (by === undefined) throw new Error('no codec');
    expect(verdictOf(by, cutsOf(by.framer, [Buffer.from('A1,1,D,\nA2,2,C,\n')]))).toEqual({
      issues: [],
      records: 2,
      totals: [],
    });
    expect(harmless(verdictOf(by, cutsOf(by.framer, [Buffer.from('A1,1,D\n')]))?.issues ?? [])).toBe(false);
  });
});
