import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { queue } from './index.ts';
import { portOf, speaksTls } from './options.ts';

const issuesOf = (options: object): string => {
  const read = queue.options.safeParse({ host: 'mq.clearer.example', source: 'IN', ...options });
  return read.success
    ? ''
    : read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
};

describe('options', () => {
  test('that are enough', () => {
    expect(issuesOf({})).toBe('');
    expect(issuesOf({ username: 'ops', password: 'x', target: 'OUT', capabilities: ['queue'] })).toBe('');
  });

  test.each([
    [{ source: undefined }, /^source: a source, a target or both/],
    [{ username: 'ops' }, /^password: username and password belong together/],
    [{ password: 'x' }, /^password: username and password belong together/],
    [{ tls: { cert: '-----BEGIN CERTIFICATE-----' } }, /^tls\.key: a certificate and its key/],
    [{ capabilities: ['a queue'] }, /^capabilities\.0/],
    [{ credit: 0 }, /^credit/],
    [{ tls: { verify: false } }, /verify/],
    [{ insecure: true }, /insecure/],
  ])('%j contradict themselves', (options, expected) => {
    expect(issuesOf(options)).toMatch(expected);
  });

  test.each([
    ['mq.clearer.example', undefined, true, 5671],
    ['10.1.2.3', undefined, true, 5671],
    ['127.0.0.1', undefined, false, 5672],
    ['localhost', undefined, false, 5672],
    ['localhost', {}, true, 5671],
  ])('%s with tls %j: %s, port %i', (host, tls, secure, port) => {
    const options = queue.options.parse({ host, source: 'IN', ...(tls && { tls }) });
    expect([speaksTls(options), portOf(options)]).toEqual([secure, port]);
  });
});

test('docs/queues.md has every option, and no other', () => {
  const page = readFileSync(new URL('../../docs/queues.md', import.meta.url), 'utf8');
  const rows = page.split('\n').filter((line) => /^\| (?:→ )?`[a-z][A-Za-z]*`/.test(line));
  const shown = rows.flatMap((row) =>
    [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, key]) => key),
  );
  const schema = z.toJSONSchema(queue.options, { io: 'input', unrepresentable: 'any' });
  const keys = Object.entries(schema.properties ?? {}).flatMap(([key, inner]) => [
    key,
    ...Object.keys((typeof inner === 'object' && inner.properties) || {}),
  ]);
  expect(shown.toSorted()).toEqual(keys.toSorted());
});
