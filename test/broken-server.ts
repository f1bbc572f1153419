import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';
import { cutAnswer } from '../certification/definitions/answer.ts';
import { sumText } from '../certification/definitions/wire-text.ts';

/** Messages as text, one character a byte. What comes back goes on in place of the message. */
export type Rewrite = (message: string, before: readonly string[]) => readonly string[];

/** What is wrong with a server. */
export interface Breakage {
  /** On what it says. `before`: what it has said on this connection. */
  readonly says?: Rewrite;
  /** On what it hears. */
  readonly hears?: Rewrite;
  /** Keeps the connection where the server behind it hangs up. */
  readonly holdsOn?: (before: readonly string[]) => boolean;
  /** Hangs up when it has heard this. */
  readonly hangsUpOn?: RegExp;
  /** Says this, when it has heard that. */
  readonly adds?: (message: string) => string | undefined;
}

export interface BrokenServer {
  readonly port: number;
  close(): Promise<void>;
}

/** A server that is broken on the way: everything goes through to the right one behind it, but what the breakage changes. */
export async function breakServer(behind: number, breakage: Breakage): Promise<BrokenServer> {
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const real = connect({ port: behind, host: '127.0.0.1', allowHalfOpen: true });
    for (const socket of [client, real]) {
      open.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', () => open.delete(socket));
    }
    hear(client, real, breakage);
    say(real, client, breakage);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}

function hear(client: Socket, real: Socket, { hears, hangsUpOn, adds }: Breakage): void {
  client.on('data', (chunk: Buffer) => {
    for (const message of chunk.toString('latin1').split(/(?<=\u000110=\d{3}\u0001)/)) {
      if (hangsUpOn?.test(message) === true) client.end();
      for (const one of hears?.(message, []) ?? [message]) real.write(one, 'latin1');
      const added = adds?.(message);
      if (added !== undefined) client.write(added, 'latin1');
    }
  });
  client.on('end', () => real.end());
}

function say(real: Socket, client: Socket, { says, holdsOn }: Breakage): void {
  let bytes = Buffer.alloc(0);
  const before: string[] = [];
  real.on('data', (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk]);
    for (let cut = cutAnswer(bytes); cut.kind === 'message'; cut = cutAnswer(bytes)) {
      const message = bytes.toString('latin1', 0, cut.length);
      bytes = bytes.subarray(cut.length);
      for (const one of says?.(message, before) ?? [message]) client.write(one, 'latin1');
      before.push(message);
    }
  });
  real.on('end', () => {
    if (holdsOn?.(before) !== true) client.end();
    real.end();
  });
}

/** The value of a tag; empty where it is not there. */
export function valueIn(message: string, tag: number): string {
  return new RegExp(`(?:^|\u0001)${tag}=([^\u0001]*)`).exec(message)?.[1] ?? '';
}

/** A message of other fields, with BodyLength(9) and CheckSum(10) that are right for them. */
export function withFields(
  message: string,
  change: (fields: readonly string[]) => readonly string[],
): string {
  const [head = '', , ...rest] = message.split('\u0001').slice(0, -2);
  const body = change(rest).map((field) => `${field}\u0001`);
  const front = `${head}\u00019=${body.join('').length}\u0001${body.join('')}`;
  return `${front}10=${sumText(front)}\u0001`;
}

/** A message in which a tag has another value; `undefined` takes the field away. */
export function withValue(message: string, tag: number, value: string | undefined): string {
  const sign = `${tag}=`;
  return withFields(message, (fields) =>
    fields.flatMap((field) => {
      if (!field.startsWith(sign)) return [field];
      return value === undefined ? [] : [sign + value];
    }),
  );
}
