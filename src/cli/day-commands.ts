import type { Command } from 'commander';
import type { Add } from './command-adding.ts';

/** The commands of a trade day: book, recon and breaks, feeds and their calendar, sending, keys, layouts. */
export function addDayCommands(_add: Add, _program: Command): void {}
