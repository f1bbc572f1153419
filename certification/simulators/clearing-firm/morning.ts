import assert from 'node:assert/strict';
import { type Execution, type FixBody, fills, reportOf } from './executions.ts';
import { scriptOf } from './script.ts';

/** What can be planted in a morning, in the order in which it happens. */
export const plantedCases = [
  'twins',
  'bust',
  'correction',
  'resend',
  'gap',
  'restart',
  'garbled',
  'bad-value',
  'reset',
] as const;
export type PlantedCase = (typeof plantedCases)[number];

/**
 * What the simulated firm does next. `send` takes the next number of the session; `lose` writes nothing of it and
 * `garble` writes it with a wrong CheckSum(10), so that it has to be asked for again. `again` writes a range of what was
 * sent lately once more, with PossDupFlag(43), though nobody asked, as soon as the other side has it. `settle` waits until
 * the other side has everything.
 */
export type Step =
  | { readonly step: 'send'; readonly body: FixBody; readonly wire: 'plain' | 'lose' | 'garble' }
  | { readonly step: 'again'; readonly last: number }
  | { readonly step: 'settle' }
  | { readonly step: 'reset' }
  | { readonly step: 'mark'; readonly mark: 'restart' };

/** One event that must come out of the log at the end, with the standing that it must have. */
export interface ExpectedEvent {
  readonly type: 'trade.executed' | 'trade.busted' | 'trade.corrected';
  readonly standing: 'first' | 'repeated';
  readonly execution: Execution;
}

/** What really happened this morning: whatever the log says is compared with this, and with nothing else. */
export interface Truth {
  readonly events: readonly ExpectedEvent[];
  /** The two fills that differ in their ExecID(17) alone. */
  readonly twins: readonly Execution[];
  readonly bust: Execution | undefined;
  readonly correction: Execution | undefined;
  /** Written once more with PossDupFlag(43) though nobody asked. */
  readonly resent: readonly Execution[];
  /** Missing on the wire until they are asked for. */
  readonly lost: readonly Execution[];
  /** Damaged on the wire; asked for again, it comes whole. */
  readonly garbled: readonly Execution[];
  /** The report whose LastPx(31) is no number: it must wait in quarantine, and make no event. */
  readonly badValue: Execution | undefined;
  /** Fills told again, under new numbers, behind the reset. */
  readonly retold: readonly Execution[];
  readonly restarts: number;
}

export interface MorningOptions {
  readonly seed: number;
  readonly executions: number;
  /** `YYYY-MM-DD`. */
  readonly tradeDate: string;
  readonly settlementDate: string;
  /** Cases that are promised in the truth and left out on the wire: so a test proves that their absence is noticed. */
  readonly leaveOut: readonly PlantedCase[];
}

export interface Morning {
  readonly steps: readonly Step[];
  readonly truth: Truth;
}

export const morningDefaults: MorningOptions = {
  seed: 20,
  executions: 2_000,
  tradeDate: '2026-11-12',
  settlementDate: '2026-11-13',
  leaveOut: [],
};

/** Fewer executions leave no room between the planted cases. */
export const executionsMin = 200;

/** A morning of a clearing firm's drop copy, and the truth about it. The same options give the same morning. */
export function morning(options: MorningOptions): Morning {
  assert(options.executions >= executionsMin);
  const all = fills(options);
  const busted = partOf(all, 0.05);
  const corrected = partOf(all, 0.08);
  return scriptOf(
    all,
    {
      bust: { ...busted, kind: 'bust', id: `${options.seed}B1`, reference: busted.id },
      correction: {
        ...corrected,
        kind: 'correction',
        id: `${options.seed}C1`,
        reference: corrected.id,
        cents: corrected.cents + 7,
      },
    },
    {
      spoiledId: `${options.seed}V1`,
      report: reportOf,
      planted: (name) => !options.leaveOut.includes(name),
    },
  );
}

/** The fill that stands at this part of the morning. */
function partOf(all: readonly Execution[], share: number): Execution {
  const found = all[Math.floor(all.length * share)];
  assert(found !== undefined);
  return found;
}
