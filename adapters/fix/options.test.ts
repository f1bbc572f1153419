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
    ['a pattern without template', { ...acceptor, targetCompId: 'BRK*' }, 'targetCompId'],
    ['a list without template', { ...acceptor, counterparties: ['A'] }, 'counterparties'],
    ['a template that connects', { ...initiator, template: true }, 'template'],
    ['a door of an initiator', { ...initiator, allow: ['192.0.2.0/24'] }, 'allow'],
    ['a network that is none', { ...acceptor, allow: ['192.0.2.0/33'] }, 'allow.0'],
    ['a name as network', { ...acceptor, allow: ['fix.example'] }, 'allow.0'],
    ['load balancers that nobody names', { ...acceptor, proxyProtocol: 'required' }, 'proxies'],
    ['load balancers that say nothing', { ...acceptor, proxies: ['192.0.2.1'] }, 'proxies'],
    ['an acceptor that connects elsewhere', { ...acceptor, failover: [{ host: 'b', port: 1 }] }, 'failover'],
    [
      'no verification beyond loopback, of the second host',
      { ...initiator, host: '127.0.0.1', tls: { verify: false }, failover: [{ host: 'b.example', port: 1 }] },
      'tls.verify',
    ],
    ['a schedule without times', { ...acceptor, schedule: {} }, 'schedule.startTime'],
    ['a schedule without an end', { ...acceptor, schedule: { startTime: '17:00' } }, 'schedule.endTime'],
    [
      'an end without times, with times',
      { ...acceptor, schedule: { nonStop: true, startTime: '17:00' } },
      'schedule.startTime',
    ],
    [
      'half a week',
      { ...acceptor, schedule: { startTime: '17:00', endTime: '16:00', startDay: 'sunday' } },
      'schedule.endDay',
    ],
    [
      'a week with weekdays',
      {
        ...acceptor,
        schedule: {
          startTime: '17:00',
          endTime: '16:00',
          startDay: 'sunday',
          endDay: 'friday',
          weekdays: ['monday'],
        },
      },
      'schedule.weekdays',
    ],
    [
      'a week with holidays',
      {
        ...acceptor,
        schedule: {
          startTime: '17:00',
          endTime: '16:00',
          startDay: 'sunday',
          endDay: 'friday',
          holidays: 'nyse',
        },
      },
      'schedule.holidays',
    ],
    [
      'a time that is none',
      { ...acceptor, schedule: { startTime: '24:00', endTime: '16:00' } },
      'schedule.startTime',
    ],
    [
      'a zone that is none',
      { ...acceptor, schedule: { zone: 'New York', startTime: '17:00', endTime: '16:00' } },
      'schedule.zone',
    ],
    ['waits the wrong way round', { ...initiator, reconnectSecondsMin: 90 }, 'reconnectSecondsMin'],
  ])('%s is said where it is', (_, given, place) => {
    const read = fixSessionOptions.safeParse(given);
    expect(read.error?.issues.map(({ path }) => path.join('.'))).toContain(place);
  });

  test('a key that is wrong is not taken', () => {
    expect(fixSessionOptions.safeParse({ ...initiator, heartbeat: 30 }).success).toBe(false);
  });
});
