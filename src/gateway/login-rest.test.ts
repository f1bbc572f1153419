import { describe, expect, test } from 'vitest';
import type { FileSource, MessageSource } from '../contract/source.ts';
import { manualClock } from '../core/clock.ts';
import { GatewayError } from '../core/errors.ts';
import { limits } from '../core/limits.ts';
import { memoryLog } from '../log/index.ts';
import { LoginRest } from './login-rest.ts';
import { MessageChannel } from './message-channel.ts';
import { openMeter } from './meter.ts';
import { steadySource } from './steady-source.ts';
import { makingFor } from './testing/entries.ts';
import { listening, start } from './testing/fixture.ts';
import { waitUntil } from './testing/waiting.ts';

const minutes = 60_000_000;
const refusal = () => new GatewayError('SFTP_AUTHENTICATION', 'the server does not let acme in');

/** Calls it every minute for so long; gives how often the other side was asked. */
async function everyMinute(
  clock: ReturnType<typeof manualClock>,
  times: number,
  call: () => Promise<unknown>,
): Promise<readonly unknown[]> {
  const causes: unknown[] = [];
  for (let minute = 0; minute < times; minute++) {
    causes.push(await call().catch((cause: unknown) => cause));
    clock.advance(minutes);
  }
  return causes;
}

describe('a login that is refused', () => {
  test('rests for a quarter of an hour, and twice as long each time, up to four hours', () => {
    const clock = manualClock(start);
    const login = new LoginRest(clock);
    const rests: number[] = [];
    for (let refused = 0; refused < 7; refused++) {
      login.told(refusal());
      let minute = 0;
      for (; ; minute++) {
        try {
          login.check();
          break;
        } catch {
          clock.advance(minutes);
        }
      }
      rests.push(minute);
    }
    expect(rests).toEqual([15, 30, 60, 120, 240, 240, 240]);
    login.letIn();
    login.check();
    login.told(refusal());
    clock.advance(15 * minutes);
    login.check();
  });

  test('is one refusal, however many waited for it; any other failure is none', () => {
    const clock = manualClock(start);
    const login = new LoginRest(clock);
    const one = refusal();
    expect(login.told(one)).toBe(login.told(one));
    clock.advance(15 * minutes);
    login.check();
    const other = new GatewayError('SFTP_CONNECTION', 'gone', { retryable: true });
    expect(login.told(other)).toBe(other);
    login.check();
  });

  test('at a place for files: a day of polls asks ten times, and says when it asks again', async () => {
    const clock = manualClock(start);
    let asked = 0;
    const list = async () => {
      asked++;
      throw refusal();
    };
    const source = await steadySource(async () => ({ list }) as unknown as FileSource, clock);
    const [first, second] = await everyMinute(clock, 24 * 60, () => source.list());
    expect(asked).toBe(10);
    expect(first).toMatchObject({ code: 'SFTP_AUTHENTICATION', retryable: false });
    expect(String(first)).toMatch(/not tried again before \d{4}-\d\d-\d\dT\d\d:\d\d/);
    expect(second).toBe(first);
  });

  test('at a place for files: is over once it is let in', async () => {
    const clock = manualClock(start);
    let refused = true;
    const list = async () => {
      if (refused) throw refusal();
      return [];
    };
    const source = await steadySource(async () => ({ list }) as unknown as FileSource, clock);
    await expect(source.list()).rejects.toThrow('does not let acme in');
    refused = false;
    await expect(source.list()).rejects.toThrow('does not let acme in');
    clock.advance(15 * minutes);
    expect(await source.list()).toEqual([]);
  });

  test.each([
    'in',
    'out',
  ] as const)('at a queue, direction %s: asked once, read or sent to', async (direction) => {
    let asked = 0;
    const refuse = async (): Promise<never> => {
      asked++;
      throw new GatewayError('QUEUE_AUTHENTICATION', 'the broker does not let us in');
    };
    const deliveries = () => ({ [Symbol.asyncIterator]: () => ({ next: refuse }) });
    const open = async () => ({ deliveries, produce: refuse, close: async () => undefined }) as MessageSource;
    const plain = makingFor('status');
    const making = { ...plain, channel: { ...plain.channel, direction } };
    const clock = manualClock(start);
    const { logger } = listening();
    const settings = { poison: 'reject' as const };
    const meter = openMeter();
    const channel = new MessageChannel({
      log: memoryLog(),
      making,
      meter,
      clock,
      limits,
      logger,
      settings,
      open,
    });
    await channel.start();
    try {
      if (direction === 'in') await waitUntil(() => meter.trouble?.code === 'QUEUE_AUTHENTICATION');
      for (let times = 0; times < 5; times++) {
        await expect(channel.produce('m', new Uint8Array())).rejects.toMatchObject({
          code: 'QUEUE_AUTHENTICATION',
        });
      }
      // Long enough for two of the channel's own attempts.
      if (direction === 'in') await new Promise((resolve) => setTimeout(resolve, 1700));
      expect(asked).toBe(1);
      clock.advance(15 * minutes);
      if (direction === 'in') await waitUntil(() => asked === 2);
      else await expect(channel.produce('m', new Uint8Array())).rejects.toThrow('does not let us in');
      expect(asked).toBe(2);
    } finally {
      await channel.close();
    }
  });
});
