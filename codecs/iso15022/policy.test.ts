import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { latin1Bytes, latin1Text } from '../../src/core/bytes.ts';
import { harmless, type Issue } from '../../src/core/issue.ts';
import { cutsOf, samplesOf } from '../../test/codec-suite.ts';
import {
  iso15022,
  iso15022Codec,
  iso15022Policies,
  isSequence,
  type MtSequence,
  mtFramerOf,
} from './index.ts';

const sample = (name: string): string =>
  latin1Text(readFileSync(new URL(`samples/${name}`, import.meta.url)));
const failing = sample('failing.mt');
const strict = iso15022Codec({ policy: 'strict' });
const repair = iso15022Codec({ policy: 'repair' });

function told(issues: readonly Issue[]): readonly string[] {
  return issues.map(({ code, severity }) => `${severity} ${code}`);
}

/** Codes and contents, without offsets: what a tree says. */
function said(sequence: MtSequence): unknown {
  return sequence.items.map((item) =>
    isSequence(item) ? [item.code, said(item)] : `${item.tag}:${item.value}`,
  );
}

describe('strict', () => {
  test.each<[string, string, string, string]>([
    ['a character outside of the set', 'asked', '\u00a7asked', 'MT_CHARACTER'],
    ['a format', ':REDE//', ':REDES//', 'MT_FIELD_FORMAT'],
    ['a function', '23G:INST', '23G:NEWM', 'MT_FIELD_FORMAT'],
    ['a missing field', ':22F::SETR//TRAD\r\n', '', 'MT_FIELD_MISSING'],
    ['a field of no place', ':23G:INST', ':23G:INST\r\n:92A::RATE//1,', 'MT_FIELD_UNKNOWN'],
    ['a field that stands again', ':23G:INST', ':23G:INST\r\n:23G:INST', 'MT_FIELD_REPEATED'],
    ['an end that stands on no line of its own', '\r\n-}', '-}', 'MT_TEXT_END'],
    ['blocks in the wrong order', '{4:', '{2:I548DTCYUS33XXXXN}{4:', 'MT_ENVELOPE'],
  ])('%s is an error, and none by the lenient policy', (_, from, to, code) => {
    expect(failing).toContain(from);
    const bytes = latin1Bytes(failing.replace(from, to));
    expect(told(strict.decode({ bytes }).issues)).toContain(`error ${code}`);
    expect(told(iso15022.decode({ bytes }).issues)).not.toContain(`error ${code}`);
  });

  test('takes what is right, and types that it cannot judge', () => {
    expect(strict.decode({ bytes: latin1Bytes(failing) }).issues).toEqual([]);
    expect(harmless(strict.decode({ bytes: latin1Bytes(sample('unknown-type.mt')) }).issues)).toBe(true);
  });

  test('is another codec to a log: its fingerprint says so', () => {
    const prints = [iso15022, strict, repair].map(({ fingerprint }) => fingerprint);
    expect(new Set(prints).size).toBe(3);
    expect(prints[0]).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('repair', () => {
  const cases: readonly (readonly [string, (wire: string) => string])[] = [
    ['without -}', (wire) => wire.slice(0, wire.lastIndexOf('-}'))],
    ['in the middle of -}', (wire) => wire.slice(0, wire.lastIndexOf('-}') + 1)],
    ['in a tag', (wire) => wire.slice(0, wire.lastIndexOf(':16S:') + 3)],
    ['in a value', (wire) => wire.slice(0, wire.indexOf(':36B:') + 14)],
    ['in a line end', (wire) => wire.slice(0, wire.indexOf(':36B:') - 1)],
  ];

  test.each(cases)('a message cut %s is closed, said and marked', (_, cut) => {
    const wire = cut(failing);
    const bytes = latin1Bytes(wire);
    expect(harmless(iso15022.decode({ bytes }).issues)).toBe(false);
    const { message, issues } = repair.decode({ bytes });
    expect(told(issues)).toContain('warning MT_REPAIRED');
    expect(issues.filter(({ code }) => /UNCLOSED/.test(code))).toEqual([]);
    expect(message?.repair).toBeDefined();
    expect(JSON.stringify(message?.view())).toContain('"repaired"');
    expect(latin1Text(message?.bytes ?? new Uint8Array())).toBe(wire);
    expect(message?.field('A.20C::SEME')?.content).toBe('ST0002');
  });

  test('does not believe a line without its end', () => {
    const wire = failing.slice(0, failing.indexOf(':36B::SETT//UNIT/100') + 19);
    const { message } = repair.decode({ bytes: latin1Bytes(wire) });
    expect(message?.fields('B.36B')).toEqual([]);
    expect(message?.repair?.unread).toBe(19);
  });

  test('closes what is not closed inside of what is; what crosses stays an error', () => {
    const unclosed = latin1Bytes(sample('envelope-ficc-mt509-unclosed.mt'));
    expect(harmless(iso15022.decode({ bytes: unclosed }).issues)).toBe(false);
    const { message, issues } = repair.decode({ bytes: unclosed });
    expect(harmless(issues)).toBe(true);
    expect(message?.repair?.closed).toEqual(['REAS']);
    expect(message?.field('A2a.24B::REJT')?.content).toBe('E010');
    expect(harmless(repair.decode({ bytes: latin1Bytes(sample('crossed-sequences.mt')) }).issues)).toBe(
      false,
    );
  });

  test('leaves what is whole as it is', () => {
    const { message, issues } = repair.decode({ bytes: latin1Bytes(failing) });
    expect([message?.repair, issues]).toEqual([undefined, []]);
  });

  test('a stream gives what was cut as frames, and what is no message as garbage', () => {
    const cut = failing.slice(0, 300);
    const stream = latin1Bytes(`lost${cut}${failing}${cut}`);
    const cuts = cutsOf(mtFramerOf('repair'), [stream]);
    expect(cuts.map(({ kind, bytes }) => `${kind} ${bytes.length}`)).toEqual([
      'garbage 4',
      'frame 300',
      `frame ${failing.length}`,
      'frame 300',
    ]);
  });

  test('what it would write is whole, and says what was read', () => {
    const wires = samplesOf(iso15022).map(({ bytes }) => bytes);
    fc.assert(
      fc.property(fc.nat(wires.length - 1), fc.double({ min: 0, max: 1, noNaN: true }), (number, share) => {
        const wire = wires[number] ?? new Uint8Array();
        const { message } = repair.decode({ bytes: wire.subarray(0, Math.floor(wire.length * share)) });
        if (message?.repair === undefined) return;
        const again = repair.decode({ bytes: message.repair.bytes });
        expect(again.message?.repair).toBeUndefined();
        expect(again.issues.filter(({ code }) => /UNCLOSED|REPAIRED/.test(code))).toEqual([]);
        expect(again.message && withoutEnds(said(again.message.root))).toEqual(
          withoutEnds(said(message.root)),
        );
      }),
      { numRuns: 300 },
    );
  });
});

/** A tree without what closes it. */
function withoutEnds(tree: unknown): unknown {
  return JSON.parse(JSON.stringify(tree));
}

test('configurations name policies, and no files', () => {
  expect(iso15022Policies.names).toEqual(['strict', 'repair']);
  for (const name of iso15022Policies.names) {
    const { codec } = iso15022Policies.open(name);
    expect(codec?.id).toBe('iso15022');
    expect(codec?.fingerprint).toBe(
      iso15022Codec({ policy: name === 'strict' ? 'strict' : 'repair' }).fingerprint,
    );
  }
  expect(iso15022Policies.openText('', 'x.yaml').codec).toBeUndefined();
});
