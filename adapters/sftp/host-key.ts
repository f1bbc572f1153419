import { createHash } from 'node:crypto';

/** A key that a server showed, without anybody having proved anything by it. */
export interface HostKey {
  /** `ssh-ed25519`, `ecdsa-sha2-nistp256`, `ssh-rsa`. */
  readonly type: string;
  /** `SHA256:` and the base64 of the hash, without padding: as `ssh-keygen -l` shows it. */
  readonly fingerprint: string;
  /** A line for known_hosts, and for `options.hostKeys`. */
  readonly knownHosts: string;
}

/** What a configured pin says of the key: always its fingerprint, and its type where it is a whole key. */
export interface Pin {
  readonly fingerprint: string;
  readonly type?: string;
}

/** SHA-256 in base64 is 43 characters without its padding. */
const fingerprintText = /^SHA256:([A-Za-z0-9+/]{43})=?$/;
const keyText = /(?:^|\s)((?:ssh|ecdsa|sk|rsa)-[a-z0-9@.-]+)\s+([A-Za-z0-9+/]{40,}={0,2})(?:\s|$)/;

/**
 * The pin that a text is: a fingerprint, a public key, or a line of known_hosts (names and hashed names in front are not
 * looked at). Undefined for anything else, and for marked lines (`@revoked`, `@cert-authority`).
 */
export function pinOf(text: string): Pin | undefined {
  const trimmed = text.trim();
  const bare = fingerprintText.exec(trimmed);
  if (bare !== null) return { fingerprint: `SHA256:${bare[1]}` };
  const found = trimmed.startsWith('@') ? null : keyText.exec(trimmed);
  if (found === null) return undefined;
  const blob = Buffer.from(found[2] ?? '', 'base64');
  const type = keyTypeIn(blob);
  return type !== undefined && type === found[1] ? { fingerprint: fingerprintOf(blob), type } : undefined;
}

/** Source: RFC 4648 base64 without padding over SHA-256 of the key blob, as OpenSSH has shown keys since 6.8. */
export function fingerprintOf(blob: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}

/** A port other than 22 stands in brackets. Source: sshd(8), SSH_KNOWN_HOSTS FILE FORMAT. */
export function hostKeyOf(host: string, port: number, blob: Uint8Array): HostKey {
  const type = keyTypeIn(blob) ?? 'unknown';
  const name = port === 22 ? host : `[${host}]:${port}`;
  const knownHosts = `${name} ${type} ${Buffer.from(blob).toString('base64')}`;
  return { type, fingerprint: fingerprintOf(blob), knownHosts };
}

/** A key blob begins with its type: four bytes of length, then the name. Source: RFC 4253, section 6.6. */
function keyTypeIn(blob: Uint8Array): string | undefined {
  const bytes = Buffer.from(blob.buffer, blob.byteOffset, blob.byteLength);
  if (bytes.length < 8) return undefined;
  const length = bytes.readUInt32BE(0);
  if (length > 64 || 4 + length > bytes.length) return undefined;
  const type = bytes.toString('latin1', 4, 4 + length);
  return /^[a-z0-9@.-]+$/.test(type) ? type : undefined;
}
