import type { Paint } from './terminal.ts';

/** What `clearport` alone says: what it is, and the three first things to do. */
export function firstSteps(paint: Paint): string[] {
  const step = (command: string, does: string): string => `  ${paint('strong', command.padEnd(34))} ${does}`;
  return [
    'Clearport keeps a provable copy of what your clearing firm and depository say happened.',
    '',
    'Three first things to do:',
    step('clearport decode FILE', 'see what the messages of a FIX log or stream mean'),
    step('clearport init demo', 'write a configuration that works with the simulated clearing firm'),
    step('clearport init', 'write a configuration of your own, with every line explained'),
    '',
    'Then, every morning: clearport schedule, clearport breaks, clearport sessions.',
    'All commands: clearport help. One command: clearport help COMMAND.',
  ];
}
