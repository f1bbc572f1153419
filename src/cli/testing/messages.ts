import { morning, morningDefaults } from '../../../certification/simulators/clearing-firm/index.ts';
import { type FixField, writeFix } from '../../../codecs/fix/index.ts';

/** Reports of a simulated morning as they stand on the wire, numbered from 1. */
export function reports(count: number): readonly Uint8Array[] {
  const { steps } = morning({ ...morningDefaults, executions: 200 });
  const bodies = steps.flatMap((step) => (step.step === 'send' ? [step.body] : [])).slice(0, count);
  return bodies.map((body, index) => report(index + 1, body));
}

export function report(number: number, body: readonly FixField[]): Uint8Array {
  return writeFix('FIX.4.4', [
    [35, '8'],
    [49, 'SIMCLEAR'],
    [56, 'DEMOBRKR'],
    [34, String(number)],
    [52, '20261112-13:30:00.000'],
    ...body,
  ]);
}

/** The same reports as lines of a FIX log, a prefix before each. */
export function logOf(messages: readonly Uint8Array[]): Buffer {
  const prefix = Buffer.from('2026-11-12 13:30:00.000 : ');
  return Buffer.concat(messages.flatMap((message) => [prefix, Buffer.from(message), Buffer.from('\n')]));
}
