import {
  encodeFix,
  type FixValues,
  FixWriter,
  fix,
  fixTemplate,
  loadDictionary,
} from '../../codecs/fix/index.ts';
import { answerRounds, type Ways } from './rounds.ts';

/** Our side of `fix-encode.ts`; its argument is how many messages a round has. */
const messages = Number(process.argv[2] ?? 20_000);

/** What a system that trades has of an execution before anybody writes it. */
interface Fill {
  readonly number: number;
  readonly order: string;
  readonly client: string;
  readonly id: string;
  readonly account: string;
  readonly symbol: string;
  readonly security: string;
  readonly market: string;
  readonly side: string;
  readonly quantity: number;
  readonly last: number;
  /** Ten-thousandths. */
  readonly price: number;
  readonly limit: number;
  readonly leaves: number;
  readonly cumulative: number;
  readonly micros: number;
}

const fills = Array.from({ length: messages }, (_, number): Fill => {
  const digits = String(10_000_000 + number);
  const price = 50_000 + ((number * 7919) % 9_000_000);
  return {
    number: number + 2,
    order: `ORD-${digits}`,
    client: `CL-${digits}`,
    id: `EX-${digits}`,
    account: '7712345',
    symbol: 'ACME',
    security: '912345671',
    market: 'XNYS',
    side: number % 2 === 0 ? '1' : '2',
    quantity: 500,
    last: 200,
    price,
    limit: price + 100,
    leaves: 300,
    cumulative: 200,
    micros: 1_794_321_000_000_000 + (number % 60) * 1_000_000 + (number % 1000) * 1000,
  };
});

const template = fixTemplate(loadDictionary('FIX.4.4'), '8');
const parties = [
  ['BRKR01', 1],
  ['CLRF02', 4],
  ['TRDR03', 12],
] as const;

function write(writer: FixWriter, fill: Fill): number {
  writer.begin();
  writer.text(49, 'BRKRDC');
  writer.text(56, 'OPSGW');
  writer.integer(34, fill.number);
  writer.time(52, fill.micros);
  writer.text(37, fill.order);
  writer.text(11, fill.client);
  writer.group(453, parties.length);
  for (const [id, role] of parties) {
    writer.text(448, id);
    writer.text(447, 'D');
    writer.integer(452, role);
  }
  writer.text(17, fill.id);
  writer.text(150, 'F');
  writer.text(39, '1');
  writer.text(1, fill.account);
  writer.text(63, '0');
  writer.date(64, '2026-11-12');
  writer.text(55, fill.symbol);
  writer.text(48, fill.security);
  writer.text(22, '1');
  writer.text(54, fill.side);
  writer.integer(38, fill.quantity);
  writer.text(40, '2');
  writer.decimal(44, fill.limit, 4);
  writer.text(15, 'USD');
  writer.text(59, '0');
  writer.integer(32, fill.last);
  writer.decimal(31, fill.price, 4);
  writer.text(30, fill.market);
  writer.integer(151, fill.leaves);
  writer.integer(14, fill.cumulative);
  writer.decimal(6, fill.price, 4);
  writer.date(75, '2026-11-10');
  writer.time(60, fill.micros);
  const written = writer.finish();
  if (!written.ok) throw new Error(written.issue.message);
  return written.value.length;
}

function valuesOf(fill: Fill): FixValues {
  const price = { units: BigInt(fill.price), scale: 4 };
  return [
    [49, 'BRKRDC'],
    [56, 'OPSGW'],
    [34, fill.number],
    [52, fill.micros],
    [37, fill.order],
    [11, fill.client],
    [
      453,
      parties.map(([id, role]) => [
        [448, id],
        [447, 'D'],
        [452, role],
      ]),
    ],
    [17, fill.id],
    [150, 'F'],
    [39, '1'],
    [1, fill.account],
    [63, '0'],
    [64, '20261112'],
    [55, fill.symbol],
    [48, fill.security],
    [22, '1'],
    [54, fill.side],
    [38, fill.quantity],
    [40, '2'],
    [44, { units: BigInt(fill.limit), scale: 4 }],
    [15, 'USD'],
    [59, '0'],
    [32, fill.last],
    [31, price],
    [30, fill.market],
    [151, fill.leaves],
    [14, fill.cumulative],
    [6, price],
    [75, '20261110'],
    [60, fill.micros],
  ];
}

const checked = new FixWriter(template);
const unchecked = new FixWriter(template, { check: false });
const writers: Readonly<Record<string, (fill: Fill) => number>> = {
  'FixWriter, values judged': (fill) => write(checked, fill),
  'FixWriter, values not judged': (fill) => write(unchecked, fill),
  'encodeFix, from a list of values': (fill) => {
    const encoded = encodeFix(template, valuesOf(fill));
    return encoded.ok ? encoded.value.length : 0;
  },
};

/** All ways write the same message, and it is a good one. */
function expectSound(): void {
  const [fill] = fills;
  if (fill === undefined) throw new Error('no messages');
  const encoded = encodeFix(template, valuesOf(fill));
  const bytes = encoded.ok ? encoded.value : new Uint8Array();
  const { message, issues } = fix.decode({ bytes });
  const lengths = Object.values(writers).map((one) => one(fill));
  if (issues.length > 0 || lengths.some((length) => length !== bytes.length))
    throw new Error(`the ways differ: ${lengths.join()}, ${issues[0]?.message ?? ''}`);
  process.stderr.write(`a message has ${message?.fieldCount} fields and ${bytes.length} bytes\n`);
}

function way(run: (fill: Fill) => number): Ways[string] {
  return () => [messages, () => fills.forEach((fill) => void run(fill))];
}

expectSound();
await answerRounds(Object.fromEntries(Object.entries(writers).map(([name, run]) => [name, way(run)])));
