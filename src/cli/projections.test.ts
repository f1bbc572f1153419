import { expect, test } from 'vitest';
import { breakCauses } from '../gateway/index.ts';
import { causes } from '../recon/index.ts';

test('an owner can be configured for every cause of a break, and for nothing else', () => {
  expect([...breakCauses]).toEqual([...causes]);
});
