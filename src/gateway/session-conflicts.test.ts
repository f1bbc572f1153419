import { describe, expect, test } from 'vitest';
import { checkText } from './index.ts';

const certificates = `tls: { cert: "\${env:CERT}", key: "\${env:KEY}"`;
const environment = {
  CERT: '-----BEGIN CERTIFICATE-----\nMAMA\n-----END CERTIFICATE-----',
  KEY: '-----BEGIN PRIVATE KEY-----\nMAMA\n-----END PRIVATE KEY-----',
};

async function problemsOf(first: string, later: string): Promise<string[]> {
  const channel = (name: string, options: string): string =>
    `  ${name}:\n    adapter: fix\n    perspective: clearer\n    options: { role: acceptor, port: 9878, beginString: FIX.4.4, senderCompId: FIRM, ${options} }\n`;
  const text = `version: 1\ntenant: demo\nchannels:\n${channel('first', first)}${channel('later', later)}`;
  const { findings } = await checkText(text, '/etc/clearport/clearport.yaml', environment);
  return findings.map(({ at, message }) => `${at?.line}: ${at?.field}: ${message}`);
}

describe('two sessions on one port', () => {
  test.each<[string, string, string, string[]]>([
    ['of two counterparties', 'targetCompId: A', 'targetCompId: B', []],
    ['of one counterparty twice', 'targetCompId: A', 'targetCompId: A', ['options.targetCompId: the same']],
    ['of one counterparty in two desks', 'targetCompId: A', 'targetCompId: A, targetSubId: X', []],
    ['on another address', 'targetCompId: A', 'targetCompId: A, bind: 127.0.0.2', []],
    [
      'with TLS and without',
      'targetCompId: A',
      `targetCompId: B, ${certificates} }`,
      ['options.tls: TLS on one port is for all'],
    ],
    ['with the same TLS', `targetCompId: A, ${certificates} }`, `targetCompId: B, ${certificates} }`, []],
    [
      'with two kinds of TLS',
      `targetCompId: A, ${certificates} }`,
      `targetCompId: B, ${certificates}, minVersion: TLSv1.3 }`,
      ['options.tls.serverName: other TLS settings'],
    ],
    [
      'with two kinds of TLS under two names',
      `targetCompId: A, ${certificates} }`,
      `targetCompId: B, ${certificates}, serverName: b.firm.example, minVersion: TLSv1.3 }`,
      [],
    ],
    [
      'with a load balancer before one of them',
      'targetCompId: A',
      'targetCompId: B, proxyProtocol: required, proxies: [192.0.2.1]',
      ['options.proxyProtocol: a load balancer'],
    ],
  ])('%s', async (_, first, later, wanted) => {
    const found = await problemsOf(first, later);
    expect(found).toHaveLength(wanted.length);
    for (const [at, text] of wanted.entries()) expect(found[at]).toContain(`channels.later.${text}`);
    expect(found.every((line) => /^(8|9|10|11): /.test(line))).toBe(true);
  });
});
