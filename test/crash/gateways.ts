import { fileURLToPath } from 'node:url';
import { type Child, startChild } from '../support/child.ts';
import { startClearport } from '../support/clearport.ts';
import type { MutantName } from './mutants.ts';

/** The gateway as everybody runs it: `clearport run` on a configuration. */
export function realGateway(configuration: string): Child {
  return startClearport(['run', '--config', configuration]);
}

/** A gateway with one promise broken. */
export function mutantGateway(name: MutantName): (configuration: string) => Child {
  return (configuration) => startChild(process.execPath, [mutant, name, configuration]);
}

const mutant = fileURLToPath(new URL('mutant-gateway.ts', import.meta.url));
