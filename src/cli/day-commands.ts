import type { Command } from 'commander';
import { addBookCommands } from './book-commands.ts';
import { addCertCommands } from './cert-commands.ts';
import type { Add } from './command-adding.ts';
import { addDictionaryCommands } from './dictionary-commands.ts';
import { addImportCommands } from './import-commands.ts';
import { addKeysCommands } from './keys-commands.ts';
import { addLayoutCommands } from './layout-commands.ts';
import { addLedgerCommands } from './ledger-commands.ts';
import { addReconCommands } from './recon-commands.ts';
import { addScheduleCommands } from './schedule-commands.ts';
import { addSendCommands } from './send-commands.ts';

/** The commands of a trade day: book, recon and breaks, feeds and their calendar, sending, keys, layouts, dictionaries, certification. */
export function addDayCommands(add: Add, program: Command): void {
  addBookCommands(add, program);
  addCertCommands(add, program);
  addImportCommands(add, program);
  addDictionaryCommands(add, program);
  addKeysCommands(add, program);
  addLayoutCommands(add, program);
  addLedgerCommands(add, program);
  addReconCommands(add, program);
  addScheduleCommands(add, program);
  addSendCommands(add, program);
}
