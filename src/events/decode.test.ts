import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import protobuf from 'protobufjs';
import { describe, expect, test } from 'vitest';
import { GatewayError } from '../core/errors.ts';
import { decodeEvent, encodeEvent, eventIssues, eventJson, eventOfJson, maskedEvent } from './index.ts';
import { sampleEvent } from './samples.ts';

const written = readFileSync(new URL('./catalogue.proto', import.meta.url), 'utf8');
const added = ' string newer_text = 60; Security newer_security = 61; optional uint64 newer_count = 62; ';
/** A catalogue of the future: new fields everywhere, and a type of event that nobody knows today. */
const newer = protobuf
  .parse(
    written
      .replaceAll(/^message (\w+) \{/gm, (line) => `${line}${added}`)
      .replace('oneof data {', 'oneof data { Party wash_sale_marked = 900; '),
  )
  .root.lookupType('clearport.v1.Event');

const news = { newerText: 'x', newerSecurity: { id: '037833100' }, newerCount: 7 };
const common = {
  id: 'a/b:1#c@0',
  channel: 'a',
  perspective: 'street',
  origin: 'b:1',
  slot: 'c',
  tenant: 't',
  receivedAt: '2026-11-10T14:30:00.000000Z',
};

describe('an event of a newer catalogue', () => {
  const bytes = newer
    .encode({
      ...common,
      ...news,
      security: { id: 'S', scheme: 'cusip', ...news },
      parties: [
        { id: 'P', role: 'r' },
        { id: 'Q', role: 'r', ...news },
      ],
      tradeExecuted: { price: '1.5', ...news, charges: [{ type: 'taf', amount: '1', ...news }] },
    })
    .finish();
  const event = decodeEvent(bytes);

  test('is read as far as it is known', () => {
    expect(event).toMatchObject({
      ...common,
      type: 'trade.executed',
      security: { id: 'S', scheme: 'cusip' },
      parties: [
        { id: 'P', role: 'r' },
        { id: 'Q', role: 'r' },
      ],
      data: { price: '1.5', charges: [{ type: 'taf', amount: '1' }] },
    });
  });

  test('shows what is not known, with its place', () => {
    const places = event.unknown?.map(({ at, number }) => `${at} ${number}`);
    const of = (at: string): string[] => [60, 61, 62].map((number) => `${at} ${number}`);
    expect(places?.sort()).toEqual(
      ['', 'data', 'data.charges.0', 'parties.1', 'security'].flatMap(of).sort(),
    );
    const text = event.unknown?.find(({ at, number }) => at === 'data' && number === 60);
    expect(Buffer.from(text?.raw ?? '', 'base64')).toEqual(Buffer.from([0xe2, 0x03, 1, 0x78]));
  });

  test('is written again with nothing lost: the newer version reads what it wrote', () => {
    const again = encodeEvent(event);
    const longs = { longs: Number };
    expect(newer.toObject(newer.decode(again), longs)).toStrictEqual(
      newer.toObject(newer.decode(bytes), longs),
    );
    expect(encodeEvent(decodeEvent(again))).toEqual(again);
  });

  test('keeps it in JSON, and shows only its length where it is masked', () => {
    expect(eventOfJson(JSON.parse(JSON.stringify(eventJson(event))))).toStrictEqual({
      ok: true,
      value: event,
    });
    for (const { raw } of maskedEvent(event).unknown ?? []) expect(raw).toMatch(/^\*\*\*\(\d+\)$/);
  });
});

test('an event of a type that only a newer catalogue has stands as unknown, and is written again as it came', () => {
  const bytes = newer.encode({ ...common, washSaleMarked: { id: 'P', role: 'r' } }).finish();
  const event = decodeEvent(bytes);
  expect(event).toMatchObject({ ...common, type: 'unknown', data: {}, unknown: [{ at: '', number: 900 }] });
  expect(Buffer.from(encodeEvent(event))).toEqual(Buffer.from(bytes));
  expect(eventOfJson(eventJson(event))).toStrictEqual({ ok: true, value: event });
});

test('a known number with another wire type, and a count that no number can hold, are kept as unknown', () => {
  const event = sampleEvent('snapshot.closed');
  const head = encodeEvent({ ...event, data: { kind: 'positions' } } as typeof event);
  const whole = (extra: readonly number[]): Uint8Array => {
    // The data comes last; it grows by the extra field.
    const data = [0x0a, 9, ...Buffer.from('positions'), ...extra];
    return Buffer.concat([
      head.subarray(0, head.length - 14),
      Buffer.from([0xea, 0x08, data.length, ...data]),
    ]);
  };
  expect(decodeEvent(whole([])).unknown).toBeUndefined();
  const texted = decodeEvent(whole([0x2a, 1, 0x35]));
  expect(texted.unknown).toEqual([{ at: 'data', number: 5, raw: 'KgE1' }]);
  const huge = [0x28, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f];
  expect(decodeEvent(whole(huge)).unknown).toEqual([
    { at: 'data', number: 5, raw: Buffer.from(huge).toString('base64') },
  ]);
});

describe('damage', () => {
  const bytes = Buffer.from(encodeEvent(sampleEvent('trade.executed')));

  test.each([
    ['nothing', Buffer.alloc(0), /perspective/],
    ['text', Buffer.from('8=FIX.4.4|9=5|'), /./],
    ['its first half', bytes.subarray(0, bytes.length >> 1), /./],
    ['all but its last byte', bytes.subarray(0, -1), /breaks off/],
    ['an attribute twice', Buffer.concat([bytes, Buffer.from([0x0a, 1, 0x78])]), /"id" stands there twice/],
    ['data twice', Buffer.concat([bytes, Buffer.from([0xea, 0x0a, 0])]), /data of two types/],
    ['no data', attributesOnly(), /no data/],
    ['text that is none', garbledText(), /no text/],
    ['a field with the number 0', Buffer.concat([bytes, Buffer.from([0x02, 0])]), /./],
    [
      'a part that runs over its end',
      Buffer.concat([attributesOnly(), Buffer.from([0xf2, 6, 3, 0x0a, 9, 1])]),
      /./,
    ],
  ])('%s is damage, and no crash', (_, damaged, why) => {
    const error = thrownBy(() => decodeEvent(damaged));
    expect(error).toBeInstanceOf(GatewayError);
    expect(error).toMatchObject({ code: 'EVENT_DAMAGED', retryable: false, exitCode: 3 });
    expect((error as GatewayError).message).toMatch(why);
    expect((error as GatewayError).remedy).toBe(eventIssues.EVENT_DAMAGED.remedy);
  });

  test('whatever the bytes: an event, or damage', () => {
    const flipped = fc
      .array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 })
      .map((changes) => {
        const copy = Buffer.from(bytes);
        for (const [at, value] of changes) copy[at] = value;
        return copy;
      });
    fc.assert(
      fc.property(fc.oneof(flipped, fc.uint8Array({ maxLength: 200 })), (any) => {
        const error = thrownBy(() => encodeEvent(decodeEvent(any)));
        if (error !== undefined) expect(error).toMatchObject({ code: 'EVENT_DAMAGED' });
      }),
      { numRuns: 1000 },
    );
  });

  test('text that holds the replacement character of its own right is text', () => {
    const event = { ...sampleEvent('day.closed'), businessKey: 'a\ufffdb' };
    expect(decodeEvent(encodeEvent(event))).toEqual(event);
  });

  /** The attributes of an event, and no data. */
  function attributesOnly(): Buffer {
    return Buffer.from(newer.encode(common).finish());
  }

  function garbledText(): Buffer {
    const at = bytes.indexOf('business_key');
    const copy = Buffer.from(bytes);
    copy[at] = 0xff;
    return copy;
  }
});

function thrownBy(run: () => unknown): unknown {
  try {
    run();
    return undefined;
  } catch (error) {
    return error;
  }
}
