import { fileURLToPath } from 'node:url';
import { type Child, startChild } from '../support/child.ts';
import { startClearport } from '../support/clearport.ts';
import type { DayMutantName } from './day-mutant-gateway.ts';
import type { MutantName } from './mutants.ts';

/** The gateway as everybody runs it: `clearport run` on a configuration. */
export function realGateway(configuration: string): Child {
  return startClearport(['run', '--config', configuration]);
}

/** A gateway with one promise broken. */
export function mutantGateway(name: MutantName): (configuration: string) => Child {
  return (configuration) => startChild(process.execPath, [mutant, name, configuration]);
}

/** The gateway of the trade days with one promise broken. */
export function dayMutantGateway(name: DayMutantName): (configuration: string) => Child {
  return (configuration) => startChild(process.execPath, [dayMutant, name, configuration]);
}

const dayMutant = fileURLToPath(new URL('day-mutant-gateway.ts', import.meta.url));
const mutant = fileURLToPath(new URL('mutant-gateway.ts', import.meta.url));
