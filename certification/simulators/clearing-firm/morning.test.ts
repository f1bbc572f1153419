import { describe, expect, test } from 'vitest';
import { fix, writeFix } from '../../../codecs/fix/index.ts';
import { reportOf } from './executions.ts';
import {
  accountCount,
  securityCount,
  simulatedAccounts,
  simulatedSecurities,
  withCheckDigit,
} from './market.ts';
import {
  type Morning,
  type MorningOptions,
  morning,
  morningDefaults,
  plantedCases,
  type Step,
} from './morning.ts';

function sent(steps: readonly Step[]): readonly Extract<Step, { step: 'send' }>[] {
  return steps.filter((step) => step.step === 'send');
}

function tagOf(step: Extract<Step, { step: 'send' }>, tag: number): string | undefined {
  return step.body.find(([name]) => name === tag)?.[1];
}

function execIds(script: Morning): string[] {
  return sent(script.steps).map((step) => tagOf(step, 17) ?? '');
}

const whole = morning(morningDefaults);

describe('a simulated morning', () => {
  test('is the same for the same seed, and another for another', () => {
    expect(morning(morningDefaults)).toEqual(whole);
    expect(execIds(morning({ ...morningDefaults, seed: 21 }))).not.toEqual(execIds(whole));
  });

  test('tells 2,000 executions of 40 securities and 25 accounts', () => {
    const first = whole.truth.events.filter(
      (event) => event.type === 'trade.executed' && event.standing === 'first',
    );
    const ids = first.map((event) => event.execution.id);
    expect(new Set(ids).size).toBe(2_000);
    expect(new Set(first.map((event) => event.execution.account)).size).toBe(accountCount);
    expect(new Set(first.map((event) => event.execution.security.symbol)).size).toBe(securityCount);
    expect(simulatedAccounts()).toHaveLength(accountCount);
    expect(new Set(execIds(whole))).toEqual(
      new Set([...ids, whole.truth.bust?.id, whole.truth.correction?.id, whole.truth.badValue?.id]),
    );
  });

  test('sends messages that the codec reads without an error, but for the one that is spoiled', () => {
    const spoiled = sent(whole.steps).filter((step) => {
      const bytes = writeFix('FIX.4.4', [
        [35, '8'],
        [49, 'A'],
        [56, 'B'],
        [34, '1'],
        [52, '20261112-13:30:00.000'],
        ...step.body,
      ]);
      return fix.decode({ bytes }).issues.some((issue) => issue.severity === 'error');
    });
    expect(spoiled.map((step) => tagOf(step, 17))).toEqual([whole.truth.badValue?.id]);
  });

  test.each([
    200, 1_000,
  ])('of %i executions tells again only what it has told before the reset', (executions) => {
    const { steps, truth } = morning({ ...morningDefaults, executions });
    const reset = steps.findIndex((step) => step.step === 'reset');
    const before = sent(steps.slice(0, reset)).map((step) => tagOf(step, 17));
    const after = sent(steps.slice(reset)).map((step) => tagOf(step, 17));
    const ids = truth.retold.map((execution) => execution.id);
    expect(ids).toHaveLength(25);
    expect(ids.filter((id) => before.includes(id) && after.includes(id))).toEqual(ids);
  });

  test('its twins differ in ExecID(17) alone', () => {
    const [left, right] = whole.truth.twins.map(reportOf);
    expect(left?.filter(([tag]) => tag !== 17)).toEqual(right?.filter(([tag]) => tag !== 17));
    expect(left?.find(([tag]) => tag === 17)).not.toEqual(right?.find(([tag]) => tag === 17));
  });

  test.each(plantedCases)('%s can be left out on the wire, and stays in the truth', (name) => {
    const options: MorningOptions = { ...morningDefaults, leaveOut: [name] };
    const without = morning(options);
    expect(without.truth).toEqual(whole.truth);
    expect(without.steps).not.toEqual(whole.steps);
  });
});

describe('the invented securities', () => {
  test('have ids of the range that users assign for themselves, with a right check digit', () => {
    const ids = simulatedSecurities().map((security) => security.id);
    expect(new Set(ids).size).toBe(securityCount);
    for (const id of ids) {
      expect(id).toMatch(/^99\d{7}$/);
      expect(withCheckDigit(id.slice(0, 8))).toBe(id);
    }
  });

  test('the check digit is as one works it out by hand', () => {
    // 9 + 1+8 + 0 + 0 + 0 + 0 + 1 + 0 = 19; then a letter (A is 10) that is doubled: 2+0 more, 21.
    expect(withCheckDigit('99000010')).toBe('990000101');
    expect(withCheckDigit('99000A10')).toBe('99000A109');
  });
});
