import { Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { writeFix } from '../../codecs/fix/index.ts';
import { concatBytes } from '../../src/core/bytes.ts';
import { limits } from '../../src/core/limits.ts';
import { Link } from './link.ts';

const heartbeat = writeFix('FIX.4.4', [
  [35, '0'],
  [34, '2'],
  [49, 'FIRM'],
  [52, '20261110-14:30:00.000'],
  [56, 'BRK'],
]);
/** One read of a socket that has more. */
const chunk = concatBytes(
  Array.from({ length: Math.floor((64 * 1024) / heartbeat.length) }, () => heartbeat),
);
/** As many as libuv makes in one go. Source: `uv__read`. */
const readsInOneGo = 32;

test('a flood on one connection lets whatever else waits have its turn', async () => {
  const { socket, told } = await linked(() => undefined);
  for (let n = 0; n < readsInOneGo; n++) socket.push(chunk);
  const atOnce = told();
  expect(atOnce).toBeGreaterThan(0);
  expect(atOnce).toBeLessThanOrEqual(256 * 1024);
  let turns = 0;
  for (let before = 0; told() < readsInOneGo * chunk.length; turns++) {
    before = told();
    await turn();
    expect(told() - before).toBeLessThanOrEqual(256 * 1024);
  }
  expect(turns).toBeGreaterThan(readsInOneGo / 4);
});

test('a link that its owner has paused stays so, whatever was about to go on', async () => {
  const { socket, link, told } = await linked(() => link.pause());
  socket.push(chunk);
  socket.push(chunk);
  for (let n = 0; n < 5; n++) await turn();
  expect(told()).toBe(chunk.length);
  link.resume();
  await turn();
  expect(told()).toBe(2 * chunk.length);
});

test('a link that is paused while others have their turn stays so', async () => {
  const { socket, link, told } = await linked(() => undefined);
  for (let n = 0; n < readsInOneGo; n++) socket.push(chunk);
  const atOnce = told();
  link.pause();
  for (let n = 0; n < 5; n++) await turn();
  expect(told()).toBe(atOnce);
  expect(link.isPaused).toBe(true);
});

/** A socket that is fed by hand, and how many bytes its link has told of. */
async function linked(cuts: () => void): Promise<{
  readonly socket: Socket;
  readonly link: Link;
  readonly told: () => number;
}> {
  let bytes = 0;
  const owner = {
    cuts: (_link: Link, placed: readonly { readonly cut: { readonly bytes: Uint8Array } }[]): void => {
      for (const { cut } of placed) bytes += cut.bytes.length;
      cuts();
    },
    closed: () => undefined,
    slow: () => undefined,
  };
  const socket = new Socket();
  const link = new Link(socket, owner, limits, 0, 'by hand');
  // It flows from the next turn on.
  await turn();
  return { socket, link, told: () => bytes };
}
