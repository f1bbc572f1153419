import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import { jsonLines, runCli } from './testing/in-process.ts';

function configured(schedules: Readonly<Record<string, string>>): string {
  const directory = tempDirectory('cli-preview');
  const channels = Object.entries(schedules).map(
    ([name, schedule], at) => `  ${name}:
    adapter: fix
    perspective: clearer
    options: { role: acceptor, port: ${9000 + at}, beginString: FIX.4.4, senderCompId: OPS, targetCompId: T${at}${schedule} }`,
  );
  const files = '  files: { adapter: directory, codec: fix, perspective: ours, options: { path: ./in } }';
  writeFileSync(
    join(directory, 'clearport.yaml'),
    `version: 1\ntenant: demo\nchannels:\n${channels.join('\n')}\n${files}\n`,
  );
  return directory;
}

const overnight = ', schedule: { startTime: "17:00", endTime: "16:00", holidays: nyse }';
const weekly = ', schedule: { startTime: "17:00", endTime: "16:00", startDay: sunday, endDay: friday }';

describe('clearport schedule preview', () => {
  test('tells sessions in local time and UTC, and why there is none', async () => {
    const directory = configured({ dropcopy: overnight });
    const { code, stdout } = await runCli(['schedule', 'preview', '--from', '2026-11-24', '--days', '5'], {
      directory,
    });
    expect(code).toBe(0);
    expect(stdout.trimEnd().split('\n')).toEqual([
      'dropcopy (America/New_York)',
      'day                   opens       closes            UTC                         why',
      '2026-11-24 Tuesday    17:00       2026-11-25 16:00  11-24 22:00 to 11-25 21:00',
      '2026-11-25 Wednesday  no session                                                nyse closed 2026-11-26: Thanksgiving Day',
      '2026-11-26 Thursday   17:00       2026-11-27 16:00  11-26 22:00 to 11-27 21:00',
      '2026-11-27 Friday     no session                                                nyse closed 2026-11-28: Saturday',
      '2026-11-28 Saturday   no session                                                nyse closed 2026-11-29: Sunday',
    ]);
  });

  test('a weekly session is one line a week, with the change of the clocks before it', async () => {
    const directory = configured({ week: weekly, always: '', other: overnight });
    const { stdout } = await runCli(['schedule', 'preview', 'week', '--from', '2026-03-01', '--days', '14'], {
      directory,
    });
    expect(stdout).toContain('2026-03-01 Sunday  17:00  2026-03-06 16:00  03-01 22:00 to 03-06 21:00');
    expect(stdout).toContain('2026-03-08 Sunday  17:00  2026-03-13 16:00  03-08 21:00 to 03-13 20:00');
    expect(stdout.trimEnd().split('\n')).toHaveLength(4);
  });

  test('gives every day of every channel to programs', async () => {
    const directory = configured({ week: weekly, always: '', other: overnight });
    const { stdout } = await runCli(
      ['schedule', 'preview', '--from', '2026-03-07', '--days', '2', '--json'],
      { directory },
    );
    expect(jsonLines(stdout)).toMatchObject([
      { channel: 'week', date: '2026-03-07', reason: 'begins on Sunday' },
      { channel: 'week', date: '2026-03-08', from: '2026-03-08T21:00:00.000000Z' },
      { channel: 'other', date: '2026-03-07', reason: 'nyse closed 2026-03-08: Sunday' },
      { channel: 'other', date: '2026-03-08', localTo: '2026-03-09 16:00' },
    ]);
    const text = await runCli(['schedule', 'preview', 'always'], { directory });
    expect(text.stdout).toBe('always: always, no schedule\n');
  });

  test('a beginning that the clocks jump over is told with the jump', async () => {
    const directory = configured({ night: ', schedule: { startTime: "02:30", endTime: "04:00" }' });
    const { stdout } = await runCli(['schedule', 'preview', '--from', '2027-03-14', '--days', '2'], {
      directory,
    });
    const [, , jump, next] = stdout.split('\n');
    expect(jump).toMatch(/^2027-03-14 Sunday +03:00 .*the clocks go forward by 60 min$/);
    expect(next).toMatch(/^2027-03-15 Monday +02:30 +2027-03-15 04:00 +03-15 06:30 to 03-15 08:00$/);
  });

  test('a reason is whole on a terminal of 80 columns', async () => {
    const directory = configured({ dropcopy: overnight });
    const { stdout } = await runCli(['schedule', 'preview', '--from', '2026-11-25', '--days', '1'], {
      directory,
      columns: 80,
    });
    expect(stdout).toContain('\n    nyse closed 2026-11-26: Thanksgiving Day\n');
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  test('a session over a change of the clocks says so', async () => {
    const directory = configured({ dropcopy: ', schedule: { startTime: "17:00", endTime: "16:00" }' });
    const { stdout } = await runCli(['schedule', 'preview', '--from', '2026-03-07', '--days', '1'], {
      directory,
    });
    expect(stdout).toContain('the clocks go forward by 60 min');
  });

  test.each([
    [['--days', '0'], '--days 0'],
    [['--days', '371'], '--days 371'],
    [['--from', '2026-02-30'], '"2026-02-30" is no date'],
    [['files'], 'no channel "files" with a session'],
  ])('%j is said to be wrong', async (argv, message) => {
    const directory = configured({ dropcopy: overnight });
    const { code, stderr } = await runCli(['schedule', 'preview', ...argv], { directory });
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});
