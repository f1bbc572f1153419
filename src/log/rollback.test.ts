import { expect, test } from 'vitest';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import { openSqliteLog } from './sqlite-log.ts';
import { all, codeOf, numbered, text } from './suite-drafts.ts';
import { smallLimits } from './suite-full-log.ts';
import { inlineWriter } from './suite-inline-writer.ts';
import type { LogWriter } from './writer.ts';

/**
 * A transaction that fails late has already changed what the writer remembers: heads, block numbers, high-water marks,
 * decoded blocks. All of that has to go with it.
 */
test('a group that fails at its end leaves no trace in the writer either', async () => {
  const writers: LogWriter[] = [];
  const writer = inlineWriter((one) => writers.push(one));
  const limits = { ...smallLimits, blockInlineBytesMax: smallLimits.blockBytesMax };
  const log = await openSqliteLog(tempDirectory('rollback'), { limits, writer });
  const limit = (pages: number): unknown => writers[0]?.database.exec(`PRAGMA max_page_count = ${pages}`);
  await log.append('drop', [numbered(1)]);
  const before = await log.head('drop');
  limit(Number(writers[0]?.database.prepare('PRAGMA page_count').get()?.['page_count']) + 6);
  const large = Array.from({ length: 60 }, (_, at) => numbered(at + 1, `${at} ${'x'.repeat(2000)}`));
  const group = [
    log.append('drop', [numbered(2), numbered(3)]),
    // Of its own unit, so that the block before it is looked up while it is not yet committed.
    log.append('drop', [numbered(2)], { epoch: 1 }),
    log.append('big', large),
  ];
  const codes = await Promise.all(group.map(codeOf));
  expect(codes).toEqual(['LOG_DISK_FULL', 'LOG_DISK_FULL', 'LOG_DISK_FULL']);
  expect(await log.heads()).toEqual([before]);
  limit(1_000_000);
  const [seventh] = await log.append('drop', [numbered(7), numbered(8)]);
  expect(seventh).toMatchObject({ outcome: 'appended', sequence: 2 });
  expect(await log.append('drop', [numbered(7), numbered(2)])).toMatchObject([
    { outcome: 'repeated', offset: seventh?.offset },
    { outcome: 'appended', sequence: 4 },
  ]);
  expect(await log.append('big', large, { epoch: 1 })).toHaveLength(60);
  expect((await log.head('drop')).epoch).toBe(0);
  const entries = await all(log.read({ channel: 'drop' }));
  expect(entries.map((entry) => text(entry.bytes))).toEqual(
    [1, 7, 8, 2].map((ordinal) => `message ${ordinal}`),
  );
  expect((await log.verify()).findings).toEqual([]);
  await log.close();
});
