import type { SessionCommand, SessionStatus } from '../contract/session.ts';
import { shownText } from '../core/bytes.ts';
import type { Issue } from '../core/issue.ts';
import type { ChannelStatus } from '../gateway/index.ts';
import { type PersonOptions, personOf, type ReadingOptions, withControls } from './configured.ts';
import { type CommandContext, cliError, type ExitCode, printJson } from './context.ts';
import { jsonOf } from './json-of.ts';
import { remedies } from './remedies.ts';
import { type Column, foldedLines, tableLines } from './table.ts';

export type SessionAction = 'show' | 'set' | 'reset' | 'logout';

export interface SessionsOptions extends ReadingOptions, PersonOptions {
  readonly nextIn?: number;
  readonly nextOut?: number;
  readonly session?: string;
}

/** `clearport sessions`: shows sessions; changes one, audited, with a reason. */
export async function sessions(
  context: CommandContext,
  action: SessionAction,
  channel: string | undefined,
  options: SessionsOptions,
): Promise<ExitCode> {
  if (action === 'show') return show(context, channel, options);
  const command = commandOf(action, options);
  const person = personOf(options);
  const status = await withControls(context, options, (control) =>
    control.session(channel ?? '', command, person),
  );
  if (context.json) await printJson(context, jsonOf(status));
  else await context.printer.line(`done: ${sessionLine(status)}`);
  return 0;
}

async function show(
  context: CommandContext,
  channel: string | undefined,
  options: SessionsOptions,
): Promise<ExitCode> {
  const status = await withControls(context, options, (control) => control.status());
  const found = status.channels.filter((one) => (channel ?? one.channel) === one.channel);
  if (channel !== undefined && found.length === 0)
    throw cliError('CLI_USAGE', `there is no channel "${channel}"`, {
      remedy: 'use a name that `clearport sessions show` lists',
    });
  if (context.json) {
    const sessions = found.filter(({ shape }) => shape === 'session');
    const files = found.filter(({ shape }) => shape === 'files');
    const queues = found.filter(({ shape }) => shape === 'messages');
    await printJson(context, jsonOf({ running: status.running, sessions, files, queues }));
    return 0;
  }
  for (const line of await statusLines(context, found, status.running)) await context.printer.line(line);
  return 0;
}

/** Where each channel stands, what came of what it received, and what it waits for: cause and mend. */
async function statusLines(
  { terminal }: CommandContext,
  found: readonly ChannelStatus[],
  running: boolean,
): Promise<string[]> {
  const trouble = found.flatMap((one) => one.held ?? one.trouble ?? []);
  return [
    ...(running ? [] : ['No gateway runs; these are the numbers in the log.']),
    ...foldedLines(
      columnsOf(standHeads),
      found.flatMap((one) => [standRow(one, running), ...sessionRows(one, running)]),
      terminal.columns,
    ),
    '',
    ...tableLines(
      columnsOf(countHeads),
      found.map((one) => countRow(one, running)),
      terminal.columns,
    ),
    ...(trouble.length === 0 ? [] : ['', ...(await troubleLines(trouble))]),
  ];
}

const standHeads = ['channel', 'state', 'session', 'peer', 'epoch', 'next in', 'next out', 'waits for'];
const countHeads = ['channel', 'last message', 'entries', 'in quarantine', 'repeats', 'conflicts', 'files'];
function columnsOf(heads: readonly string[]): readonly Column[] {
  return heads.map((head) => (numbers.has(head) ? { head, align: 'right' } : { head }));
}

const numbers = new Set(['next in', 'next out', 'entries', 'in quarantine', 'repeats', 'conflicts']);

function standRow(channel: ChannelStatus, running: boolean): string[] {
  const { shape, session, gap, held, trouble } = channel;
  const issue = held ?? trouble;
  const waits =
    gap !== undefined
      ? `gap ${gap.from} to ${gap.to}`
      : (issue?.code ?? channel.delivery ?? filesWait(channel));
  const up = session === undefined ? 'down' : upText(session);
  return [
    channel.channel,
    running ? (shape === 'session' ? `${channel.state}, ${up}` : channel.state) : 'stopped',
    session?.session ?? '',
    session?.address ?? '',
    shape === 'session' ? String(session?.state.epoch ?? channel.epoch) : '',
    String(session?.state.nextIn ?? ''),
    String(session?.state.nextOut ?? ''),
    waits,
  ];
}

/** Where a channel has a session for each counterparty, a row for each of them. */
function sessionRows({ session }: ChannelStatus, running: boolean): string[][] {
  return (session?.sessions ?? []).map((one) => [
    `  ${one.session}`,
    running ? upText(one) : 'stopped',
    one.session,
    one.address,
    String(one.state.epoch),
    String(one.state.nextIn),
    String(one.state.nextOut),
    one.held?.code ?? (one.gap === undefined ? '' : `gap ${one.gap.from} to ${one.gap.to}`),
  ]);
}

function upText({ sessions, loggedOn, connected, hours }: SessionStatus): string {
  if (sessions !== undefined)
    return `${sessions.filter((one) => one.loggedOn).length} of ${sessions.length} logged on`;
  if (loggedOn) return 'logged on';
  if (connected) return 'connected';
  if (hours === undefined || hours.open) return 'down';
  return hours.until === undefined ? 'closed' : `closed until ${hours.until.slice(0, 16).replace('T', ' ')}`;
}

/** What is late comes before what is there and not taken yet. */
function filesWait({ late = [], waiting = [] }: ChannelStatus): string {
  const [first] = late;
  if (first !== undefined)
    return `late: ${first.feed}${late.length > 1 ? ` and ${late.length - 1} more` : ''}`;
  const [file] = waiting;
  return file === undefined ? '' : `${shownText(file.name)}: ${file.why}`;
}

/** Repeats, conflicts and files are counted since the gateway began, so there are none to tell while none runs. */
function countRow(channel: ChannelStatus, running: boolean): string[] {
  const { lastMessageAgeMs: age, filesAccepted, filesRefused } = channel;
  const files = filesAccepted === undefined ? '' : `${filesAccepted} taken, ${filesRefused ?? 0} refused`;
  return [
    channel.channel,
    age === undefined ? '' : `${ageText(age)} ago`,
    String(channel.sequence),
    String(channel.quarantined),
    running ? String(channel.repeats) : '',
    running ? String(channel.conflicts) : '',
    files,
  ];
}

/** `45 s`, `12 min`, `3 h`, `2 days`: as exact as anybody needs it. */
function ageText(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} days`;
}

async function troubleLines(trouble: readonly Issue[]): Promise<string[]> {
  const table = await remedies();
  return trouble.flatMap(({ code, message }) => [
    `${code}: ${message}`,
    ...(table.has(code) ? [`  mend  ${table.get(code)}`] : []),
  ]);
}

function sessionLine({ session, state, loggedOn }: SessionStatus): string {
  const { epoch, nextIn, nextOut } = state;
  return `${session}: epoch ${epoch}, next in ${nextIn}, next out ${nextOut}, ${loggedOn ? 'logged on' : 'not logged on'}`;
}

function commandOf(action: Exclude<SessionAction, 'show'>, options: SessionsOptions): SessionCommand {
  const { nextIn, nextOut, session } = options;
  const which = session === undefined ? {} : { session };
  if (action !== 'set') return { command: action, ...which };
  if (nextIn === undefined && nextOut === undefined)
    throw cliError('CLI_USAGE', 'a number is missing', { remedy: 'give --next-in, --next-out or both' });
  return {
    command: 'set',
    ...which,
    ...(nextIn !== undefined && { nextIn }),
    ...(nextOut !== undefined && { nextOut }),
  };
}
