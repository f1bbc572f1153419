import { Worker } from 'node:worker_threads';

/** A thread that runs a file beside this one, in the form in which this one runs: source or built. */
export function startThread(name: 'writer-thread' | 'copy-thread', data: unknown): Worker {
  const suffix = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const url = new URL(`./${name}.${suffix}`, import.meta.url);
  // A thread takes over the options of its process, and this one fits no file: `node --input-type=module -e …`.
  const unfit = process.execArgv.some((option) => option.startsWith('--input-type'));
  return new Worker(url, { workerData: data, ...(unfit && { execArgv: [] }) });
}
