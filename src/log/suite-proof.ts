import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { codeOf, type Fresh, numbered } from './suite-drafts.ts';

export function proving(fresh: Fresh): void {
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

  test('each block changes the chain of its channel, and of no other', async () => {
    const log = await fresh();
    await log.append('a', [numbered(1)]);
    const before = await log.head('a');
    await log.append('b', [numbered(1)]);
    expect((await log.head('a')).chain).toBe(before.chain);
    await log.append('a', [numbered(2)]);
    expect((await log.head('a')).chain).not.toBe(before.chain);
    const report = await log.verify();
    expect(report).toMatchObject({ ok: true, entries: 3, blocks: 3, expired: 0, findings: [] });
    expect(report.heads).toEqual(await log.heads());
  });

  test('checkpoints are signed, chained, stored and verified', async () => {
    const log = await fresh();
    await log.append('a', [numbered(1)]);
    const first = await log.checkpoint(pem);
    await log.append('a', [numbered(2)]);
    const second = await log.checkpoint(pem);
    expect(first.previous).toBe('');
    expect(second.previous).toMatch(/^[0-9a-f]{64}$/);
    expect(await log.checkpoints()).toEqual([first, second]);
    expect((await log.verify({ checkpoints: [first, second] })).findings).toEqual([]);
    const forged = { ...first, at: second.at };
    expect((await log.verify({ checkpoints: [forged] })).findings[0]?.code).toBe('LOG_CHECKPOINT_SIGNATURE');
  });

  test('checkpoints of a second place reveal another history and a missing end', async () => {
    const log = await fresh();
    await log.append('a', [numbered(1, 'the truth')]);
    await log.append('a', [numbered(2)]);
    const witness = await log.checkpoint(pem);
    const rewritten = await fresh();
    await rewritten.append('a', [numbered(1, 'a better story')]);
    await rewritten.append('a', [numbered(2)]);
    await rewritten.checkpoint(pem);
    const report = await rewritten.verify({ checkpoints: [witness] });
    expect(report).toMatchObject({ ok: false });
    expect(report.findings[0]).toMatchObject({ code: 'LOG_CHECKPOINT', channel: 'a', block: 2 });
    const shorter = await fresh();
    await shorter.append('a', [numbered(1, 'the truth')]);
    const cut = await shorter.verify({ checkpoints: [witness] });
    expect(cut.findings[0]).toMatchObject({ code: 'LOG_CHECKPOINT', channel: 'a', block: 2 });
  });

  test('a key that cannot sign is refused', async () => {
    const log = await fresh();
    expect(await codeOf(log.checkpoint('no key'))).toBe('LOG_KEY');
    const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
    const wrong = rsa.export({ type: 'pkcs8', format: 'pem' }).toString();
    expect(await codeOf(log.checkpoint(wrong))).toBe('LOG_KEY');
    expect(await log.checkpoints()).toEqual([]);
  });
}
