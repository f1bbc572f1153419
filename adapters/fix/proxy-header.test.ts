import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { limits } from '../../src/core/limits.ts';
import { networksOf } from './networks.ts';
import { readProxyHeader } from './proxy-header.ts';
import { proxyVersion2 } from './testing/proxy.ts';

const read = (bytes: Buffer | string) => readProxyHeader(Buffer.from(bytes), limits);

describe('a PROXY header', () => {
  test.each([
    ['PROXY TCP4 192.0.2.7 198.51.100.1 56324 9878\r\n8=FIX', '192.0.2.7', 56324],
    ['PROXY TCP6 2001:db8::7 2001:db8::1 1 65535\r\n', '2001:db8::7', 1],
  ])('version 1: %j', (text, address, port) => {
    expect(read(text)).toEqual({ kind: 'header', length: text.indexOf('\n') + 1, client: { address, port } });
  });

  test('version 2, with what load balancers add to it', () => {
    const plain = proxyVersion2('192.0.2.7', 56_324);
    const six = proxyVersion2('2001:db8::7', 1, { more: Buffer.alloc(30, 4) });
    expect(read(Buffer.concat([plain, Buffer.from('8=FIX')]))).toEqual({
      kind: 'header',
      length: 28,
      client: { address: '192.0.2.7', port: 56_324 },
    });
    expect(read(six)).toEqual({
      kind: 'header',
      length: 82,
      client: { address: '2001:db8:0:0:0:0:0:7', port: 1 },
    });
  });

  test.each<[string, Buffer | string]>([
    ['unknown', 'PROXY UNKNOWN\r\n'],
    ['unknown with addresses', 'PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n'],
    ['a health check', proxyVersion2('192.0.2.7', 1, { command: 0 })],
    ['a local socket', proxyVersion2('192.0.2.7', 1, { family: 0x31 })],
    ['a datagram', proxyVersion2('192.0.2.7', 1, { family: 0x12 })],
  ])('that names nobody: %s', (_, bytes) => {
    const { length } = Buffer.from(bytes);
    expect(read(bytes)).toEqual({ kind: 'header', length });
  });

  test.each<[string, Buffer | string]>([
    ['FIX', '8=FIX.4.4'],
    ['TLS', Buffer.from([0x16, 0x03, 0x01])],
    ['a family of another kind', 'PROXY UDP4 192.0.2.7 198.51.100.1 1 2\r\n'],
    ['an address that is none', 'PROXY TCP4 192.0.2.777 198.51.100.1 1 2\r\n'],
    ['an address of the other family', 'PROXY TCP4 ::1 198.51.100.1 1 2\r\n'],
    ['a port that is none', 'PROXY TCP4 192.0.2.7 198.51.100.1 1 65536\r\n'],
    ['a port with a zero before it', 'PROXY TCP4 192.0.2.7 198.51.100.1 01 2\r\n'],
    ['a word too many', 'PROXY TCP4 192.0.2.7 198.51.100.1 1 2 3\r\n'],
    ['a line that does not end', `PROXY ${'x'.repeat(200)}`],
    ['another version', proxyVersion2('192.0.2.7', 1, { version: 3 })],
    ['an unknown command', proxyVersion2('192.0.2.7', 1, { command: 2 })],
    ['too long', proxyVersion2('192.0.2.7', 1, { more: Buffer.alloc(5000) })],
    ['too short', proxyVersion2('192.0.2.7', 1, { family: 0x21 })],
  ])('is refused: %s', (_, bytes) => {
    expect(read(bytes)).toMatchObject({ kind: 'wrong' });
  });

  test('is the same however its bytes come, and never reads behind itself', () => {
    const headers = [
      Buffer.from('PROXY TCP4 192.0.2.7 198.51.100.1 56324 9878\r\n'),
      proxyVersion2('2001:db8::7', 9, { more: Buffer.alloc(7) }),
    ];
    for (const header of headers) {
      const whole = read(Buffer.concat([header, Buffer.from('8=FIX.4.4')]));
      expect(whole).toMatchObject({ kind: 'header', length: header.length });
      for (let at = 0; at < header.length; at++)
        expect(read(header.subarray(0, at))).toEqual({ kind: 'partial' });
      expect(read(header)).toEqual(whole);
    }
  });

  test('never throws, and is never longer than what was read or than the limit', () => {
    const begun = fc.constantFrom(
      Buffer.alloc(0),
      Buffer.from('PROXY '),
      Buffer.from('PROXY TCP4 '),
      proxyVersion2('192.0.2.7', 1).subarray(0, 12),
      proxyVersion2('192.0.2.7', 1).subarray(0, 14),
    );
    fc.assert(
      fc.property(begun, fc.uint8Array({ maxLength: 200 }), (head, tail) => {
        const bytes = Buffer.concat([head, tail]);
        const found = read(bytes);
        if (found.kind === 'header') expect(found.length).toBeLessThanOrEqual(bytes.length);
        if (found.kind === 'partial') expect(bytes.length).toBeLessThan(limits.fixProxyHeaderBytesMax);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('networks', () => {
  test.each([
    [['192.0.2.0/24'], '192.0.2.255', true],
    [['192.0.2.0/24'], '192.0.3.0', false],
    [['192.0.2.0/24'], '::ffff:192.0.2.1', true],
    [['192.0.2.1'], '192.0.2.1', true],
    [['192.0.2.1'], '192.0.2.2', false],
    [['2001:db8::/32'], '2001:db8:0:0:0:0:0:7', true],
    [['2001:db8::/32'], '2001:db9::1', false],
    [['::1'], '::1', true],
    [['fe80::/10'], 'fe80::1%eth0', true],
    [['0.0.0.0/0'], '::1', false],
    [['0.0.0.0/0'], 'localhost', false],
    [['::/0'], '2001:db8::1', true],
  ])('%j has %s: %s', (list, address, has) => {
    expect(networksOf(list).has(address)).toBe(has);
  });

  test('have nobody without an address', () => {
    expect(networksOf(['0.0.0.0/0', '::/0']).has(undefined)).toBe(false);
  });
});
