import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ConfigurationError, checkText, loadConfiguration } from './index.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'clearport-configuration-'));
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

const good = `
version: 1
tenant: acme
firm: { name: Acme Brokers, participant: 0158 }
channels:
  clearing-dropcopy:
    adapter: fix
    perspective: clearer
    reportedBy: BIGCLR
    owner: operations
    options:
      role: initiator
      host: 127.0.0.1
      port: 9001
      beginString: FIX.4.4
      senderCompId: ACME
      targetCompId: BIGCLR
      password: \${env:FIX_PASSWORD}
  clearing-logs:
    adapter: directory
    codec: fix
    perspective: clearer
    files: { framer: fix-log, key: '^(?<key>.+)\\.log$', pollMs: 100 }
    options: { path: landing, pattern: '*.log' }
`;
const environment = { FIX_PASSWORD: 'canary-7f3a' };

const check = (text: string, env = environment) => checkText(text, join(directory, 'clearport.yaml'), env);

async function told(text: string): Promise<string[]> {
  const { findings } = await check(text);
  return findings.map(({ code, at }) => `${code} ${at?.line}:${at?.column} ${at?.field ?? ''}`.trim());
}

describe('a good configuration', () => {
  test('is read with its defaults, paths made absolute and secrets in place', async () => {
    const { configuration, findings } = await check(good);
    expect(findings).toEqual([]);
    expect(configuration).toMatchObject({
      tenant: 'acme',
      data: join(directory, 'data'),
      firm: { participant: '0158', profile: 'fully-disclosed' },
      log: { level: 'info' },
    });
    const session = configuration?.channels.get('clearing-dropcopy');
    expect(session).toMatchObject({
      codec: 'fix',
      zone: 'America/New_York',
      direction: 'in',
      owner: 'operations',
    });
    expect(session?.options()).toMatchObject({ port: 9001, password: 'canary-7f3a', heartBtInt: 30 });
    const files = configuration?.channels.get('clearing-logs');
    expect(files?.files).toEqual({
      framer: 'fix-log',
      key: '^(?<key>.+)\\.log$',
      pollMs: 100,
      settlePolls: 2,
      restated: 'hold',
    });
    expect(files?.options()).toEqual({
      path: join(directory, 'landing'),
      archive: 'archive',
      pattern: '*.log',
    });
  });

  test('prints no secret, however it is printed', async () => {
    const { configuration } = await check(good);
    const { inspect } = await import('node:util');
    expect(inspect(configuration, { depth: 9 })).not.toContain('canary');
    expect(JSON.stringify(configuration)).not.toContain('canary');
    expect(configuration?.mask.text('said canary-7f3a aloud')).toBe('said ***(11) aloud');
  });

  test('comes from a file, with references to files beside it', async () => {
    await writeFile(join(directory, 'password'), 'canary-from-file\n', { mode: 0o600 });
    const path = join(directory, 'clearport.yaml');
    await writeFile(path, good.replace(`\${env:FIX_PASSWORD}`, `\${file:password}`));
    const configuration = await loadConfiguration(path, {});
    expect(configuration.channels.get('clearing-dropcopy')?.options()).toMatchObject({
      password: 'canary-from-file',
    });
  });

  test('takes references anywhere, also for numbers and inside texts', async () => {
    const text = good
      .replace('port: 9001', `port: \${env:PORT}`)
      .replace('host: 127.0.0.1', `host: 127.0.0.\${env:LAST}`);
    const { configuration, findings } = await check(text, {
      ...environment,
      PORT: '9002',
      LAST: '7',
    } as never);
    expect(findings).toEqual([]);
    expect(configuration?.channels.get('clearing-dropcopy')?.options()).toMatchObject({
      port: 9002,
      host: '127.0.0.7',
    });
  });
});

describe('all findings at once', () => {
  test('each with its line, its column and what to do', async () => {
    const text = good
      .replace('tenant: acme', 'tennant: acme')
      .replace('perspective: clearer', 'perspective: clearing')
      .replace('port: 9001', 'prot: 9001')
      .replace('pollMs: 100', 'pollMs: fast');
    const { findings, configuration } = await check(text);
    expect(configuration).toBeUndefined();
    expect(findings.map(({ code, at, remedy }) => [code, at?.line, at?.column, at?.field, remedy])).toEqual([
      ['CONFIG_MISSING_KEY', 2, 1, 'tenant', expect.any(String)],
      ['CONFIG_UNKNOWN_KEY', 3, 1, 'tennant', 'Did you mean "tenant"?'],
      ['CONFIG_VALUE', 8, 18, 'channels.clearing-dropcopy.perspective', 'Did you mean "clearer"?'],
      ['CONFIG_MISSING_KEY', 12, 7, 'channels.clearing-dropcopy.options.port', expect.any(String)],
      ['CONFIG_UNKNOWN_KEY', 14, 7, 'channels.clearing-dropcopy.options.prot', 'Did you mean "port"?'],
      ['CONFIG_VALUE', 23, 65, 'channels.clearing-logs.files.pollMs', expect.any(String)],
    ]);
  });

  test('are thrown together, with exit code 2', async () => {
    const path = join(directory, 'clearport.yaml');
    await writeFile(
      path,
      good.replace('version: 1', 'version: 2').replace('tenant: acme', 'tenant: Acme Inc'),
    );
    const thrown = await loadConfiguration(path, environment).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(ConfigurationError);
    expect(thrown).toMatchObject({ code: 'CONFIG_VALUE', exitCode: 2, place: `${path}:2:10` });
    expect((thrown as ConfigurationError).findings).toHaveLength(2);
  });

  test('a file that is not there is one error', async () => {
    const path = join(directory, 'nowhere.yaml');
    await expect(loadConfiguration(path, {})).rejects.toMatchObject({
      code: 'CONFIG_NOT_FOUND',
      exitCode: 2,
    });
  });
});

describe('keys and values', () => {
  test('a key of the options that stands beside them is shown its place', async () => {
    const { findings } = await check(good.replace('    owner: operations', '    heartBtInt: 20'));
    expect(findings).toMatchObject([{ code: 'CONFIG_UNKNOWN_KEY', remedy: 'Put it under "options".' }]);
  });

  test.each([
    ['perspective is required', '    perspective: clearer\n', '', 'CONFIG_MISSING_KEY'],
    ['an adapter that is not there', 'adapter: fix', 'adapter: fxi', 'CONFIG_VALUE'],
    ['no adapter', '    adapter: fix\n', '', 'CONFIG_MISSING_KEY'],
    ['a zone that is none', 'owner: operations', 'zone: New York', 'CONFIG_VALUE'],
    ['files where there are none', 'owner: operations', 'files: { pollMs: 1000 }', 'CONFIG_VALUE'],
    ['a framer that is not there', 'framer: fix-log', 'framer: fix-logs', 'CONFIG_VALUE'],
    ['a key pattern that is none', "key: '^(?<key>.+)\\.log$'", "key: '('", 'CONFIG_VALUE'],
    ['a channel name that is none', '  clearing-logs:', '  Clearing_Logs:', 'CONFIG_CHANNEL_NAME'],
    ['a channel name that is taken', '  clearing-logs:', '  gateway:', 'CONFIG_CHANNEL_NAME'],
    ['a number with a leading zero', 'port: 9001', 'port: 09001', 'CONFIG_VALUE'],
    [
      'yes for true',
      'port: 9001',
      'port: 9001\n      validate: full\n      testMessage: yes',
      'CONFIG_VALUE',
    ],
    ['what the adapter objects to', '      host: 127.0.0.1\n', '', 'CONFIG_VALUE'],
    ['a variable that is not set', `\${env:FIX_PASSWORD}`, `\${env:NO_SUCH}`, 'CONFIG_REFERENCE'],
    ['a file that is not there', `\${env:FIX_PASSWORD}`, `\${file:no/such}`, 'CONFIG_REFERENCE'],
    ['a reference of another kind', 'reportedBy: BIGCLR', `reportedBy: \${vault:x}`, 'CONFIG_REFERENCE'],
    ['a reference that is not closed', 'reportedBy: BIGCLR', `reportedBy: '\${env:x'`, 'CONFIG_REFERENCE'],
  ])('%s', async (_, before, after, code) => {
    expect(good).toContain(before);
    const { findings } = await check(good.replace(before, after));
    expect(findings.map((finding) => finding.code)).toContain(code);
  });

  test('words that YAML 1.1 takes for something else stay what they are', async () => {
    const text = good
      .replace('owner: operations', 'owner: no')
      .replace('reportedBy: BIGCLR', 'reportedBy: 007');
    const { configuration } = await check(text);
    expect(configuration?.channels.get('clearing-dropcopy')).toMatchObject({
      owner: 'no',
      reportedBy: '007',
    });
  });
});

describe('the words of what is wrong', () => {
  test.each([
    ['port: 9001', 'port: 99999', 'port: must be 65535 or less, not "99999"'],
    ['port: 9001', 'port: 9001\n      heartBtInt: -1', 'heartBtInt: must be 0 or more, not "-1"'],
    [
      'port: 9001',
      'port: 9001\n      schedule: { startTime: "08:00", endTime: "17:00", weekdays: [monday, sun] }',
      'weekdays[1]: must be one of sunday, monday, tuesday, wednesday, thursday, friday, saturday, not "sun"',
    ],
  ])('are of the field: %s -> %s', async (before, after, message) => {
    const { findings } = await check(good.replace(before, after));
    expect(findings.map((finding) => finding.message)).toEqual([message]);
  });

  test('a file that cannot be read is told once, and its place is not judged besides', async () => {
    const { findings } = await check(
      good.replace('port: 9001', `port: 9001\n      tls: { ca: "\${file:no/such.pem}" }`),
    );
    expect(findings.map(({ code }) => code)).toEqual(['CONFIG_REFERENCE']);
  });
});

describe('secrets', () => {
  test('in plain text are an error that does not print them', async () => {
    const { findings } = await check(good.replace(`\${env:FIX_PASSWORD}`, 'hunter2-canary'));
    expect(findings.map(({ code }) => code)).toEqual(['CONFIG_SECRET_IN_PLAIN_TEXT']);
    expect(JSON.stringify(findings)).not.toContain('hunter2');
  });

  test('half in plain text are one too, and so is every member of a group of secrets', async () => {
    const text = good
      .replace(`\${env:FIX_PASSWORD}`, `pre-\${env:FIX_PASSWORD}`)
      .replace(
        'port: 9001',
        `port: 9001\n      logonFields: { '9001': canary-inner, '9002': '\${env:FIX_PASSWORD}' }`,
      );
    const { findings } = await check(text);
    expect(findings.map(({ code, at }) => `${code} ${at?.field}`)).toEqual([
      'CONFIG_SECRET_IN_PLAIN_TEXT channels.clearing-dropcopy.options.logonFields.9001',
      'CONFIG_SECRET_IN_PLAIN_TEXT channels.clearing-dropcopy.options.password',
    ]);
    expect(JSON.stringify(findings)).not.toContain('canary');
  });

  test('that break the YAML itself are not quoted either', async () => {
    for (const secret of [
      '*canary',
      '!canary x',
      '"canary',
      'canary: canary: canary',
      '@canary',
      '%canary',
    ]) {
      const { findings } = await check(good.replace(`\${env:FIX_PASSWORD}`, secret));
      expect(findings.length).toBeGreaterThan(0);
      expect(JSON.stringify(findings)).not.toContain('canary');
    }
  });

  test('too short to be hidden, or in a file for everybody, are warned of', async () => {
    const path = join(directory, 'open');
    await writeFile(path, 'canary-open');
    await chmod(path, 0o644);
    const open = await check(good.replace(`\${env:FIX_PASSWORD}`, `\${file:open}`));
    expect(open.findings).toMatchObject([{ code: 'CONFIG_SECRET_FILE_OPEN', severity: 'warning' }]);
    expect(open.configuration).toBeDefined();
    const short = await check(good, { FIX_PASSWORD: 'abc' });
    expect(short.findings).toMatchObject([{ code: 'CONFIG_SECRET_TOO_SHORT', severity: 'warning' }]);
  });
});

describe('YAML', () => {
  test.each([
    ['a key twice', 'version: 1\nversion: 1\n', 'CONFIG_YAML 2:1'],
    ['a tab', 'version: 1\n\ttenant: x\n', 'CONFIG_YAML 2:1'],
    ['two documents', 'version: 1\n---\nversion: 1\n', 'CONFIG_YAML 2:1'],
    ['a tag', 'version: !!js/function 1\n', 'CONFIG_YAML 1:10'],
    [
      'a map without keys to look at',
      'version: 1\ntenant: demo\nchannels: !!omap\n  - feed: {adapter: nonsense}\n',
      'CONFIG_YAML 3:11',
    ],
    ['an open quote', 'version: "1\n', 'CONFIG_YAML 2:1'],
    ['an unknown anchor', 'version: *one\n', 'CONFIG_YAML 1:10'],
  ])('%s', async (_, text, expected) => {
    expect(await told(text)).toContain(expected);
  });

  test('an anchor bomb is refused, in time and memory', async () => {
    const bomb = ['a: &a [x,x,x,x,x,x,x,x,x]'];
    for (const [at, name] of [...'bcdefghi'].entries()) {
      const before = 'abcdefgh'[at];
      bomb.push(`${name}: &${name} [${Array(9).fill(`*${before}`).join(',')}]`);
    }
    expect(await told(bomb.join('\n'))).toEqual(['CONFIG_YAML 1:1']);
  });

  test('absurd nesting and absurd size are refused', async () => {
    expect((await told('['.repeat(100_000))).length).toBeLessThanOrEqual(20);
    expect(await told(`#${'x'.repeat(1024 * 1024)}`)).toEqual(['CONFIG_YAML 1:1']);
  });

  test.each([
    '',
    '- a',
    'just words',
    'null',
    '{}',
    'channels: 3',
    'channels: { a: 3 }',
    'channels: [1]',
  ])('no configuration: %j', async (text) => {
    const { findings, configuration } = await check(text);
    expect(configuration).toBeUndefined();
    expect(findings.some(({ severity }) => severity === 'error')).toBe(true);
  });

  test('no text makes it throw', async () => {
    const mutated = fc.tuple(fc.nat(good.length), fc.nat(40), fc.string({ maxLength: 12 }));
    await fc.assert(
      fc.asyncProperty(mutated, async ([at, drop, insert]) => {
        const { findings, configuration } = await check(good.slice(0, at) + insert + good.slice(at + drop));
        expect(configuration !== undefined || findings.length > 0).toBe(true);
      }),
      { numRuns: 150 },
    );
  });
});
