import { runProcess } from '../process.ts';

// A `clearport` command of the demonstration that ends with it, however the demonstration ends: the system closes the
// pipe to standard input even where whoever held it was killed. It is told to stop, and stops in order.
process.stdin.on('end', () => void process.kill(process.pid, 'SIGTERM'));
process.stdin.resume();
// A command that is over does not stay for its leash.
if ('unref' in process.stdin) process.stdin.unref();
await runProcess();
