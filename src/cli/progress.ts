import type { Terminal } from './terminal.ts';

/** How far long work has come, on a terminal that nothing else is printed to. */
export interface Progress {
  /** So much was done since the last call. */
  add(amount: number): void;
  /** Takes the line away. */
  end(): void;
}

/** Between two drawings, in microseconds. */
const redrawMicros = 100_000;

/** Drawn on standard error, and only where a person sees it and the output goes elsewhere. `total` undefined: unknown. */
export function openProgress(terminal: Terminal, label: string, total: number | undefined): Progress {
  if (!terminal.stderrIsTerminal || terminal.columns !== undefined)
    return { add: () => undefined, end: () => undefined };
  let done = 0;
  let drawnAt = 0;
  const clear = '\r\u001b[2K';
  return {
    add(amount) {
      done += amount;
      const now = terminal.clock.now();
      if (now - drawnAt < redrawMicros) return;
      drawnAt = now;
      terminal.stderr.write(`${clear}${label} ${amountText(done, total)}`);
    },
    end() {
      if (drawnAt > 0) terminal.stderr.write(clear);
    },
  };
}

function amountText(done: number, total: number | undefined): string {
  const mebibytes = (bytes: number): string => `${(bytes / 1_048_576).toFixed(1)} MiB`;
  if (total === undefined || total === 0) return mebibytes(done);
  return `${mebibytes(done)} of ${mebibytes(total)}, ${Math.floor((100 * done) / total)} %`;
}
