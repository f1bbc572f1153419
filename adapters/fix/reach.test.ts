import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { fixSession, fixSessionOptions } from './index.ts';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listening(): Promise<{ readonly port: number; readonly heard: string[] }> {
  const heard: string[] = [];
  const server = createServer((socket: Socket) => {
    socket.on('data', (bytes) => heard.push(String(bytes)));
    socket.on('error', () => undefined);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return { port: typeof address === 'object' && address !== null ? address.port : 0, heard };
}

const options = (more: object) =>
  fixSessionOptions.parse({
    beginString: 'FIX.4.4',
    senderCompId: 'ACME',
    targetCompId: 'BIGCLR',
    host: '127.0.0.1',
    ...more,
  });
const signal = new AbortController().signal;

describe('reaching a FIX counterparty', () => {
  test('connects and says nothing', async () => {
    const { port, heard } = await listening();
    const reached = await fixSession.reach?.(options({ role: 'initiator', port }), signal);
    expect(reached).toEqual({
      address: `127.0.0.1:${port}`,
      told: ['TCP, without TLS', 'no Logon was sent'],
    });
    expect(heard).toEqual([]);
  });

  test('tells why it cannot, also when TLS finds nobody to speak it', async () => {
    const { port } = await listening();
    for (const server of servers.splice(0)) server.close();
    const gone = fixSession.reach?.(options({ role: 'initiator', port }), signal);
    await expect(gone).rejects.toMatchObject({
      code: 'FIX_CONNECTION',
      place: `127.0.0.1:${port}`,
      remedy: expect.stringContaining('host and port'),
    });
    const plain = await listening();
    const more = { role: 'initiator', port: plain.port, tls: {}, logonTimeoutSeconds: 0.2 };
    await expect(fixSession.reach?.(options(more), signal)).rejects.toMatchObject({ code: 'FIX_CONNECTION' });
  });

  test('looks at every host, and tells the one that is not there', async () => {
    const [first, spare] = [await listening(), await listening()];
    const more = (port: number) =>
      options({ role: 'initiator', port: first.port, failover: [{ host: '127.0.0.1', port }] });
    const reached = await fixSession.reach?.(more(spare.port), signal);
    expect(reached).toEqual({
      address: `127.0.0.1:${first.port}`,
      told: ['TCP, without TLS', `127.0.0.1:${spare.port} too (TCP, without TLS)`, 'no Logon was sent'],
    });
    for (const server of servers.splice(1)) server.close();
    await expect(fixSession.reach?.(more(spare.port), signal)).rejects.toMatchObject({
      code: 'FIX_CONNECTION',
      place: `127.0.0.1:${spare.port}`,
      message: expect.stringMatching(new RegExp(`ECONNREFUSED.*; 127.0.0.1:${first.port} is there$`)),
    });
  });

  test('of an acceptor looks at the port, free or taken', async () => {
    const free = await fixSession.reach?.(options({ role: 'acceptor', port: 0 }), signal);
    expect(free?.told[0]).toContain('free');
    const { port } = await listening();
    const taken = await fixSession.reach?.(options({ role: 'acceptor', port }), signal);
    expect(taken?.told[0]).toContain('something listens already');
  });
});
