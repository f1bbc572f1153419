import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Breakage, breakServer, valueIn, withFields, withValue } from '../../test/broken-server.ts';
import {
  type AcceptanceServer,
  acceptanceDefinitions,
  buildAcceptanceServer,
  startAcceptanceServer,
} from '../../test/quickfix-acceptance.ts';
import { program, requirePeer } from '../../test/support/peer.ts';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import type { Definition } from './definition.ts';
import { loadPack } from './pack.ts';
import { type DefinitionResult, runDefinitions } from './run.ts';

const when = (type: string, change: (message: string) => readonly string[]): Breakage => ({
  says: (message) => (valueIn(message, 35) === type ? change(message) : [message]),
});
const nothing = (): readonly string[] => [];

/** Servers that are wrong in one way each. */
const broken: Readonly<Record<string, Breakage>> = {
  'sends no Heartbeat(0) of its own': {
    says: (message) => (valueIn(message, 35) === '0' && valueIn(message, 112) === '' ? [] : [message]),
  },
  'does not answer TestRequest(1)': { hears: (message) => (valueIn(message, 35) === '1' ? [] : [message]) },
  'answers TestRequest(1) without TestReqID(112)': when('0', (message) => [
    withValue(message, 112, undefined),
  ]),
  'never asks with TestRequest(1)': when('1', nothing),
  'writes a wrong CheckSum(10)': {
    says: (message) => [
      message.replace(/10=(\d{3})/, (_, sum) => `10=${String((Number(sum) + 1) % 256).padStart(3, '0')}`),
    ],
  },
  'writes a BodyLength(9) that is one too low': {
    says: (message) => [message.replace(/\u00019=(\d+)/, (_, length) => `\u00019=${Number(length) - 1}`)],
  },
  'counts MsgSeqNum(34) from 2': {
    says: (message) => [withValue(message, 34, String(Number(valueIn(message, 34)) + 1))],
  },
  'sends everything twice': { says: (message) => [message, message] },
  'gives another SessionRejectReason(373)': when('3', (message) => [withValue(message, 373, '99')]),
  'names another RefSeqNum(45)': when('3', (message) => [withValue(message, 45, '1')]),
  'leaves out Text(58) of Reject(3)': when('3', (message) => [withValue(message, 58, undefined)]),
  'swallows its Reject(3)s': when('3', nothing),
  'writes its header in another order': {
    says: (message) => [
      withFields(message, ([type = '', sequence = '', sender = '', ...rest]) => [
        type,
        sender,
        sequence,
        ...rest,
      ]),
    ],
  },
  'ignores ResendRequest(2)': { hears: (message) => (valueIn(message, 35) === '2' ? [] : [message]) },
  'never asks for what is missing': when('2', nothing),
  'asks for one message more than is missing': when('2', (message) => [
    withValue(message, 7, String(Number(valueIn(message, 7)) - 1)),
  ]),
  'resends without PossDupFlag(43)': { says: (message) => [withValue(message, 43, undefined)] },
  'resends without OrigSendingTime(122)': { says: (message) => [withValue(message, 122, undefined)] },
  'fills gaps without GapFillFlag(123)': when('4', (message) => [withValue(message, 123, undefined)]),
  'accepts a MsgSeqNum(34) that is too low': {
    holdsOn: (before) => before.some((message) => message.includes('MsgSeqNum too low')),
    says: (message) => (/MsgSeqNum too low/.test(message) ? [] : [message]),
  },
  'does not answer Logout(5)': when('5', nothing),
  'does not hang up after Logout(5)': { holdsOn: () => true },
  'hangs up on garbled messages': { hangsUpOn: /\u000110=256\u0001/ },
  'writes SendingTime(52) as a local time': {
    says: (message) => [withValue(message, 52, valueIn(message, 52).replace('-', ' '))],
  },
  'answers with SenderCompID(49) and TargetCompID(56) exchanged': {
    says: (message) => [withValue(withValue(message, 49, 'TW'), 56, 'ISLD')],
  },
  'has its own idea of HeartBtInt(108)': when('A', (message) => [withValue(message, 108, '31')]),
  'adds a field that nobody asked for': {
    says: (message) => [withFields(message, (fields) => [...fields, '9999=new'])],
  },
  'answers application messages twice': when('D', (message) => [message, message]),
  'knows no BusinessMessageReject(j)': when('j', (message) => [withValue(message, 35, '3')]),
  'begins with a Heartbeat(0) before its Logon(A)': when('A', (message) => [
    withValue(message, 35, '0'),
    message,
  ]),
  'tells two messages in the other order': {
    says: (message, before) =>
      valueIn(message, 35) === 'D' && before.length === 1 ? [] : [message, ...held(message, before)],
  },
};

/** What was kept back as the second message, behind the third. */
function held(_message: string, before: readonly string[]): readonly string[] {
  const second = before[1];
  return before.length === 2 && second !== undefined && valueIn(second, 35) === 'D' ? [second] : [];
}

requirePeer(
  'QuickFIX behind a broken line',
  program('g++', ['--version'], 'apt-get install g++ libquickfix-dev'),
  () => {
    const folder = tempDirectory('broken', afterAll);
    const servers: AcceptanceServer[] = [];
    const cases = Object.entries(broken);

    beforeAll(async () => {
      buildAcceptanceServer();
      servers.push(...(await Promise.all([1, 2, 3, 4].map(() => startAcceptanceServer(folder)))));
    });
    afterAll(() => Promise.all(servers.map((server) => server.stop())));

    /** Timers first, where a breakage is about them; otherwise never, as they take longest. */
    function definitionsFor(name: string): readonly Definition[] {
      const timers = /of its own|never asks with/.test(name);
      const { definitions } = loadPack(acceptanceDefinitions('fix44'), 'quickfix');
      return definitions.filter((one) => /^(?:4a|6)_/.test(one.name) === timers);
    }

    async function findFault(name: string, breakage: Breakage, server: AcceptanceServer): Promise<string> {
      const line = await breakServer(server.port, breakage);
      const stop = new AbortController();
      const found: DefinitionResult[] = [];
      const tell = (result: DefinitionResult): void => {
        if (result.verdict === 'failed') found.push(result);
        if (result.verdict === 'failed') stop.abort();
      };
      const connect = { host: '127.0.0.1', port: line.port };
      const definitions = definitionsFor(name);
      const timeoutMs = /of its own|never asks with/.test(name) ? 10_000 : 3_000;
      await runDefinitions({
        definitions,
        profile: 'quickfix',
        connect,
        tell,
        signal: stop.signal,
        timeoutMs,
      });
      await line.close();
      const [first] = found;
      return first === undefined
        ? 'nothing was found'
        : `${first.name}:${first.failure?.line}: ${first.failure?.reason}`;
    }

    test('an unbroken line in between changes nothing', async () => {
      const line = await breakServer(servers[0]?.port ?? 0, {});
      const definitions = definitionsFor('');
      const connect = { host: '127.0.0.1', port: line.port };
      const { failed, passed } = await runDefinitions({ definitions, profile: 'quickfix', connect });
      await line.close();
      expect({ failed, passed }).toEqual({ failed: 0, passed: 57 });
    });

    describe('each broken server fails the pack', () => {
      const findings = new Map<string, string>();
      beforeAll(async () => {
        const waiting = [...cases];
        const work = async (server: AcceptanceServer): Promise<void> => {
          for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
            const [name, breakage] = next;
            findings.set(name, await findFault(name, breakage, server));
          }
        };
        await Promise.all(servers.map(work));
        for (const [name] of cases) process.stdout.write(`a server that ${name}: ${findings.get(name)}\n`);
      });

      test('there are at least twenty', () => {
        expect(cases.length).toBeGreaterThanOrEqual(20);
      });

      test.each(cases)('%s', (name) => {
        expect(findings.get(name)).toMatch(/^\w+:\d+: ./);
      });
    });
  },
);
