import type { Socket } from 'node:net';
import type { Limits } from '../../src/core/limits.ts';
import { peerOf, placeOf } from './link.ts';
import { networksOf } from './networks.ts';
import { type ProxyClient, readProxyHeader } from './proxy-header.ts';

/** Who is on a connection: the client itself, or the one for whom a load balancer speaks. */
export interface Client {
  readonly address: string;
  /** `192.0.2.7:52011`. */
  readonly peer: string;
}

/** What an acceptor's options say of who may come in, for all sessions behind one door. */
export interface EntranceRules {
  /** Load balancers that begin every connection with a PROXY header; absent: there is none, and a header is not read. */
  readonly proxies?: readonly string[];
  /** Milliseconds that a header may take. */
  readonly headerMs: number;
  readonly limits: Limits;
}

/** A connection that is refused before anybody reads its messages: why, in words. */
export class Refused extends Error {}

/**
 * Who is on a fresh connection. Where load balancers are configured, nobody else may connect, and their header is read and
 * taken off the stream. Rejects with {@link Refused}; the socket is then still open.
 */
export async function clientOf(socket: Socket, rules: EntranceRules): Promise<Client> {
  const direct = { address: socket.remoteAddress ?? '', peer: peerOf(socket) };
  if (rules.proxies === undefined) return direct;
  if (!networksOf(rules.proxies).has(direct.address))
    throw new Refused(`${direct.peer} is no load balancer of this port`);
  const client = await headerOf(socket, rules);
  if (client === undefined) return direct;
  const { address, port } = client;
  return { address, peer: `${placeOf(address, port)} by ${direct.peer}` };
}

/** Reads up to the header's end; what came behind it goes back to whoever reads next. */
function headerOf(socket: Socket, { headerMs, limits }: EntranceRules): Promise<ProxyClient | undefined> {
  return new Promise((resolve, reject) => {
    let bytes: Buffer = Buffer.alloc(0);
    const refuse = (why: string): void => {
      release();
      reject(new Refused(why));
    };
    const timer = setTimeout(() => refuse('no PROXY header in time'), headerMs);
    const closed = (): void => refuse('closed before its PROXY header');
    const read = (): void => {
      for (let piece: Buffer | null = socket.read(); piece !== null; piece = socket.read())
        bytes = Buffer.concat([bytes, piece]);
      const found = readProxyHeader(bytes, limits);
      if (found.kind === 'partial') return;
      if (found.kind === 'wrong') {
        refuse(`PROXY header: ${found.why}`);
        return;
      }
      release();
      if (bytes.length > found.length) socket.unshift(bytes.subarray(found.length));
      resolve(found.client);
    };
    const release = (): void => {
      clearTimeout(timer);
      socket.off('readable', read).off('close', closed).off('end', closed);
    };
    socket.on('readable', read).once('close', closed).once('end', closed);
  });
}
