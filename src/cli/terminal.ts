import type { Readable, Writable } from 'node:stream';
import { styleText } from 'node:util';
import type { Clock } from '../core/clock.ts';

/** Everything that the command line takes from its surroundings: the process gives the real one, tests their own. */
export interface Terminal {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Paths that are not absolute begin here. */
  readonly directory: string;
  readonly clock: Clock;
  /** Width of standard output where it is a terminal; undefined where it is a file or a pipe. */
  readonly columns: number | undefined;
  readonly stderrIsTerminal: boolean;
  /** Aborted when a person or the system asks the command to end, once {@link listenForSignals} was called. */
  readonly interrupted: AbortSignal;
  /** Takes SIGINT and SIGTERM over from the system. Only commands that have something to finish call it. */
  listenForSignals(): void;
}

export type Tone = 'good' | 'bad' | 'doubt' | 'quiet' | 'strong';

const tones = { good: 'green', bad: 'red', doubt: 'yellow', quiet: 'dim', strong: 'bold' } as const;

/** Colours text where a person reads it on a terminal and did not ask otherwise with NO_COLOR (any value but empty). */
export type Paint = (tone: Tone, text: string) => string;

export function paintFor(terminal: Terminal, onTerminal = terminal.columns !== undefined): Paint {
  const wanted = onTerminal && (terminal.env['NO_COLOR'] ?? '') === '' && terminal.env['TERM'] !== 'dumb';
  return wanted
    ? (tone, text) => styleText(tones[tone], text, { validateStream: false })
    : (_tone, text) => text;
}
