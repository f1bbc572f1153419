import { Readable, Writable } from 'node:stream';
import { systemClock } from '../../core/clock.ts';
import { main } from '../main.ts';
import type { Terminal } from '../terminal.ts';

export interface Spoken {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface InProcessOptions {
  readonly directory?: string;
  readonly input?: Uint8Array | string;
  readonly env?: Readonly<Record<string, string>>;
  /** A terminal of this width; left out: a pipe. */
  readonly columns?: number;
  readonly stderrIsTerminal?: boolean;
  readonly interrupted?: AbortSignal;
  /** Called with each piece of standard output as it is written. */
  readonly onOutput?: (text: string) => void;
}

/** Runs one command line in this process, with streams of its own. */
export async function runCli(argv: readonly string[], options: InProcessOptions = {}): Promise<Spoken> {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  const code = await main(argv, terminalOf(options, stdout, stderr));
  return {
    code,
    stdout: Buffer.concat(stdout).toString('latin1'),
    stderr: Buffer.concat(stderr).toString('utf8'),
  };
}

/** A terminal whose streams are collected. */
export function terminalOf(
  options: InProcessOptions,
  stdout: Buffer[] = [],
  stderr: Buffer[] = [],
): Terminal {
  return {
    stdin: Readable.from(options.input === undefined ? [] : [Buffer.from(options.input)]),
    stdout: collector(stdout, options.onOutput),
    stderr: collector(stderr),
    env: options.env ?? {},
    directory: options.directory ?? process.cwd(),
    clock: systemClock(),
    columns: options.columns,
    stderrIsTerminal: options.stderrIsTerminal ?? false,
    interrupted: options.interrupted ?? new AbortController().signal,
    listenForSignals: () => undefined,
  };
}

/** The JSON objects of NDJSON. */
export function jsonLines(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

function collector(parts: Buffer[], onOutput: (text: string) => void = () => undefined): Writable {
  return new Writable({
    decodeStrings: true,
    write(chunk: Buffer, _encoding, done) {
      parts.push(Buffer.from(chunk));
      onOutput(chunk.toString('utf8'));
      done();
    },
  });
}
