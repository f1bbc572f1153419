import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { call, logonOf } from './testing/calling.ts';
import { type Standing, stand, until } from './testing/loopback.ts';

const open: Standing[] = [];
const sockets: Socket[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await Promise.all(open.splice(0).map(({ session }) => session.close('test over')));
});

/** A session that is logged on, and a counterparty that answers to nothing. */
async function loggedOn(...given: Parameters<typeof stand>) {
  const firm = await stand(...given);
  open.push(firm);
  const ops = await call(connect({ port: firm.port, host: '127.0.0.1' }));
  sockets.push(ops.socket);
  ops.socket.write(logonOf({}));
  await until('up', () => firm.session.status().loggedOn);
  return { firm, ops };
}

describe('a message whose number is about to be gone', () => {
  test('is not taken while an operator resets: its number would be gone before it was said', async () => {
    const { firm } = await loggedOn({ logoutTimeoutSeconds: 0.2 });
    const reset = firm.session.command({ command: 'reset' });
    await expect(firm.session.send('B', { 148: 'x' })).rejects.toMatchObject({
      code: 'FIX_NOT_LOGGED_ON',
      retryable: true,
    });
    expect((await reset).state).toMatchObject({ epoch: 1, nextOut: 1 });
    expect(await firm.session.send('B', { 148: 'x' })).toEqual({ sequence: 1 });
  });

  test('is not taken behind a Logout(5) where the end of the connection resets', async () => {
    const { firm, ops } = await loggedOn({ resetOnDisconnect: true, logoutTimeoutSeconds: 0.2 });
    ops.socket.write(logonOf({ sender: 'ELSE', number: 2, more: [[141, 'Y']] }));
    await until('it logs out', () => ops.told().includes('\u000135=5\u0001'));
    await expect(firm.session.send('B', { 148: 'x' })).rejects.toMatchObject({
      code: 'FIX_NOT_LOGGED_ON',
      retryable: true,
    });
  });
});
