import { LogWriter, type WriterOptions } from './writer.ts';
import type { WriterPort } from './writer-port.ts';

/** A writer on the caller's own thread: tests reach its connection, and stand between it and the log. */
export function inlineWriter(
  opened: (writer: LogWriter) => void = () => undefined,
): (options: WriterOptions) => Promise<WriterPort> {
  return async (options) => {
    const writer = new LogWriter(options);
    opened(writer);
    return {
      commit: async (group) => writer.commit(group),
      storeCheckpoint: async (json) => writer.storeCheckpoint(json),
      expire: async (before, blocksMax) => writer.expire(before, blocksMax),
      close: async () => writer.close(),
    };
  };
}
