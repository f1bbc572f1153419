import { afterEach, expect, test } from 'vitest';
import type { SessionFrame } from '../../src/contract/session.ts';
import { latin1Bytes, latin1Text } from '../../src/core/bytes.ts';
import { sentStore } from './sent-store.ts';
import { type Standing, stand, until } from './testing/loopback.ts';

const open: Standing[] = [];
afterEach(async () => {
  for (const { session } of open.splice(0)) await session.close('test over');
});

const frame = (direction: 'in' | 'out', ordinal: number, epoch = 0): SessionFrame => ({
  kind: 'message',
  direction,
  origin: { scope: `OPS-FIRM/${epoch}/${direction}`, ordinal },
  receivedAt: 1,
  bytes: latin1Bytes(`${direction} ${epoch} ${ordinal}`),
  issues: [],
  admin: false,
});

async function sent(store: ReturnType<typeof sentStore>, from: number, to: number): Promise<string[]> {
  const found: string[] = [];
  for await (const { bytes } of store.readOut(from, to)) found.push(latin1Text(bytes));
  return found;
}

test('keeps numbers and what was sent, of one epoch, and nothing that came', async () => {
  const store = sentStore();
  await store.append([frame('out', 1), frame('in', 1), frame('out', 2)], { epoch: 0, nextIn: 2, nextOut: 3 });
  expect(await sent(store, 1, 9)).toEqual(['out 0 1', 'out 0 2']);
  expect(await store.load()).toEqual({ epoch: 0, nextIn: 2, nextOut: 3 });
  await store.append([frame('out', 1, 1)], { epoch: 1, nextIn: 1, nextOut: 2 });
  expect(await sent(store, 1, 9)).toEqual(['out 1 1']);
});

test('is enough for a session: numbers go on after a reconnect, and what was missed is sent again', async () => {
  const acceptor = await stand({ senderCompId: 'FIRM', targetCompId: 'OPS' });
  open.push(acceptor);
  const store = sentStore();
  const options = {
    role: 'initiator',
    port: acceptor.port,
    senderCompId: 'OPS',
    targetCompId: 'FIRM',
  } as const;
  const first = await stand(options, store as typeof acceptor.store);
  await until('up', () => first.session.status().loggedOn);
  await first.session.send('AD', { 568: 'R1', 569: '0' });
  await first.session.close('for a moment');
  const { nextOut } = await store.load();
  const again = await stand(options, store as typeof acceptor.store);
  open.push(again);
  await until('up again', () => again.session.status().loggedOn);
  await again.session.send('AD', { 568: 'R2', 569: '0' });
  const types = (): readonly (string | undefined)[] =>
    acceptor.store.frames.map(({ message }) => message?.type);
  await until('both came', () => types().filter((type) => type === 'AD').length === 2);
  expect(nextOut).toBeGreaterThan(3);
  expect(acceptor.store.conflicts).toEqual([]);
});
