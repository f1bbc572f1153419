import type { Command } from '../../src/contract/codec.ts';
import {
  instructionDifferences,
  readInstructionCommand,
} from '../../src/contract/corporate-action-command.ts';
import { readSettlementInstruction, readTransactionCommand } from '../../src/contract/instruction-command.ts';
import { saidDifferences } from '../../src/contract/said-difference.ts';
import { readStatusCommand } from '../../src/contract/settlement-command.ts';
import { statusDifferences } from '../../src/contract/settlement-difference.ts';
import type { MxMessage } from './message.ts';
import { readCorporateActionMx } from './normalize-corporate-action.ts';
import { cancellationFamily, instructionFamily } from './normalize-sese023.ts';
import { readSese024 } from './normalize-sese024.ts';
import { modificationFamily } from './normalize-sese030.ts';
import { writeCorporateActionMx } from './write-corporate-action.ts';
import { unsayable, writeSese024 } from './write-sese024.ts';
import { writeSese030, writeSettlementInstruction } from './write-settlement.ts';

/** A message that a command asks for, and how to see that it says what was asked. */
export interface Written {
  readonly bytes: Uint8Array;
  /** Names of what the message would be read to say otherwise. */
  differences(read: MxMessage): readonly string[];
}

/** Writes the message of a command, or says in sentences what the command lacks or cannot say. */
export type Writer = (command: Command) => Written | { readonly problems: readonly string[] };

/** By the type of the command. */
export const writers: ReadonlyMap<string, Writer> = new Map<string, Writer>([
  ['corporate-action-instruction', writeElection],
  ['settlement-instruction', writeInstruction],
  ['settlement-status', writeStatus],
  ['transaction-command', writeCommand],
]);

function writeStatus(command: Command): ReturnType<Writer> {
  const { status, problems } = readStatusCommand(command);
  const unsaid = status === undefined ? problems : unsayable(status);
  if (status === undefined || unsaid.length > 0) return { problems: unsaid };
  return {
    bytes: writeSese024(status),
    differences: (message) => statusDifferences(status, readSese024(message).status),
  };
}

/** A cancellation does not say the type of what it cancels, so that is not missed in it. */
function writeInstruction(command: Command): ReturnType<Writer> {
  const { said, problems } = readSettlementInstruction(command);
  if (said === undefined) return { problems };
  const cancels = said.action === 'cancel';
  const asked = cancels ? { ...said, details: { ...said.details, transactionType: undefined } } : said;
  const family = cancels ? cancellationFamily : instructionFamily;
  return {
    bytes: writeSettlementInstruction(said),
    differences: (message) => saidDifferences(asked, family.read(message).said),
  };
}

function writeCommand(command: Command): ReturnType<Writer> {
  const { said, problems } = readTransactionCommand(command);
  if (said === undefined) return { problems };
  return {
    bytes: writeSese030(said),
    differences: (message) => saidDifferences(said, modificationFamily.read(message).said),
  };
}

function writeElection(command: Command): ReturnType<Writer> {
  const { said, problems } = readInstructionCommand(command);
  const bytes = said === undefined ? undefined : writeCorporateActionMx(said);
  if (said === undefined || bytes === undefined) return { problems };
  return {
    bytes,
    differences(message) {
      const [read] = readCorporateActionMx(message).said;
      return read === undefined ? ['message'] : instructionDifferences(said, read);
    },
  };
}
