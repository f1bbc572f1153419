import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fix, writeFix } from '../../codecs/fix/index.ts';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import { memoryLog } from '../log/index.ts';
import type { CommandContext } from './context.ts';
import { entryDecoder } from './entry-codec.ts';
import { openPrinter } from './printer.ts';
import { terminalOf } from './testing/in-process.ts';

const dialect = new URL('../../codecs/fix/dictionaries/samples/drop-copy.yaml', import.meta.url);
const bytes = writeFix('FIX.4.2', [
  [35, 'n'],
  [49, 'VENUE'],
  [56, 'US'],
  [34, '7'],
  [52, '20261110-14:30:00'],
  [369, '3'],
  [37711, 'E'],
]);

function contextIn(directory: string): CommandContext {
  const terminal = terminalOf({ directory });
  return {
    terminal,
    printer: openPrinter(terminal.stdout),
    paint: (_tone, text) => text,
    json: false,
    note: () => undefined,
    hide: () => undefined,
  };
}

test('an entry is read by the dictionary of its channel, else by what it names', async () => {
  const directory = tempDirectory('entry-codec');
  const log = memoryLog();
  const { id, version, fingerprint } = fix;
  const draft = {
    kind: 'message',
    direction: 'in',
    receivedAt: 1,
    bytes,
    codec: { id, version, fingerprint },
  } as const;
  for (const channel of ['copy', 'gone'])
    await log.append(channel, [{ ...draft, origin: { scope: 'a', ordinal: 1 } }]);
  writeFileSync(join(directory, 'mine.yaml'), readFileSync(dialect));
  writeFileSync(
    join(directory, 'clearport.yaml'),
    `version: 1
tenant: demo
channels:
  copy: { adapter: directory, codec: "fix:./mine.yaml", perspective: street, options: { path: in } }
`,
  );
  const decode = await entryDecoder(contextIn(directory), { config: 'clearport.yaml' });
  const issues = new Map<string, readonly string[]>();
  for await (const entry of log.read())
    issues.set(
      entry.channel,
      ((await decode(log, entry))?.issues ?? []).map(({ code }) => code),
    );
  expect(Object.fromEntries(issues)).toEqual({ copy: [], gone: ['FIX_MSG_TYPE_LATER'] });
});
