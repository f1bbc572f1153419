import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { latin1Bytes, latin1Text } from '../../src/core/bytes.ts';
import { harmless } from '../../src/core/issue.ts';
import { formatOk } from './formats.ts';
import { iso15022 } from './index.ts';
import { structureFor } from './structure.ts';
import { dateOf, decimalOf, timeOf } from './values.ts';

const failing = latin1Text(readFileSync(new URL('samples/failing.mt', import.meta.url)));

function codesOf(wire: string): readonly string[] {
  return iso15022.decode({ bytes: latin1Bytes(wire) }).issues.map(({ code }) => code);
}

describe('the envelope', () => {
  test.each<[string, string | undefined, string | undefined, string]>([
    [
      '{1:F01HALYUS33AXXX1234567890}{2:O5480630261112DTCYUS33AXXX00000012342611120630N}',
      'DTCYUS33',
      'HALYUS33',
      'MT548',
    ],
    ['{1:F01HALYUS33AXXX1234567890}{2:I548DTCYUS33XNYCN}', 'HALYUS33', 'DTCYUS33NYC', 'MT548'],
    ['{1:F0100000901AXXX1234567890}{2:I548DTCYUS33XXXXN}', '00000901', 'DTCYUS33', 'MT548'],
    ['', undefined, undefined, 'MT548'],
  ])('%s: who, to whom, what', (head, sender, receiver, type) => {
    const wire = head + failing.slice(failing.indexOf('{4:'));
    const { message, issues } = iso15022.decode({ bytes: latin1Bytes(wire) });
    expect([message?.envelope.sender, message?.envelope.receiver, message?.type]).toEqual([
      sender,
      receiver,
      type,
    ]);
    expect(harmless(issues)).toBe(true);
    expect(message !== undefined && latin1Text(iso15022.encode(message))).toBe(wire);
  });

  test.each<[string, string, string]>([
    ['no text', failing.slice(0, failing.indexOf('{4:')), 'MT_TEXT_MISSING'],
    ['an empty text', `${failing.slice(0, failing.indexOf('{4:'))}{4:\r\n-}`, 'MT_TEXT_MISSING'],
    ['a text that does not end', failing.slice(0, -2), 'MT_TEXT_UNCLOSED'],
    ['bytes behind it', `${failing} and more`, 'MT_TRAILING_BYTES'],
    ['a second message behind it', failing + failing, 'MT_ENVELOPE'],
    ['a block that nobody can read', failing.replace('{1:F01', '{1:'), 'MT_ENVELOPE'],
    ['no block at all', 'hello', 'MT_GARBAGE'],
    ['blocks without end', '{1:}'.repeat(300_000), 'MT_MESSAGE_TOO_LONG'],
    ['nothing', '', 'MT_GARBAGE'],
    [
      'a line before the first field',
      failing.replace('{4:\r\n', '{4:\r\nHELLO\r\n'),
      'MT_LINE_OUTSIDE_FIELD',
    ],
    ['a character outside of set x', failing.replace('asked', '\u00a7asked'), 'MT_CHARACTER'],
    ['a qualifier of five', failing.replace(':REDE//', ':REDES//'), 'MT_FIELD_FORMAT'],
    ['a function that is none of the type', failing.replace('23G:INST', '23G:NEWM'), 'MT_FIELD_FORMAT'],
  ])('%s', (_, wire, code) => {
    expect(codesOf(wire)).toContain(code);
  });
});

describe('the structure of MT548', () => {
  test.each<[string, string | RegExp, string, string]>([
    ['a sequence is missing', /:16R:LINK[\s\S]*?:16S:LINK\r\n/, '', 'MT_SEQUENCE_MISSING'],
    ['a sequence stands twice', '-}', ':16R:SETTRAN\r\n:16S:SETTRAN\r\n-}', 'MT_SEQUENCE_REPEATED'],
    ['a sequence of no place', ':16R:LINK', ':16R:ODDS\r\n:16S:ODDS\r\n:16R:LINK', 'MT_SEQUENCE_UNKNOWN'],
    ['a sequence too late', '-}', ':16R:GENL\r\n:16S:GENL\r\n-}', 'MT_SEQUENCE_ORDER'],
    ['a field is missing', /:22F::SETR\/\/TRAD\r\n/, '', 'MT_FIELD_MISSING'],
    ['a field stands twice', ':23G:INST', ':23G:INST\r\n:23G:INST', 'MT_FIELD_REPEATED'],
    ['a field of no place', ':23G:INST', ':23G:INST\r\n:92A::RATE//1,', 'MT_FIELD_UNKNOWN'],
    ['a qualifier of no place', ':25D::SETT', ':25D::ODDS', 'MT_FIELD_UNKNOWN'],
  ])('%s', (_, from, to, code) => {
    expect(codesOf(failing)).toEqual([]);
    expect(codesOf(failing.replace(from, to))).toContain(code);
  });

  test.each([
    [':20C::RELA//INS20261110-7', ':20N::COMM//NONCE-1', 'MT_FIELD_MISSING'],
    [':97A::SAFE//A1234567', ':94T::SAFE//ABCDEF\r\n:97A::SAFE//A1234567', ''],
  ])('of the release of 2025: %s as %s', (from, to, without) => {
    expect(
      codesOf(failing.replace(from, to)).filter((code) => code === 'MT_FIELD_UNKNOWN' || code === without),
    ).toEqual([]);
  });

  test('has every sequence under its parent', () => {
    const ids: string[] = [];
    const walk = (facts: NonNullable<ReturnType<typeof structureFor>>['top']): void => {
      for (const { id, inner } of facts) {
        ids.push(id);
        walk(inner);
      }
    };
    walk(structureFor('548')?.top ?? []);
    expect(ids.join(' ')).toBe('A A1 A2 A2a B B1 C C1 C1a C1a1 C1a1A C1a1A1 C1a1B C1a1B1 C1a1B1a C1a1B1a1 D');
  });
});

describe('values', () => {
  test.each([
    ['100,', '100'],
    ['2510,50', '2510.5'],
    ['0,', '0'],
    ['007,', '7'],
    ['100', '100'],
    ['106,886,68', undefined],
    ['1.5', undefined],
    [',5', undefined],
    ['', undefined],
    ['-1,', undefined],
  ])('the decimal of "%s" is %s', (text, value) => {
    expect(decimalOf(text)).toBe(value);
  });

  test.each([
    ['20261112', '2026-11-12'],
    ['20240229', '2024-02-29'],
    ['20260229', undefined],
    ['20261301', undefined],
    ['2026', undefined],
    ['UKWN', undefined],
  ])('the date of "%s" is %s', (text, value) => {
    expect(dateOf(text)).toBe(value);
  });

  test.each([
    ['20261112063000', '2026-11-12T06:30:00'],
    ['20261112063000/00', '2026-11-12T06:30:00Z'],
    ['20261112063000,123/N05', '2026-11-12T06:30:00.123-05:00'],
    ['20261112063000/0530', '2026-11-12T06:30:00+05:30'],
    ['20261112', undefined],
    ['20261112063000/15', undefined],
    ['20261112063000/0060', undefined],
    ['20261112253000', undefined],
    ['20260229063000', undefined],
  ])('the time of "%s" is %s', (text, value) => {
    expect(timeOf(text)).toBe(value);
  });

  test.each<[string, string, boolean | undefined]>([
    ['20C', ':SEME//REF1', true],
    ['20C', ':SEME//REFERENCE-OF-17-CH', false],
    ['25D', ':SETT//PENF', true],
    ['25D', ':SETT/GSCC/PENF', true],
    ['25D', ':SETT/PENF', false],
    ['36B', ':SETT//UNIT/100,', true],
    ['36B', ':SETT//UNIT/100', false],
    ['36B', ':SETT//UNIT/1234567890123,45', false],
    ['19A', ':SETT//NUSD5,', true],
    ['19A', ':SETT//USD106,886,68', false],
    ['70D', ':REAS//ONE\r\nTWO', true],
    ['70D', ':REAS//1\n2\n3\n4\n5\n6\n7', false],
    ['35B', 'ISIN US9900001087', true],
    ['35B', 'ISIN US9900001087\r\n/US/990000108\r\nACME', true],
    ['35B', '/US/990000108', true],
    ['95P', ':PSET//DTCYUS33', true],
    ['95P', ':PSET//DTC', false],
    ['98E', ':PREP//20261112063000,123/N0500', true],
    ['98E', ':PREP//20261112063000/00', true],
    ['16R', 'GENL', true],
    ['99Z', 'whatever', undefined],
  ])('%s has the format of "%s": %s', (tag, value, ok) => {
    expect(formatOk(tag, value)).toBe(ok);
  });
});
