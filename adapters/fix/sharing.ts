import { canonicalJson } from '../../src/core/json.ts';
import { type FixSessionOptions, speaksTls } from './options.ts';
import { groupKey } from './tls-gate.ts';

/** Why two acceptors cannot stand behind one port, and the option of the second that says so. */
export interface SharingProblem {
  readonly option: readonly string[];
  readonly message: string;
}

/** True for two acceptors that ask for the same port of the same address. */
export function sharePort(left: FixSessionOptions, right: FixSessionOptions): boolean {
  const both = left.role === 'acceptor' && right.role === 'acceptor';
  return both && left.port !== 0 && left.port === right.port && left.bind === right.bind;
}

/**
 * What keeps `later` from standing behind the port of `first`, which it shares. One identity for two sessions; TLS for one
 * and none for the other, or of two kinds that no name (SNI) tells apart; a load balancer before one of them only.
 */
export function sharingProblem(
  first: FixSessionOptions,
  later: FixSessionOptions,
): SharingProblem | undefined {
  if (identityOf(first) === identityOf(later)) {
    const message = `the same BeginString(8), CompIDs and ids as another session on ${later.bind}:${later.port}`;
    return { option: ['targetCompId'], message };
  }
  if (speaksTls(first) !== speaksTls(later)) {
    const message = 'TLS on one port is for all of its sessions or for none';
    return { option: ['tls'], message };
  }
  if (speaksTls(later) && groupKey(first) !== groupKey(later)) {
    const names = [first.tls?.serverName, later.tls?.serverName].map((name) => name?.toLowerCase());
    if (names[0] === names[1]) {
      const message =
        'other TLS settings than another session on this port: give each its own `serverName`, which its counterparty asks for';
      return { option: ['tls', 'serverName'], message };
    }
  }
  if (entranceKey(first) !== entranceKey(later)) {
    const message = 'a load balancer stands before all sessions of a port or before none';
    return { option: ['proxyProtocol'], message };
  }
  return undefined;
}

function identityOf(options: FixSessionOptions): string {
  const { beginString, senderCompId, targetCompId, template } = options;
  const { senderSubId = '', senderLocationId = '', targetSubId = '', targetLocationId = '' } = options;
  const ids = [senderSubId, senderLocationId, targetSubId, targetLocationId];
  return canonicalJson([beginString, senderCompId, targetCompId, template, ...ids]);
}

function entranceKey({ proxyProtocol, proxies = [] }: FixSessionOptions): string {
  return canonicalJson([proxyProtocol, [...proxies].sort()]);
}
