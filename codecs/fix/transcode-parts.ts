import { fieldTag } from '../../src/events/catalogue.ts';
import type { LevelIndex } from './level-index.ts';
import { type PartyGroup, partyGroups } from './party-groups.ts';
import { taggedWords } from './reading.ts';
import tag from './tables/tags.json' with { type: 'json' };
import { commissionOf, seriesOf } from './terms.ts';
import { keyWays } from './transcode-keys.ts';
import { type Step, stepsOf, type Write, wordsOf } from './transcode-plan.ts';
import { plainWays, writeBytes, writeWord } from './transcode-steps.ts';
import { writeDecimal } from './transcode-values.ts';
import { entryMark, type Transcription } from './transcription.ts';

/** The parts of events that have members of their own, or are made of several fields. */
const partWays: Readonly<Record<string, Write>> = {
  ...plainWays,
  security,
  parties,
  nestedParties,
  charges,
  allocations,
  orderIds,
  execIds,
};

const member = {
  id: fieldTag('Security', 'id'),
  scheme: fieldTag('Security', 'scheme'),
  symbol: fieldTag('Security', 'symbol'),
  type: fieldTag('Security', 'type'),
  market: fieldTag('Security', 'market'),
  partyId: fieldTag('Party', 'id'),
  partyScheme: fieldTag('Party', 'scheme'),
  partyRole: fieldTag('Party', 'role'),
  partySubId: fieldTag('Party', 'subId'),
  chargeType: fieldTag('Charge', 'type'),
  amount: fieldTag('Charge', 'amount'),
  currency: fieldTag('Charge', 'currency'),
} as const;

/** What was traded: `securityOf` of `terms.ts`. */
function security(t: Transcription, step: Step): void {
  const { root, writer } = t;
  const symbol = root.at(tag.Symbol);
  const id = root.at(tag.SecurityID);
  if (symbol < 0 && id < 0) return;
  const series = id < 0 ? seriesName(t, symbol) : undefined;
  const open = writer.open(step.tag, 0);
  if (series === undefined) writeField(t, member.id, id < 0 ? symbol : id);
  else writer.text(member.id, series);
  if (id >= 0) writeSchemeOf(t);
  else writeBytes(t, member.scheme, series === undefined ? symbolWord : seriesWord);
  writeField(t, member.symbol, symbol);
  const code = root.at(tag.CFICode);
  writeField(t, member.type, code < 0 ? root.at(tag.SecurityType) : code);
  writeField(t, member.market, root.at(tag.SecurityExchange));
  writer.close(open);
}

const symbolWord = Buffer.from('symbol');
const seriesWord = Buffer.from('series');
const unknownWord = Buffer.from('unknown');

function writeSchemeOf(t: Transcription): void {
  const place = t.root.at(tag.SecurityIDSource);
  if (place < 0) writeBytes(t, member.scheme, unknownWord);
  else writeWord(t, member.scheme, place, securitySchemes);
}

const securitySchemes = wordsOf('securityScheme');

function seriesName(t: Transcription, symbol: number): string | undefined {
  const { root } = t;
  const signs =
    root.at(tag.MaturityDate) >= 0 || root.at(tag.MaturityMonthYear) >= 0 || root.at(tag.StrikePrice) >= 0;
  return signs ? seriesOf(t.message.root, t.textAt(symbol) ?? '') : undefined;
}

function writeField(t: Transcription, to: number, place: number): void {
  if (place >= 0) t.writer.latin1(to, t.wire, t.from(place), t.to(place));
}

/** The parties of the message, and of the entry that the event is about. */
function parties(t: Transcription, step: Step): void {
  levelParties(t, step.tag, t.root);
  if (t.entry !== t.root) levelParties(t, step.tag, t.entry);
}

function nestedParties(t: Transcription, step: Step): void {
  groupParties(t, step.tag, t.entry, partyGroups.nestedParties);
}

function levelParties(t: Transcription, to: number, level: LevelIndex): void {
  groupParties(t, to, level, partyGroups.parties);
  groupParties(t, to, level, partyGroups.rootParties);
  for (const { field, role } of flatParties) {
    const place = level.at(field);
    if (place >= 0) writeParty(t, to, place, role, -1);
  }
  if (!level.has(tag.NoContraBrokers)) return;
  for (let at = t.next(level, tag.NoContraBrokers, 0); at > 0; at = t.next(level, tag.NoContraBrokers, at)) {
    t.leaf.load(t.flat, at);
    const broker = t.leaf.at(tag.ContraBroker);
    if (broker >= 0) writeParty(t, to, broker, contraFirm, t.leaf.at(tag.ContraTrader));
  }
}

const flatParties = taggedWords('flatParty').map(([field, role]) => ({ field, role: Buffer.from(role) }));
const contraFirm = Buffer.from('contra-firm');

function groupParties(t: Transcription, to: number, level: LevelIndex, group: PartyGroup): void {
  if (!level.has(group.count)) return;
  for (let at = t.next(level, group.count, 0); at > 0; at = t.next(level, group.count, at)) {
    t.leaf.load(t.flat, at);
    if (t.leaf.at(group.id) >= 0) groupedParty(t, to, group);
  }
}

/** The party of the entry that is loaded. */
function groupedParty(t: Transcription, to: number, group: PartyGroup): void {
  const { leaf, writer } = t;
  const open = writer.open(to, 0);
  writeField(t, member.partyId, leaf.at(group.id));
  const source = leaf.at(group.source);
  if (source >= 0) writeWord(t, member.partyScheme, source, partySchemes);
  const role = leaf.at(group.role);
  if (role < 0) writeBytes(t, member.partyRole, unknownWord);
  else writeWord(t, member.partyRole, role, partyRoles);
  writeField(t, member.partySubId, subIdOf(t, group));
  writer.close(open);
}

const partySchemes = wordsOf('partyScheme');
const partyRoles = wordsOf('partyRole');

/** The place of the sub id of the party that is loaded, or -1. */
function subIdOf(t: Transcription, { subId, subs }: PartyGroup): number {
  const own = t.leaf.at(subId);
  if (own >= 0 || !t.leaf.has(subs)) return own;
  const first = t.next(t.leaf, subs, 0);
  if (first < 0) return -1;
  t.inner.load(t.flat, first);
  return t.inner.at(subId);
}

function writeParty(t: Transcription, to: number, id: number, role: Uint8Array, subId: number): void {
  const open = t.writer.open(to, 0);
  writeField(t, member.partyId, id);
  writeBytes(t, member.partyRole, role);
  writeField(t, member.partySubId, subId);
  t.writer.close(open);
}

/** Commission and fees of the entry: `chargesOf` of `terms.ts`. {@link findCommission} came before. */
function charges(t: Transcription, step: Step): void {
  const { entry, commission } = t;
  const currency = t.find(currencies);
  if (commission.place >= 0 || commission.text !== undefined) {
    const owed = entry.at(tag.CommCurrency);
    writeCommission(t, step.tag, owed < 0 ? currency : owed);
  }
  if (!entry.has(tag.NoMiscFees)) return;
  for (let at = t.next(entry, tag.NoMiscFees, 0); at > 0; at = t.next(entry, tag.NoMiscFees, at)) {
    t.leaf.load(t.flat, at);
    writeFee(t, step.tag, currency);
  }
}

const currencies: readonly number[] = [tag.Currency + entryMark, tag.Currency];

/** A commission that is no decimal is none. */
function writeCommission(t: Transcription, to: number, currency: number): void {
  const { writer, commission } = t;
  const before = writer.size;
  const open = writer.open(to, 0);
  writeBytes(t, member.chargeType, commissionWord);
  if (commission.text !== undefined) writer.text(member.amount, commission.text);
  else if (!writeAmount(t, commission.place)) {
    writer.shorten(before);
    return;
  }
  writeField(t, member.currency, currency);
  writer.close(open);
}

const commissionWord = Buffer.from('commission');

function writeAmount(t: Transcription, place: number): boolean {
  return place >= 0 && writeDecimal(t.writer, member.amount, t.wire, t.from(place), t.to(place));
}

/** The fee of the entry that is loaded; without an amount it is none. */
function writeFee(t: Transcription, to: number, currency: number): void {
  const { leaf, writer } = t;
  const before = writer.size;
  const open = writer.open(to, 0);
  const type = leaf.at(tag.MiscFeeType);
  if (type < 0) writeBytes(t, member.chargeType, otherWord);
  else writeWord(t, member.chargeType, type, chargeTypes);
  if (!writeAmount(t, leaf.at(tag.MiscFeeAmt))) {
    writer.shorten(before);
    return;
  }
  const own = leaf.at(tag.MiscFeeCurr);
  writeField(t, member.currency, own < 0 ? currency : own);
  writer.close(open);
}

const otherWord = Buffer.from('other');
const chargeTypes = wordsOf('chargeType');

/** The accounts of an allocation, each with what it has of its own. */
function allocations(t: Transcription, step: Step): void {
  for (let at = t.next(t.root, tag.NoAllocs, 0); at > 0; at = t.next(t.root, tag.NoAllocs, at)) {
    t.enter(at);
    findCommission(t, tag.AllocQty, tag.AllocPrice);
    const open = t.writer.open(step.tag, likelyAllocation);
    for (const one of allocationSteps) one.write(t, one);
    t.writer.close(open);
  }
  t.leave();
}

const likelyAllocation = 150;

function orderIds(t: Transcription, step: Step): void {
  idsOf(t, step.tag, tag.NoOrders, [tag.OrderID, tag.ClOrdID]);
}

function execIds(t: Transcription, step: Step): void {
  idsOf(t, step.tag, tag.NoExecs, [tag.ExecID]);
}

/** Of each entry of a group the first of these fields that is there. */
function idsOf(t: Transcription, to: number, group: number, fields: readonly number[]): void {
  if (!t.root.has(group)) return;
  for (let at = t.next(t.root, group, 0); at > 0; at = t.next(t.root, group, at)) {
    t.leaf.load(t.flat, at);
    for (const field of fields) {
      const place = t.leaf.at(field);
      if (place < 0) continue;
      writeField(t, to, place);
      break;
    }
  }
}

/** Finds the commission of the entry; true where its amount had to be computed. */
export function findCommission(t: Transcription, quantityTag: number, priceTag: number): boolean {
  const { entry, commission } = t;
  commission.place = -1;
  commission.text = undefined;
  const place = entry.at(tag.Commission);
  if (place < 0) return false;
  const type = entry.at(tag.CommType);
  if (type < 0 || commissionTypes.word(t.wire, t.from(type), t.to(type))?.equals(absolute) === true) {
    commission.place = place;
    return false;
  }
  const found = commissionOf(t.fieldsOf(entry), quantityTag, priceTag, t.terms());
  commission.text = found?.amount;
  return found !== undefined;
}

const commissionTypes = wordsOf('commissionType');
const absolute = Buffer.from('absolute');

/** True where the amount of any account's commission had to be computed. */
export function allocationsComputed(t: Transcription): boolean {
  if (!t.mentions(tag.CommType)) return false;
  let computed = false;
  for (let at = t.next(t.root, tag.NoAllocs, 0); at > 0; at = t.next(t.root, tag.NoAllocs, at)) {
    t.enter(at);
    computed = findCommission(t, tag.AllocQty, tag.AllocPrice) || computed;
  }
  t.leave();
  return computed;
}

/** Every way of writing that the steps of FIX events know. */
export const ways: Readonly<Record<string, Write>> = { ...partWays, ...keyWays };

const allocationSteps = stepsOf('allocation', 'Allocation', ways);
