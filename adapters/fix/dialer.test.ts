import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { Dialer, type DialerOwner } from './dialer.ts';
import { fixSessionOptions } from './options.ts';
import { until } from './testing/loopback.ts';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

test('connects once, however often it is asked to while a connection is under way', async () => {
  const waiting: Socket[] = [];
  // It accepts, and never answers to TLS.
  const server = createServer((socket) => void waiting.push(socket)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stop = new AbortController();
  ends.push(
    () => stop.abort(),
    () => void waiting.map((socket) => socket.destroy()),
    () => void server.close(),
  );
  const address = server.address();
  const options = fixSessionOptions.parse({
    role: 'initiator',
    host: '127.0.0.1',
    port: typeof address === 'object' ? address?.port : 0,
    beginString: 'FIX.4.4',
    senderCompId: 'OPS',
    targetCompId: 'FIRM',
    tls: { verify: false },
    reconnectSecondsMin: 60,
  });
  let dialed = 0;
  let failed = 0;
  const owner: DialerOwner = {
    mayDial: () => 'now',
    dialing: () => void dialed++,
    dialed: () => undefined,
    notDialed: () => void failed++,
  };
  const dialer = new Dialer(options, owner, stop.signal);
  dialer.soon(0);
  await until('it connects', () => waiting.length === 1);
  dialer.soon(0);
  await pause(50);
  expect([dialed, waiting.length]).toEqual([1, 1]);
  waiting[0]?.destroy();
  await until('it failed', () => failed === 1);
  dialer.soon(0);
  await until('it connects again', () => waiting.length === 2);
});
