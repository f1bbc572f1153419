import { test } from 'vitest';
import { expectSessionLaw } from './testing/session-law.ts';

test('the law of a session holds against ten thousand conversations', () => expectSessionLaw(10_000));
