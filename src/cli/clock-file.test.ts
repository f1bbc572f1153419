import { rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import { isoOfMicros, manualClock } from '../core/clock.ts';
import { fileClock } from './clock-file.ts';

function clockFile(text: string) {
  const path = join(tempDirectory('clock'), 'now');
  writeFileSync(path, text);
  const machine = manualClock(writtenAt(path));
  return { path, machine };
}

function writtenAt(path: string): number {
  return Number(statSync(path, { bigint: true }).mtimeNs / 1000n);
}

test('the time of the file is now, and runs on as the machine does', () => {
  const { path, machine } = clockFile('2026-11-12T11:30:00Z\n');
  const clock = fileClock(path, machine);
  expect(isoOfMicros(clock.now())).toBe('2026-11-12T11:30:00.000000Z');
  machine.advance(1_500_000);
  expect(isoOfMicros(clock.now())).toBe('2026-11-12T11:30:01.500000Z');
  expect(clock.source).toContain("not the machine's");
});

test('follows a file that is written again, forward only, and keeps its time where the file holds none', () => {
  const { path, machine } = clockFile('2026-11-10T11:05:00Z');
  const clock = fileClock(path, machine);
  const write = (text: string): void => {
    rmSync(path);
    writeFileSync(path, text);
    machine.advance(Math.max(20_000, writtenAt(path) - machine.now()));
  };
  write('2026-11-12T11:52:00Z');
  expect(isoOfMicros(clock.now()).slice(0, 16)).toBe('2026-11-12T11:52');
  const before = clock.now();
  write('2026-11-11T00:00:00Z');
  expect(clock.now()).toBe(before);
  write('yesterday');
  expect(clock.now()).toBe(before);
});

test('says that there is no time', () => {
  const { machine } = clockFile('');
  const path = join(tempDirectory('clock'), 'nowhere');
  expect(() => fileClock(path, machine)).toThrow(expect.objectContaining({ code: 'CLI_CLOCK', exitCode: 2 }));
});
