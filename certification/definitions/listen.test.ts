import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { runDefinitions } from './run.ts';
import { definition, message, openEngine } from './testing/engine.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

const hello = 'I8=FIX.4.4|35=1|34=2|112=HELLO|';
const expected = 'E8=FIX.4.4|35=0|34=2|112=HELLO|';

describe('an engine that connects to us', () => {
  /** An initiator: it says Logon(A), and answers a TestRequest(1). */
  function initiator(port: number, logon = message('35=A|34=1|')): Socket {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.on('connect', () => socket.write(logon, 'latin1'));
    socket.on('data', (chunk) => {
      const text = chunk.toString('latin1');
      if (text.includes('\u000135=1\u0001')) socket.write(message('35=0|34=2|112=HELLO|'), 'latin1');
      if (text.includes('\u000135=5\u0001')) socket.end();
    });
    closing.push(() => socket.destroy());
    return socket;
  }

  const lines = [
    'eCONNECT',
    'E8=FIX.4.4|35=A|34=1|',
    'R8=FIX.4.4|35=A|34=1|',
    hello,
    expected,
    'I8=FIX.4.4|35=5|34=3|',
    'eDISCONNECT',
  ];

  test('is played to when it comes, one definition after another on one port', async () => {
    const ports = new Set<number>();
    const report = await runDefinitions({
      definitions: [definition(lines), definition(lines, 'quickfix', 'two')],
      profile: 'quickfix',
      listen: { host: '127.0.0.1', port: 0 },
      begin: (_, { port }) => {
        ports.add(port);
        initiator(port);
      },
    });
    expect(report.results.map(({ failure }) => failure)).toEqual([undefined, undefined]);
    expect([report.passed, report.role, ports.size]).toEqual([2, 'listen', 1]);
    expect(report.address).toBe(`127.0.0.1:${[...ports][0]}`);
  });

  test('is told what it said wrong', async () => {
    const { results } = await runDefinitions({
      definitions: [definition(lines)],
      profile: 'quickfix',
      listen: { host: '127.0.0.1', port: 0 },
      begin: (_, { port }) => void initiator(port, message('35=A|34=7|')),
    });
    expect(results[0]?.failure?.reason).toBe('Logon(A): MsgSeqNum(34) is 7, expected 1');
  });

  test('and does not come', async () => {
    const { results } = await runDefinitions({
      definitions: [definition(lines)],
      profile: 'quickfix',
      listen: { host: '127.0.0.1', port: 0 },
      timeoutMs: 50,
    });
    expect(results[0]?.failure?.reason).toBe('there is no connection: nobody connected within 0.05 s');
  });

  test('finds nobody between two definitions', async () => {
    const refused: string[] = [];
    await runDefinitions({
      definitions: [definition(lines)],
      profile: 'quickfix',
      listen: { host: '127.0.0.1', port: 0 },
      begin: (_, { port }) =>
        void initiator(port).on('close', () => {
          connect(port, '127.0.0.1').on('error', ({ message: why }) => refused.push(why));
        }),
      end: () => new Promise((resolve) => setTimeout(resolve, 100)),
    });
    expect(refused).toEqual([expect.stringContaining('ECONNREFUSED')]);
  });

  test('an address that is taken is a failure of the world', async () => {
    const { port, close } = await openEngine(() => undefined);
    closing.push(close);
    const run = runDefinitions({
      definitions: [definition(lines)],
      profile: 'quickfix',
      listen: { host: '127.0.0.1', port },
    });
    await expect(run).rejects.toMatchObject({ code: 'CERT_TARGET' });
  });
});
