import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { asShipped } from '../../test/bench/as-shipped.ts';
import { recordFacts } from '../../test/support/facts.ts';
import { seedOfRun } from '../../test/support/seed.ts';
import { tempDirectory } from '../../test/support/temp-directory.ts';

const program = fileURLToPath(new URL('../../test/mx-statement-reader.ts', import.meta.url));
const small = 100 * 1024 * 1024;
const large = 1024 * 1024 * 1024;
const memoryMibMax = 250;

interface Read {
  readonly bytes: number;
  readonly items: number;
  readonly frames: number;
  readonly events: number;
  readonly wrong: number;
  readonly peakMib: number;
}

async function read(reader: string, message: string, bytes: number, seed: number): Promise<Read> {
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, [reader, message, String(bytes), String(seed)]);
  return JSON.parse(stdout) as Read;
}

test.for([
  'semt.002',
  'camt.053',
])('a %s of a gigabyte is read item by item in memory that does not grow with it', async (message, context) => {
  const [reader = ''] = asShipped(tempDirectory('mx-memory'), program);
  const seed = seedOfRun();
  const less = await read(reader, message, small, seed);
  const more = await read(reader, message, large, seed);
  recordFacts(context, {
    seed: String(seed),
    bytes: more.bytes,
    items: more.items,
    events: more.events,
    peakMib: Math.round(more.peakMib),
    peakMibAt100: Math.round(less.peakMib),
  });
  expect(more.bytes).toBeGreaterThan(large * 0.95);
  expect({ wrong: more.wrong, frames: more.frames }).toEqual({ wrong: 0, frames: more.items + 2 });
  expect(more.events).toBeGreaterThan(more.items);
  expect(more.peakMib).toBeLessThan(memoryMibMax);
  expect(more.peakMib / less.peakMib).toBeLessThan(1.2);
});
