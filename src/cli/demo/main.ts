import { runProcess } from '../process.ts';
import { demo } from './demo.ts';

// `npm run demo`: the demonstration as a process of its own, with the command line's own terminal and exit codes.
await runProcess(demo);
