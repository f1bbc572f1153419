import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { statementPieces } from '../mx-statements.ts';
import { asShipped } from './as-shipped.ts';
import { median, startNode } from './fix-peer.ts';
import { settlementInstruction } from './mx-corpus.ts';

/**
 * A sese.023 of 2.5 KB and a semt.002 of some 57 MB against xml2js: the trees of all frames, the same judged by the schema, and the
 * public codec, which reads what events need besides. Each way has a process of its own; they take turns, and a ratio is taken inside a round. Peak
 * memory is that of the process, at its end. The rounds of the small and of the large document are the arguments.
 */
const smallRounds = Number(process.argv[2] ?? 9);
const largeRounds = Number(process.argv[3] ?? 3);
const ways = ['xml2js', 'tree', 'judged', 'decode'] as const;

const place = mkdtempSync(join(tmpdir(), 'clearport-bench-'));
try {
  const [program = ''] = asShipped(place, fileURLToPath(new URL('mx-decoding.ts', import.meta.url)));
  const small = join(place, 'sese.023');
  writeFileSync(small, settlementInstruction());
  const large = join(place, 'semt.002');
  const file = openSync(large, 'w');
  for (const piece of statementPieces({ message: 'semt.002', items: 75_000, seed: 20022 }))
    writeSync(file, piece);
  closeSync(file);
  await compare(program, small, 2000, smallRounds);
  await compare(program, large, 1, largeRounds);
} finally {
  rmSync(place, { recursive: true, force: true });
}

async function compare(program: string, file: string, times: number, rounds: number): Promise<void> {
  const { size } = statSync(file);
  process.stdout.write(`${file.slice(-8)}: ${size} bytes\n`);
  const readers = ways.map((way) => ({
    way,
    reader: startNode(program, file, String(times)),
    found: [] as number[],
  }));
  for (let round = -1; round < rounds; round++) {
    for (const { way, reader, found } of readers) {
      const micros = await reader.round(way);
      if (round >= 0) found.push(micros);
    }
  }
  const theirs = readers[0]?.found ?? [];
  for (const { way, reader, found } of readers) {
    const peakMib = (await reader.round('peak')) / 1024;
    const ratios = found.map((micros, round) => (theirs[round] ?? 0) / micros).toSorted((a, b) => a - b);
    const range = `[${(ratios[0] ?? 0).toFixed(2)}..${(ratios.at(-1) ?? 0).toFixed(2)}]`;
    const speed = size / median(found);
    process.stdout.write(
      `${way.padEnd(8)} ${median(ratios).toFixed(2).padStart(6)}x ${range.padEnd(16)} ${speed.toFixed(1).padStart(6)} MB/s ${peakMib.toFixed(0).padStart(6)} MiB at most\n`,
    );
    await reader.stop();
  }
}
