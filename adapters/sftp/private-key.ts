import ssh2 from 'ssh2';
import { fingerprintOf } from './host-key.ts';

/** What can be said of a private key without showing it. */
export interface PrivateKeyFacts {
  /** `ssh-ed25519`, `ssh-rsa`, `ecdsa-sha2-nistp256`. */
  readonly type: string;
  /** Of its public half, as `ssh-keygen -l` shows it. */
  readonly fingerprint: string;
}

/** Type and fingerprint of a private key (OpenSSH or PEM); undefined where it cannot be read with this passphrase. */
export function privateKeyFacts(text: string, passphrase?: string): PrivateKeyFacts | undefined {
  const parsed = ssh2.utils.parseKey(text, passphrase);
  const key = Array.isArray(parsed) ? parsed[0] : parsed;
  if (key === undefined || key instanceof Error || !key.isPrivateKey()) return undefined;
  return { type: key.type, fingerprint: fingerprintOf(key.getPublicSSH()) };
}
