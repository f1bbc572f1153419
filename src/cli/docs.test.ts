import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import { commandLine } from './command-line.ts';
import type { CommandContext } from './context.ts';
import { openPrinter } from './printer.ts';
import { jsonLines, runCli, terminalOf } from './testing/in-process.ts';
import { type KeptMorning, keepMorning } from './testing/kept-morning.ts';
import { reports } from './testing/messages.ts';

const page = readFileSync(new URL('../../docs/cli.md', import.meta.url), 'utf8');

/** `sessions set <channel>` and its options, as the program has them. */
const commands = leaves(program(), '');

describe('docs/cli.md', () => {
  test('has every command, and no other', () => {
    const shown = [...page.matchAll(/^### `clearport (.+)`$/gm)].map((match) => match[1] ?? '');
    expect(shown.toSorted()).toEqual(commands.map(({ usage }) => usage).toSorted());
  });

  test.each(commands)('has every option of $usage, and no other', ({ usage, options }) => {
    const from = page.indexOf(`### \`clearport ${usage}\``);
    const end = page.indexOf('\n### ', from + 1);
    const section = page.slice(from, end < 0 ? undefined : end);
    const rows = section.split('\n').filter((line) => line.startsWith('| `--'));
    const shown = rows.flatMap((row) =>
      [...(row.split('|')[1] ?? '').matchAll(/`(--[^`]+)`/g)].map((match) => match[1]),
    );
    expect(shown.toSorted()).toEqual(options.filter((flags) => flags !== '--json').toSorted());
    expect(options).toContain('--json');
  });
});

const hoursConfiguration = `version: 1
tenant: demo
channels:
  dropcopy:
    adapter: fix
    perspective: clearer
    options:
      { role: initiator, host: 127.0.0.1, port: 9878, beginString: FIX.4.4, senderCompId: OPS, targetCompId: FIRM,
        schedule: { startTime: "17:00", endTime: "16:00", holidays: nyse } }
`;

describe('the JSON examples', () => {
  let kept: KeptMorning;
  beforeAll(async () => {
    kept = await keepMorning(tempDirectory('cli-docs', afterAll));
  }, 60_000);

  const cases: Record<string, () => Promise<unknown>> = {
    error: async () =>
      JSON.parse((await runCli(['check', '--json'], { directory: tempDirectory('cli-docs') })).stderr),
    decode: async () => first(['decode', '--json', '-'], { input: Buffer.concat(reports(1)) }),
    garbage: async () =>
      first(['decode', '--json', '--format', 'fix', '-'], { input: Buffer.from('nonsense') }),
    check: () => first(['check', '--json', '--config', 'wrong.yaml'], {}),
    events: () => first(['events', '--json', '--standing', 'repeated'], {}),
    entries: async () =>
      jsonLines((await runCli(['entries', '--json'], { directory: kept.directory })).stdout).find(
        (line) => line['type'] === '8',
      ),
    'find --show': () => first(['find', kept.truth.bust?.id ?? '', '--show', '--json'], {}),
    quarantine: () => first(['quarantine', 'list', '--json'], {}),
    replay: () => first(['replay', '--dry-run', '--json'], {}),
    sessions: () => first(['sessions', '--json'], {}),
    'schedule calendar': () =>
      first(['schedule', 'calendar', '--from', '2026-11-11', '--to', '2026-11-11', '--json'], {}),
    'schedule preview': () =>
      first(['schedule', 'preview', '--from', '2026-11-25', '--json', '--config', 'hours.yaml'], {}),
    import: () => first(['import', 'quickfix.cfg', '--json'], {}),
    verify: () => first(['verify', '--json'], {}),
    'cert run': () => certified(),
  };

  /** A definition that waits for an answer of somebody who never says anything. */
  async function certified(): Promise<unknown> {
    const silent = createServer((socket) => socket.on('error', () => undefined).resume());
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const field = (text: string): string => text.replaceAll('|', '\u0001');
    const lines = ['iCONNECT', field('I8=FIX.4.4|35=A|34=1|'), field('E8=FIX.4.4|35=A|34=1|')];
    writeFileSync(join(kept.directory, 'silent.def'), lines.join('\n'));
    const target = ['--target', `127.0.0.1:${port}`, '--timeout', '0.2'];
    const result = await first(['cert', 'run', 'silent.def', ...target, '--json'], {});
    silent.close();
    return result;
  }

  async function first(argv: readonly string[], options: { readonly input?: Uint8Array }): Promise<unknown> {
    writeFileSync(join(kept.directory, 'wrong.yaml'), 'version: 1\ntenant: demo\nchanels: {}\n');
    writeFileSync(join(kept.directory, 'hours.yaml'), hoursConfiguration);
    writeFileSync(join(kept.directory, 'quickfix.cfg'), '[SESSION]\nFileStorePath=store\nSenderCompID=A\n');
    return jsonLines((await runCli(argv, { directory: kept.directory, ...options })).stdout)[0];
  }

  const examples = [...page.matchAll(/<!-- json: (.+) -->\n```json\n(.+)\n```/g)].map((match) => ({
    name: match[1] ?? '',
    text: match[2] ?? '',
  }));

  test('are these', () => {
    // What a process says while it runs is held by the demonstration, which reads it.
    expect(examples.map(({ name }) => name).toSorted()).toEqual(
      [...Object.keys(cases), 'run', 'sim'].toSorted(),
    );
    for (const { text } of examples) JSON.parse(text);
  });

  test.each(
    examples.filter(({ name }) => name in cases),
  )('$name has the members that the page shows', async ({ name, text }) => {
    const real = await cases[name]?.();
    expect(missing(JSON.parse(text), real, name)).toEqual([]);
  });
});

/** Paths of members that the example has and the real output has not, or has as something else. */
function missing(example: unknown, real: unknown, path: string): string[] {
  if (Array.isArray(example)) {
    if (!Array.isArray(real)) return [path];
    return example.length === 0 || real.length === 0 ? [] : missing(example[0], real[0], `${path}[0]`);
  }
  if (typeof example !== 'object' || example === null) return typeof example === typeof real ? [] : [path];
  if (typeof real !== 'object' || real === null) return [path];
  return Object.entries(example).flatMap(([key, value]) =>
    missing(value, Reflect.get(real, key), `${path}.${key}`),
  );
}

function program(): Command {
  const terminal = terminalOf({});
  const context: CommandContext = {
    terminal,
    printer: openPrinter(terminal.stdout),
    paint: (_tone, text) => text,
    json: false,
    note: () => undefined,
    hide: () => undefined,
  };
  return commandLine(context, () => undefined);
}

function leaves(
  command: Command,
  above: string,
): { readonly usage: string; readonly options: readonly string[] }[] {
  return command.commands.flatMap((child) => {
    const name = `${above}${child.name()}`;
    if (child.commands.length > 0) return leaves(child, `${name} `);
    const args = child.registeredArguments.map((argument) => {
      const shown = argument.variadic ? `${argument.name()}...` : argument.name();
      return argument.required ? ` <${shown}>` : ` [${shown}]`;
    });
    return [{ usage: name + args.join(''), options: child.options.map((option) => option.flags) }];
  });
}
