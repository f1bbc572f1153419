import type { Command } from 'commander';
import type { Add } from './command-adding.ts';

/** Record layouts: what `clearport layout` does. */
export function addLayoutCommands(add: Add, program: Command): void {
  const layout = program.command('layout').description('record layouts: what is wrong with them');
  add<object>(
    'check <layouts...>',
    'check layouts, by file or by name: columns, record types, totals, events, samples',
    [],
    async (context, layouts) => (await import('./layout-check.ts')).layoutCheck(context, layouts),
    layout,
    true,
  );
}
