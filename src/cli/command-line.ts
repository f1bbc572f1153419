import { Command, Option } from 'commander';
import { tradeDayCases } from '../../certification/simulators/trade-day/cases.ts';
import type { BackupOptions, RestoreOptions } from './backup.ts';
import type { CheckOptions } from './check.ts';
import {
  type Add,
  adder,
  byOption,
  channelOption,
  clockOption,
  configOption,
  dictionaryOption,
  type Ended,
  followOption,
  formatOption,
  fromOption,
  numberOption,
  personOptions,
  readingOptions,
  schemasOption,
  toOption,
  unmaskedOption,
} from './command-adding.ts';
import type { CommandContext, ExitCode } from './context.ts';
import { addDayCommands } from './day-commands.ts';
import type { DecodeOptions } from './decode.ts';
import type { EntriesOptions } from './entries.ts';
import { type EventsOptions, entryKinds, standings } from './events-options.ts';
import type { FindOptions } from './find.ts';
import type { InitOptions } from './init.ts';
import type { QuarantineOptions } from './quarantine.ts';
import type { ReplayOptions } from './replay.ts';
import type { RewriteOptions } from './rewrite.ts';
import type { RunCommandOptions } from './run.ts';
import type { SessionAction, SessionsOptions } from './sessions.ts';
import type { SimulatorOptions } from './sim.ts';
import type { VerifyOptions } from './verify.ts';
import { versionText } from './version.ts';

/** The public command line: every command and option that this build has. */
export function commandLine(context: CommandContext, ended: Ended): Command {
  const program = new Command('clearport');
  program
    .description('A provable copy of what your clearing firm and depository say happened.')
    .version(versionText(), '--version', 'print the version')
    .helpOption('--help', 'print help')
    .helpCommand('help [command...]', 'everything about one command')
    .commandsGroup('Help:')
    .showSuggestionAfterError(true)
    .exitOverride()
    .configureHelp({ showGlobalOptions: false })
    .configureOutput({
      writeOut: (text) => void context.printer.line(text.trimEnd()),
      writeErr: () => undefined,
      outputError: () => undefined,
      getOutHelpWidth: () => Math.min(context.terminal.columns ?? 100, 110),
      getOutHasColors: () => false,
    })
    .addHelpText(
      'after',
      '\nExit codes: 0 ok, 1 findings, 2 wrong usage or configuration, 3 the outside world failed.',
    );
  const add = adder(program, context, ended);
  addGatewayCommands(add, program);
  addDayCommands(add, program);
  addFileCommands(add);
  addReadingCommands(add);
  addRepairCommands(add, program);
  addSafetyCommands(add);
  for (const command of program.commands) command.helpGroup(helpGroupOf(command.name()));
  return program;
}

/** What `clearport help` puts together, under these heads. */
const helpGroups: Readonly<Record<string, readonly string[]>> = {
  'Set up and run:': ['init', 'import', 'check', 'run', 'sim', 'sessions', 'keys', 'send'],
  'The trade day:': ['schedule', 'recon', 'breaks', 'book', 'ledger'],
  'Files and their bytes:': ['decode', 'rewrite', 'layout', 'dictionary'],
  'Read the log:': ['events', 'entries', 'find'],
  'Repair:': ['quarantine', 'replay'],
  'Keep it safe:': ['verify', 'backup', 'restore'],
  'Certify an engine:': ['cert'],
};

function helpGroupOf(name: string): string {
  return Object.keys(helpGroups).find((group) => helpGroups[group]?.includes(name)) ?? 'More:';
}

function addFileCommands(add: Add): void {
  add<DecodeOptions>(
    'decode [files...]',
    'show what the bytes of files (or of standard input: -) mean',
    [formatOption, dictionaryOption, schemasOption, unmaskedOption],
    async (...all) => (await import('./decode.ts')).decode(...all),
  );
  add<RewriteOptions>(
    'rewrite <file>',
    'decode and encode again, to standard output: the same bytes',
    [formatOption],
    async (context, [file = '-'], options) => (await import('./rewrite.ts')).rewrite(context, file, options),
  );
}

function addGatewayCommands(add: Add, program: Command): void {
  add<InitOptions>(
    'init [demo]',
    'write a commented starting configuration; "demo": one for the simulated clearing firm',
    [configOption],
    async (context, [what], options) => (await import('./init.ts')).init(context, what, options),
  );
  add<CheckOptions>(
    'check',
    'everything that is wrong with the configuration; with --connect, also reach each counterparty',
    [configOption, new Option('--connect', 'also reach the counterparty of every channel')],
    async (context, _args, options) => (await import('./check.ts')).check(context, options),
  );
  add<RunCommandOptions>(
    'run',
    'run the gateway: receive, keep, book and compare, until it is interrupted',
    [configOption, clockOption],
    async (context, _args, options) => (await import('./run.ts')).run(context, options),
  );
  add<SimulatorOptions>(
    'sim <name>',
    'run a simulated other side: "clearing-firm", a morning of FIX or whole trade days; "fix-acceptance", for the conformance pack',
    simulatorOptions(),
    async (context, [name = ''], options) => (await import('./sim.ts')).sim(context, name, options),
  );
  addSessionCommands(add, program);
}

const oneSessionOption = new Option('--session <name>', 'which one, where a channel has several');

function addSessionCommands(add: Add, program: Command): void {
  const sessions = program
    .command('sessions')
    .description('show sessions; set or reset their sequence numbers');
  const run = async (
    context: CommandContext,
    action: SessionAction,
    channel: string | undefined,
    options: SessionsOptions,
  ): Promise<ExitCode> => (await import('./sessions.ts')).sessions(context, action, channel, options);
  add<SessionsOptions>(
    'show [channel]',
    'connection and sequence numbers of each session',
    readingOptions,
    (context, [channel], options) => run(context, 'show', channel, options),
    sessions,
    true,
  );
  add<SessionsOptions>(
    'set <channel>',
    'set the next sequence numbers',
    [
      numberOption('--next-in <number>', 'the number that is expected next', 1),
      numberOption('--next-out <number>', 'the number that is sent next', 1),
      oneSessionOption,
      ...personOptions,
      ...readingOptions,
    ],
    (context, [channel], options) => run(context, 'set', channel, options),
    sessions,
  );
  for (const [action, what] of [
    ['reset', 'begin again at 1 on both sides, in a new epoch'],
    ['logout', 'end the session in order; it logs on again by itself'],
  ] as const) {
    add<SessionsOptions>(
      `${action} <channel>`,
      what,
      [oneSessionOption, ...personOptions, ...readingOptions],
      (context, [channel], options) => run(context, action, channel, options),
      sessions,
    );
  }
}

function addReadingCommands(add: Add): void {
  add<EventsOptions>(
    'events',
    'what happened, in order, with the standing of each event',
    [
      channelOption,
      new Option('--type <type>', 'only this type, such as trade.executed, or a family: trade'),
      new Option('--standing <standing>', 'only this standing').choices(standings),
      fromOption,
      toOption,
      followOption,
      new Option('--cloudevents', 'as CloudEvents 1.0, one JSON object a line'),
      unmaskedOption,
      ...readingOptions,
    ],
    async (context, _args, options) => (await import('./events.ts')).events(context, options),
  );
  add<EntriesOptions>(
    'entries',
    'messages as they were received and sent, without their bodies',
    [
      channelOption,
      new Option('--kind <kind>', 'only this kind').choices(entryKinds),
      fromOption,
      toOption,
      followOption,
      ...readingOptions,
    ],
    async (context, _args, options) => (await import('./entries.ts')).entries(context, options),
  );
  add<FindOptions>(
    'find <key>',
    'find messages by any business key: exec:E123, or E123 for every kind of key',
    [
      new Option('--show', 'show each message decoded'),
      numberOption('--limit <number>', 'at most so many').default(1000),
      unmaskedOption,
      ...readingOptions,
    ],
    async (context, [key = ''], options) => (await import('./find.ts')).find(context, key, options),
  );
}

function addRepairCommands(add: Add, program: Command): void {
  const quarantine = program.command('quarantine').description('messages that wait for a person');
  const load = () => import('./quarantine.ts');
  add<QuarantineOptions>(
    'list',
    'what waits, and why',
    [channelOption, ...readingOptions],
    async (context, _args, options) => (await load()).quarantineList(context, options),
    quarantine,
    true,
  );
  add<QuarantineOptions>(
    'show <offset>',
    'one of them, with its bytes and what they mean',
    [unmaskedOption, ...readingOptions],
    async (context, [offset = ''], options) => (await load()).quarantineShow(context, offset, options),
    quarantine,
  );
  for (const [action, what] of [
    ['release', 'take it as it stands'],
    ['discard', 'decide that it means nothing; its bytes stay'],
  ] as const) {
    add<QuarantineOptions>(
      `${action} <offsets...>`,
      what,
      [...personOptions, ...readingOptions],
      async (context, offsets, options) => (await load()).quarantineDecide(context, action, offsets, options),
      quarantine,
    );
  }
  add<QuarantineOptions>(
    'repair <offset>',
    'read it by other bytes; the original stays',
    [
      new Option('--file <file>', 'the right bytes; -: standard input').makeOptionMandatory(),
      ...personOptions,
      ...readingOptions,
    ],
    async (context, [offset = ''], options) => (await load()).quarantineRepair(context, offset, options),
    quarantine,
  );
  add<ReplayOptions>(
    'replay',
    "read the log again with today's codecs, and show or commit the difference in events",
    [
      new Option('--dry-run', 'show the difference and commit nothing'),
      new Option('--quarantined', 'only what is in quarantine'),
      channelOption,
      fromOption,
      toOption,
      new Option('--reason <text>', 'why; needed unless --dry-run'),
      byOption,
      ...readingOptions,
    ],
    async (context, _args, options) => (await import('./replay.ts')).replay(context, options),
  );
}

function addSafetyCommands(add: Add): void {
  add<VerifyOptions>(
    'verify',
    'check every block, chain value and index of the log',
    [
      new Option('--checkpoint <file>', 'compare with a signed checkpoint from a second place'),
      ...readingOptions,
    ],
    async (context, _args, options) => (await import('./verify.ts')).verify(context, options),
  );
  add<BackupOptions>(
    'backup <directory>',
    'a verified copy of the log, while the gateway runs on',
    [byOption, ...readingOptions],
    async (context, [target = ''], options) => (await import('./backup.ts')).backup(context, target, options),
  );
  add<RestoreOptions>(
    'restore <backup>',
    'put a verified backup into an empty data directory',
    readingOptions,
    async (context, [source = ''], options) =>
      (await import('./backup.ts')).restore(context, source, options),
  );
}

function simulatorOptions(): Option[] {
  return [
    numberOption('--port <number>', 'port on 127.0.0.1; 0: a free one', 0, 65_535).default(9878),
    numberOption('--seed <number>', 'the same seed gives the same morning').default(20),
    numberOption('--executions <number>', 'how many fills').default(2000),
    numberOption('--rate <number>', 'messages a second; 0: as fast as they are taken').default(0),
    new Option('--scenario <name>', 'what is played: a morning of FIX, or the steps of three trade days')
      .choices(['morning', 'trade-day'])
      .default('morning'),
    new Option('--leave-out <case...>', 'leave a planted case out of what is played').choices(tradeDayCases),
    new Option('--once', 'end when everything is played'),
    new Option('--keys <directory>', 'trade-day: where the key for its SFTP server is written').default('.'),
    clockOption,
  ];
}
