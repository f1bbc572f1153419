import {
  appendFileSync,
  existsSync,
  readFileSync,
  renameSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
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
  for (let at = Math.max(from, (await journal.position()).offset + 1); at <= to; at++)
    await step(journal, at);
  await journal.close();
}

async function step(journal: JournalFile, at: number): Promise<void> {
  await journal.post([transaction(at)], await journal.position(), { offset: at, chain: 'c0ffee' });
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

describe('while the bridge has it open', () => {
  async function whole(): Promise<string> {
    const path = place();
    await post(path, 1, 4);
    return readFileSync(path, 'utf8');
  }

  async function changed(change: (path: string) => void): Promise<{ path: string; code: unknown }> {
    const path = place();
    const journal = new JournalFile(path, 'house');
    await step(journal, 1);
    await step(journal, 2);
    const known = await journal.position();
    change(path);
    const posted = journal.post([transaction(3)], known, { offset: 3, chain: 'c0ffee' });
    const code = await posted.then(
      () => undefined,
      (cause: unknown) => (cause instanceof GatewayError ? cause.code : cause),
    );
    for (let at = (await journal.position()).offset + 1; at <= 4; at++) await step(journal, at);
    await journal.close();
    return { path, code };
  }

  test('a file that is taken away is begun anew', async () => {
    const { path, code } = await changed((at) => renameSync(at, `${at}.old`));
    expect(code).toBe('LEDGER_FILE');
    expect(readFileSync(path, 'utf8')).toBe(await whole());
  });

  test('a file that is emptied or cut is written on from where it ends', async () => {
    for (const size of [0, 10, 400]) {
      const { path, code } = await changed((at) => truncateSync(at, size));
      expect(code).toBe('LEDGER_FILE');
      expect(readFileSync(path, 'utf8')).toBe(await whole());
    }
  });

  test('what somebody writes behind the last position is kept beside it, and nothing has to be said again', async () => {
    const { path, code } = await changed((at) => appendFileSync(at, '; a note of mine\n'));
    expect(code).toBeUndefined();
    expect(readFileSync(path, 'utf8')).toBe(await whole());
    expect(readFileSync(`${path}.unfinished`, 'utf8')).toBe('; a note of mine\n');
    expect(statSync(`${path}.unfinished`).mode & 0o007).toBe(0);
  });

  test('what another bridge wrote on is not written once more', async () => {
    const path = place();
    const journal = new JournalFile(path, 'house');
    await step(journal, 1);
    const known = await journal.position();
    await post(path, 2, 3);
    const late = journal.post([transaction(2)], known, { offset: 2, chain: 'c0ffee' });
    await expect(late).rejects.toMatchObject({ code: 'LEDGER_FILE', retryable: true });
    expect((await journal.position()).offset).toBe(3);
    await step(journal, 4);
    await journal.close();
    expect(readFileSync(path, 'utf8')).toBe(await whole());
  });
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
  await journal.post([{ ...transaction(1), memo }], await journal.position(), { offset: 1, chain: 'c0ffee' });
  await journal.close();
  const again = new JournalFile(path, 'house');
  expect(await again.position()).toEqual({ offset: 1, chain: 'c0ffee' });
  await again.close();
});
