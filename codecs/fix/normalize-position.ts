import { eventOf } from '../../src/contract/normalize.ts';
import { addDecimals, decimalText, negateDecimal } from '../../src/core/decimal.ts';
import type { Family } from './family.ts';
import { rootOf } from './level-index.ts';
import type { FixLevel } from './message.ts';
import { needs, type Problem, problemsIn, problemsInGroup } from './needed.ts';
import { refusal } from './normalize-reject.ts';
import { dateIn, decimalIn, exactIn, wordFor } from './reading.ts';
import { tag } from './tag.ts';
import { attributesOf, keyOf, nestedPartiesOf } from './terms.ts';

/** PositionReport(AP): one event for each quantity of the position, by its type. */
export const positions: Family = {
  problems(message) {
    const { root } = message;
    const entries = root.group(tag.NoPositions);
    const none = entries.length === 0 ? [{ tag: tag.NoPositions, text: 'is needed and has no entry' }] : [];
    return [
      ...problemsIn(rootOf(message), needs.positions),
      ...none,
      ...problemsInGroup(message, tag.NoPositions, needs.position),
      ...entries.flatMap(silentProblems),
    ];
  },
  events(message, context) {
    const { root } = message;
    const date = dateIn(root, tag.ClearingBusinessDate);
    const id = root.get(tag.PosMaintRptID) ?? '';
    return slotted(root.group(tag.NoPositions)).map(({ slot, type, entry }) => {
      const attributes = {
        ...attributesOf(message, root, context),
        asOf: date,
        businessKey: keyOf(message, context, 'position', `${id}/${slot}`, date, undefined),
        parties: [...(attributesOf(message, root, context).parties ?? []), ...nestedPartiesOf(entry)],
      };
      const data = {
        ...quantities(entry),
        type,
        completeness: 'partial',
        price: decimalIn(root, tag.SettlPrice),
        currency: root.get(tag.Currency),
        reportId: id,
        requestId: root.get(tag.PosReqID),
      };
      return eventOf(context, `position-${slot}`, 'position.reported', attributes, data);
    });
  },
};

/** RequestForPositionsAck(AO): an event only where it says no. */
export const positionAcks: Family = {
  problems: () => [],
  events(message, context) {
    const { root } = message;
    if (root.get(tag.PosReqStatus) !== '2') return [];
    return [refusal(message, context, root.get(tag.PosReqResult), root.get(tag.PosReqID))];
  },
};

function silentProblems(entry: FixLevel): readonly Problem[] {
  const said = entry.has(tag.LongQty) || entry.has(tag.ShortQty);
  return said ? [] : [{ tag: tag.LongQty, text: 'is needed and missing, and so is ShortQty(705)' }];
}

interface Slotted {
  readonly slot: string;
  readonly type: string;
  readonly entry: FixLevel;
}

/** Each quantity under its type; where one type comes more than once, also under whose it is. */
function slotted(entries: readonly FixLevel[]): readonly Slotted[] {
  const taken = new Map<string, number>();
  const types = entries.map((entry) => wordFor('positionType', entry.get(tag.PosType)) ?? '');
  return entries.map((entry, number) => {
    const type = types[number] ?? '';
    const alone = types.indexOf(type) === types.lastIndexOf(type);
    const party = nestedPartiesOf(entry)[0];
    const name = alone || party === undefined ? type : `${type}-${party.role}-${party.id}`;
    const times = (taken.get(name) ?? 0) + 1;
    taken.set(name, times);
    return { slot: times === 1 ? name : `${name}-${times}`, type, entry };
  });
}

/** Long and short as they were said, and their difference: plus is long. */
function quantities(entry: FixLevel): { long?: string; short?: string; quantity?: string } {
  const long = exactIn(entry, tag.LongQty);
  const short = exactIn(entry, tag.ShortQty);
  const zero = { units: 0n, scale: 0 };
  if (long === undefined && short === undefined) return {};
  return {
    ...(long !== undefined && { long: decimalText(long) }),
    ...(short !== undefined && { short: decimalText(short) }),
    quantity: decimalText(addDecimals(long ?? zero, negateDecimal(short ?? zero))),
  };
}
