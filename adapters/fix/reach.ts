import { TLSSocket } from 'node:tls';
import type { Reached } from '../../src/contract/source.ts';
import { GatewayError } from '../../src/core/errors.ts';
import { atHost, hostsOf } from './dialer.ts';
import { type FixSessionOptions, speaksTls } from './options.ts';
import { connect, listen, requireReadable } from './transport.ts';

/**
 * Whether the counterparty is there, without a Logon: that would move sequence numbers. An initiator connects and hangs
 * up, TLS finished and the peer verified; an acceptor, which waits for its counterparty, sees whether its port can be
 * listened on. Throws `FIX_CONNECTION`, `FIX_TLS`, `FIX_LISTEN`, `FIX_LOGON_CREDENTIALS`.
 */
export async function reachFix(options: FixSessionOptions, signal: AbortSignal): Promise<Reached> {
  if (speaksTls(options)) requireReadable(options);
  return options.role === 'initiator' ? reachPeer(options, signal) : reachPort(options);
}

/**
 * All hosts are looked at, the others too where the first is there: a spare that does not answer is found out now, and not
 * on the morning on which it is needed. Throws what the first that is not there throws.
 */
async function reachPeer(options: FixSessionOptions, signal: AbortSignal): Promise<Reached> {
  const [first = options, ...others] = hostsOf(options).map((host) => atHost(options, host));
  const told = await reachHost(first, signal);
  for (const other of others) {
    const facts = await reachHost(other, signal);
    told.push(`${other.host ?? ''}:${other.port} too (${facts.join(', ')})`);
  }
  return { address: `${options.host ?? ''}:${options.port}`, told: [...told, 'no Logon was sent'] };
}

async function reachHost(options: FixSessionOptions, signal: AbortSignal): Promise<string[]> {
  const socket = await connect(options, signal);
  const told = socket instanceof TLSSocket ? tlsFacts(socket) : ['TCP, without TLS'];
  socket.destroy();
  return told;
}

function tlsFacts(socket: TLSSocket): string[] {
  const { subject, valid_to: until } = socket.getPeerCertificate();
  const name = subject?.CN === undefined ? 'nobody' : [subject.CN].flat().join(', ');
  const protocol = socket.getProtocol() ?? 'TLS';
  return [`${protocol} with ${socket.getCipher().name}`, `certificate of ${name}, valid to ${until}`];
}

/** The port is taken where the gateway runs: then it is the gateway that listens. */
async function reachPort(options: FixSessionOptions): Promise<Reached> {
  const address = `${options.bind}:${options.port}`;
  try {
    const listener = await listen(
      options,
      (socket) => void socket.destroy(),
      () => undefined,
    );
    await listener.close();
    return { address, told: ['the port is free; the counterparty connects to us'] };
  } catch (cause) {
    if (!(cause instanceof GatewayError) || !cause.message.endsWith('EADDRINUSE')) throw cause;
    return {
      address,
      told: ['something listens already: the gateway if it runs, or another session of this port'],
    };
  }
}
