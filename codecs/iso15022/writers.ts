import type { Command } from '../../src/contract/codec.ts';
import {
  instructionDifferences,
  readInstructionCommand,
} from '../../src/contract/corporate-action-command.ts';
import { readStatusCommand } from '../../src/contract/settlement-command.ts';
import { statusDifferences } from '../../src/contract/settlement-difference.ts';
import type { MtMessage } from './message.ts';
import { readCorporateActionMt } from './normalize-corporate-action.ts';
import { readMt548 } from './normalize-mt548.ts';
import { writeCorporateActionMt } from './write-corporate-action.ts';
import { writeMt548 } from './write-mt548.ts';

/** A message that a command asks for, and how to see that it says what was asked. */
export interface Written {
  readonly bytes: Uint8Array;
  /** Names of what the message would be read to say otherwise. */
  differences(read: MtMessage): readonly string[];
}

/** Writes the message of a command, or says in sentences what the command lacks or cannot say. */
export type Writer = (command: Command) => Written | { readonly problems: readonly string[] };

/** By the type of the command. */
export const writers: ReadonlyMap<string, Writer> = new Map<string, Writer>([
  ['corporate-action-instruction', writeInstruction],
  ['settlement-status', writeStatus],
]);

function writeStatus(command: Command): ReturnType<Writer> {
  const { status, problems } = readStatusCommand(command);
  if (status === undefined) return { problems };
  return {
    bytes: writeMt548(status),
    differences: (message) => statusDifferences(status, readMt548(message).status),
  };
}

function writeInstruction(command: Command): ReturnType<Writer> {
  const { said, problems } = readInstructionCommand(command);
  if (said === undefined) return { problems };
  return {
    bytes: writeCorporateActionMt(said),
    differences: (message) => instructionDifferences(said, readCorporateActionMt(message).said),
  };
}
