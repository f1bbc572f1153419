import type { Algorithms, CipherAlgorithm, KexAlgorithm, MacAlgorithm, ServerHostKeyAlgorithm } from 'ssh2';
import { z } from 'zod';

/**
 * What is offered unasked, best first: everything with SHA-1, CBC or MD5 is left out, which the library itself offers in
 * part. Source: RFC 9142 (key exchange), RFC 8332 (RSA signatures), the list of OpenSSH 9.2.
 */
const modern = {
  kex: [
    'curve25519-sha256',
    'curve25519-sha256@libssh.org',
    'ecdh-sha2-nistp256',
    'ecdh-sha2-nistp384',
    'ecdh-sha2-nistp521',
    'diffie-hellman-group-exchange-sha256',
    'diffie-hellman-group14-sha256',
    'diffie-hellman-group15-sha512',
    'diffie-hellman-group16-sha512',
    'diffie-hellman-group17-sha512',
    'diffie-hellman-group18-sha512',
  ],
  serverHostKey: [
    'ssh-ed25519',
    'ecdsa-sha2-nistp256',
    'ecdsa-sha2-nistp384',
    'ecdsa-sha2-nistp521',
    'rsa-sha2-512',
    'rsa-sha2-256',
  ],
  cipher: ['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', 'aes128-ctr', 'aes192-ctr', 'aes256-ctr'],
  hmac: ['hmac-sha2-256-etm@openssh.com', 'hmac-sha2-512-etm@openssh.com', 'hmac-sha2-256', 'hmac-sha2-512'],
} as const satisfies Offer;

/** What old servers still need, and only an explicit `legacy: true` offers: weak against somebody on the way. */
const legacy = {
  kex: ['diffie-hellman-group14-sha1', 'diffie-hellman-group-exchange-sha1', 'diffie-hellman-group1-sha1'],
  serverHostKey: ['ssh-rsa'],
  cipher: ['aes256-cbc', 'aes192-cbc', 'aes128-cbc', '3des-cbc'],
  hmac: ['hmac-sha1-etm@openssh.com', 'hmac-sha1'],
} as const satisfies Offer;

export interface Offer {
  readonly kex: readonly KexAlgorithm[];
  readonly serverHostKey: readonly ServerHostKeyAlgorithm[];
  readonly cipher: readonly CipherAlgorithm[];
  readonly hmac: readonly MacAlgorithm[];
}

export const algorithmsOptions = z
  .strictObject({
    legacy: z
      .boolean()
      .default(false)
      .describe(
        'Offers SHA-1, CBC and ssh-rsa too, behind everything else: for old servers that speak nothing better. Weak; it has to be said.',
      ),
    kex: chosen('kex').describe('Key exchanges that are offered, in this order, instead of the usual ones.'),
    serverHostKey: chosen('serverHostKey').describe(
      'Host key algorithms, likewise. Default: those of the pinned keys, where their type is known.',
    ),
    cipher: chosen('cipher').describe('Ciphers, likewise.'),
    hmac: chosen('hmac').describe('Message authentication codes, likewise.'),
  })
  .describe('What the connection is protected with.');

export type AlgorithmsOptions = z.output<typeof algorithmsOptions>;

/**
 * What we offer. `hostKeyTypes` are those of the pinned keys: a server that has several keys then shows one that we can
 * compare; empty where a pin is a fingerprint only, which does not tell its type.
 */
export function offerOf(options: AlgorithmsOptions, hostKeyTypes: readonly string[]): Algorithms {
  const list = <K extends keyof Offer>(key: K): Offer[K][number][] => {
    const usual = options.legacy ? [...modern[key], ...legacy[key]] : [...modern[key]];
    return [...(options[key] ?? usual)] as Offer[K][number][];
  };
  const all = list('serverHostKey');
  const known = all.filter((name) => hostKeyTypes.includes(keyTypeOf(name)));
  return {
    kex: list('kex'),
    serverHostKey: options.serverHostKey !== undefined || known.length === 0 ? all : known,
    cipher: list('cipher'),
    hmac: list('hmac'),
  };
}

/** Host key algorithms by the type of key, each in the order in which a scan asks for them. */
export const hostKeyQuestions: readonly (readonly ServerHostKeyAlgorithm[])[] = [
  ['ssh-ed25519'],
  ['ecdsa-sha2-nistp256'],
  ['ecdsa-sha2-nistp384'],
  ['ecdsa-sha2-nistp521'],
  ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa'],
];

/** One key of the type `ssh-rsa` signs by three algorithms. Source: RFC 8332, section 3. */
function keyTypeOf(algorithm: string): string {
  return algorithm.startsWith('rsa-sha2-') ? 'ssh-rsa' : algorithm;
}

function chosen<K extends keyof Offer>(key: K) {
  const names = [...modern[key], ...legacy[key]] as Offer[K][number][];
  return z.array(z.enum(names)).min(1).optional();
}
