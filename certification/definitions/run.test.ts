import type { Socket } from 'node:net';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Definition, Profile } from './definition.ts';
import { type DefinitionResult, type RunOptions, runDefinitions } from './run.ts';
import { definition, message, openEngine } from './testing/engine.ts';
import { sumText } from './wire-text.ts';

async function engine(hears: (text: string, socket: Socket) => void): Promise<number> {
  const { port, close } = await openEngine(hears);
  onTestFinished(close);
  return port;
}

async function result(
  port: number,
  lines: readonly string[],
  more: Partial<RunOptions> = {},
): Promise<DefinitionResult> {
  const profile = more.profile ?? 'quickfix';
  const report = await runDefinitions({
    definitions: [definition(lines, profile)],
    profile,
    connect: { host: '127.0.0.1', port },
    timeoutMs: 200,
    ...more,
  });
  const [only] = report.results;
  if (only === undefined) throw new Error('there is no result');
  return only;
}

const hello = 'I8=FIX.4.4|35=1|34=2|112=HELLO|';
const answer = '35=0|34=2|112=HELLO|';
const expected = `E8=FIX.4.4|${answer}`;

describe('what an engine does, and what is said of it', () => {
  const answers = (text: string) => (_: string, socket: Socket) => void socket.write(text, 'latin1');

  test('the expected answer passes, and the transcript tells how', async () => {
    const port = await engine(answers(message(answer)));
    const { verdict, transcript, failure } = await result(port, ['iCONNECT', hello, expected, 'iDISCONNECT']);
    expect({ verdict, failure }).toEqual({ verdict: 'passed', failure: undefined });
    expect(transcript.map(({ line, what, text }) => `${line} ${what} ${text}`)).toEqual([
      '1 connected ',
      `2 sent ${message('35=1|34=2|112=HELLO|').replaceAll('\u0001', '|')}`,
      `3 received ${message(answer).replaceAll('\u0001', '|')}`,
      '4 closed ',
    ]);
  });

  function sumOf(body: string): string {
    return message(body).slice(-4, -1);
  }

  test.each<[string, (text: string, socket: Socket) => void, string, string]>([
    [
      'another value',
      answers(message('35=0|34=3|112=HELLO|')),
      'CERT_DIFFERENT',
      'Heartbeat(0): MsgSeqNum(34) is 3, expected 2',
    ],
    [
      'another type',
      answers(message('35=5|34=2|58=no|')),
      'CERT_DIFFERENT',
      'Heartbeat(0) is expected, and Logout(5) came: "no"',
    ],
    [
      'another type that says nothing',
      answers(message('35=5|34=2|')),
      'CERT_DIFFERENT',
      'Heartbeat(0) is expected, and Logout(5) came',
    ],
    [
      'a wrong sum',
      answers(message(answer).replace(/\d{3}\u0001$/, '000\u0001')),
      'CERT_CHECKSUM',
      `CheckSum(10) of Heartbeat(0) is wrong: it says 000, the bytes sum to ${sumOf(answer)}`,
    ],
    ['no answer', () => undefined, 'CERT_SILENT', 'Heartbeat(0) is expected, and nothing came within 0.2 s'],
    [
      'half an answer',
      answers(message(answer).slice(0, 20)),
      'CERT_SILENT',
      'Heartbeat(0) is expected, and only the beginning of a message came',
    ],
    [
      'the end',
      (_, socket) => void socket.end(),
      'CERT_DISCONNECTED',
      'Heartbeat(0) is expected, and it hung up',
    ],
    [
      'a reset',
      (_, socket) => void socket.resetAndDestroy(),
      'CERT_DISCONNECTED',
      'Heartbeat(0) is expected, and the connection was reset',
    ],
    [
      'no message',
      answers('8=FIX.4.4\u00019=many\u0001'),
      'CERT_UNREADABLE',
      'Heartbeat(0) is expected, and what came cannot be read: BodyLength(9) is no number',
    ],
  ])('%s', async (_, hears, code, reason) => {
    const port = await engine(hears);
    const { verdict, failure } = await result(port, ['iCONNECT', hello, expected]);
    expect({ verdict, code: failure?.code, line: failure?.line, reason: failure?.reason }).toEqual({
      verdict: 'failed',
      code,
      line: 3,
      reason,
    });
  });

  test.each<[string, Profile, (text: string, socket: Socket) => void, string | undefined]>([
    ['the end', 'quickfix', (_, socket) => void socket.end(), undefined],
    ['a message', 'quickfix', answers(message(answer)), 'Heartbeat(0) came where the engine has to hang up'],
    [
      'a message and the end',
      'quickfix',
      (_, socket) => void socket.end(message(answer), 'latin1'),
      'Heartbeat(0) came where the engine has to hang up',
    ],
    [
      'a reset',
      'quickfix',
      (_, socket) => void socket.resetAndDestroy(),
      'the connection was reset, not closed',
    ],
    ['a reset, for QuickFIX/J', 'quickfixj', (_, socket) => void socket.resetAndDestroy(), undefined],
  ])('where it has to hang up: %s', async (_, profile, hears, reason) => {
    const port = await engine(hears);
    const { verdict, failure } = await result(port, ['iCONNECT', hello, 'eDISCONNECT'], { profile });
    expect([verdict, failure?.reason]).toEqual([reason === undefined ? 'passed' : 'failed', reason]);
  });

  test('nothing can be sent to an engine that has hung up', async () => {
    const port = await engine((_, socket) => void socket.resetAndDestroy());
    const lines = ['iCONNECT', hello, 'eDISCONNECT', hello];
    const { failure } = await result(port, lines, { profile: 'quickfixj' });
    expect([failure?.code, failure?.line]).toEqual(['CERT_DISCONNECTED', 4]);
  });

  test('two clients have a connection each', async () => {
    const port = await engine(
      (text, socket) =>
        void socket.write(message(text.includes('TWO') ? '35=0|34=2|' : '35=0|34=1|'), 'latin1'),
    );
    const lines = [
      'i1,CONNECT',
      'i2,CONNECT',
      'I2,8=FIX.4.4|112=TWO|',
      'I1,8=FIX.4.4|112=ONE|',
      'E1,8=FIX.4.4|35=0|34=1|',
      'E2,8=FIX.4.4|35=0|34=2|',
    ];
    expect((await result(port, lines)).failure).toBeUndefined();
  });

  test('nobody at the address is no verdict about an engine', async () => {
    const run = runDefinitions({
      definitions: [definition(['iCONNECT'])],
      profile: 'quickfix',
      connect: { host: '127.0.0.1', port: 1 },
      timeoutMs: 50,
    });
    await expect(run).rejects.toMatchObject({ code: 'CERT_TARGET', exitCode: 3 });
  });

  test('a definition that is wrong is not played', async () => {
    const port = await engine(() => undefined);
    const { verdict, failure, transcript } = await result(port, ['iCONNECT', 'what']);
    expect({ verdict, code: failure?.code, line: failure?.line, transcript }).toEqual({
      verdict: 'failed',
      code: 'DEFINITION_SYNTAX',
      line: 2,
      transcript: [],
    });
  });

  test('a definition for the other role is not played', async () => {
    const port = await engine(() => undefined);
    expect((await result(port, ['eCONNECT'])).failure?.code).toBe('DEFINITION_ROLE');
  });
});

test('whatever an engine says, there is a verdict and its reason', async () => {
  let says = '';
  const port = await engine((_, socket) => void socket.end(says, 'latin1'));
  const field = fc.tuple(
    fc.constantFrom('8', '9', '10', '34', '35', '58', 'x', ''),
    fc.string({ unit: 'binary-ascii' }),
  );
  const text = fc
    .array(
      field.map(([tag, value]) => `${tag}=${value}`),
      { maxLength: 6 },
    )
    .map((fields) => fields.join('\u0001'));
  const said = fc.oneof(text, text.map(message), fc.constant(message(answer)));
  await fc.assert(
    fc.asyncProperty(said, async (bytes) => {
      says = bytes;
      const { verdict, failure } = await result(port, ['iCONNECT', hello, expected]);
      expect(verdict === 'passed').toBe(bytes === message(answer));
      expect(failure?.reason ?? 'passed').toMatch(/^\S.{5,}/s);
    }),
    { numRuns: 25 },
  );
});

test('an engine that floods is made to wait, and still judged', async () => {
  const flood = Buffer.alloc(1024 * 1024, message(answer), 'latin1');
  let taken = 0;
  const port = await engine((_, socket) => {
    const pour = (): void => {
      while (taken < 200 && socket.write(flood)) taken++;
      if (taken++ < 200) socket.once('drain', pour);
    };
    pour();
  });
  const lines = ['iCONNECT', hello, 'i2,CONNECT', 'E2,8=FIX.4.4|35=0|'];
  const { failure } = await result(port, lines, { timeoutMs: 1_000 });
  expect(failure?.code).toBe('CERT_SILENT');
  expect(taken).toBeLessThan(80);
});

describe('a run', () => {
  test('that is stopped tells of what was not played', async () => {
    const port = await engine(() => undefined);
    const stop = new AbortController();
    const lines = ['iCONNECT', expected];
    const definitions = [definition(lines), definition(lines, 'quickfix', 'two')];
    const run = runDefinitions({
      definitions,
      profile: 'quickfix',
      connect: { host: '127.0.0.1', port },
      timeoutMs: 60_000,
      signal: stop.signal,
    });
    setTimeout(() => stop.abort(), 50);
    const { results, failed } = await run;
    expect(failed).toBe(2);
    expect(results.map(({ failure }) => failure?.code)).toEqual(['CERT_STOPPED', 'CERT_STOPPED']);
  });

  test('shows no password: neither in what was sent, nor in what was expected, nor in what came', async () => {
    const secret = 'Pa55word';
    const port = await engine(
      (_, socket) => void socket.write(message(`35=A|554=${secret}|925=${secret}|`), 'latin1'),
    );
    const lines = [
      'iCONNECT',
      `I8=FIX.4.4|35=A|95=8|96=${secret}|554=${secret}|`,
      `E8=FIX.4.4|35=A|554=not ${secret}|`,
    ];
    const told = await result(port, lines);
    expect(told.failure?.reason).toContain('Password(554) is ***(8), expected ***(12)');
    expect(JSON.stringify(told)).not.toContain(secret);
  });

  test('sets a session from the inside through whoever can', async () => {
    const port = await engine(() => undefined);
    const line = 'iSET_SESSION FIX.4.4:ISLD->TW NEXTTARGETSEQNUM=5';
    const set: unknown[] = [];
    const more = { profile: 'quickfixj' as const };
    const able = {
      ...more,
      setSession: async ({ session, nextTarget }: { session: string; nextTarget?: number }) =>
        void set.push(session, nextTarget),
    };
    expect((await result(port, ['iCONNECT', line], able)).verdict).toBe('passed');
    expect(set).toEqual(['FIX.4.4:ISLD->TW', 5]);
    expect((await result(port, ['iCONNECT', line], more)).failure?.code).toBe('CERT_ADMIN');
    const refuses = { ...more, setSession: () => Promise.reject(new Error('not here')) };
    expect((await result(port, ['iCONNECT', line], refuses)).failure?.reason).toBe('not here');
  });

  test('beside each other: only what touches different sessions', async () => {
    const open = new Set<string>();
    const together: string[] = [];
    const port = await engine((text, socket) => {
      const version = text.slice(0, 9);
      if (open.has(version)) together.push(version);
      open.add(version);
      if (open.size === 2) together.push('two versions');
      setTimeout(() => {
        open.delete(version);
        const body = '35=0\u000149=ISLD\u000156=TW\u0001';
        const front = `${version}\u00019=${body.length}\u0001${body}`;
        socket.write(`${front}10=${sumText(front)}\u0001`, 'latin1');
      }, 100);
    });
    const of = (version: string, name: string): Definition =>
      definition(
        ['iCONNECT', `I8=FIX.4.${version}|35=1|`, `E8=FIX.4.${version}|35=0|49=ISLD|56=TW|`],
        'quickfix',
        name,
      );
    const definitions = [of('2', 'a'), of('4', 'b'), of('2', 'c'), of('4', 'd')];
    const report = await runDefinitions({
      definitions,
      profile: 'quickfix',
      connect: { host: '127.0.0.1', port },
      parallel: true,
    });
    expect(report.results.map(({ name, verdict }) => `${name} ${verdict}`)).toEqual([
      'a passed',
      'b passed',
      'c passed',
      'd passed',
    ]);
    expect(new Set(together)).toEqual(new Set(['two versions']));
  });
});
