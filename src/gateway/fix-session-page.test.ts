import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { checkText } from './index.ts';

const page = readFileSync(new URL('../../docs/fix-session.md', import.meta.url), 'utf8');
const blocks = [...page.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map((match) => match[1] ?? '');
const pem = '-----BEGIN CERTIFICATE-----\nMAMA\n-----END CERTIFICATE-----';
const environment = { CLEARER_PASSWORD: 'a password', CA: pem };

async function findingsOf(channels: string): Promise<unknown> {
  const text = `version: 1\ntenant: demo\n${channels.replace(/\$\{file:[^}]*\}/g, () => `\${env:CA}`)}`;
  return (await checkText(text, '/etc/clearport/clearport.yaml', environment)).findings;
}

describe('docs/fix-session.md', () => {
  test('has examples of channels that are right as they stand', async () => {
    const channels = blocks.filter((block) => block.startsWith('channels:'));
    expect(channels).toHaveLength(2);
    for (const block of channels) expect(await findingsOf(block)).toEqual([]);
  });

  test('has examples of schedules that are right as they stand', async () => {
    const schedules = blocks.flatMap((block) =>
      block.split('\n').filter((line) => line.trim().startsWith('schedule:')),
    );
    expect(schedules).toHaveLength(4);
    for (const line of schedules) {
      const options = `      role: acceptor\n      port: 9\n      beginString: FIX.4.4\n      senderCompId: A\n      targetCompId: B\n${line}`;
      const channel = `channels:\n  one:\n    adapter: fix\n    perspective: clearer\n    options:\n${options}\n`;
      expect(await findingsOf(channel)).toEqual([]);
    }
  });
});
