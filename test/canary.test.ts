import { on, once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Child, startChild } from './support/child.ts';
import { clearport, startClearport } from './support/clearport.ts';
import { acceptorChannel, initiatorChannel, writeConfiguration } from './support/configuration.ts';
import { freePort } from './support/free-port.ts';
import { connectRaw, fill, logon, message, type RawPeer, raw, rawPeer } from './support/raw-peer.ts';
import { tempDirectory } from './support/temp-directory.ts';

/**
 * Secrets and account numbers that exist nowhere else are sent through everything that can go wrong; then everything
 * that was said is searched for them.
 */
const secrets = {
  password: 'canary-password-7f3a91',
  newPassword: 'canary-renewed-52c0de',
  logonField: 'canary-token-e81b44',
  acceptorPassword: 'canary-acceptor-90d2f7',
  /** Theirs, and wrong: no configuration holds it, so only its tag gives it away. */
  strangersPassword: 'canary-stranger-1b77aa',
} as const;
const account = '7CANARYACCT';

interface Said {
  readonly by: string;
  readonly text: string;
}

describe('canaries', () => {
  const place = tempDirectory('canary', afterAll);
  const said: Said[] = [];
  const env = {
    CANARY_PASSWORD: secrets.password,
    CANARY_TOKEN: secrets.logonField,
    CANARY_ACCEPTOR: secrets.acceptorPassword,
  };
  let configuration = '';
  let onTheWire = '';

  beforeAll(async () => {
    const firm = createServer();
    firm.listen(0, '127.0.0.1');
    await once(firm, 'listening');
    const acceptorPort = await freePort();
    configuration = writeCanaries(place, (firm.address() as AddressInfo).port, acceptorPort);
    await wrongConfigurations();
    onTheWire = await morning(firm, acceptorPort);
    await everyCommand();
    firm.close();
    for (const name of ['gateway.log'])
      said.push({ by: name, text: readFileSync(join(place, name), 'latin1') });
  }, 240_000);

  test('were in play: the passwords on the wire, the account number in the events', async () => {
    expect(onTheWire).toContain(`554=${secrets.password}|`);
    expect(onTheWire).toContain(`925=${secrets.newPassword}|`);
    expect(onTheWire).toContain(`5001=${secrets.logonField}|`);
    const end = await clearport(['events', '--unmasked', '--json', '--config', configuration], { env });
    expect(end.stdout).toContain(account);
    expect(said.length).toBeGreaterThan(30);
    expect(said.map(({ text }) => text).join('').length).toBeGreaterThan(20_000);
  });

  test.each(Object.entries(secrets))('%s stands in nothing that was printed or logged', (_name, secret) => {
    expect(said.filter(({ text }) => text.includes(secret)).map(({ by }) => by)).toEqual([]);
  });

  // What a command prints as JSON is data for programs, and whole (docs/cli.md); errors and logs are masked in every form.
  test('the account number stands in nothing that was logged or printed for people', () => {
    const forPeople = said.filter(({ by }) => !/--(json|cloudevents).*: stdout$/.test(by));
    expect(forPeople.length).toBeGreaterThan(40);
    expect(forPeople.filter(({ text }) => text.includes(account)).map(({ by }) => by)).toEqual([]);
  });

  // The counterparty wrote the others into messages that are no Logon, and those are kept byte for byte.
  const ours = [secrets.newPassword, secrets.logonField, secrets.acceptorPassword];
  test.each(ours)('%s stands in no file of the data directory', (secret) => {
    const files = readdirSync(place, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !['secret.txt'].includes(entry.name))
      .map((entry) => join(entry.parentPath, entry.name));
    expect(files.some((file) => file.endsWith('log.db'))).toBe(true);
    expect(files.filter((file) => readFileSync(file).includes(secret))).toEqual([]);
  });

  test('the account number stands in the log as the wire had it', () => {
    const files = readdirSync(join(place, 'data')).filter((name) => name.startsWith('log.db'));
    expect(files.some((name) => readFileSync(join(place, 'data', name)).includes(account))).toBe(true);
  });

  /** Secrets that are resolved in a configuration that is refused for another reason. */
  async function wrongConfigurations(): Promise<void> {
    const wrong = join(place, 'wrong.yaml');
    const text = readFileSync(configuration, 'utf8');
    for (const change of [
      text.replace('"heartBtInt"', '"hartBtInt"'),
      text.replace('"FIX.4.4"', '"FIX.9.9"'),
      text.replace(`\${env:CANARY_PASSWORD}`, secrets.password),
      text.replace('"initiator"', '"initiate"'),
      text.replace('}', ''),
    ]) {
      expect(change).not.toBe(text);
      writeFileSync(wrong, change);
      await run(['check', '--config', wrong], 2);
    }
    await run(['run', '--config', wrong], 2);
  }

  /** A morning of messages that cannot be read, a kill, and a peer that repeats what it should not. */
  async function morning(firm: Server, acceptorPort: number): Promise<string> {
    const connections = on(firm, 'connection');
    const nextPeer = async (): Promise<RawPeer> => rawPeer((await connections.next()).value[0]);
    const gateway = startClearport(['run', '--config', configuration], { env });
    const peer = await nextPeer();
    await peer.waitFor(/35=A\|/);
    badMorning(peer);
    await visitors(acceptorPort);
    await peer.waitFor(/112=end/);
    gateway.signal('SIGKILL');
    await heard('run (killed)', gateway);
    const again = startClearport(['run', '--json', '--config', configuration], { env });
    const refusing = await nextPeer();
    await refusing.waitFor(/35=A\|/);
    refusing.write(message('5', 6, [[58, `wrong password: ${secrets.password}`]]));
    await refusing.closed;
    // It connects once more, so it has said what it had to say about the refusal.
    await nextPeer();
    again.signal('SIGTERM');
    await heard('run (stopped)', again);
    return peer.received() + refusing.received();
  }

  async function everyCommand(): Promise<void> {
    const dropped = join(place, 'dropped.fix');
    writeFileSync(
      dropped,
      Buffer.concat([logonWith(secrets.strangersPassword), fill(2, 'E2', account), raw('x')]),
    );
    for (const command of [
      ['check'],
      ['events'],
      ['events', '--cloudevents'],
      ['entries'],
      ['sessions', 'show'],
      ['quarantine', 'list'],
      ['verify'],
      ['replay', '--dry-run'],
      ['find', account],
      ['find', 'exec:E2', '--show'],
      ['backup', join(place, 'copy')],
      ['sessions', 'reset', 'drop-copy', '--reason', 'canary'],
    ]) {
      await run([...command, '--config', configuration]);
    }
    for (const offset of await quarantined())
      await run(['quarantine', 'show', offset, '--config', configuration]);
    await run(['decode', dropped]);
    await run(['decode', place]);
    await run(['events', '--config', join(place, 'nowhere.yaml')]);
  }

  async function quarantined(): Promise<readonly string[]> {
    const { stdout } = await clearport(['quarantine', 'list', '--json', '--config', configuration], { env });
    const offsets = [...stdout.matchAll(/"offset":\s*(\d+)/g)].map((match) => match[1] ?? '');
    expect(offsets.length).toBeGreaterThanOrEqual(3);
    return [...new Set(offsets)];
  }

  /** Runs a command, in words and in JSON, and keeps what it said. */
  async function run(args: readonly string[], code?: number): Promise<void> {
    const both = [[], ['--json']].map(async (form) => {
      const child = startClearport([...args, ...form], { env });
      await heard([...args, ...form].join(' '), child);
      if (code !== undefined) expect((await child.ended).code, child.stderr()).toBe(code);
    });
    await Promise.all(both);
  }

  async function heard(by: string, child: Child): Promise<void> {
    await child.ended;
    said.push({ by: `${by}: stdout`, text: child.stdout() }, { by: `${by}: stderr`, text: child.stderr() });
  }
});

test('a gateway that crashes says so without what it held', async () => {
  const script = `
    import { createLogger, createMask, installCrashHandler } from ${JSON.stringify(new URL('../src/gateway/index.ts', import.meta.url).href)};
    const mask = createMask([${JSON.stringify(secrets.password)}]);
    installCrashHandler(createLogger({ level: 'info', mask }), mask);
    setTimeout(() => { throw new Error('broken with ${secrets.password} and 554=${secrets.strangersPassword}\\u0001'); });
  `;
  const child = startChild(process.execPath, ['--input-type=module', '-e', script]);
  const { code } = await child.ended;
  const text = child.stdout() + child.stderr();
  expect(code).toBe(70);
  expect(text).toContain('GATEWAY_CRASH');
  expect(text).toContain('broken with');
  expect(text).not.toContain('canary');
});

function writeCanaries(place: string, firmPort: number, acceptorPort: number): string {
  writeFileSync(join(place, 'secret.txt'), `${secrets.newPassword}\n`, { mode: 0o600 });
  return writeConfiguration(
    place,
    {
      'drop-copy': initiatorChannel(firmPort, {
        heartBtInt: 30,
        username: 'desk',
        password: `\${env:CANARY_PASSWORD}`,
        newPassword: `\${file:secret.txt}`,
        logonFields: { 5001: `\${env:CANARY_TOKEN}` },
      }),
      waiting: acceptorChannel(acceptorPort, { username: 'firm', password: `\${env:CANARY_ACCEPTOR}` }),
    },
    { log: { level: 'trace', file: 'gateway.log' } },
  );
}

function logonWith(password: string): Uint8Array {
  return message('A', 1, [
    [98, '0'],
    [108, '30'],
    [553, 'firm'],
    [554, password],
  ]);
}

/** Good and bad messages, each with the account number in it. */
function badMorning(peer: RawPeer): void {
  peer.write(logon(1));
  peer.write(fill(2, 'E2', account));
  peer.write(
    message('8', 3, [
      [37, 'O'],
      [17, 'E3'],
      [1, account],
      [31, 'no price'],
    ]),
  );
  peer.write(raw(`8=FIX.4.4|9=20|35=8|1=${account}|554=${secrets.password}|10=000|`));
  peer.write(
    message('ZZ', 4, [
      [1, account],
      [554, secrets.strangersPassword],
    ]),
  );
  peer.write(raw(`garbage|1=${account}|554=${secrets.strangersPassword}|`));
  peer.write(message('1', 5, [[112, 'end']]));
}

/** Wrong passwords, wrong names and no Logon at our own door; and the right one. */
async function visitors(port: number): Promise<void> {
  for (const bytes of [logonWith(secrets.strangersPassword), logon(1, 'NOBODY'), fill(1, 'E9', account)]) {
    const stranger = await connectRaw(port);
    stranger.write(bytes);
    await stranger.closed;
  }
  const expected = await connectRaw(port);
  expected.write(logonWith(secrets.acceptorPassword));
  await expected.waitFor(/35=A\|/);
  expected.socket.destroy();
}
