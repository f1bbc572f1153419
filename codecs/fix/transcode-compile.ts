import type { LevelIndex } from './level-index.ts';
import { type PartyGroup, partyGroups } from './party-groups.ts';
import { tag } from './tag.ts';
import {
  allocationSteps,
  contraFirm,
  currencies,
  flatParties,
  likelyAllocation,
  member,
  placesOf,
  securitySchemes,
  symbolScheme,
  unknownScheme,
} from './transcode-parts.ts';
import type { Step } from './transcode-plan.ts';
import type { Program } from './transcode-program.ts';
import type { Transcription } from './transcription.ts';

/** Says what a step does for all messages of one shape. Nothing of it may hang on a value: such a step is kept as it is. */
type Compile = (t: Transcription, step: Step, place: number, program: Program) => void;

/** Adds to a program what steps do; `t` has a message of the shape. */
export function compileSteps(t: Transcription, steps: readonly Step[], program: Program): void {
  for (const step of steps) {
    const place = step.source === 0 ? -1 : t.find(step);
    if (step.source !== 0 && place < 0) continue;
    const compile = compilers[step.way];
    if (compile === undefined) program.step(step, place);
    else compile(t, step, place, program);
  }
}

/** By the names of ways of writing; the others are taken as they are. */
const compilers: Readonly<Record<string, Compile>> = {
  text: (_, step, place, program) => program.text(step.tag, place),
  word: (_, step, place, program) => program.word(step.tag, place, step.words),
  decimal: (_, step, place, program) => program.decimal(step, place),
  date: (_, step, place, program) => program.date(step.tag, place),
  security,
  parties,
  nestedParties: (t, step, _, program) =>
    groupParties(t, step.tag, t.entry, partyGroups.nestedParties, program),
  charges,
  allocations,
  orderIds: (t, step, _, program) => ids(t, step.tag, tag.NoOrders, [tag.OrderID, tag.ClOrdID], program),
  execIds: (t, step, _, program) => ids(t, step.tag, tag.NoExecs, [tag.ExecID], program),
};

/** A series has a name that is made of values. */
function security({ root }: Transcription, step: Step, _: number, program: Program): void {
  const [symbol, id] = [root.at(tag.Symbol), root.at(tag.SecurityID)];
  if (symbol < 0 && id < 0) return;
  const signs = [tag.MaturityDate, tag.MaturityMonthYear, tag.StrikePrice];
  if (id < 0 && signs.some((sign) => root.at(sign) >= 0)) {
    program.step(step, -1);
    return;
  }
  program.open(step.tag, 0);
  program.text(member.id, id < 0 ? symbol : id);
  const source = root.at(tag.SecurityIDSource);
  if (id < 0) program.piece(symbolScheme);
  else if (source < 0) program.piece(unknownScheme);
  else program.word(member.scheme, source, securitySchemes);
  program.text(member.symbol, symbol);
  const code = root.at(tag.CFICode);
  program.text(member.type, code < 0 ? root.at(tag.SecurityType) : code);
  program.text(member.market, root.at(tag.SecurityExchange));
  program.close();
}

function parties(t: Transcription, step: Step, _: number, program: Program): void {
  levelParties(t, step.tag, t.root, program);
  if (t.entry !== t.root) levelParties(t, step.tag, t.entry, program);
}

function levelParties(t: Transcription, to: number, level: LevelIndex, program: Program): void {
  groupParties(t, to, level, partyGroups.parties, program);
  groupParties(t, to, level, partyGroups.rootParties, program);
  for (const { field, role } of flatParties) {
    const place = level.at(field);
    if (place < 0) continue;
    program.open(to, 0);
    program.text(member.partyId, place);
    program.piece(role);
    program.close();
  }
  for (let at = t.next(level, tag.NoContraBrokers, 0); at > 0; at = t.next(level, tag.NoContraBrokers, at)) {
    const broker = t.placeIn(at, tag.ContraBroker);
    if (broker < 0) continue;
    program.open(to, 0);
    program.text(member.partyId, broker);
    program.piece(contraFirm);
    program.text(member.partySubId, t.placeIn(at, tag.ContraTrader));
    program.close();
  }
}

function groupParties(
  t: Transcription,
  to: number,
  level: LevelIndex,
  group: PartyGroup,
  program: Program,
): void {
  for (let at = t.next(level, group.count, 0); at > 0; at = t.next(level, group.count, at))
    program.party(to, placesOf(t, group, at));
}

/** A commission of a type hangs on the type; one without is an amount, and where no fees follow that is all. */
function charges(t: Transcription, step: Step, _: number, program: Program): void {
  const { entry } = t;
  const [commission, fees] = [entry.at(tag.Commission), entry.has(tag.NoMiscFees)];
  if (commission < 0 && !fees) return;
  if (fees || entry.at(tag.CommType) >= 0) {
    program.step(step, -1);
    return;
  }
  const owed = entry.at(tag.CommCurrency);
  program.commission(step.tag, commission, owed < 0 ? t.find(currencies) : owed);
}

function allocations(t: Transcription, step: Step, _: number, program: Program): void {
  for (let at = t.next(t.root, tag.NoAllocs, 0); at > 0; at = t.next(t.root, tag.NoAllocs, at)) {
    t.enter(at);
    const asks = t.entry.at(tag.CommType) >= 0 || t.entry.has(tag.NoMiscFees) || hasChoice(t);
    if (asks) program.enter(at);
    program.open(step.tag, likelyAllocation);
    compileSteps(t, allocationSteps, program);
    program.close();
    if (asks) program.leave();
  }
  t.leave();
}

/** True where a step may go on with a second field of the entry, because the first one cannot be read. */
function hasChoice(t: Transcription): boolean {
  return allocationSteps.some(
    ({ source, others }) => t.at(source) >= 0 && others.some((other) => t.at(other) >= 0),
  );
}

function ids(t: Transcription, to: number, group: number, fields: readonly number[], program: Program): void {
  for (let at = t.next(t.root, group, 0); at > 0; at = t.next(t.root, group, at)) {
    const place = fields.map((field) => t.placeIn(at, field)).find((one) => one >= 0);
    program.text(to, place ?? -1);
  }
}
