import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { Definition, Profile } from '../definition.ts';
import { parseDefinition } from '../grammar.ts';
import { sumText } from '../wire-text.ts';

/** A FIX 4.4 message with the right length and sum; `|` stands for SOH. */
export function message(body: string): string {
  const fields = body.replaceAll('|', '\u0001');
  const front = `8=FIX.4.4\u00019=${fields.length}\u0001${fields}`;
  return `${front}10=${sumText(front)}\u0001`;
}

export interface Engine {
  readonly port: number;
  close(): void;
}

/** An engine under test that does what a test says with whatever it hears. */
export async function openEngine(hears: (text: string, socket: Socket) => void): Promise<Engine> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined);
    socket.on('end', () => socket.end());
    socket.on('data', (chunk) => hears(chunk.toString('latin1'), socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, close: () => void server.close() };
}

/** A definition of its lines; `|` stands for SOH. */
export function definition(
  lines: readonly string[],
  profile: Profile = 'quickfix',
  name = 'one',
): Definition {
  const text = lines.join('\n').replaceAll('|', '\u0001');
  return parseDefinition(text, { name, file: `/pack/${name}.def`, profile });
}
