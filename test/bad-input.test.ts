import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { fixSessionIssues } from '../adapters/fix/index.ts';
import { fixIssues } from '../codecs/fix/index.ts';
import type { Entry } from '../src/contract/entry.ts';
import { latin1Bytes, latin1Text, sameBytes } from '../src/core/bytes.ts';
import { clearport, clearportJson } from './support/clearport.ts';
import { acceptorChannel, initiatorChannel, writeConfiguration } from './support/configuration.ts';
import { freePort } from './support/free-port.ts';
import { connectRaw, fill, fillAgain, logon, message, type RawPeer, raw } from './support/raw-peer.ts';
import { type RunningGateway, runGatewayChild } from './support/running-gateway.ts';
import { tempDirectory } from './support/temp-directory.ts';

/**
 * What bad input gets, from the wire to the command line: its bytes are kept, with the code, the place, the cause and
 * what to do; and the good messages around it count.
 */
describe('a session that writes bad messages', () => {
  test('with a wrong CheckSum(10): kept, asked for again, counted once', async () => {
    const gateway = await running();
    const peer = await loggedOn(gateway.port);
    const wrong = corrupted(fill(2, 'E2'), /10=\d\d\d/, '10=999');
    peer.write(wrong);
    peer.write(fill(3, 'E3'));
    await peer.waitFor(/35=2\|.*?\|7=2\|/);
    peer.write(fillAgain(2, 'E2'));
    await gateway.until('E2,E3', async () => (await gateway.executions()).join() === 'E2,E3');
    await expectHeld(gateway, wrong, 'FIX_CHECKSUM', /CheckSum\(10\)/);
  });

  test('with a wrong BodyLength(9): kept, asked for again, counted once', async () => {
    const gateway = await running();
    const peer = await loggedOn(gateway.port);
    const wrong = corrupted(fill(2, 'E2'), /9=\d+/, '9=17');
    peer.write(wrong);
    peer.write(fill(3, 'E3'));
    await peer.waitFor(/35=2\|.*?\|7=2\|/);
    peer.write(fillAgain(2, 'E2'));
    await gateway.until('E2,E3', async () => (await gateway.executions()).join() === 'E2,E3');
    await expectHeld(gateway, wrong, 'FIX_BODY_LENGTH', /BodyLength\(9\)/);
  });

  test('with a MsgSeqNum(34) that was used before: never accepted, the session waits for a person', async () => {
    const gateway = await running();
    const peer = await loggedOn(gateway.port);
    peer.write(fill(2, 'E2'));
    const low = fill(2, 'E-other');
    peer.write(low);
    await peer.waitFor(/35=5\|.*MsgSeqNum/);
    await peer.closed;
    expect(await gateway.executions()).toEqual(['E2']);
    await expectHeld(gateway, low, 'FIX_SEQUENCE_TOO_LOW', /MsgSeqNum.*expecting 3 but received 2/);
    const [session] = await clearportJson(['sessions', 'show', '--config', gateway.configuration]);
    expect(JSON.stringify(session)).toContain('FIX_SEQUENCE_TOO_LOW');
  });

  test('with a MsgSeqNum(34) that was used before: nobody is let in until a person has said what counts, and why', async () => {
    const gateway = await running();
    const peer = await loggedOn(gateway.port);
    peer.write(fill(2, 'E2'));
    peer.write(fill(2, 'E-other'));
    await peer.closed;
    const early = await connectRaw(gateway.port);
    early.write(logon(3));
    await early.closed;
    expect(early.received()).toBe('');
    const person = ['--reason', 'they lost 3 and 4, said on the phone', '--by', 'bob'];
    const where = ['--config', gateway.configuration];
    const set = await clearport(['sessions', 'set', 'drop-copy', '--next-in', '5', ...person, ...where]);
    expect(set, set.stderr).toMatchObject({ code: 0 });
    const again = await loggedOn(gateway.port, 5);
    again.write(fill(6, 'E6'));
    await gateway.until('E6', async () => (await gateway.executions()).join() === 'E2,E6');
    const audited = await clearport(['entries', '--kind', 'audit', '--json', ...where]);
    expect(audited.stdout).toContain('they lost 3 and 4, said on the phone');
  });

  test('from a CompID that nobody knows: no answer, and its bytes kept', async () => {
    const gateway = await running();
    const stranger = await connectRaw(gateway.port);
    const bytes = logon(1, 'NOBODY');
    stranger.write(bytes);
    await stranger.closed;
    expect(stranger.received()).toBe('');
    await expectHeld(gateway, bytes, 'FIX_LOGON_UNKNOWN', /NOBODY/);
    // The real counterparty is not disturbed.
    const peer = await loggedOn(gateway.port);
    peer.write(fill(2, 'E2'));
    await gateway.until('E2', async () => (await gateway.executions()).join() === 'E2');
  });

  test('that announce more than the limit: kept in pieces, and what follows counts', async () => {
    const gateway = await running();
    const peer = await loggedOn(gateway.port);
    peer.write(raw(`8=FIX.4.4|9=99999999|35=8|34=2|58=${'x'.repeat(100_000)}|`));
    peer.write(fill(2, 'E2'));
    await gateway.until('E2', async () => (await gateway.executions()).includes('E2'));
    const codes = (await gateway.entries()).flatMap(({ issues }) => issues.map((issue) => issue.code));
    expect(codes).toContain('FIX_MESSAGE_TOO_LONG');
    expect(gateway.memoryMib()).toBeLessThan(400);
  });

  test('that never end: 64 MiB do not pile up in memory', async () => {
    const gateway = await running();
    const peer = await loggedOn(gateway.port);
    const chunk = raw('x'.repeat(256 * 1024));
    peer.write(raw('8=FIX.4.4|9=900000|35=8|58='));
    for (let sent = 0; sent < 256 && !peer.socket.destroyed; sent++) {
      if (!peer.socket.write(chunk)) await Promise.race([once(peer.socket, 'drain'), peer.closed]);
    }
    expect(gateway.memoryMib()).toBeLessThan(400);
    peer.write(raw('|'));
    peer.write(message('1', 2, [[112, 'still-there']]));
    await peer.waitFor(/112=still-there/);
    const kept = (await gateway.entries()).filter(({ kind }) => kind === 'quarantine');
    expect(kept.reduce((sum, entry) => sum + entry.size, 0)).toBeGreaterThan(64 * 2 ** 20);
  });
});

describe('a wrong configuration', () => {
  test('says where a key is wrong, and which one was meant', async () => {
    const place = tempDirectory('wrong-key');
    const path = join(place, 'clearport.yaml');
    writeFileSync(path, 'version: 1\ntenant: test\nchanels: {}\nchannels: {}\n');
    for (const command of ['check', 'run']) {
      const said = await refused(command, path);
      expect(said).toMatch(/CONFIG_UNKNOWN_KEY/);
      expect(said).toMatch(/clearport\.yaml:3:1/);
      expect(said).toMatch(/"?chanels"?.*"?channels"?/s);
    }
  });

  test('with a secret in plain text is refused, and the secret not repeated', async () => {
    const place = tempDirectory('plain-secret');
    const path = writeConfiguration(place, {
      'drop-copy': initiatorChannel(4001, { password: 'hunter2-in-plain' }),
    });
    for (const command of ['check', 'run']) {
      const said = await refused(command, path);
      expect(said).toMatch(/CONFIG_SECRET_IN_PLAIN_TEXT/);
      expect(said).toMatch(/clearport\.yaml:\d+:\d+/);
      expect(said).toMatch(/\$\{env:/);
      expect(said).not.toContain('hunter2');
    }
  });
});

/** What a command says that refuses a configuration: with exit code 2, in words and in JSON. */
async function refused(command: string, path: string): Promise<string> {
  const words = await clearport([command, '--config', path]);
  const json = await clearport([command, '--config', path, '--json']);
  expect([words.code, json.code]).toEqual([2, 2]);
  expect(json.stdout + json.stderr).toMatch(/"code":\s*"CONFIG_/);
  return words.stdout + words.stderr + json.stdout + json.stderr;
}

interface Gateway extends RunningGateway {
  readonly port: number;
}

async function running(): Promise<Gateway> {
  const port = await freePort();
  const place = tempDirectory('bad-input');
  const configuration = writeConfiguration(place, { 'drop-copy': acceptorChannel(port) });
  return { ...(await runGatewayChild(configuration)), port };
}

async function loggedOn(port: number, sequence = 1): Promise<RawPeer> {
  const peer = await connectRaw(port);
  onTestFinished(() => void peer.socket.destroy());
  peer.write(logon(sequence));
  await peer.waitFor(/35=A\|/);
  return peer;
}

/** A message with one place of its text changed, and nothing put right. */
function corrupted(bytes: Uint8Array, from: RegExp, to: string): Uint8Array {
  return latin1Bytes(latin1Text(bytes).replace(from, to));
}

/** The bytes stand in the log, and the command line says what is wrong, where, and what to do. */
async function expectHeld(gateway: Gateway, bytes: Uint8Array, code: string, cause: RegExp): Promise<void> {
  let entry: Entry | undefined;
  await gateway.until(`${code} in quarantine`, async () => {
    const held = (await gateway.entries()).filter(({ kind }) => kind === 'quarantine');
    entry = held.find((one) => sameBytes(one.bytes, bytes));
    return entry !== undefined;
  });
  expect(entry?.issues.map((issue) => issue.code)).toContain(code);
  const offset = String(entry?.offset);
  const shown = await clearport(['quarantine', 'show', offset, '--config', gateway.configuration]);
  expect(shown.stdout).toContain(code);
  expect(shown.stdout).toMatch(cause);
  expect(shown.stdout.replace(/\s+/g, ' ')).toContain(remedyOf(code));
  const listed = await clearport(['quarantine', 'list', '--config', gateway.configuration]);
  expect(listed.stdout).toContain(offset);
  expect(listed.stdout).toContain(code);
}

/** The first words of a remedy: a table on a narrow terminal may break the rest. */
function remedyOf(code: string): string {
  const rows: Readonly<Record<string, { readonly remedy: string }>> = { ...fixIssues, ...fixSessionIssues };
  return (rows[code]?.remedy ?? 'no such code').split(' ').slice(0, 4).join(' ');
}
