import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { systemCode } from '../core/errors.ts';

/** Thrown into a command whose reader has gone (`clearport decode … | head`): the command ends, quietly. */
export class OutputClosed extends Error {}

/** Bytes that are gathered before they are written: large enough for few writes, small enough to stay unnoticed. */
const gatherBytes = 64 * 1024;

/**
 * Standard output, written in order and no faster than its reader takes it. Lines are gathered; `flush` writes what is
 * there, and whatever follows a live stream calls it after each line.
 */
export interface Printer {
  line(text: string): Promise<void>;
  /** Bytes as they are, behind every line before them. */
  bytes(bytes: Uint8Array): Promise<void>;
  flush(): Promise<void>;
}

export function openPrinter(stream: Writable): Printer {
  let gathered: string[] = [];
  let gatheredLength = 0;
  const failure: { cause?: Error } = {};
  stream.on('error', (cause: Error) => {
    failure.cause = cause;
  });

  const write = async (chunk: string | Uint8Array): Promise<void> => {
    raise(failure.cause);
    if (stream.destroyed || stream.writableEnded) throw new OutputClosed();
    if (stream.write(chunk)) return;
    try {
      await once(stream, 'drain');
    } catch (cause) {
      raise(cause);
    }
  };
  const flush = async (): Promise<void> => {
    if (gathered.length === 0) return raise(failure.cause);
    const text = gathered.join('');
    gathered = [];
    gatheredLength = 0;
    await write(text);
  };
  return {
    async line(text) {
      gathered.push(text, '\n');
      gatheredLength += text.length + 1;
      if (gatheredLength >= gatherBytes) await flush();
    },
    async bytes(bytes) {
      await flush();
      await write(bytes);
    },
    flush,
  };
}

function raise(cause: unknown): void {
  if (cause === undefined) return;
  const code = systemCode(cause);
  if (code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED' || code === 'ECONNRESET') throw new OutputClosed();
  throw cause;
}
