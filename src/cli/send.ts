import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { GatewayError } from '../core/errors.ts';
import type { JsonValue } from '../core/json.ts';
import { gatewayIssues, type SendReport, type SendRequest } from '../gateway/index.ts';
import { type PersonOptions, personOf, withControls } from './configured.ts';
import { type CommandContext, cliError, type ExitCode, pathOf, printJson } from './context.ts';
import { jsonOf } from './json-of.ts';

/** `data` is what the message says, and not a directory as elsewhere: only a running gateway sends, where it is configured. */
export interface SendOptions extends PersonOptions {
  readonly config: string;
  readonly file?: string;
  readonly type?: string;
  readonly data?: string;
  readonly key?: string;
  readonly name?: string;
  readonly asIs?: boolean;
}

/**
 * `clearport send`: commits what is to go out and sends it through the running gateway. Exit code 1: the other side
 * refused it; 3 with `OUTBOX_WAITS`: it is committed, and goes out as soon as the other side is there.
 */
export async function send(
  context: CommandContext,
  channel: string,
  options: SendOptions,
): Promise<ExitCode> {
  const person = personOf(options);
  const request = await requestOf(context, channel, options);
  const { config } = options;
  const report = await withControls(context, { config }, (control) => control.send(request, person));
  if (context.json) await printJson(context, jsonOf(report));
  else await context.printer.line(reportLine(context, report));
  if (report.outcome === 'rejected') return 1;
  if (report.outcome === 'sent' || report.outcome === 'accepted') return 0;
  const { remedy } = gatewayIssues.OUTBOX_WAITS;
  const place = `${channel} ${report.key}`;
  throw new GatewayError('OUTBOX_WAITS', report.reason ?? 'the other side is not there', {
    place,
    remedy,
    retryable: true,
  });
}

async function requestOf(
  context: CommandContext,
  channel: string,
  options: SendOptions,
): Promise<SendRequest> {
  const { file, type, key, name, asIs } = options;
  const given = name ?? (file === undefined || file === '-' ? undefined : basename(file));
  return {
    channel,
    content:
      file === undefined ? dataOf(type, options.data) : { bytes: await bytesOf(context, options, file) },
    ...(key !== undefined && { key }),
    ...(given !== undefined && { name: given }),
    ...(asIs === true && { asIs }),
  };
}

async function bytesOf(context: CommandContext, options: SendOptions, file: string): Promise<Uint8Array> {
  if (options.type !== undefined || options.data !== undefined) throw choice();
  return file === '-' ? buffer(context.terminal.stdin) : readFile(pathOf(context, file));
}

function dataOf(
  type: string | undefined,
  data: string | undefined,
): { readonly type: string; readonly data: JsonValue } {
  if (type === undefined || data === undefined) throw choice();
  try {
    return { type, data: JSON.parse(data) };
  } catch (cause) {
    throw cliError('CLI_USAGE', '--data is no JSON', { remedy: 'give one JSON value in quotes', cause });
  }
}

function choice(): GatewayError {
  return cliError('CLI_USAGE', 'there is nothing to send, or two things', {
    remedy: 'give --file, or --type and --data',
  });
}

function reportLine({ paint }: CommandContext, report: SendReport): string {
  const { channel, key, outcome, repeated, reference, reason } = report;
  const what = reference === undefined ? '' : ` as ${reference}`;
  const before = repeated ? ' before; it was not sent again' : '';
  const tone =
    outcome === 'sent' || outcome === 'accepted' ? 'good' : outcome === 'rejected' ? 'bad' : 'doubt';
  const why = reason === undefined ? '' : `: ${reason}`;
  return `${paint(tone, outcome)}${before}  ${channel}${what}  key ${key}${why}`;
}
