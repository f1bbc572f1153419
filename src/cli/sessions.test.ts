import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { call, freePort, logonOf } from '../../adapters/fix/testing/calling.ts';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import { systemClock } from '../core/clock.ts';
import { createLogger, loadConfiguration, runGateway } from '../gateway/index.ts';
import { jsonLines, runCli, type Spoken } from './testing/in-process.ts';

const dayNames = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;
/** A day on which no session of today or yesterday is: whatever the time is, it is closed now. */
const otherDay = dayNames[(new Date().getUTCDay() + 3) % 7] ?? 'sunday';

let directory: string;
let running: Spoken;
/** A change of a session that the channel does not have, while the gateway runs. */
let strange: Spoken;
let shown: Record<string, unknown>;

const cli = (...argv: string[]) => runCli(argv, { directory });

/** A gateway with a template and a scheduled session; two counterparties log on, and it is stopped again. */
beforeAll(async () => {
  directory = tempDirectory('cli-sessions', afterAll);
  const port = await freePort();
  const acceptor = (options: string): string =>
    `{ adapter: fix, perspective: clearer, options: { role: acceptor, port: ${port}, beginString: FIX.4.4, senderCompId: FIRM, logoutTimeoutSeconds: 0.1, ${options} } }`;
  const schedule = `schedule: { zone: UTC, startTime: "08:00", endTime: "10:00", weekdays: [${otherDay}] }`;
  writeFileSync(
    join(directory, 'clearport.yaml'),
    `version: 1
tenant: demo
channels:
  clients: ${acceptor('targetCompId: "BRK*", template: true')}
  desk: ${acceptor(`targetCompId: DESK, ${schedule}`)}
`,
  );
  const configuration = await loadConfiguration(join(directory, 'clearport.yaml'), {});
  const stop = new AbortController();
  const logger = createLogger({ level: 'silent', mask: configuration.mask });
  const ran = runGateway({ configuration, clock: systemClock(), logger, signal: stop.signal });
  const callers = [];
  for (const sender of ['BRK1', 'BRK2']) callers.push(await loggedOn(port, sender));
  running = await cli('sessions');
  shown = jsonLines((await cli('sessions', '--json')).stdout)[0] ?? {};
  const person = ['--reason', 'x', '--by', 'ann'];
  strange = await cli('sessions', 'set', 'desk', '--session', 'BRK1', '--next-in', '5', ...person);
  stop.abort();
  await ran;
  for (const { socket } of callers) socket.destroy();
}, 60_000);

async function loggedOn(port: number, sender: string) {
  for (let left = 400; ; left--) {
    const caller = await call(connect({ port, host: '127.0.0.1' })).catch(() => undefined);
    if (caller !== undefined) {
      caller.socket.write(logonOf({ sender }));
      while (!caller.told().includes('\u000135=A\u0001'))
        await new Promise((resolve) => setTimeout(resolve, 5));
      return caller;
    }
    if (left === 0) throw new Error('the gateway does not listen');
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

describe('clearport sessions', () => {
  test('shows each session of a template, and until when a scheduled one is closed', () => {
    const rows = running.stdout.split('\n').map((line) => line.replace(/ {2,}/g, '|'));
    expect(rows[1]).toMatch(/^clients\|running, 2 of 2 logged on\|FIRM-BRK\*\|127\.0\.0\.1:\d+\|/);
    expect(rows[2]).toMatch(/^\|FIRM-BRK1\|logged on\|FIRM-BRK1\|.*\|0\|2\|2$/);
    expect(rows[3]).toMatch(/^\|FIRM-BRK2\|logged on\|FIRM-BRK2\|/);
    expect(rows[4]).toMatch(/^desk\|running, closed until \d{4}-\d\d-\d\d 08:00\|FIRM-DESK\|/);
    expect(shown).toMatchObject({
      sessions: [
        { channel: 'clients', session: { sessions: [{ session: 'FIRM-BRK1' }, { session: 'FIRM-BRK2' }] } },
        { channel: 'desk', session: { hours: { open: false } } },
      ],
    });
  });

  test('moves no number of another session than the one that is named', async () => {
    expect([strange.code, strange.stderr]).toEqual([2, expect.stringContaining('SESSION_UNKNOWN')]);
    expect(strange.stderr).toContain('no session "BRK1" in desk, only FIRM-DESK');
    expect((await cli('entries', '--channel', 'desk', '--json')).stdout).not.toContain('session.set');
  });

  test.each(['--next-in', '--next-out'])('%s 0 is wrong usage: numbers begin at 1', async (option) => {
    const { code, stderr } = await cli('sessions', 'set', 'desk', option, '0', '--reason', 'x');
    expect([code, stderr]).toEqual([2, expect.stringContaining('It must be 1 or more.')]);
    expect(stderr).not.toContain('CONTROL_REQUEST');
  });

  test('shows them while nothing runs, and changes the one that is meant', async () => {
    const person = ['--reason', 'agreed by phone', '--by', 'ann'];
    const set = await cli('sessions', 'set', 'clients', '--session', 'BRK2', '--next-in', '40', ...person);
    expect(set.code).toBe(0);
    const reset = await cli('sessions', 'reset', 'clients', '--session', 'FIRM-BRK1', ...person, '--json');
    expect(reset.code).toBe(0);
    const { stdout } = await cli('sessions', '--json');
    const [clients] = (jsonLines(stdout)[0]?.['sessions'] ?? []) as readonly [
      { session: { sessions: readonly { session: string; state: object }[] } },
    ];
    expect(clients.session.sessions).toMatchObject([
      { session: 'FIRM-BRK1', state: { epoch: 1, nextIn: 1, nextOut: 1 } },
      { session: 'FIRM-BRK2', state: { epoch: 0, nextIn: 40 } },
    ]);
    const none = await cli('sessions', 'reset', 'clients', ...person);
    expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('SESSION_UNKNOWN')]);
  });
});
