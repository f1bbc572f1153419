import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Frame } from '../../src/contract/frame.ts';
import { utf8Bytes } from '../../src/core/bytes.ts';
import { limits } from '../../src/core/limits.ts';
import { eventJson } from '../../src/events/index.ts';
import { cutsOf, samplesOf } from '../../test/codec-suite.ts';
import { randomOf, splitAtRandom } from '../../test/mutation.ts';
import { type StatementOptions, statementBytes } from '../../test/mx-statements.ts';
import { sampleContext } from '../../test/sample-context.ts';
import { iso20022, mxFramer } from './index.ts';

/** The framer, as if documents above `whole` bytes were large. */
function framerFrom(whole: number, rest: Partial<typeof limits> = {}) {
  return { open: () => mxFramer.open({ ...limits, mxWholeBytesMax: whole, ...rest }) };
}

function framesOf(bytes: Uint8Array, whole: number): readonly Frame[] {
  return cutsOf(framerFrom(whole), [bytes]).flatMap((cut) => (cut.kind === 'frame' ? [cut] : []));
}

function eventsOf(frame: Frame): readonly unknown[] {
  const { message } = iso20022.decode(frame);
  return message === undefined ? ['none'] : iso20022.normalize(message, sampleContext).map(eventJson);
}

const kinds: readonly StatementOptions[] = [
  { message: 'semt.002', items: 12, seed: 1 },
  { message: 'semt.002', items: 12, seed: 2, perGroup: 5, pretty: true },
  { message: 'camt.053', items: 12, seed: 3, pretty: true },
  { message: 'camt.053', items: 12, seed: 4, perGroup: 4 },
];

describe.each(kinds)('$message, $perGroup in a group, told in parts', (options) => {
  const bytes = statementBytes(options);
  const frames = framesOf(bytes, 0);

  test('is as valid as the whole, and every byte of it is told', () => {
    expect(iso20022.decode({ bytes }).issues).toEqual([]);
    expect(frames.flatMap((frame) => iso20022.decode(frame).issues)).toEqual([]);
    expect(Buffer.concat(frames.map((frame) => frame.bytes)).equals(bytes)).toBe(true);
    const items = frames.filter(({ context }) => context?.['part'] === 'item');
    expect(items.map(({ context }) => context?.['item'])).toEqual(
      Array.from({ length: options.items }, (_, at) => String(at + 1)),
    );
  });

  test('means what the whole means', () => {
    const whole = eventsOf({ bytes });
    expect(whole.length).toBeGreaterThan(options.items);
    expect(frames.flatMap(eventsOf)).toEqual(whole);
  });

  test('law: is told the same in any split of the bytes', () => {
    const told = cutsOf(framerFrom(700), [bytes]);
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        expect(cutsOf(framerFrom(700), splitAtRandom(bytes, randomOf(seed)))).toEqual(told);
      }),
      { numRuns: 30 },
    );
    expect(
      cutsOf(
        framerFrom(700),
        [...bytes].map((byte) => Uint8Array.of(byte)),
      ),
    ).toEqual(told);
  });
});

/** Samples that an item alone can be taken from; those in which something cannot be read say nothing as a whole. */
const statements = samplesOf(iso20022).filter(({ bytes }) => {
  const { message, issues } = iso20022.decode({ bytes });
  return message !== undefined && issues.every(({ severity }) => severity !== 'error');
});

test.each(statements)('law: $name means the same in parts and as a whole', ({ bytes }) => {
  expect(framesOf(bytes, 0).flatMap(eventsOf)).toEqual(eventsOf({ bytes }));
});

test('a document under the limit is one frame, and one above it is not', () => {
  const bytes = statementBytes({ message: 'semt.002', items: 5, seed: 1 });
  const document = bytes.subarray(0, bytes.length - 1);
  expect(framesOf(document, document.length)).toEqual([{ kind: 'frame', bytes: document }]);
  expect(framesOf(document, document.length - 1).length).toBe(7);
});

test('what stands around the items is bounded', () => {
  const bytes = statementBytes({ message: 'semt.002', items: 5, seed: 1 });
  const cuts = cutsOf(framerFrom(0, { mxContextCharsMax: 500 }), [bytes]);
  expect(cuts[0]).toMatchObject({ kind: 'garbage', why: { code: 'MX_LIMIT' } });
});

test('a statement that is cut tells what was whole, and that it is cut', () => {
  const bytes = statementBytes({ message: 'camt.053', items: 5, seed: 1 });
  const cuts = cutsOf(framerFrom(0), [bytes.subarray(0, bytes.length - 200)]);
  expect(cuts.map((cut) => (cut.kind === 'garbage' ? cut.why.code : cut.context?.['part']))).toEqual([
    'head',
    ...Array.from({ length: 4 }, () => 'item'),
    'MX_TRUNCATED',
  ]);
});

test('an item is judged by its own type', () => {
  const bytes = utf8Bytes(
    statementBytes({ message: 'semt.002', items: 3, seed: 1 })
      .toString()
      .replace('<ShrtLngInd>LONG', '<ShrtLngInd>WIDE')
      .replace('</FinInstrmId>', '<Extra/></FinInstrmId>'),
  );
  const [, first] = framesOf(bytes, 0);
  expect(first && iso20022.decode(first).issues.map(({ code, at }) => `${code} ${at?.field}`)).toEqual([
    'MX_ELEMENT_UNKNOWN BalForAcct/FinInstrmId/Extra',
    'MX_VALUE BalForAcct/AggtBal/ShrtLngInd',
  ]);
});

describe('AppHdr and Document as siblings', () => {
  const text = statementBytes({ message: 'semt.002', items: 3, seed: 1, pretty: true })
    .toString()
    .replace('<BizMsgEnvlp>', '')
    .replace('</BizMsgEnvlp>', '')
    .replace('</AppHdr>', '</AppHdr>\n<!-- c -->\n');
  const bytes = utf8Bytes(text);

  test('are one message', () => {
    expect(cutsOf(mxFramer, [bytes, bytes])).toMatchObject([
      { bytes: Buffer.from(bytes) },
      { kind: 'frame' },
    ]);
    const { message, issues } = iso20022.decode({ bytes });
    expect(issues).toEqual([]);
    expect(message?.header?.local).toBe('AppHdr');
    expect(message?.type).toBe('semt.002.001.12');
  });

  test('mean the same in parts', () => {
    const frames = framesOf(bytes, 0);
    expect(frames.length).toBe(5);
    expect(frames.flatMap((frame) => iso20022.decode(frame).issues)).toEqual([]);
    expect(frames.flatMap(eventsOf)).toEqual(eventsOf({ bytes }));
  });

  test.each([
    ['another element', '<AppHdr/><a/>'],
    ['two Documents', '<AppHdr/><Document/><Document/>'],
    ['text between', '<AppHdr/>x<Document/>'],
    ['a header behind', '<Document/><AppHdr/>'],
  ])('not with %s', (_, stream) => {
    expect(iso20022.decode({ bytes: utf8Bytes(stream) }).message).toBeUndefined();
  });
});
