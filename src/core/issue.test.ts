import { expect, test } from 'vitest';
import { GatewayError, systemCode } from './errors.ts';
import { harmless, type IssueTable, issueMaker } from './issue.ts';
import { fail, ok } from './result.ts';

const table = {
  BROKEN: { severity: 'error', meaning: 'It is broken.', remedy: 'Mend it.' },
  ODD: { severity: 'warning', meaning: 'It is odd.', remedy: 'Look at it.' },
} as const satisfies IssueTable;
const issue = issueMaker(table);

test('an issue weighs what its table says', () => {
  expect(issue('ODD', 'quite odd')).toStrictEqual({ code: 'ODD', severity: 'warning', message: 'quite odd' });
  const at = { offset: 3, field: 'Side(54)' };
  expect(issue('BROKEN', 'in two', at)).toStrictEqual({
    code: 'BROKEN',
    severity: 'error',
    message: 'in two',
    at,
  });
});

test('issues are harmless while none is an error', () => {
  expect(harmless([])).toBe(true);
  expect(harmless([issue('ODD', 'x')])).toBe(true);
  expect(harmless([issue('ODD', 'x'), issue('BROKEN', 'y')])).toBe(false);
});

test('a result is a value, or the one issue', () => {
  expect(ok(1)).toEqual({ ok: true, value: 1 });
  const broken = issue('BROKEN', 'x');
  expect(fail(broken)).toEqual({ ok: false, issue: broken });
});

test('a gateway error defaults to: do not retry, the world failed', () => {
  const error = new GatewayError('DISK_FULL', 'no space');
  expect(error).toMatchObject({ code: 'DISK_FULL', retryable: false, exitCode: 3, name: 'GatewayError' });
  expect(error.cause).toBeUndefined();
  const cause = Object.assign(new Error('x'), { code: 'ENOSPC' });
  const told = new GatewayError('DISK_FULL', 'no space', {
    cause,
    retryable: true,
    exitCode: 2,
    place: 'log.db',
  });
  expect(told).toMatchObject({ cause, retryable: true, exitCode: 2, place: 'log.db' });
});

test('a system code is read from errors that have one', () => {
  expect(systemCode(Object.assign(new Error('x'), { code: 'ENOSPC' }))).toBe('ENOSPC');
  expect([systemCode(new Error('x')), systemCode({ code: 7 }), systemCode(null), systemCode('x')]).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});
