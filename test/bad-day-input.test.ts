import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { iso15022, iso15022Issues } from '../codecs/iso15022/index.ts';
import { iso20022, iso20022Issues } from '../codecs/iso20022/index.ts';
import { checkLayout, loadLayout, records, recordsIssues } from '../codecs/records/index.ts';
import type { Codec } from '../src/contract/codec.ts';
import type { Issue, IssueTable, Place } from '../src/core/issue.ts';
import { cutsOf } from './codec-suite.ts';
import { verdictOf } from './file-codec-suite.ts';

/**
 * What bad input of a trade day is told as: the code, the place, the cause in words, and what to do. That it is held
 * whole and nothing of it counts is tested at the gateway (`src/gateway/file-*.test.ts`, `channel-codecs.test.ts`); a queue
 * message of no known kind and a file of another day by its name are told there as well.
 */
const tables: IssueTable = { ...recordsIssues, ...iso15022Issues, ...iso20022Issues };

function sample(path: string): Buffer {
  return readFileSync(new URL(`../codecs/${path}`, import.meta.url));
}

/** What is wrong with a file as a whole. */
function ofFile(name: string, file: string): readonly Issue[] {
  const { codec } = records.open(name);
  if (codec === undefined) throw new Error(name);
  return verdictOf(codec, cutsOf(codec.framer, [sample(`records/samples/${name}/${file}`)]))?.issues ?? [];
}

function ofMessage(codec: Codec, path: string): readonly Issue[] {
  return codec.decode({ bytes: sample(path) }).issues;
}

function ofLayout(from: string, to: string): readonly Issue[] {
  const text = sample('records/layouts/clearing-positions.yaml').toString('utf8');
  const { layout, issues } = loadLayout(text.replace(from, to), 'x.yaml');
  return layout === undefined ? issues : checkLayout(layout);
}

const cases: readonly (readonly [string, readonly Issue[], string, RegExp, Place])[] = [
  [
    'a file cut in mid-record',
    ofFile('clearing-positions', 'cut-in-mid-record.txt'),
    'RECORDS_CUT_SHORT',
    /^the file ends inside line \d+: the \w+ record there has \d+ of 140 columns$/,
    { line: expect.any(Number) },
  ],
  [
    'a wrong count',
    ofFile('clearing-positions', 'one-record-short.txt'),
    'RECORDS_COUNT',
    /^TRL in line 4 \(cols 4-12 recordCount\) says 3 records, and the file has 2$/,
    { line: 4, offset: 3 * 141, field: 'TRL.recordCount' },
  ],
  [
    'a wrong total',
    ofFile('clearing-positions', 'one-cent-out.txt'),
    'RECORDS_TOTAL',
    /a total market value of \S+, and the records sum to \S+: a difference of -?0\.01$/,
    { line: 5, field: expect.stringMatching(/^TRL\./) },
  ],
  [
    'a wrong date',
    ofFile('clearing-positions', 'wrong-date.txt'),
    'RECORDS_FIELD',
    /businessDate: "\d+" is no date/,
    { line: 1, column: 24, field: 'HDR.businessDate' },
  ],
  [
    'XML with a DTD',
    ofMessage(iso20022, 'iso20022/samples/doctype-entities.xml'),
    'MX_FORBIDDEN',
    /^a DOCTYPE$/,
    { line: expect.any(Number), column: expect.any(Number) },
  ],
  [
    'a 16R that is not closed',
    ofMessage(iso15022, 'iso15022/samples/unclosed-sequence.mt'),
    'MT_SEQUENCE_UNCLOSED',
    /^16R:\w+ is not closed$/,
    { offset: expect.any(Number), field: '16R' },
  ],
  [
    'a 16S that closes nothing',
    ofMessage(iso15022, 'iso15022/samples/crossed-sequences.mt'),
    'MT_SEQUENCE_UNOPENED',
    /^16S:\w+ closes no open sequence; /,
    { offset: expect.any(Number), field: '16S' },
  ],
  [
    'a layout with an overlap',
    ofLayout('from: 17, to: 25', 'from: 16, to: 25'),
    'LAYOUT_OVERLAP',
    /^cols 16-25 cusip overlaps col 16 accountType$/,
    { line: expect.any(Number), column: expect.any(Number), field: expect.stringContaining('records.POS') },
  ],
];

describe('bad input of a trade day', () => {
  test.each(cases)('%s: code, place, cause, remedy', (_, issues, code, cause, place) => {
    const found = issues.find((issue) => issue.code === code);
    expect(found, JSON.stringify(issues)).toMatchObject({ severity: 'error', at: place });
    expect(found?.message).toMatch(cause);
    expect(tables[code]?.remedy).toMatch(/^[A-Z].{20,}\.$/);
  });
});
