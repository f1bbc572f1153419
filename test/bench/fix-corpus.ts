import { Buffer } from 'node:buffer';
import { type FixField, writeFix } from '../../codecs/fix/index.ts';
import { below, oneOf, type Random, randomOf } from '../mutation.ts';

/** What the corpus is made of; left out: 200,000 messages of seed 44. */
export interface CorpusOptions {
  readonly messages?: number;
  readonly seed?: number;
}

/**
 * Valid FIX 4.4 messages of one session stream (49=BRKRDC, 56=OPSGW, MsgSeqNum(34) from 2), so that the same bytes feed
 * parsers and live sessions: 70% ExecutionReport(8), 20% TradeCaptureReport(AE) of two sides, 10% AllocationReport(AS) of five
 * allocations. The same options give the same bytes. All messages lie behind one another in one buffer, as a stream brings
 * them; `fix-corpus.test.ts` holds their sizes.
 */
export function fixCorpus({ messages = 200_000, seed = 44 }: CorpusOptions = {}): readonly Buffer[] {
  const random = randomOf(seed);
  const written: Uint8Array[] = [];
  for (let number = 0; number < messages; number++)
    written.push(writeFix('FIX.4.4', message(number, random)));
  const stream = Buffer.concat(written);
  let at = 0;
  return written.map(({ length }) => {
    at += length;
    return stream.subarray(at - length, at);
  });
}

/** The whole stream that {@link fixCorpus} gave. */
export function corpusStream(corpus: readonly Buffer[]): Buffer {
  return Buffer.concat(corpus);
}

/** The messages of a stream that a file holds. */
export function framesOf(bytes: Buffer): readonly Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf('\u000110=', at) + '\u000110=ddd\u0001'.length;
    found.push(bytes.subarray(at, end));
    at = end;
  }
  return found;
}

function message(number: number, random: Random): FixField[] {
  const deal = dealOf(number, random);
  const share = below(random, 10);
  if (share < 7) return execution(deal, random);
  return share < 9 ? capture(deal, random) : allocation(deal, random);
}

/** What all messages say of a trade. */
interface Deal {
  readonly number: number;
  readonly sent: string;
  readonly traded: string;
  readonly symbol: string;
  readonly securityId: string;
  readonly side: string;
  readonly quantity: number;
  /** Ten-thousandths. */
  readonly price: number;
  readonly account: string;
}

const symbols = [
  'ACME',
  'BLUR',
  'CODA',
  'DUNE',
  'ECHO',
  'FERN',
  'GLOW',
  'HALO',
  'IRIS',
  'JADE',
  'KITE',
  'LUX',
];
const firms = ['BRKR', 'CLRF', 'ARCX', 'DTRA', 'PRIM', 'GIVE', 'EXEC', 'SPON', 'XNYS', 'MKTM', 'INTR'];
const venues = ['XNYS', 'XNAS', 'ARCX', 'BATS', 'IEXG', 'EDGX'];

function dealOf(number: number, random: Random): Deal {
  const second = 34_200 + (Math.floor(number / 10) % 23_400);
  const symbol = below(random, symbols.length);
  return {
    number,
    sent: `${clock(second)}.${digits(below(random, 1000), 3)}`,
    traded: `${clock(second - 1)}.${digits(below(random, 1_000_000), 6)}`,
    symbol: symbols[symbol] ?? '',
    securityId: `${digits(100_000 + symbol * 7919, 6)}10${symbol % 10}`,
    side: oneOf(random, ['1', '1', '2', '2', '5']) ?? '1',
    quantity: (1 + below(random, 90)) * 100,
    price: 50_000 + below(random, 9_000_000),
    account: `77${digits(below(random, 60), 5)}`,
  };
}

function clock(second: number): string {
  const time = [Math.floor(second / 3600), Math.floor(second / 60) % 60, second % 60];
  return `20261110-${time.map((part) => digits(part, 2)).join(':')}`;
}

function digits(value: number, width: number): string {
  return String(value).padStart(width, '0');
}

/** A whole number of the last `places` decimals, as the wire has it. */
function decimal(value: number, places: number): string {
  const text = digits(value, places + 1);
  return `${text.slice(0, -places)}.${text.slice(-places)}`;
}

function head(type: string, { number, sent }: Deal): FixField[] {
  return [
    [35, type],
    [49, 'BRKRDC'],
    [56, 'OPSGW'],
    [34, String(number + 2)],
    [52, sent],
  ];
}

/** Parties of a level, by the tags of count, id, source and role. */
function parties(random: Random, tags: readonly [number, number, number, number], count: number): FixField[] {
  const [counted, id, source, role] = tags;
  const first = below(random, firms.length);
  const fields: FixField[] = [[counted, String(count)]];
  for (let party = 0; party < count; party++) {
    fields.push([id, `${firms[(first + party) % firms.length]}${digits(below(random, 40), 2)}`]);
    fields.push([source, 'D'], [role, oneOf(random, ['1', '4', '7', '11', '12', '17', '24', '36']) ?? '1']);
  }
  return fields;
}

const onMessage = [453, 448, 447, 452] as const;
const onAllocation = [539, 524, 525, 538] as const;

/** Each of these with its own chance. */
function sometimes(random: Random, chance: number, ...fields: readonly FixField[]): readonly FixField[] {
  return random() < chance ? fields : [];
}

function execution(deal: Deal, random: Random): FixField[] {
  const { number, quantity, price } = deal;
  const done = quantity - 100 * below(random, quantity / 100);
  const last = done - 100 * below(random, done / 100);
  return [
    ...head('8', deal),
    [37, `ORD-${digits(number, 8)}`],
    ...sometimes(random, 0.3, [527, `SEC${digits(number, 9)}`]),
    [11, `CL-${digits(below(random, 1_000_000), 7)}`],
    ...parties(random, onMessage, 2 + below(random, 3)),
    [17, `EX-${digits(number, 9)}`],
    [150, 'F'],
    [39, done === quantity ? '2' : '1'],
    [1, deal.account],
    ...sometimes(random, 0.3, [63, '0'], [64, '20261112']),
    [55, deal.symbol],
    [48, deal.securityId],
    [22, '1'],
    [54, deal.side],
    [38, String(quantity)],
    [40, '2'],
    [44, decimal(price + below(random, 200), 4)],
    [15, 'USD'],
    ...sometimes(random, 0.4, [59, oneOf(random, ['0', '3', '4']) ?? '0']),
    ...sometimes(random, 0.2, [528, 'A']),
    [32, String(last)],
    [31, decimal(price, 4)],
    ...sometimes(random, 0.5, [30, oneOf(random, venues) ?? 'XNYS']),
    ...sometimes(random, 0.3, [29, oneOf(random, ['1', '2', '3']) ?? '1']),
    [151, String(quantity - done)],
    [14, String(done)],
    [6, decimal(price, 4)],
    [75, '20261110'],
    [60, deal.traded],
    ...sometimes(random, 0.2, [12, decimal(below(random, 9000), 2)], [13, '3']),
    ...sometimes(random, 0.2, [381, decimal(Math.round((last * price) / 100), 2)]),
    ...sometimes(random, 0.1, [58, 'partly by hand, see desk']),
  ];
}

function capture(deal: Deal, random: Random): FixField[] {
  return [
    ...head('AE', deal),
    [571, `TCR-20261110-${digits(deal.number, 9)}`],
    [487, '0'],
    [856, '0'],
    ...sometimes(random, 0.5, [828, '0']),
    [570, 'N'],
    [55, deal.symbol],
    [48, deal.securityId],
    [22, '1'],
    [32, String(deal.quantity)],
    [31, decimal(deal.price, 4)],
    ...sometimes(random, 0.5, [30, oneOf(random, venues) ?? 'XNYS']),
    [75, '20261110'],
    ...sometimes(random, 0.4, [715, '20261110']),
    [60, deal.traded],
    [63, '0'],
    [64, '20261112'],
    ...sometimes(random, 0.5, [573, '0']),
    [552, '2'],
    ...captureSide(deal, random, '1'),
    ...captureSide(deal, random, '2'),
  ];
}

function captureSide({ number, quantity, price }: Deal, random: Random, side: string): FixField[] {
  const gross = Math.round((quantity * price) / 100);
  const commission = below(random, 9000);
  return [
    [54, side],
    [37, `NYORD-${digits(number, 8)}${side}`],
    [11, `CL-${digits(below(random, 1_000_000), 7)}`],
    ...parties(random, onMessage, 2 + (random() < 0.55 ? 1 : 0)),
    [1, `CUST-88${digits(below(random, 60), 5)}`],
    [581, oneOf(random, ['1', '2', '3']) ?? '1'],
    [575, 'N'],
    [15, 'USD'],
    [528, oneOf(random, ['A', 'P']) ?? 'A'],
    [40, '2'],
    [12, decimal(commission, 2)],
    [13, '3'],
    [381, decimal(gross, 2)],
    [118, decimal(side === '1' ? gross + commission : gross - commission, 2)],
  ];
}

/** Allocations of one report. */
const allocations = 5;

function allocation(deal: Deal, random: Random): FixField[] {
  const { number, quantity, price } = deal;
  const gross = Math.round((quantity * price) / 100);
  const fields: FixField[] = [
    ...head('AS', deal),
    [755, `ARPT-20261110-${digits(number, 9)}`],
    [70, `ALLOC-20261110-${digits(number, 9)}`],
    [71, '0'],
    [794, '3'],
    [87, '0'],
    [857, '1'],
    [73, '1'],
    [11, `CL-${digits(below(random, 1_000_000), 7)}`],
    [37, `ORD-${digits(number, 8)}`],
    [38, String(quantity)],
    [54, deal.side],
    [55, deal.symbol],
    [48, deal.securityId],
    [22, '1'],
    [53, String(quantity)],
    [6, decimal(price, 4)],
    [15, 'USD'],
    ...parties(random, onMessage, 2),
    [75, '20261110'],
    [60, deal.traded],
    [63, '0'],
    [64, '20261112'],
    [381, decimal(gross, 2)],
    [118, decimal(gross, 2)],
    [78, String(allocations)],
  ];
  for (let part = 0; part < allocations; part++) fields.push(...allocated(deal, random));
  return fields;
}

function allocated({ quantity, price }: Deal, random: Random): FixField[] {
  return [
    [79, `CUST-55${digits(below(random, 600), 5)}`],
    [80, String(quantity / allocations)],
    ...parties(random, onAllocation, 2),
    [153, decimal(price, 4)],
    [154, decimal(Math.round((quantity * price) / (100 * allocations)), 2)],
    [12, decimal(below(random, 9000), 2)],
  ];
}
