import { type IssueTable, issueMaker } from '../../src/core/issue.ts';

/**
 * What can be wrong with an ISO 15022 message, weighed by the lenient policy: what the standard's structure would refuse and can still be
 * read is a warning; an error is what must not be believed. See `MtPolicy` for the others.
 */
export const iso15022Issues = {
  MT_SEPARATOR: {
    severity: 'info',
    meaning: 'Blanks, line ends or other separators stand where no message is.',
    remedy: 'Nothing to do.',
  },
  MT_GARBAGE: {
    severity: 'error',
    meaning: 'Bytes belong to no message: neither block 1, 2 or 4 nor a fixed header begins in them.',
    remedy: 'Look at the bytes; ask the counterparty what it sent.',
  },
  MT_TRUNCATED: {
    severity: 'error',
    meaning: 'A message begins and does not end: the stream ends, or another message begins inside of it.',
    remedy: 'Ask the counterparty to send the message again.',
  },
  MT_MESSAGE_TOO_LONG: {
    severity: 'error',
    meaning: 'A message is longer than the limit.',
    remedy: 'Look at the bytes; a FIN message has at most 10,000 characters.',
  },
  MT_TEXT_MISSING: {
    severity: 'error',
    meaning: 'A message has no block 4, or nothing in it.',
    remedy: 'Ask the counterparty to send the whole message.',
  },
  MT_TEXT_UNCLOSED: {
    severity: 'error',
    meaning: 'The text of a message does not end: neither `-}` nor, behind a fixed header, a line `-`.',
    remedy:
      'The message was cut: ask the counterparty to send it again, or read the channel with the policy repair.',
  },
  MT_TEXT_END: {
    severity: 'warning',
    meaning: 'Block 4 ends with `-}` or `}` that does not stand on a line of its own.',
    remedy: 'Tell the counterparty; the end does not count as part of the last field.',
  },
  MT_REPAIRED: {
    severity: 'warning',
    meaning:
      'The policy is to repair: a text whose end is missing, or a sequence without its 16S, was closed. A last line without a line end is not read.',
    remedy: 'Ask the counterparty for the whole message; what it said may be more than what was read.',
  },
  MT_REFERENCE_BLANK: {
    severity: 'warning',
    meaning: 'A reference begins or ends with a blank, so it may not be found where it is looked for.',
    remedy: 'Tell the counterparty; the blank is kept as it stands.',
  },
  MT_ENVELOPE: {
    severity: 'warning',
    meaning: 'A block of the envelope is missing, unknown, out of order or cannot be read.',
    remedy: 'Compare the envelope with what was agreed; the text of the message is read all the same.',
  },
  MT_TRAILING_BYTES: {
    severity: 'error',
    meaning: 'Bytes stand behind the last block of a message that are no separators.',
    remedy:
      'Look at the bytes behind the message; more than one message in one delivery is cut by the framer.',
  },
  MT_TYPE_UNKNOWN: {
    severity: 'warning',
    meaning:
      'The message type is not one that this build has the structure of; its tree is read all the same.',
    remedy: 'Nothing is normalized from it; the message is kept and can be read again by a later build.',
  },
  MT_TYPE_GUESSED: {
    severity: 'info',
    meaning: 'The message has no block 2, so its type was told by its structure.',
    remedy: 'Nothing to do where the channel carries bare texts.',
  },
  MT_TOO_MANY_FIELDS: {
    severity: 'error',
    meaning: 'A message has more fields than the limit; the rest was not read.',
    remedy: 'Look at the bytes; no message of the standard comes near.',
  },
  MT_LINE_OUTSIDE_FIELD: {
    severity: 'error',
    meaning: 'A line stands before the first field of block 4.',
    remedy: 'Look at the line; a field begins with `:tag:`.',
  },
  MT_CHARACTER: {
    severity: 'warning',
    meaning:
      'A character stands in a field that its character set does not have: x, y or z as the format says; behind the fixed header the smaller set of the clearing corporation.',
    remedy: 'Look at the field; the bytes are kept as they came.',
  },
  MT_FIELD_FORMAT: {
    severity: 'warning',
    meaning: 'A field is not written as the format of its tag and option says.',
    remedy: 'Compare the field with the format that the message names.',
  },
  MT_SEQUENCE_UNCLOSED: {
    severity: 'error',
    meaning: 'A sequence begins with 16R and has no 16S where it would have to end.',
    remedy: 'Ask the counterparty to send the message right: its structure cannot be trusted.',
  },
  MT_SEQUENCE_UNOPENED: {
    severity: 'error',
    meaning: 'A 16S closes a sequence that is not open: 16R is missing, or two sequences cross.',
    remedy: 'Ask the counterparty to send the message right: its structure cannot be trusted.',
  },
  MT_SEQUENCE_DEPTH: {
    severity: 'error',
    meaning: 'Sequences are nested deeper than the limit.',
    remedy: 'Look at the bytes; the deepest sequence of the standard has eight levels.',
  },
  MT_SEQUENCE_UNKNOWN: {
    severity: 'warning',
    meaning: 'A sequence stands where the structure of its message has none of this code.',
    remedy: 'Look at the sequence; its fields are kept and shown.',
  },
  MT_SEQUENCE_MISSING: {
    severity: 'warning',
    meaning: 'A mandatory sequence is missing.',
    remedy: 'Tell the counterparty; what the message says otherwise is read all the same.',
  },
  MT_SEQUENCE_REPEATED: {
    severity: 'warning',
    meaning: 'A sequence that may stand once stands again.',
    remedy: 'Tell the counterparty; the first one counts.',
  },
  MT_SEQUENCE_ORDER: {
    severity: 'warning',
    meaning: 'A sequence stands behind one that the standard puts after it.',
    remedy: 'Tell the counterparty; the message is read all the same.',
  },
  MT_FIELD_MISSING: {
    severity: 'warning',
    meaning: 'A mandatory field or qualifier is missing from its sequence.',
    remedy: 'Tell the counterparty; what the message says otherwise is read all the same.',
  },
  MT_FIELD_REPEATED: {
    severity: 'warning',
    meaning: 'A field or qualifier that may stand once stands again in its sequence.',
    remedy: 'Tell the counterparty; the first one counts. Statuses and reasons count all of them.',
  },
  MT_FIELD_UNKNOWN: {
    severity: 'info',
    meaning: 'The structure has no such field or qualifier in this sequence.',
    remedy: 'Nothing to do where it was agreed; it is kept and shown.',
  },
  MT_CODE: {
    severity: 'info',
    meaning: 'A code of the standard itself stands in a field whose list does not have it.',
    remedy: 'Ask the counterparty what it means; a code of its own has its issuer in front.',
  },
  MT_RULE: {
    severity: 'warning',
    meaning:
      'A rule of the network across fields is broken; the message names its number and what it asks for.',
    remedy: 'Tell the counterparty; what the message says is read all the same.',
  },
  MT_VALUE_NEEDED: {
    severity: 'error',
    meaning: 'A value that the events of the message need is missing or cannot be read.',
    remedy: 'Repair the message in quarantine, or ask the counterparty to send it right.',
  },
  MT_SUM: {
    severity: 'warning',
    meaning: 'The balances, lines and counts of a statement do not agree.',
    remedy: 'Look whether a page or a line is missing; ask the bank for the statement again.',
  },
  MT_COMMAND: {
    severity: 'error',
    meaning:
      'A command cannot be written as a message: something is missing, or cannot be said in its format.',
    remedy: 'Correct the data of the command where the message says.',
  },
} as const satisfies IssueTable;

export type MtIssueCode = keyof typeof iso15022Issues;

export const mtIssue = issueMaker(iso15022Issues);
