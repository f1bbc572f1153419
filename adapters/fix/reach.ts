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
 * on the morning on which it is needed. Throws what the first that is not there throws, and says which ones are.
 */
async function reachPeer(options: FixSessionOptions, signal: AbortSignal): Promise<Reached> {
  const hosts = hostsOf(options).map((host) => atHost(options, host));
  const outcomes = await Promise.allSettled(hosts.map((host) => reachHost(host, signal)));
  const failed = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
  const there = outcomes.flatMap((outcome, at) =>
    outcome.status === 'fulfilled' ? [{ at, place: placeOf(hosts[at]), told: outcome.value }] : [],
  );
  if (failed.length > 0)
    throw notReached(
      failed,
      there.map(({ place }) => place),
    );
  const told = there.flatMap(({ at, place, told: facts }) =>
    at === 0 ? facts : [`${place} too (${facts.join(', ')})`],
  );
  return { address: placeOf(options), told: [...told, 'no Logon was sent'] };
}

function notReached(failed: readonly unknown[], there: readonly string[]): unknown {
  const [first, ...others] = failed;
  if (!(first instanceof GatewayError) || others.length + there.length === 0) return first;
  const more = others.map((cause) => (cause instanceof Error ? cause.message : 'failed'));
  const rest = there.length === 0 ? [] : [`${there.join(', ')} is there`];
  const { code, place, remedy, retryable, exitCode } = first;
  const message = [first.message, ...more, ...rest].join('; ');
  return new GatewayError(code, message, {
    retryable,
    exitCode,
    cause: first,
    ...(place !== undefined && { place }),
    ...(remedy !== undefined && { remedy }),
  });
}

function placeOf({ host = '', port }: Partial<FixSessionOptions> = {}): string {
  return `${host}:${port}`;
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
