import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

/** Ten lines that use this codec as a library. */
const example = `
import { fix } from 'clearport/codecs/fix';

const wire = '8=FIX.4.4|9=118|35=8|49=CLR|56=OPS|34=2|52=20261110-14:30:00|37=O1|17=E1|150=F|39=2|55=ACME|54=1|32=100|31=25.10|151=0|14=100|6=25.10|10=072|';
const { message, issues } = fix.decode({ bytes: Buffer.from(wire.replaceAll('|', '\\u0001'), 'latin1') });
if (issues.length > 0) console.log(issues);
const side = message?.dictionary.field(54)?.values?.get(message.get(54) ?? '');
console.log(message?.name, side, message?.get(32), message?.get(55), 'at', message?.get(31));
`;

/** The only folders of this checkout that the example may read, so that no package and no other room can be loaded. */
const rooms = ['codecs', 'src/core', 'src/contract', 'src/events', 'package.json'];

test('the example decodes a message, and loads nothing that it does not need', () => {
  const place = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
  const allowed = rooms.map((room) => `--allow-fs-read=${place(room)}`);
  const script = example.replace('clearport/codecs/fix', place('codecs/fix/index.ts'));
  const builtins = 'console.log(process.moduleLoadList.some((name) => /sqlite/.test(name)));';
  const run = spawnSync(
    process.execPath,
    ['--permission', ...allowed, '--input-type=module', '-e', `${script}\n${builtins}`],
    { encoding: 'utf8' },
  );
  expect({ stdout: run.stdout, stderr: run.stderr }).toEqual({
    stdout: 'ExecutionReport Buy 100 ACME at 25.10\nfalse\n',
    stderr: '',
  });
});
