import type { SessionCommand, SessionStatus } from '../contract/session.ts';
import type { ChannelStatus } from '../gateway/index.ts';
import { type PersonOptions, personOf, type ReadingOptions, withControls } from './configured.ts';
import { type CommandContext, cliError, type ExitCode, printJson } from './context.ts';
import { jsonOf } from './json-of.ts';
import { tableLines } from './table.ts';

export type SessionAction = 'show' | 'set' | 'reset' | 'logout';

export interface SessionsOptions extends ReadingOptions, PersonOptions {
  readonly nextIn?: number;
  readonly nextOut?: number;
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
  const found = status.channels.filter(
    (one) => one.shape === 'session' && (channel ?? one.channel) === one.channel,
  );
  if (channel !== undefined && found.length === 0)
    throw cliError('CLI_USAGE', `there is no session "${channel}"`, {
      remedy: 'use a name that `clearport sessions show` lists',
    });
  if (context.json) {
    await printJson(context, jsonOf({ running: status.running, sessions: found }));
    return 0;
  }
  if (!status.running) await context.printer.line('No gateway runs; these are the numbers in the log.');
  const heads = ['channel', 'state', 'session', 'peer', 'epoch', 'next in', 'next out', 'waits for'];
  const columns = heads.map((head) => ({
    head,
    ...(head.startsWith('next') && { align: 'right' as const }),
  }));
  const rows = found.map((one) => row(one, status.running));
  for (const line of tableLines(columns, rows, context.terminal.columns)) await context.printer.line(line);
  return 0;
}

function row(channel: ChannelStatus, running: boolean): string[] {
  const { session, gap, held, trouble } = channel;
  const issue = held ?? trouble;
  const waits = gap !== undefined ? `gap ${gap.from} to ${gap.to}` : issue === undefined ? '' : issue.code;
  const up = session?.loggedOn === true ? 'logged on' : session?.connected === true ? 'connected' : 'down';
  return [
    channel.channel,
    running ? `${channel.state}, ${up}` : 'stopped',
    session?.session ?? '',
    session?.address ?? '',
    String(session?.state.epoch ?? channel.epoch),
    String(session?.state.nextIn ?? ''),
    String(session?.state.nextOut ?? ''),
    waits,
  ];
}

function sessionLine({ session, state, loggedOn }: SessionStatus): string {
  const { epoch, nextIn, nextOut } = state;
  return `${session}: epoch ${epoch}, next in ${nextIn}, next out ${nextOut}, ${loggedOn ? 'logged on' : 'not logged on'}`;
}

function commandOf(action: Exclude<SessionAction, 'show'>, options: SessionsOptions): SessionCommand {
  if (action !== 'set') return { command: action };
  const { nextIn, nextOut } = options;
  if (nextIn === undefined && nextOut === undefined)
    throw cliError('CLI_USAGE', 'a number is missing', { remedy: 'give --next-in, --next-out or both' });
  return {
    command: 'set',
    ...(nextIn !== undefined && { nextIn }),
    ...(nextOut !== undefined && { nextOut }),
  };
}
