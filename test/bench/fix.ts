import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type FixField, fix, writeFix } from '../../codecs/fix/index.ts';
import { standardDataOf, Tokenizer } from '../../codecs/fix/tokens.ts';
import { limits } from '../../src/core/limits.ts';
import { encodeEvent } from '../../src/events/index.ts';
import { quickfixDictionaries } from '../quickfix-source.ts';
import { sampleContext } from '../sample-context.ts';

/** A stage of the way, and how long one message takes on it. */
export interface Timed {
  readonly stage: string;
  readonly microsPerMessage: number;
}

/**
 * Microseconds of one core for each stage, on an invented corpus: ExecutionReports of 42 fields with three parties
 * (nine of ten messages) and TradeCaptureReports of two sides. Median of rounds that take turns; the stages are not
 * sums of each other but whole ways. `text split` and `JSON.parse` are what everybody has, as a measure.
 */
export function benchFix(messages = 20_000, rounds = 7): readonly Timed[] {
  const corpus = corpusOf(messages);
  const stream = Buffer.concat(corpus);
  const tokenizer = new Tokenizer();
  const json = corpus.map((bytes) => JSON.stringify(fix.decode({ bytes }).message?.fields()));
  const stages: readonly (readonly [string, () => void])[] = [
    ['frame (64 KiB chunks)', () => frames(stream)],
    [
      'tokenize',
      () => corpus.forEach((bytes) => void tokenizer.read(bytes, standardDataOf, limits.fixFieldsMax)),
    ],
    ['decode', () => corpus.forEach((bytes) => void fix.decode({ bytes }))],
    ['decode, normalize', () => corpus.forEach((bytes) => void events(bytes))],
    [
      'decode, normalize, encode events',
      () => corpus.forEach((bytes) => void events(bytes).map(encodeEvent)),
    ],
    ['digest', () => corpus.forEach((bytes) => void digest(bytes))],
    ['text split, for comparison', () => corpus.forEach((bytes) => void split(bytes))],
    [
      'JSON.parse of the same fields, for comparison',
      () => json.forEach((text) => void JSON.parse(text ?? '')),
    ],
  ];
  const times = new Map<string, number[]>(stages.map(([stage]) => [stage, []]));
  for (let round = -1; round < rounds; round++) {
    for (const [stage, run] of stages) {
      const from = process.cpuUsage();
      run();
      const { user, system } = process.cpuUsage(from);
      if (round >= 0) times.get(stage)?.push((user + system) / messages);
    }
  }
  return [...times].map(([stage, found]) => ({ stage, microsPerMessage: median(found) }));
}

function corpusOf(messages: number): readonly Buffer[] {
  return Array.from({ length: messages }, (_, number) =>
    number % 10 === 9 ? capture(number) : execution(number),
  );
}

/**
 * The same corpus through Debian's QuickFIX (C++, compiled here, its own dictionary): taken apart, sums checked,
 * validated; undefined where it is not installed. To be held against `decode`, which does the same and more.
 */
export function benchQuickfix(messages = 20_000, rounds = 7): Timed | undefined {
  const place = mkdtempSync(join(tmpdir(), 'clearport-bench-'));
  try {
    const [program, corpus] = [join(place, 'parse'), join(place, 'corpus')];
    const source = fileURLToPath(new URL('quickfix-parse.cpp', import.meta.url));
    execFileSync('g++', ['-O2', '-std=c++14', '-w', source, '-o', program, '-lquickfix', '-lpthread'], {
      stdio: 'pipe',
    });
    writeFileSync(corpus, Buffer.concat(corpusOf(messages)));
    const dictionary = join(quickfixDictionaries(), 'FIX44.xml');
    const micros = Number(execFileSync(program, [corpus, dictionary, String(rounds)], { encoding: 'utf8' }));
    return { stage: 'QuickFIX C++: dictionary, sums, validate', microsPerMessage: micros };
  } catch (cause) {
    process.stderr.write(
      `left out: QuickFIX (${cause instanceof Error ? cause.message.split('\n')[0] : 'unknown'})\n`,
    );
    return undefined;
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

function frames(stream: Buffer): void {
  const state = fix.framer.open(limits);
  let found = 0;
  for (let at = 0; at < stream.length; at += 65_536) {
    for (const cut of state.feed(stream.subarray(at, at + 65_536), false)) if (cut.kind === 'frame') found++;
  }
  if (found === 0) throw new Error('no frames');
}

function events(bytes: Uint8Array): ReturnType<typeof fix.normalize> {
  const { message } = fix.decode({ bytes });
  return message === undefined ? [] : fix.normalize(message, sampleContext);
}

function digest(bytes: Uint8Array): string {
  const { message } = fix.decode({ bytes });
  return message === undefined ? '' : fix.digest(message);
}

function split(bytes: Buffer): Map<string, string> {
  return new Map(
    bytes
      .toString('latin1')
      .split('\u0001')
      .map((field) => [field.slice(0, field.indexOf('=')), field.slice(field.indexOf('=') + 1)]),
  );
}

function median(values: readonly number[]): number {
  return [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0;
}

function head(type: string, number: number): FixField[] {
  return [
    [35, type],
    [49, 'CLRFIRM'],
    [56, 'BRKOPS'],
    [34, String(number + 2)],
    [52, '20261110-14:30:00.123'],
  ];
}

function party(id: string, role: string): FixField[] {
  return [
    [448, id],
    [447, 'D'],
    [452, role],
  ];
}

function execution(number: number): Buffer {
  const fields: FixField[] = [
    ...head('8', number),
    [37, `ORD-${number}`],
    [11, `CL-${number}`],
    [453, '3'],
    ...party('BRKR', '1'),
    ...party('CLRF', '4'),
    ...party('ARCX', '22'),
    [17, `EX-${number}`],
    [150, 'F'],
    [39, '1'],
    [1, '7741002'],
    [581, '1'],
    [63, '0'],
    [64, '20261112'],
    [55, 'ACME'],
    [48, '912345671'],
    [22, '1'],
    [167, 'CS'],
    [54, '1'],
    [38, '500'],
    [40, '2'],
    [44, '25.10'],
    [15, 'USD'],
    [32, '200'],
    [31, '25.0950'],
    [30, 'ARCX'],
    [29, '1'],
    [151, '300'],
    [14, '200'],
    [6, '25.095'],
    [75, '20261110'],
    [60, '20261110-14:29:59.998877'],
  ];
  return Buffer.from(writeFix('FIX.4.4', fields));
}

function capture(number: number): Buffer {
  const side = (word: string, account: string): FixField[] => [
    [54, word],
    [37, `ORD-${number}`],
    [453, '2'],
    ...party('BRKR', '1'),
    ...party('CLRF', '4'),
    [1, account],
    [15, 'USD'],
    [118, '10064.00'],
  ];
  const fields: FixField[] = [
    ...head('AE', number),
    [571, `TR-${number}`],
    [487, '0'],
    [570, 'N'],
    [55, 'ACME'],
    [48, '912345671'],
    [22, '1'],
    [32, '400'],
    [31, '25.15'],
    [75, '20261110'],
    [60, '20261110-14:35:00.5'],
    [64, '20261112'],
    [552, '2'],
    ...side('1', '7741002'),
    ...side('2', '8800001'),
  ];
  return Buffer.from(writeFix('FIX.4.4', fields));
}

if (import.meta.filename === process.argv[1]) {
  const peer = benchQuickfix();
  for (const { stage, microsPerMessage } of [...benchFix(), ...(peer === undefined ? [] : [peer])]) {
    process.stdout.write(`${microsPerMessage.toFixed(2).padStart(8)} µs  ${stage}\n`);
  }
}
