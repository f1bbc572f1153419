import { describe, expect, test } from 'vitest';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import { openSqliteLog } from './sqlite-log.ts';
import { codeOf, numbered } from './suite-drafts.ts';
import { inlineWriter } from './suite-inline-writer.ts';

describe('an entry that cannot be made', () => {
  test('refuses the positions behind it: they would speak of it', async () => {
    const log = await openSqliteLog(tempDirectory('log'));
    const wrong = { ...numbered(1), origin: { scope: 'a=b', ordinal: 1 } };
    const first = expect(log.append('drop', [wrong], { position: 1 })).rejects.toThrow(/scope/);
    expect(await codeOf(log.append('drop', [numbered(2)], { position: 2 }))).toBe('LOG_AFTER_FAILURE');
    await first;
    expect(await log.head('drop')).toMatchObject({ sequence: 0, position: undefined });
    await log.append('drop', [numbered(1)], { position: 1 });
    await log.close();
  });

  test('and so does a group that the writer never answered', async () => {
    let told: (cause: Error) => void = () => undefined;
    const answered = new Promise<never>((_, reject) => {
      told = reject;
    });
    const open = inlineWriter();
    let commits = 0;
    const log = await openSqliteLog(tempDirectory('log'), {
      async writer(options) {
        const port = await open(options);
        return { ...port, commit: (group) => (++commits === 1 ? answered : port.commit(group)) };
      },
    });
    const first = expect(log.append('drop', [numbered(1)], { position: 1 })).rejects.toThrow('not answered');
    await expect.poll(() => commits).toBe(1);
    told(new Error('not answered'));
    await first;
    expect(await codeOf(log.append('drop', [numbered(2)], { position: 2 }))).toBe('LOG_AFTER_FAILURE');
    await log.close();
  });
});
