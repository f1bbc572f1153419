import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { latin1Bytes, latin1Text } from '../../src/core/bytes.ts';
import { harmless } from '../../src/core/issue.ts';
import { cutsOf, samplesOf } from '../../test/codec-suite.ts';
import { mutated, randomOf } from '../../test/mutation.ts';
import { sampleContext } from '../../test/sample-context.ts';
import { iso15022, iso15022Codec, type MtMessage, mtFramer, mtFramerOf } from './index.ts';

const sample = (name: string): string =>
  latin1Text(readFileSync(new URL(`samples/${name}`, import.meta.url)));
const fixed = sample('envelope-ficc-mt515.mt');
const failing = sample('failing.mt');
const text = failing.slice(failing.indexOf('{4:'));

function decoded(wire: string): { message: MtMessage; codes: readonly string[] } {
  const { message, issues } = iso15022.decode({ bytes: latin1Bytes(wire) });
  if (message === undefined) throw new Error(issues[0]?.message);
  return { message, codes: issues.map(({ code }) => code) };
}

/** `frame …` or the code of the garbage, with its text. */
function cuts(stream: string, policy: 'lenient' | 'repair' = 'lenient'): readonly string[] {
  const told = cutsOf(mtFramerOf(policy), [latin1Bytes(stream)]);
  const bytewise = [...latin1Bytes(stream)].map((byte) => Uint8Array.of(byte));
  expect(cutsOf(mtFramerOf(policy), bytewise)).toEqual(told);
  return told.map((cut) => {
    const bytes = latin1Text(cut.bytes);
    return cut.kind === 'frame' ? `frame ${bytes}` : `${cut.why.code} ${bytes}`;
  });
}

describe('the fixed header', () => {
  test('says who, to whom and what; its password is nowhere but in the bytes', () => {
    const { message, codes } = decoded(fixed);
    expect([message.type, message.envelope.sender, message.envelope.receiver]).toEqual([
      'MT515',
      'PART111B',
      'GSCCTRRS',
    ]);
    expect(message.field('GENL.20C::SEME')?.content).toBe('GOVRV2069504');
    expect(codes).toEqual([]);
    expect(latin1Text(iso15022.encode(message))).toBe(fixed);
    expect(JSON.stringify(message.view())).toContain('***(12)');
    expect(JSON.stringify([message.view(), message.envelope])).not.toContain('DUMMYSECRET1');
    expect(iso15022.recognizes?.(latin1Bytes(fixed))).toBe(true);
  });

  test('takes LF, a blank password, and `-}` at its end', () => {
    for (const wire of [
      fixed.replaceAll('\r\n', '\n'),
      fixed.replace('DUMMYSECRET1', ' '.repeat(12)),
      fixed.replace(/-\r\n$/, '-}'),
    ]) {
      expect(decoded(wire).codes).toEqual([]);
      expect(cuts(wire)).toEqual([`frame ${wire}`]);
      expect(cuts(wire + wire)).toEqual([`frame ${wire}`, `frame ${wire}`]);
    }
  });

  test('has a smaller character set', () => {
    const { codes } = decoded(fixed.replace('//TRADER1', '//TRADER(1)'));
    expect(codes).toEqual(['MT_CHARACTER']);
    expect(decoded(failing.replace('//100 ', '//(100) ')).codes).toEqual([]);
  });

  test.each<[string, string, readonly string[]]>([
    ['glued', fixed + fixed, [`frame ${fixed}`, `frame ${fixed}`]],
    [
      'behind and before blocks',
      `${failing}${fixed}${failing}`,
      [`frame ${failing}`, `frame ${fixed}`, `frame ${failing}`],
    ],
    ['behind garbage', `lost/and/found\n${fixed}`, ['MT_GARBAGE lost/and/found\n', `frame ${fixed}`]],
    [
      'with SOH and ETX',
      `\u0001${fixed}\u0003\u0001${fixed}\u0003`,
      [`frame \u0001${fixed}\u0003`, `frame \u0001${fixed}\u0003`],
    ],
    ['cut by the end', fixed.slice(0, -3), [`MT_TRUNCATED ${fixed.slice(0, -3)}`]],
    [
      'cut by the next one',
      `${fixed.slice(0, 200)}\r\n${fixed}`,
      [`MT_TRUNCATED ${fixed.slice(0, 200)}\r\n`, `frame ${fixed}`],
    ],
    [
      'a dash in front of narrative ends nothing',
      fixed.replace('//TRADER1', '//A\r\n- B'),
      [`frame ${fixed.replace('//TRADER1', '//A\r\n- B')}`],
    ],
    ['a header alone', fixed.slice(0, 40), [`MT_GARBAGE ${fixed.slice(0, 40)}`]],
  ])('%s', (_, stream, told) => {
    expect(cuts(stream)).toEqual(told);
  });

  test('garbage of any length before it is told in pieces, and it counts', () => {
    const stream = latin1Bytes('a/'.repeat(100_000) + fixed);
    expect(cutsOf(mtFramer, [stream]).at(-1)).toMatchObject({
      kind: 'frame',
      bytes: { length: fixed.length },
    });
  });
});

describe('an answer of the network', () => {
  const ack = '{1:F21HALYUS33AXXX1234567890}{4:{177:2611120630}{451:0}{108:MUR1}}';
  const nak = ack.replace('{451:0}', '{451:1}{405:T26}');
  const sent = `{1:F01HALYUS33AXXX1234567890}{2:I543DTCYUS33XXXXN}${text}`;

  test('and the message that it answers, right behind it, are one; nothing else is', () => {
    expect(cuts(`${ack}${sent}`)).toEqual([`frame ${ack}${sent}`]);
    expect(cuts(`${ack}${sent}${ack}${sent}`)).toEqual([`frame ${ack}${sent}`, `frame ${ack}${sent}`]);
    expect(cuts(`${ack}\r\n${sent}`)).toEqual([`frame ${ack}\r\n`, `frame ${sent}`]);
    expect(cuts(`${ack}${failing}`)).toEqual([`frame ${ack}`, `frame ${failing}`]);
    expect(cuts(`${sent}${ack}`)).toEqual([`frame ${sent}`, `frame ${ack}`]);
  });

  test('counts also where the message behind it is cut', () => {
    expect(cuts(`${ack}${sent.slice(0, 90)}`)).toEqual([`frame ${ack}`, `MT_TRUNCATED ${sent.slice(0, 90)}`]);
  });

  test('makes no events of what was sent; a refusal names it', () => {
    expect(iso15022.normalize(decoded(ack + sent).message, sampleContext)).toEqual([]);
    const { message } = decoded(nak + sent);
    expect(message.envelope.answer).toMatchObject({
      accepted: false,
      reason: 'T26',
      original: { type: '543' },
    });
    const [event] = iso15022.normalize(message, { ...sampleContext, direction: 'in' });
    expect(event).toMatchObject({ type: 'message.rejected', data: { code: 'T26', referenceType: 'MT543' } });
    expect(latin1Text(iso15022.encode(message))).toBe(nak + sent);
  });
});

describe('what users of other parsers met', () => {
  test.each<[string, string, readonly string[]]>([
    ['fields without any envelope', ':940:\r\n:20:STARTUMS\r\n:25:1\r\n', ['MT_GARBAGE']],
    [
      'a statement without block 4',
      '{1:F01HALYUS33AXXX1234567890}{2:I942DTCYUS33XXXXN}',
      ['MT_TEXT_MISSING'],
    ],
    ['empty blocks', '{1:}{2:}{3:}{4:}{5:}', ['MT_TEXT_MISSING']],
    ['a brace that opens nothing', '{', ['MT_GARBAGE']],
    ['nothing but blocks that are no blocks', '{}{}{}', ['MT_GARBAGE']],
    ['a text of blanks', '{4:\r\n  \r\n-}', ['MT_TEXT_MISSING']],
  ])('%s is no silence', (_, wire, codes) => {
    const { issues } = iso15022.decode({ bytes: latin1Bytes(wire) });
    expect(issues.map(({ code }) => code)).toEqual(expect.arrayContaining([...codes]));
    expect(harmless(issues)).toBe(false);
  });

  test('tags of three digits are tags', () => {
    const { message } = decoded(
      '{1:F01HALYUS33AXXX1234567890}{2:I094HALYUS33XXXXN}{4:\n:130:A\n:135:B\nC\n-}',
    );
    expect([message.field('130')?.value, message.field('135')?.value]).toEqual(['A', 'B\nC']);
  });

  test.each(['}', '-}', '\r\n}'])('an end of %j is no part of the last field', (end) => {
    const wire = `{1:F01HALYUS33AXXX1234567890}{2:I950HALYUS33XXXXN}{4:\r\n:20:A\r\n:64:C261110USD1,${end}{5:{CHK:0123456789AB}}`;
    const { message, codes } = decoded(wire);
    expect(message.field('64')?.value).toBe('C261110USD1,');
    expect(codes).toContain('MT_TEXT_END');
    expect(message.envelope.blocks.map(({ id }) => id)).toEqual(['1', '2', '4', '5']);
    expect(cuts(wire)).toEqual([`frame ${wire}`]);
  });

  test('block 5 of a message stays with it where the next one is glued to it', () => {
    const one = `${failing}{5:{CHK:0123456789AB}}`;
    expect(cuts(one + one)).toEqual([`frame ${one}`, `frame ${one}`]);
    expect(decoded(one).message.envelope.blocks.at(-1)).toMatchObject({
      id: '5',
      content: '{CHK:0123456789AB}',
    });
  });

  test('several related references are all there', () => {
    const links = [1, 2, 3].map((at) => `:16R:LINK\n:20C::RELA//R${at}\n:16S:LINK\n`).join('');
    const { message } = decoded(`{4:\n:16R:GENL\n:20C::RELA//R0\n${links}:16S:GENL\n-}`);
    expect(message.fields('GENL/LINK.20C::RELA').map(({ content }) => content)).toEqual(['R1', 'R2', 'R3']);
    expect(message.fields('GENL.20C::RELA').map(({ content }) => content)).toEqual(['R0']);
  });

  test.each<[string, string, string, string, string | undefined]>([
    [':25D::SETT/PEND', '25D::SETT', '', 'PEND', 'MT_FIELD_FORMAT'],
    [':28E::REAS/PAGE/00001/ONLY', '28E', 'PAGE', '00001/ONLY', undefined],
    [':13B::LINK/DAKV/TESTBANKXXX', '13B::LINK/DAKV', 'DAKV', 'TESTBANKXXX', ''],
    [':70E::DECL///ISST N/ISTR TRAD', '70E::DECL', '', '/ISST N/ISTR TRAD', ''],
    [`:70E::DECL//'QUOTED\n'AND AGAIN`, '70E::DECL', '', "'QUOTED\n'AND AGAIN", ''],
    [
      `:70E::DECL//${'LONG LINE '.repeat(6)}END`,
      '70E::DECL',
      '',
      `${'LONG LINE '.repeat(6)}END`,
      'MT_FIELD_FORMAT',
    ],
    [':19A::SETT//USD106,886,68', '19A::SETT', '', 'USD106,886,68', 'MT_FIELD_FORMAT'],
    [':90A::DEAL//PRCT/0', '90A::DEAL', '', 'PRCT/0', 'MT_FIELD_FORMAT'],
    [':20C::MAST// GOVRV2069504', '20C::MAST', '', ' GOVRV2069504', 'MT_REFERENCE_BLANK'],
    [':35B:/US/912810SC3', '35B', '', '/US/912810SC3', ''],
    [':24B::REJT/GSCC/E010', '24B::REJT/GSCC', 'GSCC', 'E010', ''],
  ])('%s is read, and told where it is wrong', (line, path, issuer, content, code) => {
    const { message, codes } = decoded(`{4:\n:16R:GENL\n${line}\n:16S:GENL\n-}`);
    const field = message.field(`GENL.${path}`);
    expect(field?.content).toBe(content);
    expect(field?.issuer).toBe(issuer);
    if (code === undefined) return;
    const told = codes.filter((one) => /FORMAT|BLANK|CHARACTER/.test(one));
    expect(told).toEqual(code === '' ? [] : [code]);
  });
});

test('changed bytes are never silence: what gives no field gives an error, whatever the policy', () => {
  const wires = samplesOf(iso15022).map(({ bytes }) => bytes);
  const codecs = (['strict', 'lenient', 'repair'] as const).map((policy) => iso15022Codec({ policy }));
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const bytes = mutated(wires, randomOf(seed));
      for (const codec of codecs) {
        const { message, issues } = codec.decode({ bytes });
        const empty = message === undefined || (message.root.items.length === 0 && !message.envelope.service);
        if (empty) expect(harmless(issues)).toBe(false);
      }
    }),
    { numRuns: 1000 },
  );
});

describe('any envelope around any text', () => {
  const lineEnd = fc.constantFrom('\r\n', '\n');
  const word = fc.stringMatching(/^[A-Z0-9 /,.:{-]{0,20}$/);
  const line = fc.oneof(
    fc
      .tuple(fc.constantFrom('20C', '25D', '70E', '35B', '135', '16R', '16S'), word)
      .map((two) => `:${two.join(':')}`),
    word,
  );
  const body = fc.tuple(lineEnd, fc.array(line, { maxLength: 8 }));
  const front = fc.constantFrom('', '\u0001', '\r\n', ' \u0001');
  const behind = fc.constantFrom('', '\u0003', '\r\n', '$', '\u0000\u0000');
  const block = fc.constantFrom('', '{3:{108:MUR}}', '{3:}');
  const trailer = fc.constantFrom('', '{5:{CHK:0123456789AB}}', '{5:}{S:{SPD:}}');
  const envelope = fc.oneof(
    fc.tuple(block, trailer).map(
      ([three, end]) =>
        (inner: string, ends: string) =>
          `{1:F01HALYUS33AXXX1234567890}{2:I548DTCYUS33XXXXN}${three}{4:${ends}${inner}-}${end}`,
    ),
    fc.constant((inner: string, ends: string) => `{4:${ends}${inner}-}`),
    fc.constant(
      (inner: string, ends: string) => `DUMMYSECRET1PART111B515/000/GSCCGSCCTRRS${ends}:20:A${ends}${inner}-`,
    ),
    fc.constant(
      (inner: string, ends: string) =>
        `{1:F21HALYUS33AXXX1234567890}{4:{451:0}}{1:F01HALYUS33AXXX1234567890}{2:I543DTCYUS33XXXXN}{4:${ends}${inner}-}`,
    ),
  );

  test('comes back byte for byte, by every policy, and its fields lie where they say', () => {
    fc.assert(
      fc.property(envelope, body, front, behind, (around, [ends, lines], before, after) => {
        const wire = before + around(lines.map((one) => one + ends).join(''), ends) + after;
        for (const policy of ['strict', 'lenient', 'repair'] as const) {
          const codec = iso15022Codec({ policy });
          const { message } = codec.decode({ bytes: latin1Bytes(wire) });
          expect(message).toBeDefined();
          if (message === undefined) return;
          expect(latin1Text(codec.encode(message))).toBe(wire);
          for (const { tag, value, from } of message.root.items.filter((item) => 'tag' in item))
            expect(wire.startsWith(`:${tag}:${value}`, from)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});
