import { describe, expect, test } from 'vitest';
import { latin1Bytes } from '../../src/core/bytes.ts';
import type { Issue } from '../../src/core/issue.ts';
import { iso15022, isSequence, type MtMessage, type MtSequence } from './index.ts';

/** The message of a bare text of these lines, and its structural errors with the line at which each one points. */
function read(...lines: readonly string[]): { message: MtMessage; errors: readonly string[] } {
  const wire = `{4:\n${lines.join('\n')}\n-}`;
  const { message, issues } = iso15022.decode({ bytes: latin1Bytes(wire) });
  if (message === undefined) throw new Error('no message');
  const structural = issues.filter(
    ({ code }) => /SEQUENCE_(UN|DEPTH)/.test(code) && !code.endsWith('UNKNOWN'),
  );
  return { message, errors: structural.map((issue) => `${issue.code} ${lineAt(wire, issue)}`) };
}

function lineAt(wire: string, { at }: Issue): string {
  return wire.slice(at?.offset).split('\n')[0] ?? '';
}

/** `GENL(STAT(REAS))`: the codes of a tree. */
function codes(sequence: MtSequence): string {
  const inner = sequence.items.filter(isSequence).map(codes).join(' ');
  return inner === '' ? sequence.code : `${sequence.code}(${inner})`;
}

describe('sequences', () => {
  test('of the same code at different depths are never confused', () => {
    const { message, errors } = read(
      ':16R:GENL',
      ':16R:STAT',
      ':25D::SETT//PEND',
      ':16R:REAS',
      ':24B::PEND//FUTU',
      ':16S:REAS',
      ':16S:STAT',
      ':16S:GENL',
      ':16R:PENA',
      ':16R:STAT',
      ':25D::SETT//PENF',
      ':16R:STAT',
      ':25D::MTCH//NMAT',
      ':16S:STAT',
      ':16S:STAT',
      ':16S:PENA',
    );
    expect(errors).toEqual([]);
    expect(codes(message.root)).toBe('(GENL(STAT(REAS)) PENA(STAT(STAT)))');
    expect(message.fields('GENL/STAT.25D').map(({ content }) => content)).toEqual(['PEND']);
    expect(message.fields('PENA/STAT.25D').map(({ content }) => content)).toEqual(['PENF']);
    expect(message.fields('PENA/STAT/STAT.25D').map(({ content }) => content)).toEqual(['NMAT']);
  });

  test.each<[string, readonly string[], string, readonly string[]]>([
    [
      'one that is not closed',
      [':16R:GENL', ':16R:STAT', ':16S:GENL'],
      '(GENL(STAT))',
      ['MT_SEQUENCE_UNCLOSED :16R:STAT'],
    ],
    [
      'none is closed',
      [':16R:GENL', ':16R:STAT'],
      '(GENL(STAT))',
      ['MT_SEQUENCE_UNCLOSED :16R:STAT', 'MT_SEQUENCE_UNCLOSED :16R:GENL'],
    ],
    [
      'one that was not opened',
      [':16R:GENL', ':16S:STAT', ':16S:GENL'],
      '(GENL)',
      ['MT_SEQUENCE_UNOPENED :16S:STAT'],
    ],
    [
      'two that cross',
      [':16R:GENL', ':16R:STAT', ':16S:GENL', ':16S:STAT'],
      '(GENL(STAT))',
      ['MT_SEQUENCE_UNCLOSED :16R:STAT', 'MT_SEQUENCE_UNOPENED :16S:STAT'],
    ],
    ['closed twice', [':16R:GENL', ':16S:GENL', ':16S:GENL'], '(GENL)', ['MT_SEQUENCE_UNOPENED :16S:GENL']],
  ])('%s: said, with its place', (_, lines, tree, wanted) => {
    const { message, errors } = read(...lines);
    expect(codes(message.root)).toBe(tree);
    expect(errors).toEqual(wanted);
  });

  test('deeper than the limit are said, and nothing is lost', () => {
    const { message, errors } = read(...Array.from({ length: 100 }, () => ':16R:GENL'), ':20C::SEME//DEEP');
    expect(errors[0]).toMatch(/^MT_SEQUENCE_DEPTH/);
    expect(JSON.stringify(message.view())).toContain('DEEP');
  });
});

describe('looking up', () => {
  const { message } = read(
    ':16R:GENL',
    ':20C::SEME//R1',
    ':98C::PREP//20261112063000',
    ':16R:LINK',
    ':20C::RELA//I1',
    ':16S:LINK',
    ':16R:STAT',
    ':25D::IPRC//REJT',
    ':16R:REAS',
    ':24B::REJT/GSCC/E010',
    ':16S:REAS',
    ':16R:REAS',
    ':24B::REJT//DSEC',
    ':70D::REAS//FIRST LINE',
    '+ SECOND LINE',
    ':16S:REAS',
    ':16S:STAT',
    ':16S:GENL',
    ':16R:SETTRAN',
    ':35B:ISIN US9900001087',
    '/US/990000108',
    ':16S:SETTRAN',
  );

  test.each<[string, readonly string[]]>([
    ['A.20C::SEME', ['R1']],
    ['A1.20C::RELA', ['I1']],
    ['A2a.24B', ['E010', 'DSEC']],
    ['A2a.24B::REJT/GSCC', ['E010']],
    ['A2a.24B::REJT/DTCYID', []],
    ['GENL/STAT/REAS.24B::REJT', ['E010', 'DSEC']],
    ['A.98a::PREP', ['20261112063000']],
    ['A.98A::PREP', []],
    ['A2a.70D::REAS', ['FIRST LINE\n+ SECOND LINE']],
    ['B.35B', ['ISIN US9900001087\n/US/990000108']],
    ['B.20C::SEME', []],
    ['C1a1.20C', []],
    ['nonsense', []],
  ])('%s', (path, contents) => {
    expect(message.fields(path).map(({ content }) => content)).toEqual(contents);
    expect(message.field(path)?.content).toBe(contents[0]);
  });

  test('the type of a bare text is told by its structure', () => {
    expect(message.type).toBe('MT548');
  });

  test('offsets lead to the bytes of a field', () => {
    const field = message.field('A1.20C::RELA');
    expect(Buffer.from(message.bytes).toString('latin1', field?.from, field?.to)).toBe(':20C::RELA//I1\n');
  });
});
