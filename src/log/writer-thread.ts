import assert from 'node:assert/strict';
import { parentPort, workerData } from 'node:worker_threads';
import { GatewayError } from '../core/errors.ts';
import { plainFailure } from './commit.ts';
import { LogWriter, type WriterOptions } from './writer.ts';
import { memoryOf, type WriterReply, type WriterRequest } from './writer-port.ts';

/** The thread of the writer: opens the database, says so, and then answers one request after the other. */
const port = parentPort;
assert(port !== null);
const options: WriterOptions = workerData;
const opened = answer(() => new LogWriter(options));
port.postMessage(opened.ok ? { ok: true, result: undefined } : opened);
if (opened.ok) {
  const { result: writer } = opened;
  port.on('message', (request: WriterRequest) => {
    const spare = request.ask === 'commit' ? memoryOf(request.group) : [];
    port.postMessage({ ...answer(() => carryOut(writer, request)), spare }, spare);
    if (request.ask === 'close') port.close();
  });
}

function carryOut(writer: LogWriter, request: WriterRequest): unknown {
  switch (request.ask) {
    case 'commit':
      return writer.commit(request.group);
    case 'checkpoint':
      return writer.storeCheckpoint(request.json);
    case 'expire':
      return writer.expire(request.before, request.blocksMax);
    case 'close':
      return writer.close();
  }
}

/** What the world refused goes back as a value; what is wrong with us ends the thread. */
function answer<T>(
  call: () => T,
): { readonly ok: true; readonly result: T } | Extract<WriterReply, { ok: false }> {
  try {
    return { ok: true, result: call() };
  } catch (error) {
    if (error instanceof GatewayError) return { ok: false, failure: plainFailure(error) };
    throw error;
  }
}
