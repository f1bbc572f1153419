import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Codec, Decoded } from '../src/contract/codec.ts';
import type { Cut, Frame, Framer } from '../src/contract/frame.ts';
import { harmless } from '../src/core/issue.ts';
import { limits } from '../src/core/limits.ts';
import { decodeEvent, encodeEvent, eventJson } from '../src/events/index.ts';
import { goldenText } from './golden-text.ts';
import { mutated, randomOf, splitAtRandom } from './mutation.ts';
import { sampleContext } from './sample-context.ts';

/** One sample of a codec: the bytes of one message, or of one file of records. */
export interface Sample {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly golden: URL;
}

/**
 * The samples of a codec, by name: the files of `codecs/<id>/samples`, of a family those of its folder of the codec's own
 * name. Golden files stand beside them and are none.
 */
export function samplesOf(codec: { readonly id: string }): readonly Sample[] {
  const [room, name] = codec.id.split(':');
  const folder = new URL(
    `../codecs/${room}/samples/${name === undefined ? '' : `${name}/`}`,
    import.meta.url,
  );
  return readdirSync(folder)
    .filter((file) => !file.endsWith('.golden'))
    .sort()
    .map((file) => ({
      name: file,
      bytes: readFileSync(new URL(file, folder)),
      golden: new URL(`${file.replace(/\.[^.]+$/, '')}.golden`, folder),
    }));
}

export interface CodecTraits {
  /** A message shows that any one byte of it was changed. */
  readonly guarded: boolean;
  /** A frame says itself where it ends, and is told with its last byte: what a session needs. */
  readonly prompt: boolean;
}

/** What holds for every codec, on its samples. */
export function describeCodec(codec: Codec, options: CodecTraits): void {
  const samples = samplesOf(codec);
  describe.each(samples)(`${codec.id}: $name`, (sample) => {
    test('is one frame, and comes back byte for byte', () => {
      const cuts = cutsOf(codec.framer, [sample.bytes]);
      expect(cuts.map(shown)).toEqual([shown({ kind: 'frame', bytes: sample.bytes })]);
      expect(Buffer.from(roundTrip(codec, { bytes: sample.bytes })).equals(sample.bytes)).toBe(true);
    });

    test('means what its golden file says', () => {
      const text = goldenOf(codec, sample.bytes);
      if (process.env['GOLDEN'] === 'write') writeFileSync(sample.golden, text);
      expect(existsSync(sample.golden), 'npm run golden writes it').toBe(true);
      expect(text).toBe(readFileSync(sample.golden, 'utf8'));
    });

    test('makes events that can be stored, each under an id of its own, the same ones each time', () => {
      checkEvents(codec, { bytes: sample.bytes });
    });

    if (options.prompt) {
      test('is told with its last byte', () => {
        const state = codec.framer.open(limits);
        const told = [...sample.bytes].map((byte) =>
          state.feed(Buffer.of(byte), false).map(({ kind }) => kind),
        );
        expect(told.at(-1)).toEqual(['frame']);
        expect(told.slice(0, -1).every((kinds) => kinds.join() === 'partial')).toBe(true);
      });
    }

    if (options.guarded) {
      test('shows that any one byte of it was changed', () => {
        fc.assert(
          fc.property(fc.nat(sample.bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
            const bytes = Buffer.from(sample.bytes);
            bytes[at] = ((bytes[at] ?? 0) + by) & 0xff;
            expect(harmless(codec.decode({ bytes }).issues)).toBe(false);
          }),
          { numRuns: 60 },
        );
      });
    }
  });
  describeFramer(codec, samples);
  describeLaws(codec, samples);
}

function describeFramer(codec: Codec, samples: readonly Sample[]): void {
  const noise = Buffer.from('\r\nnoise 8=FI 8=FIX|\n');
  const stream = Buffer.concat(
    samples.flatMap(({ bytes }, number) => (number % 5 === 3 ? [noise, bytes] : [bytes])),
  );
  const whole = cutsOf(codec.framer, [stream]).map(shown);

  describe(`${codec.id}: framer`, () => {
    test('tells every byte once, in order', () => {
      expect(Buffer.concat(cutsOf(codec.framer, [stream]).map(bytesOf)).equals(stream)).toBe(true);
      expect(whole.length).toBeGreaterThanOrEqual(samples.length);
    });

    test('cuts the same byte by byte', () => {
      expect(
        cutsOf(
          codec.framer,
          [...stream].map((byte) => Buffer.of(byte)),
        ).map(shown),
      ).toEqual(whole);
    });

    test('cuts the same in any split', () => {
      fc.assert(
        fc.property(fc.array(fc.nat(stream.length), { maxLength: 60 }), (places) => {
          const ends = [...places, stream.length].sort((left, right) => left - right);
          const chunks = ends.map((end, number) => stream.subarray(ends[number - 1] ?? 0, end));
          expect(cutsOf(codec.framer, chunks).map(shown)).toEqual(whole);
        }),
        { numRuns: 100 },
      );
    });

    test('says how many bytes wait', () => {
      const state = codec.framer.open(limits);
      const first = samples[0]?.bytes ?? new Uint8Array();
      expect(state.feed(first.subarray(0, 5), false)).toEqual([{ kind: 'partial', length: 5 }]);
      expect(
        state
          .feed(new Uint8Array(), true)
          .map(bytesOf)
          .map((bytes) => bytes.length),
      ).toEqual([5]);
    });
  });
}

function describeLaws(codec: Codec, samples: readonly Sample[]): void {
  describe(`${codec.id}: laws`, () => {
    test('changed bytes never throw, come back as they are, and cut the same in any split', () => {
      fc.assert(
        fc.property(fc.integer(), (seed) => {
          const random = randomOf(seed);
          const bytes = mutated(
            samples.map((sample) => sample.bytes),
            random,
          );
          checkEvents(codec, { bytes });
          expect(Buffer.from(roundTrip(codec, { bytes })).equals(bytes)).toBe(true);
          const whole = cutsOf(codec.framer, [bytes]).map(shown);
          expect(cutsOf(codec.framer, splitAtRandom(bytes, random)).map(shown)).toEqual(whole);
        }),
        { numRuns: 400 },
      );
    });
  });
}

/** All cuts of a stream in these chunks, to its end. `partial` comes last or not at all, and after the end never. */
export function cutsOf(
  framer: Framer,
  chunks: readonly Uint8Array[],
): readonly Exclude<Cut, { kind: 'partial' }>[] {
  const state = framer.open(limits);
  const found: Exclude<Cut, { kind: 'partial' }>[] = [];
  const take = (cuts: readonly Cut[], last: boolean): void => {
    for (const [number, cut] of cuts.entries()) {
      if (cut.kind !== 'partial') found.push(cut);
      else expect(!last && number === cuts.length - 1, 'partial comes last').toBe(true);
    }
  };
  for (const chunk of chunks) take(state.feed(chunk, false), false);
  take(state.feed(new Uint8Array(), true), true);
  return found;
}

function bytesOf(cut: Cut): Uint8Array {
  return cut.kind === 'partial' ? new Uint8Array() : cut.bytes;
}

function shown(cut: Exclude<Cut, { kind: 'partial' }>): string {
  const bytes = Buffer.from(cut.bytes).toString('latin1');
  if (cut.kind === 'garbage') return `${cut.why.code} ${bytes}`;
  return `frame ${cut.context === undefined ? '' : JSON.stringify(cut.context)} ${bytes}`;
}

function roundTrip(codec: Codec, frame: Frame): Uint8Array {
  const { message } = codec.decode(frame);
  return message === undefined ? frame.bytes : codec.encode(message);
}

function goldenOf(codec: Codec, bytes: Uint8Array): string {
  const { message, issues }: Decoded = codec.decode({ bytes });
  const events = message !== undefined && harmless(issues) ? codec.normalize(message, sampleContext) : [];
  return goldenText({
    ok: harmless(issues),
    standard: message?.standard,
    type: message?.type,
    name: message?.name,
    issues: issues.map((issue) => ({ ...issue, at: { ...issue.at } })),
    events: events.map(eventJson),
    message: message?.view(),
  });
}

/**
 * Decoding, showing, normalizing and digesting do not throw, and give the same twice; events survive their storing; and a
 * codec that transcodes writes what normalize and encode would, whatever is wrong with the message.
 */
export function checkEvents(codec: Codec, frame: Frame): void {
  const { message } = codec.decode(frame);
  if (message === undefined) return;
  expect(JSON.stringify(message.view())).toBeTypeOf('string');
  expect(codec.digest(message)).toMatch(/^[0-9a-f]{64}$/);
  const events = codec.normalize(message, sampleContext);
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
  expect(codec.normalize(message, sampleContext)).toEqual(events);
  const stored = events.map(encodeEvent);
  for (const [at, event] of events.entries())
    expect(decodeEvent(stored[at] ?? new Uint8Array())).toEqual(event);
  if (codec.transcode === undefined) return;
  expect(codec.transcode(message, sampleContext).map(hexOf)).toEqual(stored.map(hexOf));
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}
