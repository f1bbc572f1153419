import assert from 'node:assert/strict';
import type { Execution, FixBody } from './executions.ts';
import type { ExpectedEvent, Morning, PlantedCase, Step, Truth } from './morning.ts';

/** What is told beside the fills: one that is taken back, and one that gets another price. */
export interface Changes {
  readonly bust: Execution;
  readonly correction: Execution;
}

export interface ScriptOptions {
  /** ExecID(17) of the report whose price is no number. */
  readonly spoiledId: string;
  report(execution: Execution): FixBody;
  planted(name: PlantedCase): boolean;
}

/** A day of one FIX session from its fills, with the planted cases at their places, and the truth about it. */
export function scriptOf(all: readonly Execution[], changes: Changes, options: ScriptOptions): Morning {
  const plan = planOf(all, changes, options);
  return { steps: stepsOf(all, plan, options), truth: truthOf(all, plan) };
}

/** Where each case stands in the day, as a part of its executions. */
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
  readonly twins: readonly Execution[];
  readonly bust: Execution;
  readonly correction: Execution;
  readonly badValue: Execution;
  readonly retold: readonly Execution[];
  readonly resent: readonly Execution[];
  readonly lost: readonly Execution[];
  readonly garbled: readonly Execution[];
}

function planOf(all: readonly Execution[], changes: Changes, options: ScriptOptions): Plan {
  const piece = (share: number, from: number, count: number): readonly Execution[] => {
    const at = Math.floor(all.length * share) + from;
    return all.slice(at, at + count);
  };
  const [spoiled] = piece(0.71, 0, 1);
  assert(spoiled !== undefined);
  return {
    ...changes,
    twins: all.filter((fill) => fill.twin),
    badValue: { ...spoiled, id: options.spoiledId },
    retold: piece(places.reset, -25, 25),
    resent: piece(places.resend, -20, 20),
    lost: piece(places.gap, 0, 5),
    garbled: piece(places.garbled, 0, 1),
  };
}

function stepsOf(all: readonly Execution[], plan: Plan, options: ScriptOptions): Step[] {
  const { planted } = options;
  const send = (execution: Execution, wire: Wire = 'plain'): Step => ({
    step: 'send',
    body: options.report(execution),
    wire,
  });
  const steps: Step[] = [];
  for (const [index, execution] of all.entries()) {
    const at = (part: number): boolean => index === Math.floor(all.length * part);
    if (at(places.bust) && planted('bust')) steps.push(send(plan.bust));
    if (at(places.correction) && planted('correction')) steps.push(send(plan.correction));
    if (at(places.resend) && planted('resend')) steps.push({ step: 'again', last: plan.resent.length });
    if (at(places.restart) && planted('restart')) steps.push({ step: 'mark', mark: 'restart' });
    // Half of the day is kept for good before the restart, and all of it before what comes after.
    if (at(places.kept) || at(places.settled)) steps.push({ step: 'settle' });
    if (at(places.badValue) && planted('bad-value')) steps.push(badValue(options.report(plan.badValue)));
    if (at(places.reset) && planted('reset'))
      steps.push(
        { step: 'settle' },
        { step: 'reset' },
        ...plan.retold.map((one, which) => retell(options.report(one), which)),
      );
    if (!planted('twins') && execution === plan.twins[1]) continue;
    steps.push(send(execution, wireOf(execution, plan, planted)));
  }
  steps.push({ step: 'settle' });
  return steps;
}

type Wire = 'plain' | 'lose' | 'garble';

function wireOf(execution: Execution, plan: Plan, planted: (name: PlantedCase) => boolean): Wire {
  if (planted('gap') && plan.lost.includes(execution)) return 'lose';
  return planted('garbled') && plan.garbled.includes(execution) ? 'garble' : 'plain';
}

/** A letter O where a zero belongs. */
function badValue(report: FixBody): Step {
  const body = report.map(([tag, value]) => [tag, tag === 31 ? '1O2.5' : value] as const);
  return { step: 'send', body, wire: 'plain' };
}

/** Told again: every second time the firm says so with PossResend(97), every other time it does not. */
function retell(body: FixBody, index: number): Step {
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
