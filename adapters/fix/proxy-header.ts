import { isIPv4, isIPv6 } from 'node:net';
import type { Limits } from '../../src/core/limits.ts';

/** Whom a load balancer speaks for; `client` is absent where it speaks for itself (a health check) or does not know. */
export type ProxyHeader =
  | { readonly kind: 'partial' }
  | { readonly kind: 'header'; readonly length: number; readonly client?: ProxyClient }
  | { readonly kind: 'wrong'; readonly why: string };

export interface ProxyClient {
  readonly address: string;
  readonly port: number;
}

/** First bytes of version 2. Source: "The PROXY protocol", version 1 and 2, section 2.2. */
const signature = Buffer.from([0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a]);
/** The longest line of version 1, its end included. Source: section 2.1. */
const lineBytesMax = 107;
const lineBegin = Buffer.from('PROXY ');

/**
 * The PROXY header at the beginning of a connection, version 1 or 2. Never reads behind it and never throws; what cannot
 * become a header any more is `wrong` at once. Source: "The PROXY protocol", versions 1 and 2, sections 2.1 and 2.2.
 */
export function readProxyHeader(bytes: Buffer, { fixProxyHeaderBytesMax }: Limits): ProxyHeader {
  if (begins(bytes, signature)) return readBinary(bytes, fixProxyHeaderBytesMax);
  if (begins(bytes, lineBegin)) return readLine(bytes);
  return wrong('begins with no PROXY header');
}

/** True as long as what is there is the beginning of `wanted`, or begins with it. */
function begins(bytes: Buffer, wanted: Buffer): boolean {
  const length = Math.min(bytes.length, wanted.length);
  return bytes.subarray(0, length).equals(wanted.subarray(0, length));
}

function readLine(bytes: Buffer): ProxyHeader {
  const end = bytes.subarray(0, lineBytesMax).indexOf('\r\n');
  if (end < 0) return bytes.length >= lineBytesMax ? wrong('a line that does not end') : { kind: 'partial' };
  const length = end + 2;
  const words = bytes.toString('latin1', 0, end).split(' ');
  if (words[1] === 'UNKNOWN') return { kind: 'header', length };
  const [, family, source = '', target = '', sourcePort = '', targetPort = '', ...more] = words;
  const address = family === 'TCP4' ? isIPv4 : family === 'TCP6' ? isIPv6 : undefined;
  if (address === undefined || more.length > 0) return wrong('a line of another form');
  if (!address(source) || !address(target)) return wrong('a line with a wrong address');
  if (!isPort(sourcePort) || !isPort(targetPort)) return wrong('a line with a wrong port');
  return { kind: 'header', length, client: { address: source, port: Number(sourcePort) } };
}

function isPort(text: string): boolean {
  return /^(0|[1-9]\d{0,4})$/.test(text) && Number(text) <= 65_535;
}

const headBytes = 16;

function readBinary(bytes: Buffer, bytesMax: number): ProxyHeader {
  if (bytes.length < headBytes) return { kind: 'partial' };
  const [versionAndCommand = 0, familyAndKind = 0] = [bytes[12], bytes[13]];
  const length = headBytes + bytes.readUInt16BE(14);
  if (versionAndCommand >> 4 !== 2) return wrong('a version that is not 2');
  const command = versionAndCommand & 0x0f;
  if (command > 1) return wrong('an unknown command');
  if (length > bytesMax) return wrong(`longer than ${bytesMax} bytes`);
  if (bytes.length < length) return { kind: 'partial' };
  if (command === 0) return { kind: 'header', length };
  return readAddress(bytes, familyAndKind, length);
}

/** Of a stream over IPv4 or IPv6; any other family names nobody that could be compared. */
function readAddress(bytes: Buffer, familyAndKind: number, length: number): ProxyHeader {
  const room = length - headBytes;
  if (familyAndKind === 0x11) {
    if (room < 12) return wrong('too short for its addresses');
    const address = bytes.subarray(16, 20).join('.');
    return { kind: 'header', length, client: { address, port: bytes.readUInt16BE(24) } };
  }
  if (familyAndKind === 0x21) {
    if (room < 36) return wrong('too short for its addresses');
    const words = Array.from({ length: 8 }, (_, at) => bytes.readUInt16BE(16 + 2 * at).toString(16));
    return { kind: 'header', length, client: { address: words.join(':'), port: bytes.readUInt16BE(48) } };
  }
  return { kind: 'header', length };
}

function wrong(why: string): ProxyHeader {
  return { kind: 'wrong', why };
}
