/** Numbers from 0 up to and without 1; the same ones for the same seed. Source: the mulberry32 generator. */
export type Random = () => number;

export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export function below(random: Random, end: number): number {
  return Math.floor(random() * end);
}

export function oneOf<T>(random: Random, items: readonly T[]): T | undefined {
  return items[below(random, items.length)];
}

/** One of the samples with one to four changes: bits, bytes, stretches, pieces of other samples, numbers. */
export function mutated(samples: readonly Uint8Array[], random: Random): Buffer {
  let bytes: Buffer = Buffer.from(oneOf(random, samples) ?? new Uint8Array());
  for (let change = below(random, 4); change >= 0; change--) {
    bytes = oneOf(random, changes)?.(bytes, random, samples) ?? bytes;
  }
  return bytes;
}

/** The bytes in chunks of random lengths, some of them empty. */
export function splitAtRandom(bytes: Uint8Array, random: Random): readonly Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = below(random, random() < 0.3 ? 4 : 200);
    chunks.push(bytes.subarray(at, at + length));
    at += length;
  }
  return chunks;
}

type Change = (bytes: Buffer, random: Random, samples: readonly Uint8Array[]) => Buffer;

const changes: readonly Change[] = [
  flipBit,
  insertBytes,
  removeStretch,
  spliceOther,
  repeatStretch,
  changeNumber,
  changeNumber,
  cutEnd,
];

function flipBit(bytes: Buffer, random: Random): Buffer {
  const at = below(random, Math.max(1, bytes.length));
  if (at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ (1 << below(random, 8));
  return bytes;
}

function insertBytes(bytes: Buffer, random: Random): Buffer {
  const made = Buffer.from(Array.from({ length: 1 + below(random, 8) }, () => below(random, 256)));
  return replaced(bytes, below(random, bytes.length + 1), 0, made);
}

function removeStretch(bytes: Buffer, random: Random): Buffer {
  return replaced(bytes, below(random, bytes.length + 1), 1 + below(random, 30), Buffer.alloc(0));
}

function spliceOther(bytes: Buffer, random: Random, samples: readonly Uint8Array[]): Buffer {
  const other = Buffer.from(oneOf(random, samples) ?? bytes);
  const from = below(random, other.length + 1);
  const piece = other.subarray(from, from + below(random, 120));
  return replaced(bytes, below(random, bytes.length + 1), below(random, 40), piece);
}

function repeatStretch(bytes: Buffer, random: Random): Buffer {
  const from = below(random, bytes.length + 1);
  const piece = bytes.subarray(from, from + 1 + below(random, 60));
  return replaced(bytes, from, 0, Buffer.concat(Array.from({ length: 1 + below(random, 6) }, () => piece)));
}

/** A number of the text becomes another one: small, one off, huge, negative, a fraction or nothing. */
function changeNumber(bytes: Buffer, random: Random): Buffer {
  const found = [...bytes.toString('latin1').matchAll(/\d+/g)];
  const match = oneOf(random, found);
  if (match === undefined) return bytes;
  const value = Number(match[0]);
  const others = [
    '0',
    '1',
    String(value + 1),
    String(Math.max(0, value - 1)),
    '99999',
    '2147483648',
    '9'.repeat(40),
    '-5',
    '1.5',
    '',
  ];
  return replaced(bytes, match.index, match[0].length, Buffer.from(oneOf(random, others) ?? ''));
}

function cutEnd(bytes: Buffer, random: Random): Buffer {
  return bytes.subarray(0, below(random, bytes.length + 1));
}

function replaced(bytes: Buffer, at: number, length: number, piece: Uint8Array): Buffer {
  return Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at + length)]);
}
