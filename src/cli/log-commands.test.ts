import { generateKeyPairSync } from 'node:crypto';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import { searchKinds } from '../events/index.ts';
import { openSqliteLog } from '../log/index.ts';
import { jsonLines, runCli, type Spoken } from './testing/in-process.ts';
import { type KeptMorning, keepMorning } from './testing/kept-morning.ts';
import { spoil } from './testing/spoil.ts';

let kept: KeptMorning;
let followed: Spoken;
/** What commands said while the gateway ran, through its control socket. */
let beside: { readonly sessions: Spoken; readonly backup: Spoken; readonly logout: Spoken };

beforeAll(async () => {
  const directory = tempDirectory('cli-log', afterAll);
  const enough = new AbortController();
  let corrected = 0;
  // The last thing that the firm tells is the reset's end: whoever follows has seen every repeat by then.
  const onOutput = (text: string): void => {
    corrected += text.split('"type":"trade.repeated"').length - 1;
    if (corrected === 25) enough.abort();
  };
  const follow = async (): Promise<void> => {
    const options = { directory, interrupted: enough.signal, onOutput };
    followed = await runCli(['events', '--follow', '--type', 'trade', '--json'], options);
    beside = {
      sessions: await runCli(['sessions', '--json'], { directory }),
      backup: await runCli(['backup', 'live', '--json'], { directory }),
      logout: await runCli(['sessions', 'logout', 'clearer-dropcopy', '--reason', 'lunch', '--json'], {
        directory,
      }),
    };
  };
  kept = await keepMorning(directory, follow);
}, 60_000);

function cli(...argv: readonly string[]): Promise<Spoken> {
  return runCli(argv, { directory: kept.directory });
}

/** A copy that a test may change. */
function copyOf(name: string): string {
  const directory = tempDirectory(`cli-${name}`);
  cpSync(kept.directory, directory, { recursive: true });
  return directory;
}

async function quarantined(directory: string): Promise<readonly Record<string, unknown>[]> {
  return jsonLines((await runCli(['quarantine', 'list', '--json'], { directory })).stdout);
}

describe('events', () => {
  test('--json tells every event with its place and standing', async () => {
    const { code, stdout, stderr } = await cli('events', '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = jsonLines(stdout);
    for (const line of lines) {
      const members = Object.keys(line).filter((name) => name !== 'first');
      expect(members).toEqual(['offset', 'index', 'standing', 'event']);
    }
    const offsets = lines.map((line) => Number(line['offset']));
    expect(offsets).toEqual(offsets.toSorted((left, right) => left - right));
    const ofType = (type: string) =>
      lines.filter((line) => (line['event'] as { type: string }).type === type);
    expect(ofType('trade.executed')).toHaveLength(200);
    expect(ofType('trade.busted')).toHaveLength(1);
    expect(ofType('trade.corrected')).toHaveLength(1);
    expect(ofType('trade.repeated')).toHaveLength(kept.truth.retold.length);
    expect(ofType('trade.repeated')[0]).toMatchObject({
      standing: 'repeated',
      first: expect.stringContaining('/0/in:'),
      event: { data: { toldAs: 'trade.executed', repeats: expect.stringContaining('/0/in:') } },
    });
  });

  test('--type takes a type or a family, --standing a standing, --from an offset', async () => {
    const repeats = jsonLines((await cli('events', '--standing', 'repeated', '--json')).stdout);
    expect(repeats).toEqual(jsonLines((await cli('events', '--type', 'trade.repeated', '--json')).stdout));
    const sessions = jsonLines((await cli('events', '--type', 'session', '--json')).stdout);
    expect(new Set(sessions.map((line) => (line['event'] as { type: string }).type))).toEqual(
      new Set(['session.up', 'session.gap', 'session.down']),
    );
    const from = String(repeats[5]?.['offset']);
    expect(
      jsonLines((await cli('events', '--from', from, '--type', 'trade.repeated', '--json')).stdout),
    ).toHaveLength(20);
    expect(await cli('events', '--channel', 'none', '--json')).toEqual({
      code: 0,
      stdout: '',
      stderr: expect.stringMatching(/nothing of a channel "none"; it holds clearer-dropcopy/),
    });
    const ended = { directory: kept.directory, interrupted: AbortSignal.abort() };
    expect(await runCli(['entries', '--follow', '--channel', 'none'], ended)).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/nothing of a channel "none"; it holds clearer-dropcopy/),
    });
    expect(await runCli(['entries', '--follow', '--channel', 'clearer-dropcopy'], ended)).toMatchObject({
      code: 0,
      stderr: '',
    });
    expect(await cli('events', '--type', 'trade.bustd')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Did you mean "trade.busted"?'),
    });
    expect((await cli('entries', '--kind', 'none')).code).toBe(2);
  });

  test('--follow goes on beside a running gateway, and tells each event once', async () => {
    const all = jsonLines((await cli('events', '--type', 'trade', '--json')).stdout);
    const last = followed.stdout.trimEnd().split('\n').length;
    expect(followed).toMatchObject({ code: 0, stderr: '' });
    expect(jsonLines(followed.stdout)).toEqual(all.slice(0, last));
    expect(last).toBeGreaterThan(200);
  });

  test('--cloudevents puts each into its envelope', async () => {
    const [line] = jsonLines((await cli('events', '--cloudevents', '--type', 'trade.busted')).stdout);
    expect(line).toMatchObject({
      specversion: '1.0',
      type: 'org.clearport.trade.busted.v1',
      source: 'urn:clearport:demo',
      standing: 'first',
      data: { data: { execId: kept.truth.bust?.id } },
    });
  });

  test('masks accounts for people, unless asked otherwise', async () => {
    const masked = await cli('events', '--type', 'trade');
    expect(masked.stdout).toMatch(/^received \(UTC\) +channel +event +standing/);
    expect(masked.stdout).toMatch(/\*{6}\d\d/);
    expect(masked.stdout).not.toMatch(/7Q1\d{5}/);
    expect((await cli('events', '--type', 'trade', '--unmasked')).stdout).toMatch(/7Q1\d{5}/);
  });
});

describe('entries', () => {
  test('--json tells all but the bytes', async () => {
    const lines = jsonLines((await cli('entries', '--json')).stdout);
    const own = lines.filter((line) => line['channel'] === 'clearer-dropcopy');
    expect(own.map((line) => line['sequence'])).toEqual(own.map((_line, index) => index + 1));
    expect(lines.find((line) => line['type'] === '8')).toMatchObject({
      channel: 'clearer-dropcopy',
      kind: 'message',
      direction: 'in',
      origin: 'DEMOBRKR-SIMCLEAR/0/in:2',
      events: 1,
      issues: [],
      codec: { id: 'fix' },
      chain: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(JSON.stringify(lines)).not.toContain('7Q1');
    const kinds = jsonLines((await cli('entries', '--kind', 'quarantine', '--json')).stdout);
    expect(kinds).toHaveLength(2);
  });
});

describe('find', () => {
  test('finds by any key, and by one kind of key', async () => {
    const { bust } = kept.truth;
    const told = async (...argv: readonly string[]): Promise<unknown[]> =>
      jsonLines((await cli('find', ...argv, '--json')).stdout).map(
        (line) => (line['event'] as { type: string }).type,
      );
    expect(await told(bust?.reference ?? '')).toEqual(['trade.executed', 'trade.busted']);
    expect(await told(`exec:${bust?.reference}`)).toEqual(['trade.executed', 'trade.busted']);
    expect(await told(`order:${bust?.reference}`)).toEqual([]);
    expect(await told(`order:${bust?.order}`)).toContain('trade.busted');
    expect(await told(kept.truth.retold[0]?.id ?? '')).toEqual(['trade.executed', 'trade.repeated']);
  });

  test('lists without bodies, and shows them when asked to', async () => {
    const id = kept.truth.bust?.id ?? '';
    const { stdout } = await cli('find', id);
    expect(stdout.trimEnd().split('\n')).toHaveLength(2);
    expect(stdout).not.toContain('SenderCompID');
    const shown = await cli('find', id, '--show');
    expect(shown.stdout).toMatch(/ 49=SIMCLEAR +SenderCompID/);
    expect(shown.stdout).not.toMatch(/7Q1\d{5}/);
    expect(jsonLines((await cli('find', id, '--show', '--json')).stdout)[0]).toMatchObject({
      entry: { kind: 'message' },
      message: { type: '8' },
      events: [{ event: { type: 'trade.busted' } }],
    });
  });

  test('says that nothing is known', async () => {
    expect(await cli('find', 'E404')).toMatchObject({ code: 0, stdout: 'Nothing is known under E404.\n' });
    expect(await cli('find', 'exec:E404')).toMatchObject({ code: 0 });
  });

  test('says which kinds of key there are, where one is asked for that there is not', async () => {
    const { code, stdout, stderr } = await cli('find', 'bogus:1');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('"bogus" is no kind of key');
    const page = readFileSync(new URL('../../docs/cli.md', import.meta.url), 'utf8');
    for (const kind of searchKinds()) {
      expect(stderr).toMatch(new RegExp(`[ ,]${kind}[,;]`));
      expect(page).toContain(`\`${kind}\``);
      expect(await cli('find', `${kind}:E404`), kind).toMatchObject({ code: 0 });
    }
    expect(await cli('find', 'exce:1')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Did you mean "exec"?'),
    });
  });
});

describe('beside a running gateway', () => {
  test('commands go to it', () => {
    expect(JSON.parse(beside.sessions.stdout)).toMatchObject({
      running: true,
      sessions: [{ channel: 'clearer-dropcopy', session: { loggedOn: true, state: { epoch: 1 } } }],
    });
    expect(beside.logout, beside.logout.stderr).toMatchObject({ code: 0 });
  });

  test('a backup is a whole log of its moment', async () => {
    expect(beside.backup, beside.backup.stderr).toMatchObject({ code: 0 });
    expect(JSON.parse(beside.backup.stdout)).toMatchObject({ ok: true, findings: [] });
    expect(await cli('restore', 'live', '--data', 'from-live')).toMatchObject({ code: 0 });
    const told = jsonLines((await cli('events', '--data', 'from-live', '--type', 'trade', '--json')).stdout);
    expect(told.length).toBeGreaterThan(200);
  });
});

describe('quarantine', () => {
  test('lists what waits, with the reason, and ends with 1 for as long as anything does', async () => {
    const { code, stdout } = await cli('quarantine');
    expect(code).toBe(1);
    expect(stdout).toMatch(/FIX_CHECKSUM: /);
    expect(stdout).toMatch(/FIX_VALUE_\w+: LastPx\(31\)/);
    const [entry] = await quarantined(kept.directory);
    expect(Object.keys(entry ?? {})).toEqual(
      expect.arrayContaining(['channel', 'offset', 'origin', 'receivedAt', 'size', 'issues', 'readable']),
    );
  });

  test('is asked of a channel that there is', async () => {
    expect(await cli('quarantine', '--channel', 'clearer-dropcopy')).toMatchObject({ code: 1 });
    expect(await cli('quarantine', '--channel', 'clearer-dropcpy')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Did you mean "clearer-dropcopy"?'),
    });
  });

  test('shows one with its bytes and fields, accounts masked', async () => {
    const [, spoiled] = await quarantined(kept.directory);
    const { code, stdout } = await cli('quarantine', 'show', String(spoiled?.['offset']));
    expect(code).toBe(0);
    expect(stdout).toContain(`17=${kept.truth.badValue?.id}|`);
    expect(stdout).toMatch(/ 31=1O2\.5 +LastPx/);
    expect(stdout).not.toMatch(/7Q1\d{5}/);
  });

  test('is emptied by a repair and a decision, and the log says who and why', async () => {
    const directory = copyOf('quarantine');
    const [garbled, spoiled] = await quarantined(directory);
    const detail = await runCli(['quarantine', 'show', String(spoiled?.['offset']), '--json'], { directory });
    const bytes = Buffer.from(JSON.parse(detail.stdout).bytes, 'base64').toString('latin1');
    const body = bytes.slice(bytes.indexOf('35='), bytes.indexOf('\u000110=') + 1).replace('1O2.5', '102.5');
    const whole = `8=FIX.4.4\u00019=${body.length}\u0001${body}`;
    const sum = [...Buffer.from(whole, 'latin1')].reduce((total, byte) => (total + byte) & 0xff, 0);
    const input = `${whole}10=${String(sum).padStart(3, '0')}\u0001`;
    const person = ['--reason', 'the desk confirmed 102.5', '--by', 'ann'];
    const repair = ['quarantine', 'repair', String(spoiled?.['offset']), '--file', '-', ...person, '--json'];
    const repaired = await runCli(repair, { directory, input });
    expect(repaired, repaired.stderr).toMatchObject({ code: 0 });
    expect(JSON.parse(repaired.stdout)).toMatchObject({
      outcome: 'written',
      events: [{ type: 'trade.executed' }],
    });
    const discard = ['quarantine', 'discard', String(garbled?.['offset']), ...person];
    expect(await runCli(discard, { directory })).toMatchObject({ code: 0 });
    expect(await runCli(['quarantine'], { directory })).toMatchObject({
      code: 0,
      stdout: 'Nothing is in quarantine.\n',
    });
    const audits = jsonLines((await runCli(['entries', '--kind', 'audit', '--json'], { directory })).stdout);
    const anns = audits.filter(({ by }) => by === 'ann');
    expect(anns.map(({ reason }) => reason)).toEqual(Array(2).fill('the desk confirmed 102.5'));
    expect((await runCli(['find', kept.truth.badValue?.id ?? ''], { directory })).stdout).toContain('102.5');
    expect(await runCli(['verify'], { directory })).toMatchObject({ code: 0 });
  });

  test('asks for an offset that there is', async () => {
    expect(await cli('quarantine', 'show', '1')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('QUARANTINE_UNKNOWN'),
    });
    expect((await cli('quarantine', 'show', 'abc')).code).toBe(2);
  });
});

describe('replay', () => {
  test('--dry-run finds nothing to change with the same codec', async () => {
    const { code, stdout } = await cli('replay', '--dry-run', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      dryRun: true,
      changed: 0,
      understood: 0,
      fails: 0,
      differences: [],
    });
  });

  test('commits nothing without a reason', async () => {
    expect(await cli('replay')).toMatchObject({ code: 2, stderr: expect.stringContaining('--reason') });
  });
});

describe('sessions', () => {
  test('shows the numbers of the log while no gateway runs', async () => {
    const { stdout } = await cli('sessions');
    expect(stdout).toMatch(/No gateway runs[\s\S]*clearer-dropcopy/);
    expect(stdout).toMatch(/in quarantine +repeats[^\n]*\nclearer-dropcopy +\d+ +2\n/);
    const { sessions } = JSON.parse((await cli('sessions', 'show', '--json')).stdout);
    expect(sessions).toHaveLength(1);
    expect((await cli('sessions', 'show', 'none')).code).toBe(2);
  });

  test('sets and resets numbers, with a reason that the log keeps', async () => {
    const directory = copyOf('sessions');
    const person = ['--reason', 'agreed on the phone', '--by', 'bob', '--json'];
    const set = await runCli(['sessions', 'set', 'clearer-dropcopy', '--next-in', '900', ...person], {
      directory,
    });
    expect(set, set.stderr).toMatchObject({ code: 0 });
    expect(JSON.parse(set.stdout)).toMatchObject({ state: { epoch: 1, nextIn: 900 } });
    const reset = await runCli(['sessions', 'reset', 'clearer-dropcopy', ...person], { directory });
    expect(JSON.parse(reset.stdout)).toMatchObject({ state: { epoch: 2, nextIn: 1, nextOut: 1 } });
    const entries = (await runCli(['entries', '--kind', 'audit'], { directory })).stdout;
    expect(entries).toContain('agreed on the phone');
    expect((await runCli(['sessions', 'set', 'clearer-dropcopy', ...person], { directory })).code).toBe(2);
    const logout = await runCli(['sessions', 'logout', 'clearer-dropcopy', ...person], { directory });
    expect(JSON.parse(logout.stderr)).toMatchObject({ error: { code: 'GATEWAY_NOT_RUNNING' } });
  });
});

describe('verify', () => {
  test('tells the heads, and that every chain value holds', async () => {
    const { code, stdout } = await cli('verify');
    expect(code).toBe(0);
    expect(stdout).toMatch(/clearer-dropcopy +\d+ +1 +[0-9a-f]{64}/);
    expect(JSON.parse((await cli('verify', '--json')).stdout)).toMatchObject({ ok: true, findings: [] });
  });

  test('ends with 1 where the database was changed, and names the block', async () => {
    const directory = copyOf('verify');
    spoil(join(directory, 'data', 'log.db'));
    const { code, stdout } = await runCli(['verify', '--json'], { directory });
    expect(code).toBe(1);
    const { findings } = JSON.parse(stdout);
    expect(findings.length).toBeGreaterThan(0);
    expect((await runCli(['verify'], { directory })).stdout).toMatch(/LOG_\w+ +clearer-dropcopy block \d+/);
  });

  test('compares with a checkpoint from a second place', async () => {
    const directory = copyOf('checkpoint');
    const { privateKey } = generateKeyPairSync('ed25519');
    const log = await openSqliteLog(join(directory, 'data'));
    const checkpoint = await log.checkpoint(String(privateKey.export({ type: 'pkcs8', format: 'pem' })));
    await log.close();
    const path = join(directory, 'checkpoint.json');
    writeFileSync(path, JSON.stringify(checkpoint));
    expect((await runCli(['verify', '--checkpoint', path], { directory })).code).toBe(0);
    const heads = checkpoint.heads.map((head) => ({ ...head, chain: 'ab'.repeat(32) }));
    writeFileSync(path, JSON.stringify({ ...checkpoint, heads }));
    const other = await runCli(['verify', '--checkpoint', path], { directory });
    expect(other).toMatchObject({ code: 1, stdout: expect.stringContaining('LOG_CHECKPOINT') });
    writeFileSync(path, 'nothing');
    expect((await runCli(['verify', '--checkpoint', path], { directory })).code).toBe(2);
  });
});

describe('backup and restore', () => {
  test('give the same log back, and never write over one', async () => {
    const directory = copyOf('backup');
    expect((await runCli(['backup', 'copy', '--json'], { directory })).code).toBe(0);
    expect(await runCli(['restore', 'copy', '--data', 'again'], { directory })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('verified'),
    });
    const events = async (data: string): Promise<string> =>
      (await runCli(['events', '--json', '--data', data], { directory })).stdout;
    expect(await events('again')).toBe(await events('data'));
    expect((await runCli(['restore', 'copy', '--data', 'data'], { directory })).code).toBeGreaterThan(1);
    expect((await runCli(['backup', 'copy'], { directory })).code).toBeGreaterThan(1);
  });
});
