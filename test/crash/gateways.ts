import { fileURLToPath } from 'node:url';
import { type Child, startChild } from '../support/child.ts';
import type { MutantName } from './mutants.ts';

/** The gateway as everybody runs it: `clearport run` on a configuration. */
export function realGateway(configuration: string): Child {
  return startChild(process.execPath, [pathOf('../../src/cli/bin.ts'), 'run', '--config', configuration]);
}

/** A gateway with one promise broken. */
export function mutantGateway(name: MutantName): (configuration: string) => Child {
  return (configuration) => startChild(process.execPath, [pathOf('mutant-gateway.ts'), name, configuration]);
}

function pathOf(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}
