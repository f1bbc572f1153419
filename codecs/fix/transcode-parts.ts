import { fieldTag } from '../../src/events/catalogue.ts';
import { type Piece, pieceOf } from '../../src/events/event-writer.ts';
import { entryFrom, entryTo } from './entries.ts';
import { type LevelIndex, nextEntry } from './level-index.ts';
import { type PartyGroup, partyGroups } from './party-groups.ts';
import { taggedWords } from './reading.ts';
import { tag } from './tag.ts';
import { commissionOf, seriesOf } from './terms.ts';
import { tokenStride } from './tokens.ts';
import { keyWays } from './transcode-keys.ts';
import { run, type Step, stepsOf, type Write, wordsOf } from './transcode-plan.ts';
import { plainWays, textField, writeWord } from './transcode-steps.ts';
import { writeDecimal } from './transcode-values.ts';
import { type Commission, entryMark, type Transcription } from './transcription.ts';

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

export const member = {
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
  else writer.piece(series === undefined ? symbolScheme : seriesScheme);
  writeField(t, member.symbol, symbol);
  const code = root.at(tag.CFICode);
  writeField(t, member.type, code < 0 ? root.at(tag.SecurityType) : code);
  writeField(t, member.market, root.at(tag.SecurityExchange));
  writer.close(open);
}

export const symbolScheme = textField('Security', 'scheme', 'symbol');
const seriesScheme = textField('Security', 'scheme', 'series');
export const unknownScheme = textField('Security', 'scheme', 'unknown');

function writeSchemeOf(t: Transcription): void {
  const place = t.root.at(tag.SecurityIDSource);
  if (place < 0) t.writer.piece(unknownScheme);
  else writeWord(t, member.scheme, place, securitySchemes);
}

export const securitySchemes = wordsOf('securityScheme');

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

export const flatParties = taggedWords('flatParty').map(([field, role]) => ({
  field,
  role: roleField(role),
}));
export const contraFirm = roleField('contra-firm');

function roleField(role: string): Piece {
  return textField('Party', 'role', role);
}

function groupParties(t: Transcription, to: number, level: LevelIndex, group: PartyGroup): void {
  if (!level.has(group.count)) return;
  for (let at = t.next(level, group.count, 0); at > 0; at = t.next(level, group.count, at))
    groupedParty(t, to, group, at);
}

/** The party of an entry. It has few fields: where no group stands inside, they are looked through once. */
function groupedParty(t: Transcription, to: number, group: PartyGroup, entry: number): void {
  const { id, source, role, subId } = placesOf(t, group, entry);
  writeMember(t, to, id, source, role, subId);
}

/** The places of the fields of a party; -1 where one is absent or empty. */
interface PartyPlaces {
  id: number;
  source: number;
  role: number;
  subId: number;
}

export function placesOf(t: Transcription, group: PartyGroup, entry: number): PartyPlaces {
  const { index, flat } = t;
  const from = flat.entryAt(entry, entryFrom);
  const end = flat.entryAt(entry, entryTo);
  if (entry + 1 < flat.entryCount && flat.entryAt(entry + 1, entryFrom) < end)
    return placesAround(t, group, entry);
  let [id, source, role, subId] = [-1, -1, -1, -1];
  for (let field = end - 1; field >= from; field--) {
    const place = field * tokenStride;
    const tag = index[place];
    if (tag === group.id) id = place;
    else if (tag === group.role) role = place;
    else if (tag === group.source) source = place;
    else if (tag === group.subId) subId = place;
  }
  return { id: t.filled(id), source: t.filled(source), role: t.filled(role), subId: t.filled(subId) };
}

/** Of a party with groups inside: the first sub id counts. */
function placesAround(t: Transcription, group: PartyGroup, entry: number): PartyPlaces {
  const own = t.placeIn(entry, group.subId);
  const first = own < 0 ? nextEntry(t.flat, entry, group.subs, 0) : -1;
  return {
    id: t.placeIn(entry, group.id),
    source: t.placeIn(entry, group.source),
    role: t.placeIn(entry, group.role),
    subId: first < 0 ? own : t.placeIn(first, group.subId),
  };
}

/** One party by the places of its fields; without an id it is none. */
export function writeMember(
  t: Transcription,
  to: number,
  id: number,
  source: number,
  role: number,
  subId: number,
): void {
  if (id < 0) return;
  const open = t.writer.open(to, 0);
  t.writer.latin1(member.partyId, t.wire, t.from(id), t.to(id));
  writeFunction(t, source, role);
  writeField(t, member.partySubId, subId);
  t.writer.close(open);
}

/** Scheme and role of a party. Few pairs of both are in use: the last of them stay made. */
function writeFunction(t: Transcription, source: number, role: number): void {
  const said = source < 0 ? -1 : shortOf(t, source);
  const did = role < 0 ? -1 : shortOf(t, role);
  const key = said < 0 || did < 0 ? -1 : said * 0x2_0000 + did;
  if (key < 0) {
    writeBoth(t, source, role);
    return;
  }
  // Multiplied by a large odd number, keys that are alike fall far apart.
  const place = Math.imul(key, 0x9e3779b1) >>> 24;
  const known = functions[place];
  if (known?.key === key) {
    t.writer.piece(known.piece);
    return;
  }
  const { size } = t.writer;
  writeBoth(t, source, role);
  functions[place] = { key, piece: pieceOf(t.writer.since(size)) };
}

function writeBoth(t: Transcription, source: number, role: number): void {
  if (source >= 0) writeWord(t, member.partyScheme, source, partySchemes);
  if (role < 0) t.writer.piece(unknownRole);
  else writeWord(t, member.partyRole, role, partyRoles);
}

const functionsKept = 256;
const functions: ({ readonly key: number; readonly piece: Piece } | undefined)[] = new Array(
  functionsKept,
).fill(undefined);
const unknownRole = roleField('unknown');

/** A value of one or two characters as a number below 2^17; -1 for a longer one. */
function shortOf(t: Transcription, place: number): number {
  const from = t.from(place);
  const length = t.to(place) - from;
  const first = t.wire[from] as number;
  if (length > 2) return -1;
  return length === 1 ? first : ((first + 1) << 8) | (t.wire[from + 1] as number);
}

const partySchemes = wordsOf('partyScheme');
const partyRoles = wordsOf('partyRole');

function writeParty(t: Transcription, to: number, id: number, role: Piece, subId: number): void {
  const open = t.writer.open(to, 0);
  writeField(t, member.partyId, id);
  t.writer.piece(role);
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

export const currencies = { source: tag.Currency + entryMark, others: [tag.Currency] };

/** A commission that is no decimal is none. */
export function writeCommission(
  t: Transcription,
  to: number,
  currency: number,
  { place, text }: Commission = t.commission,
): void {
  const { writer } = t;
  const before = writer.size;
  const open = writer.open(to, 0);
  writer.piece(commissionField);
  if (text !== undefined) writer.text(member.amount, text);
  else if (!writeAmount(t, place)) {
    writer.shorten(before);
    return;
  }
  writeField(t, member.currency, currency);
  writer.close(open);
}

const commissionField = textField('Charge', 'type', 'commission');

function writeAmount(t: Transcription, place: number): boolean {
  return place >= 0 && writeDecimal(t.writer, member.amount, t.wire, t.from(place), t.to(place));
}

/** The fee of the entry that is loaded; without an amount it is none. */
function writeFee(t: Transcription, to: number, currency: number): void {
  const { leaf, writer } = t;
  const before = writer.size;
  const open = writer.open(to, 0);
  const type = leaf.at(tag.MiscFeeType);
  if (type < 0) writer.piece(otherField);
  else writeWord(t, member.chargeType, type, chargeTypes);
  if (!writeAmount(t, leaf.at(tag.MiscFeeAmt))) {
    writer.shorten(before);
    return;
  }
  const own = leaf.at(tag.MiscFeeCurr);
  writeField(t, member.currency, own < 0 ? currency : own);
  writer.close(open);
}

const otherField = textField('Charge', 'type', 'other');
const chargeTypes = wordsOf('chargeType');

/** The accounts of an allocation, each with what it has of its own. */
function allocations(t: Transcription, step: Step): void {
  for (let at = t.next(t.root, tag.NoAllocs, 0); at > 0; at = t.next(t.root, tag.NoAllocs, at)) {
    t.enter(at);
    findCommission(t, tag.AllocQty, tag.AllocPrice);
    const open = t.writer.open(step.tag, likelyAllocation);
    run(t, allocationSteps);
    t.writer.close(open);
  }
  t.leave();
}

export const likelyAllocation = 150;

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
  if (type < 0 || commissionTypes.word(t.wire, t.from(type), t.to(type))?.name === 'absolute') {
    commission.place = place;
    return false;
  }
  const found = commissionOf(entry, quantityTag, priceTag, t.terms());
  commission.text = found?.amount;
  return found !== undefined;
}

const commissionTypes = wordsOf('commissionType');

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

export const allocationSteps = stepsOf('allocation', 'Allocation', ways);
