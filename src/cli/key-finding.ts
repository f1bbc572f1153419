import { createHash, createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { pinOf, privateKeyFacts } from '../../adapters/sftp/index.ts';
import type { Configuration } from '../gateway/index.ts';

/** One key, pin or certificate of a configuration: what can be shown of it. Never the key itself. */
export interface KeyFact {
  /** Empty for what belongs to no channel. */
  readonly channel: string;
  /** The option that holds it. */
  readonly option: string;
  readonly kind: 'host-key' | 'certificate' | 'private-key';
  readonly type: string;
  readonly fingerprint: string;
  readonly subject?: string;
  readonly issuer?: string;
  /** ISO 8601; certificates only. */
  readonly validFrom?: string;
  readonly validTo?: string;
  /** Why nothing can be told of it. */
  readonly trouble?: string;
}

/** Every pin, certificate and private key that a configuration names, channel by channel. */
export function keyFacts({ channels, checkpointKey }: Configuration): readonly KeyFact[] {
  const found = [...channels.values()].flatMap(({ name, options }) => factsIn(options(), name, 'options'));
  const key = checkpointKey();
  return key === undefined
    ? found
    : [...found, keyFact(key, undefined, { channel: '', option: 'checkpoint.key' })];
}

type Where = Pick<KeyFact, 'channel' | 'option'>;

/** A value is known by what it is: keys and certificates by their PEM, pins by the option that holds pins. */
function factsIn(value: unknown, channel: string, option: string, beside: unknown = undefined): KeyFact[] {
  const where = { channel, option };
  if (typeof value === 'string') return factsOf(value, where, beside);
  if (Array.isArray(value)) {
    return value.flatMap((item, at) => factsIn(item, channel, `${option}.${at}`, beside));
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => factsIn(inner, channel, `${option}.${key}`, value));
}

function factsOf(text: string, where: Where, beside: unknown): KeyFact[] {
  if (/-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/.test(text)) return [keyFact(text, passphraseIn(beside), where)];
  const certificates = text.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g);
  if (certificates !== null) return certificates.map((one) => certificateFact(one, where));
  return /\.hostKeys\.\d+$/.test(where.option) ? [pinFact(text, where)] : [];
}

function passphraseIn(beside: unknown): string | undefined {
  if (typeof beside !== 'object' || beside === null) return undefined;
  const passphrase: unknown = Reflect.get(beside, 'passphrase');
  return typeof passphrase === 'string' ? passphrase : undefined;
}

function pinFact(text: string, where: Where): KeyFact {
  const pin = pinOf(text);
  const plain = {
    ...where,
    kind: 'host-key' as const,
    type: pin?.type ?? '',
    fingerprint: pin?.fingerprint ?? '',
  };
  return pin === undefined ? { ...plain, trouble: 'is no host key' } : plain;
}

function certificateFact(text: string, where: Where): KeyFact {
  const plain = { ...where, kind: 'certificate' as const, type: 'X.509' };
  try {
    const read = new X509Certificate(text);
    return {
      ...plain,
      fingerprint: `SHA256:${read.fingerprint256}`,
      subject: oneLine(read.subject),
      issuer: oneLine(read.issuer),
      validFrom: read.validFromDate.toISOString(),
      validTo: read.validToDate.toISOString(),
    };
  } catch {
    return { ...plain, fingerprint: '', trouble: 'the certificate cannot be read' };
  }
}

/** Keys of SSH as `ssh-keygen -l` shows them, others by the SHA-256 of their public half (SPKI). */
function keyFact(text: string, passphrase: string | undefined, where: Where): KeyFact {
  const plain = { ...where, kind: 'private-key' as const };
  const ssh = privateKeyFacts(text, passphrase);
  if (ssh !== undefined) return { ...plain, ...ssh };
  try {
    const key = createPrivateKey({ key: text, ...(passphrase !== undefined && { passphrase }) });
    const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
    const fingerprint = `SHA256:${createHash('sha256').update(spki).digest('base64').replace(/=+$/, '')}`;
    return { ...plain, type: key.asymmetricKeyType ?? '', fingerprint };
  } catch {
    return {
      ...plain,
      type: '',
      fingerprint: '',
      trouble: 'the key cannot be read: wrong passphrase, or damaged',
    };
  }
}

function oneLine(name: string): string {
  return name.replaceAll('\n', ', ');
}
