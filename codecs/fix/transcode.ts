import type { NormalizeContext } from '../../src/contract/codec.ts';
import { catalogue, fieldTag } from '../../src/events/catalogue.ts';
import { encodeEvent } from '../../src/events/encode.ts';
import type { FixMessage } from './message.ts';
import { normalizeFix, saysEnough } from './normalize.ts';
import { undoes } from './normalize-allocation.ts';
import { executionKind, possiblyResent } from './normalize-execution.ts';
import { type CaptureKind, captureKind } from './normalize-report.ts';
import { wordFor } from './reading.ts';
import type table from './tables/transcode.json';
import { tag } from './tag.ts';
import { compileSteps } from './transcode-compile.ts';
import { type FactId, type FactKeys, tradeIdOf, unnamed, writeOwnKey } from './transcode-keys.ts';
import { allocationsComputed, findCommission, ways } from './transcode-parts.ts';
import { run, type Step, stepsOf, wordsOf } from './transcode-plan.ts';
import { Program, wroteByProgram } from './transcode-program.ts';
import { Transcription } from './transcription.ts';
import type { Word } from './word-table.ts';

/**
 * The stored form of a message's events, straight from its fields: `normalizeFix` and `encodeEvent`, byte for byte. Which
 * field goes to which member stands in `tables/transcode.json`. Executions, trade reports and allocations are written so;
 * other messages mean something less often, and go the way of `normalizeFix`, as do two sides of one kind in one report.
 */
export function transcodeFix(message: FixMessage, context: NormalizeContext): readonly Uint8Array[] {
  const { inner } = message;
  const told = inner ?? message;
  const family = families.get(told.type);
  t.resent = inner !== undefined && possiblyResent(message) === true;
  const fast = family !== undefined && told.inner === undefined && saysEnough(told);
  const prefix = inner === undefined ? '' : 'inner-';
  return (
    (fast ? family(told, context, prefix) : undefined) ?? normalizeFix(message, context).map(encodeEvent)
  );
}

/** The events of a message of one type; undefined where its events are left to `normalizeFix`. */
type Fast = (
  message: FixMessage,
  context: NormalizeContext,
  prefix: string,
) => readonly Uint8Array[] | undefined;

/** By MsgType(35): the messages that drop copies are full of. */
const families: ReadonlyMap<string, Fast> = new Map<string, Fast>([
  ['8', execution],
  ['AE', capture],
  ['AS', allocation],
  ['J', allocation],
]);

/** How one type of event is written. */
interface Plan {
  /** Another one for each plan. */
  readonly number: number;
  /** Number and wire type of the field that holds its data. */
  readonly data: number;
  readonly steps: readonly Step[];
}

const attributes = stepsOf('attributes', 'Event', ways);

let plansMade = 0;

function planOf(type: string, part: keyof typeof table): Plan {
  const field = catalogue().types.get(type);
  return { number: plansMade++, data: field?.tag ?? 0, steps: stepsOf(part, field?.type ?? '', ways) };
}

const plans = {
  execution: {
    executed: planOf('trade.executed', 'execution'),
    corrected: planOf('trade.corrected', 'execution'),
    busted: planOf('trade.busted', 'bust'),
    status: planOf('order.reported', 'order'),
  },
  capture: {
    executed: planOf('trade.executed', 'capture'),
    corrected: planOf('trade.corrected', 'capture'),
    busted: planOf('trade.busted', 'captureBust'),
    compared: planOf('trade.compared', 'compared'),
    uncompared: planOf('trade.uncompared', 'compared'),
    dk: planOf('trade.dk', 'compared'),
  },
  allocation: {
    AS: planOf('trade.allocated', 'allocationReport'),
    J: planOf('trade.allocated', 'allocationInstruction'),
  },
} as const;

const t = new Transcription();
const sides = wordsOf('side');

/** `normalize-execution.ts`. */
function execution(
  message: FixMessage,
  context: NormalizeContext,
  prefix: string,
): readonly Uint8Array[] | undefined {
  const kind = executionKind(message);
  if (kind === 'unsaid') return undefined;
  t.load(message, context);
  if (kind === 'status') return [written(plans.execution.status, `${prefix}order`)];
  t.findDate();
  t.side = sideAt(t.root.at(tag.Side));
  const self = idAt(t.root.at(tag.ExecID));
  const reference = t.root.at(tag.ExecRefID);
  t.keys = {
    kind: kind === 'busted' ? 'bust' : 'trade',
    related: 'trade',
    self,
    replaces: kind === 'corrected' ? idAt(reference) : undefined,
    reverses: kind === 'busted' ? idAt(reference) : undefined,
  };
  if (kind !== 'busted') t.chargesComputed = findCommission(t, tag.LastQty, tag.LastPx);
  return [written(plans.execution[kind], `${prefix}trade`)];
}

/** What a report may tell of its sides. */
type Told = Exclude<CaptureKind, 'rejected'>;

/** `normalize-report.ts`; a report of legs is left to it. */
function capture(
  message: FixMessage,
  context: NormalizeContext,
  prefix: string,
): readonly Uint8Array[] | undefined {
  t.load(message, context);
  const kind = captureKind(t.root);
  if (kind === 'rejected' || t.root.has(tag.NoLegs)) return undefined;
  if (!sidesDiffer()) return undefined;
  t.findDate();
  const keys = captureKeys(kind);
  const events: Uint8Array[] = [];
  for (let at = t.next(t.root, tag.NoSides, 0); at > 0; at = t.next(t.root, tag.NoSides, at)) {
    t.enter(at);
    t.side = sideAt(t.entry.at(tag.Side));
    t.keys = keys;
    if (kind === 'executed' || kind === 'corrected')
      t.chargesComputed = findCommission(t, tag.LastQty, tag.LastPx);
    events.push(written(plans.capture[kind], sideSlot(prefix, t.side)));
  }
  return events;
}

/** Two sides of one kind need further names, which normalize gives them. */
function sidesDiffer(): boolean {
  let seen: readonly (Word | undefined)[] = [];
  for (let at = t.next(t.root, tag.NoSides, 0); at > 0; at = t.next(t.root, tag.NoSides, at)) {
    const side = sideAt(t.placeIn(at, tag.Side));
    if (seen.includes(side)) return false;
    seen = seen.length === 0 ? [side] : [...seen, side];
  }
  return true;
}

/** The slot of a side, made once. */
function sideSlot(prefix: string, side: Word | undefined): string {
  const slots = prefix === '' ? sideSlots : innerSideSlots;
  const known = slots.get(side);
  if (known !== undefined) return known;
  const made = `${prefix}side-${side?.name ?? ''}`;
  slots.set(side, made);
  return made;
}

const sideSlots = new Map<Word | undefined, string>();
const innerSideSlots = new Map<Word | undefined, string>();

function captureKeys(kind: Told): FactKeys {
  const own = tradeIdOf(t);
  const named = t.root.at(tag.TradeID) >= 0;
  const reported = t.root.at(tag.TradeReportRefID);
  const reference = named || reported < 0 ? own : idAt(reported);
  const traded = kind === 'executed' || kind === 'corrected';
  return {
    kind: traded ? 'trade' : kind === 'busted' ? 'bust' : kind,
    related: 'trade',
    self: named && kind === 'corrected' ? { ...own, report: reportOf() } : own,
    replaces: kind === 'corrected' ? reference : undefined,
    reverses: kind === 'busted' ? reference : undefined,
  };
}

/** The report of a replacement, which tells it from the trade that it keeps the name of. */
function reportOf(): number {
  const place = t.root.at(tag.TradeReportID);
  return place < 0 ? unnamed : place;
}

/** `normalize-allocation.ts`. */
function allocation(message: FixMessage, context: NormalizeContext, prefix: string): readonly Uint8Array[] {
  t.load(message, context);
  t.findDate();
  t.side = sideAt(t.root.at(tag.Side));
  const report = message.type === 'AS';
  const action = wordFor('allocationAction', t.textAt(t.root.at(tag.AllocTransType)));
  const reference = t.find(report ? reportReferences : references);
  const refers = reference < 0 ? undefined : idAt(reference);
  t.keys = {
    kind: 'allocation',
    related: 'allocation',
    self: idAt(t.root.at(report ? tag.AllocReportID : tag.AllocID)),
    replaces: action === 'replace' ? refers : undefined,
    reverses: undoes(action) ? refers : undefined,
  };
  t.chargesComputed = allocationsComputed(t);
  return [written(plans.allocation[report ? 'AS' : 'J'], `${prefix}allocation`)];
}

const references = { source: tag.RefAllocID, others: [] };
const reportReferences = { source: tag.AllocReportRefID, others: [tag.RefAllocID] };

function idAt(own: number): FactId {
  return { own, second: -1, report: -1 };
}

function sideAt(place: number): Word | undefined {
  return place < 0 ? undefined : sides.word(t.wire, t.from(place), t.to(place));
}

const tags = { id: fieldTag('Event', 'id'), origin: fieldTag('Event', 'origin') };
/** The data of an event is mostly longer than a length of one byte can say. */
const likelyData = 200;

/** The event that the transcription stands at. */
function written(plan: Plan, slotName: string): Uint8Array {
  const { writer, envelope, origin } = t;
  const slot = envelope.slot(slotName);
  writer.begin();
  const id = writer.open(tags.id, 0);
  writer.piece(envelope.idHead);
  writer.piece(origin.piece);
  writer.piece(slot.idTail);
  writer.close(id);
  writeOwnKey(t);
  writer.piece(envelope.speaker);
  const from = writer.open(tags.origin, 0);
  writer.piece(origin.piece);
  writer.close(from);
  writer.piece(slot.fields);
  if (!wroteByProgram(t, plan.number * entriesMax + t.entry.entry, () => programOf(plan))) {
    run(t, attributes);
    const data = writer.open(plan.data, likelyData);
    run(t, plan.steps);
    writer.close(data);
  }
  return writer.finish();
}

/** More than a message of a shape has entries. */
const entriesMax = 1024;

function programOf(plan: Plan): Program {
  const program = new Program();
  compileSteps(t, attributes, program);
  program.open(plan.data, likelyData);
  compileSteps(t, plan.steps, program);
  program.close();
  return program;
}
