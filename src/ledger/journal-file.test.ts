import { appendFileSync, existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import { GatewayError } from '../core/errors.ts';
import { JournalFile } from './journal-file.ts';
import type { StoredTransaction } from './view.ts';

function transaction(offset: number): StoredTransaction {
  const amount = { units: BigInt(offset), scale: 2 };
  return {
    offset,
    number: 0,
    eventId: `orders/OPS-OMS/1/in:${offset}#trade@0`,
    reverses: false,
    because: 'told',
    date: '2026-11-10',
    settlementDate: '2026-11-12',
    memo: `trade ${offset}`,
    postings: [
      { account: 'customer:A1:cash', unit: 'USD', amount },
      { account: 'street:unsettled:cash', unit: 'USD', amount: { ...amount, units: -amount.units } },
    ],
    chain: 'c0ffee',
  };
}

async function post(path: string, from: number, to: number): Promise<void> {
  const journal = new JournalFile(path, 'house');
  const { offset } = await journal.position();
  for (let at = Math.max(from, offset + 1); at <= to; at++) {
    await journal.post([transaction(at)], { offset: at, chain: 'c0ffee' });
  }
  await journal.close();
}

const place = (): string => join(tempDirectory('journal'), 'clearport.journal');

test('a law: cut anywhere, the journal is mended to what it would have been', async () => {
  const whole = place();
  await post(whole, 1, 6);
  const expected = readFileSync(whole, 'utf8');
  await fc.assert(
    fc.asyncProperty(fc.nat(expected.length), async (length) => {
      const path = place();
      writeFileSync(path, expected);
      truncateSync(path, length);
      await post(path, 1, 6);
      expect(readFileSync(path, 'utf8')).toBe(expected);
    }),
    { numRuns: 60 },
  );
});

test('what somebody wrote behind the last position is kept beside the journal', async () => {
  const path = place();
  await post(path, 1, 1);
  appendFileSync(path, '; a note of mine\n');
  await post(path, 2, 2);
  expect(readFileSync(path, 'utf8')).not.toContain('a note of mine');
  expect(readFileSync(`${path}.unfinished`, 'utf8')).toBe('; a note of mine\n');
});

test("somebody else's file is refused and left as it is", async () => {
  const path = place();
  writeFileSync(path, '2026-01-01 lunch\n    expenses  10 USD\n    cash\n');
  const journal = new JournalFile(path, 'house');
  const error = await journal.position().catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(GatewayError);
  expect(error).toMatchObject({ code: 'LEDGER_FILE', exitCode: 2 });
  expect(readFileSync(path, 'utf8')).toContain('lunch');
  expect(existsSync(`${path}.unfinished`)).toBe(false);
});

test('words of others cannot break a line', async () => {
  const path = place();
  const journal = new JournalFile(path, 'house');
  const memo = 'two\nlines; clearport position 99 dead';
  await journal.post([{ ...transaction(1), memo }], { offset: 1, chain: 'c0ffee' });
  await journal.close();
  const again = new JournalFile(path, 'house');
  expect(await again.position()).toEqual({ offset: 1, chain: 'c0ffee' });
  await again.close();
});
