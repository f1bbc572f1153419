import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { OutputClosed, openPrinter } from './printer.ts';

test('output waits for a reader that is slow, and keeps its order', async () => {
  const taken: string[] = [];
  let pending = 0;
  let most = 0;
  const slow = new Writable({
    highWaterMark: 1024,
    write(chunk: Buffer, _encoding, done) {
      pending += chunk.length;
      most = Math.max(most, pending + slow.writableLength);
      setImmediate(() => {
        taken.push(chunk.toString());
        pending -= chunk.length;
        done();
      });
    },
  });
  const printer = openPrinter(slow);
  for (let number = 0; number < 200_000; number += 1) await printer.line(String(number));
  await printer.flush();
  await new Promise((resolve) => slow.end(resolve));
  expect(taken.join('').trimEnd().split('\n').map(Number)).toEqual(
    Array.from({ length: 200_000 }, (_, n) => n),
  );
  expect(most).toBeLessThan(300_000);
});

test('a reader that has gone ends the command quietly; any other failure is told', async () => {
  const failing = (code: string): Writable =>
    new Writable({ write: (_chunk, _encoding, done) => done(Object.assign(new Error(code), { code })) });
  const print = async (stream: Writable): Promise<void> => {
    const printer = openPrinter(stream);
    for (let number = 0; number < 100_000; number += 1) await printer.line('some line of text');
    await printer.flush();
  };
  await expect(print(failing('EPIPE'))).rejects.toBeInstanceOf(OutputClosed);
  await expect(print(failing('ENOSPC'))).rejects.toMatchObject({ code: 'ENOSPC' });
});
