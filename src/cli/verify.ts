import { readFile } from 'node:fs/promises';
import type { Checkpoint, VerifyReport } from '../contract/log.ts';
import { dataDirectory, type ReadingOptions } from './configured.ts';
import { type CommandContext, cliError, type ExitCode, pathOf, printJson } from './context.ts';
import { jsonOf } from './json-of.ts';
import { tableLines } from './table.ts';

export interface VerifyOptions extends ReadingOptions {
  readonly checkpoint?: string;
}

/** `clearport verify`: every block, chain value and index of the log. Exit code 1 on any finding. */
export async function verify(context: CommandContext, options: VerifyOptions): Promise<ExitCode> {
  const { openSqliteLog } = await import('../log/index.ts');
  const directory = await dataDirectory(context, options);
  const checkpoints =
    options.checkpoint === undefined ? [] : await readCheckpoints(pathOf(context, options.checkpoint));
  const log = await openSqliteLog(directory, { readOnly: true, clock: context.terminal.clock });
  try {
    const report = await log.verify({ checkpoints });
    if (context.json) await printJson(context, jsonOf(report));
    else for (const line of verifyLines(report, context)) await context.printer.line(line);
    return report.ok ? 0 : 1;
  } finally {
    await log.close();
  }
}

/** The report for a person: the head of each channel, then what is wrong. */
export function verifyLines(
  report: VerifyReport,
  context: Pick<CommandContext, 'paint' | 'terminal'>,
): string[] {
  const { paint, terminal } = context;
  const columns = [
    { head: 'channel' },
    { head: 'entries', align: 'right' as const },
    { head: 'epoch', align: 'right' as const },
    { head: 'chain value of the last block', shrinks: true },
  ];
  const rows = report.heads.map((head) => [
    head.channel,
    String(head.sequence),
    String(head.epoch),
    head.chain,
  ]);
  const { entries, blocks, findings } = report;
  const counted = `${entries} entries in ${blocks} blocks`;
  return [
    ...(rows.length === 0 ? [] : tableLines(columns, rows, terminal.columns)),
    ...findings.map(
      (finding) =>
        `${paint('bad', finding.code)}  ${finding.channel} block ${finding.block}: ${finding.message}`,
    ),
    report.ok
      ? `${paint('good', 'verified')}  ${counted}: every chain value holds`
      : `${paint('bad', 'does not verify')}  ${counted}, ${findings.length} findings`,
  ];
}

/** A checkpoint, or several, one JSON object a line. Its signature and contents are judged by the log. */
async function readCheckpoints(path: string): Promise<readonly Checkpoint[]> {
  const text = await readFile(path, 'utf8');
  try {
    const whole: unknown = JSON.parse(text);
    return (Array.isArray(whole) ? whole : [whole]).map(asCheckpoint);
  } catch {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    try {
      return lines.map((line) => asCheckpoint(JSON.parse(line)));
    } catch (cause) {
      throw cliError('CLI_USAGE', 'the file holds no checkpoint', {
        place: path,
        cause,
        remedy: 'give the JSON that the gateway made when it signed the checkpoint',
      });
    }
  }
}

function asCheckpoint(value: unknown): Checkpoint {
  const members = ['at', 'heads', 'previous', 'publicKey', 'signature'];
  if (typeof value === 'object' && value !== null && members.every((name) => name in value))
    return value as Checkpoint;
  throw new Error('no checkpoint');
}
