import { createConnection, createServer, type Socket } from 'node:net';
import { fixSession } from '../../../adapters/index.ts';
import type { Session } from '../../contract/session.ts';
import { latin1Text } from '../../core/bytes.ts';
import { systemClock } from '../../core/clock.ts';
import { limits } from '../../core/limits.ts';
import { memoryLog } from '../../log/index.ts';
import { logStore } from '../log-store.ts';
import { builtIn } from '../wiring.ts';
import { entriesOf, lineChannel } from './fixture.ts';

/** The clearing firm's end of a session: our own adapter as acceptor, behind a wire that a test can put bytes on. */
export interface Counterparty {
  readonly port: number;
  fill(execId: string, quantity: string, price: string, account?: string): Promise<void>;
  /** Puts bytes on the wire, between two messages. */
  raw(text: string): Promise<void>;
  /** What it sent of the business, as text. */
  written(): readonly string[];
  close(): Promise<void>;
}

export async function acceptor(options: object = {}): Promise<Counterparty> {
  const log = memoryLog();
  const fix = builtIn().codecs.get('fix');
  if (fix === undefined) throw new Error('no FIX codec');
  const store = logStore({ log, channel: lineChannel('firm', { codec: 'fix' }), codec: fix, tenant: 'firm' });
  const read = fixSession.options.parse({
    role: 'acceptor',
    port: 0,
    beginString: 'FIX.4.4',
    senderCompId: 'BIGCLR',
    targetCompId: 'ACME',
    ...options,
  });
  const session = await fixSession.open(read, {
    store,
    clock: systemClock(),
    limits,
    report: () => undefined,
  });
  const wire = await wireTo(Number(session.status().address.split(':').at(-1)));
  const sent: string[] = [];
  return {
    port: wire.port,
    fill: (execId, quantity, price, account) => fill(session, sent, log, execId, quantity, price, account),
    raw: async (text) => wire.inject(text),
    written: () => sent,
    close: async () => {
      await session.close('end of the test');
      wire.close();
    },
  };
}

async function fill(
  session: Session,
  sent: string[],
  log: ReturnType<typeof memoryLog>,
  execId: string,
  quantity: string,
  price: string,
  account = 'ACCT0001',
): Promise<void> {
  const fields = [
    [37, `O-${execId}`],
    [17, execId],
    [150, 'F'],
    [39, '2'],
    [1, account],
    [55, 'IBM'],
    [54, '1'],
    [32, quantity],
    [31, price],
    [151, '0'],
    [14, quantity],
    [6, price],
    [75, '20261110'],
    [60, '20261110-14:30:00.000'],
  ] as const;
  await session.send(
    '8',
    fields.map(([tag, value]) => [tag, value]),
  );
  const last = (await entriesOf(log)).findLast(({ type }) => type === '8');
  if (last !== undefined) sent.push(latin1Text(last.bytes));
}

interface Wire {
  readonly port: number;
  inject(text: string): void;
  close(): void;
}

/** A relay on a port of its own. Whole messages pass at once, so injected bytes stand between two of them. */
async function wireTo(port: number): Promise<Wire> {
  const clients = new Set<Socket>();
  const server = createServer((client) => {
    clients.add(client);
    const peer = createConnection(port, '127.0.0.1');
    const end = (): void => {
      clients.delete(client);
      client.destroy();
      peer.destroy();
    };
    for (const socket of [client, peer]) socket.on('error', end).on('close', end);
    client.pipe(peer);
    peer.on('data', (bytes) => client.write(bytes));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    inject: (text) => {
      for (const client of clients) client.write(text, 'latin1');
    },
    close: () => {
      server.close();
      for (const client of clients) client.destroy();
    },
  };
}
