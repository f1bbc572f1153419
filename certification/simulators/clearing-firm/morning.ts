import assert from 'node:assert/strict';
import { type Execution, type FixBody, fills, reportOf } from './executions.ts';

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
 * sent lately once more, with PossDupFlag(43), though nobody asked. `settle` waits until the other side has everything.
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
  const plan = planOf(all, options);
  const planted = (name: PlantedCase): boolean => !options.leaveOut.includes(name);
  const steps: Step[] = [];
  for (const [index, execution] of all.entries()) {
    const at = (part: number): boolean => index === Math.floor(all.length * part);
    if (at(plan.at.bust) && planted('bust')) steps.push(send(plan.bust));
    if (at(plan.at.correction) && planted('correction')) steps.push(send(plan.correction));
    if (at(plan.at.resend) && planted('resend')) steps.push({ step: 'again', last: plan.resent.length });
    if (at(plan.at.restart) && planted('restart')) steps.push({ step: 'mark', mark: 'restart' });
    // Half of the morning is kept for good before the restart, and all of it before what comes after.
    if (at(plan.at.kept) || at(plan.at.settled)) steps.push({ step: 'settle' });
    if (at(plan.at.badValue) && planted('bad-value')) steps.push(badValue(plan.badValue));
    if (at(plan.at.reset) && planted('reset'))
      steps.push({ step: 'settle' }, { step: 'reset' }, ...plan.retold.map(retell));
    if (!planted('twins') && execution === plan.twins[1]) continue;
    steps.push(send(execution, wireOf(execution, plan, planted)));
  }
  steps.push({ step: 'settle' });
  return { steps, truth: truthOf(all, plan) };
}

/** Where each case stands in the morning, as a part of its executions. */
const places = {
  bust: 0.15,
  correction: 0.2,
  resend: 0.3,
  gap: 0.4,
  kept: 0.45,
  restart: 0.5,
  settled: 0.6,
  garbled: 0.66,
  badValue: 0.72,
  reset: 0.8,
} as const;

interface Plan {
  readonly at: typeof places;
  readonly twins: readonly Execution[];
  readonly bust: Execution;
  readonly correction: Execution;
  readonly badValue: Execution;
  readonly retold: readonly Execution[];
  readonly resent: readonly Execution[];
  readonly lost: readonly Execution[];
  readonly garbled: readonly Execution[];
}

function planOf(all: readonly Execution[], options: MorningOptions): Plan {
  const part = (share: number): Execution => {
    const found = all[Math.floor(all.length * share)];
    assert(found !== undefined);
    return found;
  };
  const twins = all.filter((fill) => fill.twin);
  const busted = part(0.05);
  const corrected = part(0.08);
  const spoiled = part(0.71);
  const piece = (share: number, from: number, count: number): readonly Execution[] => {
    const at = Math.floor(all.length * share) + from;
    return all.slice(at, at + count);
  };
  return {
    at: places,
    twins,
    bust: { ...busted, kind: 'bust', id: `${options.seed}B1`, reference: busted.id },
    correction: {
      ...corrected,
      kind: 'correction',
      id: `${options.seed}C1`,
      reference: corrected.id,
      cents: corrected.cents + 7,
    },
    badValue: { ...spoiled, id: `${options.seed}V1` },
    retold: piece(places.reset, -25, 25),
    resent: piece(places.resend, -20, 20),
    lost: piece(places.gap, 0, 5),
    garbled: piece(places.garbled, 0, 1),
  };
}

function wireOf(
  execution: Execution,
  plan: Plan,
  planted: (name: PlantedCase) => boolean,
): 'plain' | 'lose' | 'garble' {
  if (planted('gap') && plan.lost.includes(execution)) return 'lose';
  return planted('garbled') && plan.garbled.includes(execution) ? 'garble' : 'plain';
}

function send(execution: Execution, wire: 'plain' | 'lose' | 'garble' = 'plain'): Step {
  return { step: 'send', body: reportOf(execution), wire };
}

/** A letter O where a zero belongs. */
function badValue(execution: Execution): Step {
  const body = reportOf(execution).map(([tag, value]) => [tag, tag === 31 ? '1O2.5' : value] as const);
  return { step: 'send', body, wire: 'plain' };
}

/** Told again: every second time the firm says so with PossResend(97), every other time it does not. */
function retell(execution: Execution, index: number): Step {
  const body = reportOf(execution);
  return { step: 'send', body: index % 2 === 0 ? [[97, 'Y'], ...body] : body, wire: 'plain' };
}

function truthOf(all: readonly Execution[], plan: Plan): Truth {
  const executed = all.map((execution) => expected('trade.executed', 'first', execution));
  return {
    events: [
      ...executed,
      expected('trade.busted', 'first', plan.bust),
      expected('trade.corrected', 'first', plan.correction),
      ...plan.retold.map((execution) => expected('trade.executed', 'repeated', execution)),
    ],
    twins: plan.twins,
    bust: plan.bust,
    correction: plan.correction,
    resent: plan.resent,
    lost: plan.lost,
    garbled: plan.garbled,
    badValue: plan.badValue,
    retold: plan.retold,
    restarts: 1,
  };
}

function expected(
  type: ExpectedEvent['type'],
  standing: ExpectedEvent['standing'],
  execution: Execution,
): ExpectedEvent {
  return { type, standing, execution };
}
