import type { IssueTable } from '../../src/core/issue.ts';

/** What can be wrong with definitions, and how a run of one can end other than well. */
export const definitionIssues = {
  DEFINITION_SYNTAX: {
    severity: 'error',
    meaning: 'A line of a definition is none of the lines that the grammar has.',
    remedy:
      'Begin it with I, E or R and a message, iCONNECT, iDISCONNECT, eCONNECT, eDISCONNECT, or # for a comment.',
  },
  DEFINITION_SKIPPED: {
    severity: 'warning',
    meaning: 'A line means nothing to the runner of this profile, which passes over it.',
    remedy: 'Make it a comment with #, or correct it: nothing of it is tested.',
  },
  DEFINITION_NO_CONNECT: {
    severity: 'error',
    meaning: 'A definition has no line that opens a connection.',
    remedy: 'Begin with iCONNECT (we connect) or eCONNECT (the engine under test connects).',
  },
  DEFINITION_CLIENT: {
    severity: 'error',
    meaning: 'A line uses a connection that no line before it opened, or that a line before it closed.',
    remedy: 'Open it first: iCONNECT, or i2,CONNECT for the second client.',
  },
  DEFINITION_ROLE: {
    severity: 'error',
    meaning:
      'A definition mixes lines of a connecting and of a listening runner, or is run in the other role.',
    remedy:
      'Use iCONNECT throughout and a target to connect to, or eCONNECT throughout and an address to listen on.',
  },
  DEFINITION_FIELD: {
    severity: 'warning',
    meaning: 'A message that is expected has something between two separators that is not TAG=VALUE.',
    remedy: 'Write TAG=VALUE, each ended by SOH (0x01); no engine will ever send this.',
  },
  DEFINITION_LENGTH: {
    severity: 'warning',
    meaning:
      'A message that is expected has its CheckSum(10) and no BodyLength(9): as with the Ruby runner, the length that is put in is one too low, and no engine will ever send it.',
    remedy: 'Leave CheckSum(10) out as well, or write BodyLength(9).',
  },
  DEFINITION_MACRO: {
    severity: 'warning',
    meaning: 'Something looks like a macro and is none, so that it goes out as it stands.',
    remedy: 'Write <TIME>, <TIME+5>, <TIME-5> or <FILE:path>.',
  },
  DEFINITION_FILE: {
    severity: 'error',
    meaning: 'A file that <FILE:path> names cannot be used.',
    remedy:
      'Put it beside the definition or up to four folders above; a path with .. or from the root is refused.',
  },
  DEFINITION_SESSION: {
    severity: 'error',
    meaning: 'A line that sets a session from the inside cannot be read.',
    remedy: 'Write iSET_SESSION FIX.4.4:ISLD->TW NEXTTARGETSEQNUM=5, or NEXTSENDERSEQNUM=5.',
  },
  DEFINITION_PATTERN: {
    severity: 'error',
    meaning: 'A row of fields.fmt is not TAG=PATTERN, or its pattern is no regular expression.',
    remedy: 'Correct the row, such as 52=\\d{8}-\\d{2}:\\d{2}:\\d{2}; a pattern cannot hold "=".',
  },
  DEFINITION_LARGE: {
    severity: 'error',
    meaning: 'A definition is larger than the runner reads.',
    remedy: 'Split it: one definition tests one thing.',
  },
  CERT_PACK: {
    severity: 'error',
    meaning: 'What was named as a pack holds no definition.',
    remedy: 'Name a .def file, a folder with such files, or a pack that comes with the product.',
  },
  CERT_DIFFERENT: {
    severity: 'error',
    meaning: 'The engine under test sent another message than the one that is expected.',
    remedy: 'Compare expected and received, field by field.',
  },
  CERT_SILENT: {
    severity: 'error',
    meaning: 'The engine under test sent nothing where a message is expected.',
    remedy: 'See in the transcript what it was sent last; raise --timeout where the engine is only slow.',
  },
  CERT_DISCONNECTED: {
    severity: 'error',
    meaning: 'The connection ended where a message is expected, or had ended where one is to be sent.',
    remedy: 'See in the log of the engine under test why it hung up.',
  },
  CERT_STILL_CONNECTED: {
    severity: 'error',
    meaning: 'The engine under test kept the connection open where it has to hang up.',
    remedy: 'See in the transcript what it was sent last, and what should have ended the session.',
  },
  CERT_DATA: {
    severity: 'error',
    meaning: 'The engine under test sent something where it has to hang up.',
    remedy: 'See in the transcript what came; nothing may come before the end.',
  },
  CERT_RESET: {
    severity: 'error',
    meaning: 'The connection was reset (RST) where it has to be closed in order (FIN).',
    remedy: 'Read everything before closing: a reset can destroy what was sent last, such as a Logout(5).',
  },
  CERT_CHECKSUM: {
    severity: 'error',
    meaning: 'CheckSum(10) of what the engine under test sent is not the sum of its bytes.',
    remedy: 'Sum all bytes up to and including the separator before 10=, modulo 256, as three digits.',
  },
  CERT_UNREADABLE: {
    severity: 'error',
    meaning: 'What the engine under test sent cannot be cut into messages.',
    remedy: 'Begin with BeginString(8) and a BodyLength(9) that says how many bytes follow.',
  },
  CERT_NO_CONNECTION: {
    severity: 'error',
    meaning: 'No connection came about: ours was refused, or nobody connected to us.',
    remedy: 'See whether the engine under test still runs, and where it listens or connects to.',
  },
  CERT_ADMIN: {
    severity: 'error',
    meaning: 'A definition sets a session from the inside, and nobody told the runner how.',
    remedy: 'Give --set-session a program that does it, or leave the definition out with --only.',
  },
  CERT_STOPPED: {
    severity: 'error',
    meaning: 'The run was stopped before a definition had ended.',
    remedy: 'Run it again.',
  },
  CERT_TARGET: {
    severity: 'error',
    meaning: 'Nobody answers at the address of the engine under test.',
    remedy: 'Start it, and see where it listens.',
  },
} as const satisfies IssueTable;

export type DefinitionCode = keyof typeof definitionIssues;
