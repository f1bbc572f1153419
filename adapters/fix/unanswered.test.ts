import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { message, type RawPeer, rawPeer } from '../../test/support/raw-peer.ts';
import { memoryStore } from './memory-store.ts';
import { stand, until } from './testing/loopback.ts';

const desk = { role: 'initiator', senderCompId: 'DESK', targetCompId: 'FIRM' } as const;
const fast = { reconnectSecondsMin: 0.02, reconnectSecondsMax: 0.02 };

/** A counterparty that does with each connection what it is told to at the time. */
async function counterparty() {
  const server = createServer((socket) => {
    const peer = rawPeer(socket);
    onTestFinished(() => void socket.destroy());
    void it.greet(peer);
  });
  onTestFinished(() => void server.close());
  const it = {
    port: 0,
    greet: async (peer: RawPeer): Promise<void> => void peer.socket.destroy(),
    async listen(): Promise<void> {
      server.listen(it.port, '127.0.0.1');
      await once(server, 'listening');
      const address = server.address();
      if (typeof address === 'object' && address !== null) it.port = address.port;
    },
    async deaf(): Promise<void> {
      server.close();
      await once(server, 'close');
    },
  };
  await it.listen();
  return it;
}

test('a reset that is not answered is announced again, in one epoch, until it is', async () => {
  const firm = await counterparty();
  const store = memoryStore({ epoch: 0, nextIn: 7, nextOut: 9 });
  const { session, signals } = await stand({ ...desk, ...fast, port: firm.port }, store);
  onTestFinished(() => session.close('test over'));
  const attempts = (): number => signals.filter(({ signal }) => signal === 'connecting').length;
  const more = async (count: number): Promise<void> => {
    const before = attempts();
    await until(`${count} attempts`, () => attempts() >= before + count);
  };
  await session.command({ command: 'reset' });
  await more(4);
  const logons: string[] = [];
  firm.greet = async (peer) => {
    logons.push((await peer.waitFor(/35=A\|.*\|10=/))[0]);
    peer.socket.destroy();
  };
  await until('four Logon(A)s', () => logons.length >= 4);
  await firm.deaf();
  expect(await session.send('U8', { 17: 'E2' })).toEqual({ sequence: 2 });
  await more(4);
  let last: RawPeer | undefined;
  firm.greet = async (peer) => {
    logons.push((await peer.waitFor(/35=A\|.*\|10=/))[0]);
    peer.write(
      message('A', 1, [
        [98, '0'],
        [108, '30'],
        [141, 'Y'],
      ]),
    );
    last = peer;
  };
  await firm.listen();
  await until('up', () => session.status().loggedOn);
  await last?.waitFor(/35=U8\|34=2\|.*43=Y\|.*17=E2\|/);
  await session.send('U8', { 17: 'E3' });
  await last?.waitFor(/35=U8\|34=3\|(?!.*43=Y).*17=E3\|/);
  for (const one of logons) expect(one).toMatch(/\|34=1\|.*\|141=Y\|/);
  expect(store.frames.filter(({ kind }) => kind === 'epoch')).toHaveLength(1);
  expect(store.state).toEqual({ epoch: 1, nextIn: 2, nextOut: 4 });
  expect(store.conflicts).toEqual([]);
  expect(store.repeats).toBe(1);
});
