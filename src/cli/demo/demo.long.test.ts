import { join } from 'node:path';
import { describe, test } from 'vitest';
import { feedCases, tradeDayCases } from '../../../certification/simulators/trade-day/index.ts';
import { clearport } from '../../../test/support/clearport.ts';
import {
  demoMs,
  isRunning,
  processesOf,
  runDemo,
  sectionsIn,
  startDemo,
  verdictsIn,
} from '../../../test/support/demo.ts';
import { tcpSocketsOf } from '../../../test/support/sockets.ts';
import { tempDirectory } from '../../../test/support/temp-directory.ts';
import { jsonLines } from '../testing/in-process.ts';
import { plantedBreaks } from '../testing/planted-breaks.ts';

// Tests that run at once have each to say for themselves what they expect, and when they are over.
describe.concurrent('the demonstration', () => {
  test('goes on with --serve, lets no other demo into its directory, and ends both processes on Ctrl-C', {
    timeout: 2 * demoMs,
  }, async ({ onTestFinished, expect }) => {
    const place = tempDirectory('demo', onTestFinished);
    const directory = join(place, 'kept');
    const again = runDemo(join(place, 'again'));
    const demo = startDemo(directory, '--serve');
    const served = await demo.waitFor(/Gateway \(process (\d+)\).*Ctrl-C ends both/, demoMs);
    const second = await runDemo(directory);
    expect(second.code).toBe(2);
    expect(second.stderr).toContain('DEMO_RUNNING');
    const config = ['--config', join(directory, 'clearport.yaml')];
    const breaks = await clearport(['breaks', ...config]);
    expect(breaks.code, breaks.stderr).toBe(1);
    const sessions = jsonLines((await clearport(['sessions', '--json', ...config])).stdout);
    expect(JSON.stringify(sessions).match(/"loggedOn":true/g)).toHaveLength(2);
    // The gateway was killed once on the way; the other side and the second gateway run.
    const all = [...(await processesOf(demo)), Number(served[1])];
    expect(all.map(isRunning)).toEqual([true, false, true]);
    // Nothing but this machine is listened to or spoken with.
    const sockets = [demo.pid, ...all].filter(isRunning).flatMap(tcpSocketsOf);
    expect(sockets.filter(({ listens }) => listens).length).toBeGreaterThanOrEqual(4);
    expect(sockets.filter(({ local }) => local !== '127.0.0.1')).toEqual([]);
    expect(sockets.filter(({ listens, remote }) => !listens && remote !== '127.0.0.1')).toEqual([]);
    process.kill(-demo.pid, 'SIGINT');
    const { code } = await demo.ended;
    expect(demo.stdout()).toContain('Both are ended, the gateway with 0.');
    expect(code).toBe(0);
    expect(all.filter(isRunning)).toEqual([]);
    // The same seed tells the same book, the same breaks and the same texts.
    expect(sectionsIn(demo.stdout())).toContain('Dear colleagues,');
    expect(sectionsIn((await again).stdout)).toBe(sectionsIn(demo.stdout()));
  });

  test('fails, and names it, where a fault of FIX, of a file or of the queue does not happen', {
    timeout: demoMs,
  }, async ({ onTestFinished, expect }) => {
    const left = tradeDayCases.filter((name) => !plantedBreaks.has(name));
    const directory = join(tempDirectory('demo', onTestFinished), 'kept');
    const { code, stdout, stderr } = await runDemo(directory, '--leave-out', ...left);
    expect({ code, stderr }, stdout).toEqual({ code: 1, stderr: '' });
    const said = verdictsIn(stdout);
    expect(left.filter((name) => said[name] === 'NOT FOUND')).toEqual(left);
    expect(left).toEqual(expect.arrayContaining([...feedCases]));
    expect(stdout.replaceAll('\n', ' ')).toMatch(/Not as planted: .*\bpoisoned\b/);
    // What was planted all the same is found.
    expect(said).toMatchObject({ rejected: 'found', 'cusip-change': 'found', verify: 'found' });
  });

  test('leaves no process behind where it is killed, and what it left in its directory stops no other', {
    timeout: demoMs,
  }, async ({ onTestFinished, expect }) => {
    const directory = tempDirectory('demo', onTestFinished);
    for (const _ of ['a first time', 'a second time']) {
      const demo = startDemo(directory);
      const pids = await processesOf(demo);
      demo.signal('SIGKILL');
      await expect.poll(() => pids.filter(isRunning), { timeout: 30_000 }).toEqual([]);
    }
  });

  test('says at once that its gateway is gone, and ends the other side', {
    timeout: demoMs,
  }, async ({ onTestFinished, expect }) => {
    const demo = startDemo(tempDirectory('demo', onTestFinished));
    const [side = 0, gateway = 0] = await processesOf(demo);
    process.kill(gateway, 'SIGKILL');
    const { code } = await demo.ended;
    expect({ code, stderr: demo.stderr() }).toMatchObject({ code: 3 });
    expect(demo.stderr()).toMatch(/DEMO_STUCK: .*SIGKILL/);
    expect(isRunning(side)).toBe(false);
  });
});
