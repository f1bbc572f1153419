import { createServer, type Socket } from 'node:net';
import { writeMessage } from '../compose.ts';
import { fixTime } from '../time.ts';

/** A connection of a counterparty that is no session: what it was told, and whether it was hung up on. */
export interface Caller {
  readonly socket: Socket;
  told(): string;
  ended(): boolean;
}

/** Resolves when the socket is connected (`event`), rejects when it cannot be. */
export async function call(socket: Socket, event = 'connect'): Promise<Caller> {
  let text = '';
  let over = false;
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
  });
  socket.on('close', () => {
    over = true;
  });
  await new Promise((resolve, reject) => socket.once(event, resolve).once('error', reject));
  socket.on('error', () => undefined);
  return { socket, told: () => text, ended: () => over };
}

/** A Logon(A) of OPS to FIRM, number 1, or as the test wants it. */
export function logonOf({
  sender = 'OPS',
  target = 'FIRM',
  version = 'FIX.4.4',
  number = 1,
  more = [],
}: {
  readonly sender?: string | undefined;
  readonly target?: string | undefined;
  readonly version?: string | undefined;
  readonly number?: number;
  readonly more?: readonly (readonly [number, string])[];
}): Uint8Array {
  const header = [
    [34, String(number)],
    [49, sender],
    ...more.filter(([tag]) => tag < 90 || tag === 142 || tag === 143),
    [52, fixTime(Date.now() * 1000, 'milliseconds')],
    [56, target],
  ] as const;
  const body = [
    [98, '0'],
    [108, '30'],
    ...more.filter(([tag]) => tag > 108 && tag !== 142 && tag !== 143),
    ...(version === 'FIXT.1.1' ? [[1137, '9'] as const] : []),
  ] as const;
  return writeMessage(version, 'A', header, body);
}

/**
 * A port of loopback that was free a moment ago, below those that the system gives to whoever asks for any: nobody is
 * given it until the caller takes it.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const server = createServer();
    const free = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!free) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
}
