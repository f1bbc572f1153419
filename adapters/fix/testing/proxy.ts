import { isIPv4 } from 'node:net';

/** A PROXY header of version 2 as a load balancer writes it, or damaged as a test wants it. */
export function proxyVersion2(
  address: string,
  port: number,
  {
    version = 2,
    command = 1,
    family = isIPv4(address) ? 0x11 : 0x21,
    more = Buffer.alloc(0),
  }: {
    readonly version?: number;
    readonly command?: number;
    readonly family?: number;
    readonly more?: Buffer;
  } = {},
): Buffer {
  const four = isIPv4(address);
  const source = four ? Buffer.from(address.split('.').map(Number)) : bytesOfSix(address);
  const ports = Buffer.alloc(4);
  ports.writeUInt16BE(port, 0);
  ports.writeUInt16BE(9878, 2);
  const body = Buffer.concat([source, source, ports, more]);
  const head = Buffer.from([
    ...[0x0d, 0x0a, 0x0d, 0x0a, 0, 0x0d, 0x0a],
    ...Buffer.from('QUIT\n'),
    0,
    0,
    0,
    0,
  ]);
  head[12] = (version << 4) | command;
  head[13] = family;
  head.writeUInt16BE(body.length, 14);
  return Buffer.concat([head, body]);
}

function bytesOfSix(address: string): Buffer {
  const [before = '', after = ''] = address.split('::');
  const left = before.split(':');
  const right = after.split(':');
  const words = [...left, ...Array.from({ length: 8 - left.length - right.length }, () => '0'), ...right];
  const bytes = Buffer.alloc(16);
  for (const [at, word] of words.entries()) bytes.writeUInt16BE(Number.parseInt(word, 16), 2 * at);
  return bytes;
}
