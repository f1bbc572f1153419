import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withoutServices } from './apt.ts';
import { tempDirectory } from './temp-directory.ts';

test('no service starts while packages are installed, and nothing is left behind', () => {
  const path = join(tempDirectory('policy'), 'policy-rc.d');
  withoutServices(path, () => expect(spawnSync(path).status).toBe(101));
  expect(existsSync(path)).toBe(false);
});

test.each([false, true])('a policy that stood there stands there again (after a failure: %s)', (fails) => {
  const directory = tempDirectory('policy');
  const path = join(directory, 'policy-rc.d');
  writeFileSync(path, '#!/bin/sh\nexit 104\n', { mode: 0o750 });
  const act = (): void => {
    expect(spawnSync(path).status).toBe(101);
    if (fails) throw new Error('no network');
  };
  if (fails) expect(() => withoutServices(path, act)).toThrow('no network');
  else withoutServices(path, act);
  expect(readFileSync(path, 'utf8')).toContain('104');
  expect(statSync(path).mode & 0o777).toBe(0o750);
  expect(readdirSync(directory)).toEqual(['policy-rc.d']);
});

test('a run that was killed did not cost the policy that stood there', () => {
  const path = join(tempDirectory('policy'), 'policy-rc.d');
  writeFileSync(path, 'of a run that was killed');
  writeFileSync(`${path}.before-clearport`, 'the real one');
  withoutServices(path, () => undefined);
  expect(readFileSync(path, 'utf8')).toBe('the real one');
});
