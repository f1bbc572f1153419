import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSqliteLog } from '../src/log/index.ts';
import { corpusStream, fixCorpus } from './bench/fix-corpus.ts';
import { makeOurs, startGateway } from './bench/live-parties.ts';
import { residentMib } from './bench/live-process.ts';
import { program, requirePeer } from './support/peer.ts';
import { tempDirectory } from './support/temp-directory.ts';

/**
 * Nothing of the live way may grow with the number of messages: not the session's commits, not the origins that the log
 * remembers, not the queue before it.
 */
requirePeer('a compiler for the sender', program('g++', ['--version'], 'apt-get install g++'), () => {
  test('a gateway is as large at 1,000,000 messages of one session as at 200,000', {
    timeout: 900_000,
  }, async () => {
    const folder = tempDirectory('live-memory');
    const stream = join(folder, 'stream');
    const [few, times] = [200_000, 5];
    writeFileSync(stream, corpusStream(fixCorpus({ messages: few })));
    const receiving = await startGateway(makeOurs(folder), { stream, times });
    receiving.blaster.tell('go');
    await Promise.race([receiving.received(few), receiving.receiver.over]);
    const before = residentMib(receiving.receiver.pid);
    await Promise.race([receiving.received(few * times), receiving.receiver.over]);
    const after = residentMib(receiving.receiver.pid);
    await receiving.end();
    const log = await openSqliteLog(receiving.data, { readOnly: true });
    const { ok, entries } = await log.verify();
    await log.close();
    expect({ ok, whole: entries >= few * times }).toEqual({ ok: true, whole: true });
    expect(after / before, `${before} MiB, then ${after} MiB`).toBeLessThan(1.2);
  });
});
