import { describe, expect, test } from 'vitest';
import { type FixSessionOptionsInput, fixSessionOptions, speaksTls } from './options.ts';

const initiator: FixSessionOptionsInput = {
  role: 'initiator',
  host: 'fix.clearer.example',
  port: 9878,
  beginString: 'FIX.4.4',
  senderCompId: 'OPS',
  targetCompId: 'FIRM',
};
const acceptor: FixSessionOptionsInput = { ...initiator, role: 'acceptor', bind: '127.0.0.1' };
const pair = { cert: '-----BEGIN CERTIFICATE-----', key: '-----BEGIN PRIVATE KEY-----' };

describe('options', () => {
  test.each<[string, FixSessionOptionsInput, boolean]>([
    ['an initiator that leaves the machine', initiator, true],
    ['the same where it is said to be insecure', { ...initiator, insecure: true }, false],
    ['an initiator on loopback', { ...initiator, host: '127.0.0.1' }, false],
    ['an initiator on loopback with TLS', { ...initiator, host: 'localhost', tls: {} }, true],
    ['an acceptor on loopback', acceptor, false],
    ['an acceptor on all addresses', { ...acceptor, bind: '0.0.0.0', tls: pair }, true],
    ['a host that only looks like loopback', { ...initiator, host: '127.0.0.1.example' }, true],
  ])('TLS of %s', (_, given, secure) => {
    expect(speaksTls(fixSessionOptions.parse(given))).toBe(secure);
  });

  test.each<[string, FixSessionOptionsInput, string]>([
    ['no host', { ...initiator, host: undefined }, 'host'],
    ['port 0', { ...initiator, port: 0 }, 'port'],
    ['an acceptor beyond loopback without certificate', { ...acceptor, bind: '0.0.0.0' }, 'tls.cert'],
    ['a certificate without key', { ...acceptor, tls: { cert: pair.cert } }, 'tls.key'],
    ['TLS and insecure', { ...initiator, insecure: true, tls: {} }, 'insecure'],
    ['no verification beyond loopback', { ...initiator, tls: { verify: false } }, 'tls.verify'],
    [
      'names of a certificate that nobody asks for',
      { ...acceptor, tls: { ...pair, peerNames: ['x'] } },
      'tls.peerNames',
    ],
    ['FIXT without DefaultApplVerID(1137)', { ...initiator, beginString: 'FIXT.1.1' }, 'defaultApplVerId'],
    ['a CompID with a slash', { ...initiator, senderCompId: 'A/B' }, 'senderCompId'],
    ['a CompID with a separator', { ...initiator, targetCompId: 'A\u0001B' }, 'targetCompId'],
    ['waits the wrong way round', { ...initiator, reconnectSecondsMin: 90 }, 'reconnectSecondsMin'],
  ])('%s is said where it is', (_, given, place) => {
    const read = fixSessionOptions.safeParse(given);
    expect(read.error?.issues.map(({ path }) => path.join('.'))).toContain(place);
  });

  test('a key that is wrong is not taken', () => {
    expect(fixSessionOptions.safeParse({ ...initiator, heartbeat: 30 }).success).toBe(false);
  });
});
