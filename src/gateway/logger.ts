import { type DestinationStream, destination, type Logger as PinoLogger, pino } from 'pino';
import { GatewayError, systemCode } from '../core/errors.ts';
import type { JsonValue } from '../core/json.ts';
import { type Mask, noSecrets } from './mask.ts';

export type Logger = PinoLogger;

export interface LoggerOptions {
  readonly level: string;
  readonly mask: Mask;
  /** Path of the file that is written; absent: stderr. */
  readonly file?: string;
  /** Where lines go instead, one call a line: for tests and for `--json`. */
  readonly write?: (line: string) => void;
}

/**
 * A structured logger, one JSON object a line, every line masked as a whole on its way out: there is no field that
 * somebody could forget to redact. Writes are synchronous, so a crash loses no line.
 */
export function createLogger(options: LoggerOptions): Logger {
  return pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
      serializers: { error: viewed, err: viewed },
      hooks: { streamWrite: (line) => options.mask.text(line) },
    },
    sinkOf(options),
  );
}

/** An error as it may be shown: its code, text, place and remedy, and that of its causes. No stack. */
export function errorView(error: unknown): JsonValue {
  if (!(error instanceof Error)) return { message: String(error) };
  const known = error instanceof GatewayError ? error : undefined;
  const code = known?.code ?? systemCode(error);
  return {
    message: error.message,
    ...(code !== undefined && { code }),
    ...(known?.place !== undefined && { place: known.place }),
    ...(known?.remedy !== undefined && { remedy: known.remedy }),
    ...(error.cause !== undefined && { cause: errorView(error.cause) }),
  };
}

/** What is an error already seen as JSON stays as it is. */
function viewed(value: unknown): unknown {
  return value instanceof Error ? errorView(value) : value;
}

/** Exit code after a bug of ours (EX_SOFTWARE of sysexits.h): outside the public codes 0 to 3 on purpose. */
export const exitCodeOfCrash = 70;

/**
 * Makes the process end on a bug with one masked line (code `GATEWAY_CRASH`) instead of Node's own, which prints the
 * line of source and whatever the message holds. Gives back what takes the handlers off again.
 */
export function installCrashHandler(logger: Logger, mask: Mask = noSecrets, exit = endProcess): () => void {
  const crash = (cause: unknown): void => {
    const frames = cause instanceof Error ? stackOf(cause, mask) : [];
    logger.fatal(
      { code: 'GATEWAY_CRASH', error: errorView(cause), frames },
      'this is a bug of ours; stopping',
    );
    exit(exitCodeOfCrash);
  };
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);
  return () => {
    process.off('uncaughtException', crash);
    process.off('unhandledRejection', crash);
  };
}

function endProcess(code: number): void {
  process.exit(code);
}

/** Only the frames: the lines above them repeat the message, which may run over several lines. */
function stackOf(error: Error, mask: Mask): string[] {
  const lines = (error.stack ?? '').split('\n').map((line) => line.trim());
  return lines.filter((line) => /^at .+:\d+:\d+\)?$/.test(line)).map((line) => mask.text(line));
}

function sinkOf(options: LoggerOptions): DestinationStream {
  const { write } = options;
  if (write !== undefined) return { write };
  return options.file === undefined
    ? destination({ dest: 2, sync: true })
    : destination({ dest: options.file, sync: true, mkdir: true, mode: 0o600 });
}
