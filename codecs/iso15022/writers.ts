import type { Command } from '../../src/contract/codec.ts';
import {
  instructionDifferences,
  readInstructionCommand,
} from '../../src/contract/corporate-action-command.ts';
import {
  readSecuritiesMovement,
  readSettlementInstruction,
  readTransactionCommand,
  type SaidOrProblems,
} from '../../src/contract/instruction-command.ts';
import { saidDifferences } from '../../src/contract/said-difference.ts';
import { readStatusCommand } from '../../src/contract/settlement-command.ts';
import { statusDifferences } from '../../src/contract/settlement-difference.ts';
import type { MessageFacts } from '../../src/contract/settlement-instruction.ts';
import { readTradeCommand, tradeDifferences } from '../../src/contract/trade-command.ts';
import type { MtMessage } from './message.ts';
import { readCorporateActionMt } from './normalize-corporate-action.ts';
import { type Read, readInstruction } from './normalize-mt54x.ts';
import { readMovement } from './normalize-mt524.ts';
import { readCommandMessage } from './normalize-mt530.ts';
import { readMt548 } from './normalize-mt548.ts';
import { readTradeMt } from './normalize-trade.ts';
import { writeCorporateActionMt } from './write-corporate-action.ts';
import { writeMt54x, writeMt524, writeMt530 } from './write-mt54x.ts';
import { writeMt515 } from './write-mt515.ts';
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
  ['securities-movement', writerOf(readSecuritiesMovement, writeMt524, readMovement)],
  ['settlement-instruction', writerOf(readSettlementInstruction, writeMt54x, readInstruction)],
  ['settlement-status', writeStatus],
  ['trade-confirmation', writeTrade],
  ['transaction-command', writerOf(readTransactionCommand, writeMt530, readCommandMessage)],
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

function writeTrade(command: Command): ReturnType<Writer> {
  const { said, problems } = readTradeCommand(command);
  if (said === undefined) return { problems };
  return {
    bytes: writeMt515(said),
    differences: (message) => tradeDifferences(said, readTradeMt(message).report),
  };
}

/** A writer of what a command says, which sees that the message is read to say the same. */
function writerOf<T extends MessageFacts>(
  read: (command: Command) => SaidOrProblems<T>,
  write: (said: T) => Uint8Array,
  readBack: (message: MtMessage) => Read<T>,
): Writer {
  return (command) => {
    const { said, problems } = read(command);
    if (said === undefined) return { problems };
    return { bytes: write(said), differences: (message) => saidDifferences(said, readBack(message).said) };
  };
}
