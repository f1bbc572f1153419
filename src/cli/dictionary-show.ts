import { calledIn, type Member, membersOf } from '../../codecs/fix/dictionaries/index.ts';
import { dictionaryOf, type FixTable } from '../../codecs/fix/index.ts';
import type { GatewayError } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import { type CommandContext, cliError, type ExitCode, printJson } from './context.ts';
import { countsOf, versionOf } from './dictionary-check.ts';
import { dictionaryNamed } from './dictionary-naming.ts';
import { fieldHistory, nameElsewhere } from './field-history.ts';
import { wrapped } from './table.ts';

/** `clearport dictionary show`: a dictionary, or what it says of one message or field. What can be both is shown as both. */
export async function dictionaryShow(context: CommandContext, args: readonly string[]): Promise<ExitCode> {
  const [name = '', what] = args;
  const { table } = await dictionaryNamed(context, name);
  if (what === undefined) return showAll(context, table);
  const type = Object.keys(table.messages).find((key) => key === what || table.messages[key]?.[0] === what);
  const tag = Object.keys(table.fields).find((key) => key === what || table.fields[key]?.[0] === what);
  if (type === undefined && tag === undefined) throw nothingNamed(table, name, what);
  if (type !== undefined) await showMessage(context, table, type);
  if (tag !== undefined) await showField(context, table, Number(tag));
  return 0;
}

function nothingNamed(table: FixTable, name: string, what: string): GatewayError {
  const names = [...Object.values(table.messages), ...Object.values(table.fields)].map(([word]) => word);
  const meant = /^\d+$/.test(what) ? undefined : nearest(what, names);
  const elsewhere = /^\d+$/.test(what) ? nameElsewhere(Number(what)) : '';
  return cliError(
    'DICTIONARY_UNUSABLE',
    `${name} has no message and no field "${what}"${elsewhere === '' ? '' : ` ${elsewhere}`}`,
    {
      remedy: `see all messages: clearport dictionary show ${name}${meant === undefined ? '' : `; did you mean ${meant}?`}`,
    },
  );
}

async function showAll(context: CommandContext, table: FixTable): Promise<ExitCode> {
  const { paint, printer } = context;
  const counts = countsOf(table);
  if (!context.json)
    await printer.line(
      `${paint('strong', versionOf(table))}  ${counts.messages} messages, ${counts.components} components, ${counts.fields} fields`,
    );
  for (const [type, [name, category]] of Object.entries(table.messages)) {
    if (context.json) await printJson(context, { type, name, category });
    else
      await printer.line(
        `  ${type.padEnd(4)} ${name}${category === 'admin' ? paint('quiet', '  session') : ''}`,
      );
  }
  return 0;
}

async function showMessage(context: CommandContext, table: FixTable, type: string): Promise<void> {
  const { paint, printer } = context;
  const [name = '', category = '', body = ''] = table.messages[type] ?? [];
  const members = membersOf(table, body);
  if (context.json) {
    await printJson(context, {
      type,
      name,
      category,
      members: members.map((member) => memberJson(table, member)),
    });
    return;
  }
  const session = category === 'admin' ? '  session' : '';
  await printer.line(`${paint('strong', `${name}(${type})`)}${session}  ${paint('quiet', '! is required')}`);
  for (const line of memberLines(table, members, '  ')) await printer.line(line);
  await printer.line('');
}

function memberLines(table: FixTable, members: readonly Member[], indent: string): readonly string[] {
  return members.flatMap(({ tag, required, from, inner }) => {
    const [name = '', type = ''] = table.fields[tag] ?? [];
    const mark = required ? '!' : ' ';
    const told = `${indent}${String(tag).padStart(5)}${mark} ${name.padEnd(28)} ${type.toLowerCase()}`;
    const line = (from === '' ? told : `${told.padEnd(indent.length + 56)}  ${from}`).trimEnd();
    return inner === undefined ? [line] : [line, ...memberLines(table, inner, `${indent}    `)];
  });
}

type MemberJson = {
  readonly tag: number;
  readonly name: string;
  readonly required: boolean;
  readonly entry?: readonly MemberJson[];
};

function memberJson(table: FixTable, { tag, required, inner }: Member): MemberJson {
  const told = { tag, name: table.fields[tag]?.[0] ?? '', required };
  return inner === undefined ? told : { ...told, entry: inner.map((member) => memberJson(table, member)) };
}

async function showField(context: CommandContext, table: FixTable, tag: number): Promise<void> {
  const { paint, printer } = context;
  const { name = '', type = '', values: listed = [] } = dictionaryOf(table).field(tag) ?? {};
  const values = Object.fromEntries(listed);
  const messages = holdersOf(table, tag);
  const history = fieldHistory(tag);
  if (context.json) {
    await printJson(context, { tag, name, type, values, messages, history });
    return;
  }
  await printer.line(`${paint('strong', calledIn(table, tag))}  ${type}`);
  for (const [value, word] of inOrder(values)) await printer.line(`  ${value.padStart(6)}  ${word}`);
  const shown = messages.map((key) =>
    table.messages[key] === undefined ? `the ${key}` : `${table.messages[key][0]}(${key})`,
  );
  const [first = '', ...more] = wrapped(
    shown.length === 0 ? 'no message' : shown.join(', '),
    widthOf(context),
    '     ',
  );
  for (const line of [`  ${paint('quiet', 'in')}${first.slice(4)}`, ...more]) await printer.line(line);
  for (const told of history)
    for (const [at, line] of wrapped(told, widthOf(context) - 4).entries())
      await printer.line(`${at === 0 ? '  ' : '    '}${paint('quiet', line)}`);
  await printer.line('');
}

function widthOf({ terminal }: CommandContext): number {
  return Math.min(terminal.columns ?? 110, 110);
}

/** Numbers by their size, then letters. */
function inOrder(values: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  return Object.entries(values).sort(([left], [right]) => left.localeCompare(right, 'en', { numeric: true }));
}

/** Messages that hold a field on any level, by their types; `header` and `trailer` stand for all. */
function holdersOf(table: FixTable, tag: number): readonly string[] {
  const edges = (['header', 'trailer'] as const).filter((edge) => holds(membersOf(table, table[edge]), tag));
  const types = Object.entries(table.messages)
    .filter(([, [, , body]]) => holds(membersOf(table, body), tag))
    .map(([type]) => type);
  return [...edges, ...types];
}

function holds(members: readonly Member[], tag: number): boolean {
  return members.some(
    (member) => member.tag === tag || (member.inner !== undefined && holds(member.inner, tag)),
  );
}
