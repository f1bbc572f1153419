import { test } from 'vitest';
import { expectSessionLaw } from './testing/session-law.ts';

test('whatever a peer says in whatever version, the session neither throws, nor takes a number twice, nor goes back, nor says what the version does not know', () =>
  expectSessionLaw(600));
