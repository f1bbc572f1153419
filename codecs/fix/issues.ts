import { type Issue, type IssueTable, issueMaker, type Place, type Severity } from '../../src/core/issue.ts';

/**
 * What can be wrong with FIX bytes. Where a code has a SessionRejectReason(373), {@link rejectReasons} holds it.
 * Severities are those of the lenient policy, which suits a drop copy: whoever reads a copy cannot send it back, and
 * losing a trade for a stray tag helps nobody. The strict policy raises every code with a reject reason to an error.
 */
export const fixIssues = {
  FIX_GARBAGE: {
    severity: 'error',
    meaning: 'Bytes between two messages that belong to no message.',
    remedy: 'Ask the sender what these bytes are; a broken connection or a wrong port makes them too.',
  },
  FIX_SEPARATOR: {
    severity: 'info',
    meaning: 'Line ends, NULs or blanks between two messages.',
    remedy: 'None needed. A FIX log is better read as a log, where a line end belongs to its message.',
  },
  FIX_LOG_LINE: {
    severity: 'info',
    meaning: 'A line of a FIX log that holds no message.',
    remedy: 'None needed.',
  },
  FIX_TRUNCATED: {
    severity: 'error',
    meaning: 'The stream or file ended inside a message.',
    remedy: 'On a session the resend brings the message again; a file has to be sent again.',
  },
  FIX_MESSAGE_TOO_LONG: {
    severity: 'error',
    meaning: 'A message, or the BodyLength(9) that announces it, is longer than the limit.',
    remedy: 'Raise fixMessageBytesMax if the counterparty really sends such messages.',
  },
  FIX_BODY_LENGTH: {
    severity: 'error',
    meaning:
      'BodyLength(9) is missing, is no number, or does not lead to CheckSum(10): the message is garbled.',
    remedy:
      'The session ignores it and asks for a resend; if it comes back the same, the sender counts wrong.',
  },
  FIX_CHECKSUM: {
    severity: 'error',
    meaning: 'CheckSum(10) is not the sum of the bytes modulo 256 as three digits: the message is garbled.',
    remedy: 'The session ignores it and asks for a resend; if it comes back the same, the sender sums wrong.',
  },
  FIX_FIRST_FIELDS: {
    severity: 'error',
    meaning: 'The message does not begin with BeginString(8), BodyLength(9), MsgType(35), in this order.',
    remedy: 'The session ignores it as garbled; tell the sender.',
  },
  FIX_TOO_MANY_FIELDS: {
    severity: 'error',
    meaning: 'The message has more fields than the limit.',
    remedy: 'Raise fixFieldsMax if the counterparty really sends such messages.',
  },
  FIX_TOO_MANY_EVENTS: {
    severity: 'error',
    meaning: 'A trade report has so many sides, legs and parties that its events would be beyond the limits.',
    remedy: 'Raise fixReportEventsMax or fixReportPartiesMax if the counterparty really sends such reports.',
  },
  FIX_TRAILING_BYTES: {
    severity: 'warning',
    meaning: 'Bytes follow CheckSum(10) inside the frame, and are more than line ends, NULs or blanks.',
    remedy: 'Look at what writes the log; the bytes are kept and not read.',
  },
  FIX_TAG_INVALID: {
    severity: 'warning',
    meaning: 'A field does not begin with a number from 1 and an equals sign.',
    remedy:
      'A free text that holds the separator makes these; the sender should use the field with its length.',
  },
  FIX_REQUIRED_MISSING: {
    severity: 'warning',
    meaning: 'A field that the standard requires in this message is missing.',
    remedy: 'Check the dialect with the counterparty.',
  },
  FIX_TAG_NOT_IN_MESSAGE: {
    severity: 'info',
    meaning: 'A field of the standard stands in a message that does not have it.',
    remedy: 'None needed; the field is kept and shown.',
  },
  FIX_TAG_UNKNOWN: {
    severity: 'info',
    meaning: 'A tag below 5000 that this version of the standard does not have.',
    remedy: 'None needed; the field is kept and shown.',
  },
  FIX_TAG_USER_DEFINED: {
    severity: 'info',
    meaning:
      'A tag from 5000 on that the dictionary does not have; told where validateUserDefinedFields is on.',
    remedy: 'Add the field to the dialect of this counterparty, or switch validateUserDefinedFields off.',
  },
  FIX_VALUE_EMPTY: {
    severity: 'warning',
    meaning: 'A tag without a value.',
    remedy: 'The field counts as absent; tell the sender.',
  },
  FIX_VALUE_ENUM: {
    severity: 'warning',
    meaning: 'A value that the standard does not list for this field.',
    remedy: 'Ask the counterparty what it means; it is kept as it is.',
  },
  FIX_VALUE_FORMAT: {
    severity: 'warning',
    meaning: "A value that has not the form of its field's type.",
    remedy: 'Tell the sender; the value is kept and shown, and no event is made from it.',
  },
  FIX_MSG_TYPE_UNKNOWN: {
    severity: 'warning',
    meaning: 'A MsgType(35) that this version of the standard does not have.',
    remedy: 'None needed: it is kept, shown, and told as message.unknown.',
  },
  FIX_MSG_TYPE_LATER: {
    severity: 'info',
    meaning:
      'A MsgType(35) of a later version of the standard than the message says; it is read by that version.',
    remedy: 'None needed; venues send XMLnonFIX(n) inside FIX.4.2, for one.',
  },
  FIX_TAG_REPEATED: {
    severity: 'warning',
    meaning: 'A tag stands more than once where it may stand once; the first one counts.',
    remedy: 'Check the dialect with the counterparty.',
  },
  FIX_TAG_ORDER: {
    severity: 'warning',
    meaning: 'A header field stands after the body began, or a trailer field before the end.',
    remedy: 'Tell the sender; the field is read all the same.',
  },
  FIX_GROUP_ORDER: {
    severity: 'warning',
    meaning: "An entry of a repeating group does not begin with the group's first field.",
    remedy: 'Check the groups of the dialect with the counterparty.',
  },
  FIX_GROUP_COUNT: {
    severity: 'warning',
    meaning: 'A repeating group has more or fewer entries than its count says.',
    remedy: 'Tell the sender; the entries that are there are read.',
  },
  FIX_GROUP_DEPTH: {
    severity: 'error',
    meaning: 'Repeating groups are nested deeper than the limit.',
    remedy: 'Raise fixGroupDepthMax if the dialect really nests that deep.',
  },
  FIX_DATA_LENGTH: {
    severity: 'error',
    meaning: 'The length field before a data field does not lead to the end of the data.',
    remedy: 'Tell the sender: a length counts bytes, not characters.',
  },
  FIX_VERSION_FALLBACK: {
    severity: 'info',
    meaning: 'BeginString(8) is of no version of FIX; the table of FIX 4.4 reads the message.',
    remedy: 'Ask the sender which version it speaks; a dialect of that version can read it then.',
  },
  FIX_VALUE_NEEDED: {
    severity: 'error',
    meaning: 'A field that the events of this message are made from is missing or cannot be read.',
    remedy: 'Repair the message in quarantine, or ask the counterparty to send it right.',
  },
  FIX_INNER_MESSAGE: {
    severity: 'error',
    meaning: 'The FIX message inside XmlData(213) cannot be taken.',
    remedy: 'Look at the inner message; the envelope itself is whole.',
  },
} as const satisfies IssueTable;

export type FixIssueCode = keyof typeof fixIssues;

export const fixIssue = issueMaker(fixIssues);

/**
 * What SessionRejectReason(373) says of a code. Source: FIX 4.4, Volume 6, field 373; a tag of no dictionary could be 0 (invalid tag
 * number) or 3 (undefined tag): it is 0, as in the public conformance pack (14a).
 */
export const rejectReasons: Readonly<Partial<Record<FixIssueCode, number>>> = {
  FIX_TAG_INVALID: 0,
  FIX_REQUIRED_MISSING: 1,
  FIX_TAG_NOT_IN_MESSAGE: 2,
  FIX_TAG_UNKNOWN: 0,
  FIX_TAG_USER_DEFINED: 0,
  FIX_VALUE_EMPTY: 4,
  FIX_VALUE_ENUM: 5,
  FIX_VALUE_FORMAT: 6,
  FIX_MSG_TYPE_UNKNOWN: 11,
  FIX_MSG_TYPE_LATER: 11,
  FIX_TAG_REPEATED: 13,
  FIX_TAG_ORDER: 14,
  FIX_GROUP_ORDER: 15,
  FIX_GROUP_COUNT: 16,
  FIX_DATA_LENGTH: 6,
};

/** How an issue would be answered by a session: the reason for Reject(3), and the tag where one is to blame. */
export interface RejectReason {
  readonly reason: number;
  readonly tag?: number;
}

/** The reject that an issue deserves, or undefined where the standard has none for it. */
export function rejectReasonOf(issue: Issue): RejectReason | undefined {
  const reason = isFixCode(issue.code) ? rejectReasons[issue.code] : undefined;
  if (reason === undefined) return undefined;
  const tag = /(?:^|[( ])(-?\d+)\)?$/.exec(issue.at?.field ?? '')?.[1];
  return tag === undefined ? { reason } : { reason, tag: Number(tag) };
}

/** `strict`: whatever has a reject reason is an error. `lenient`: as the table says. */
export type FixPolicy = 'strict' | 'lenient';

export function underPolicy(issue: Issue, policy: FixPolicy): Issue {
  if (policy === 'lenient' || rejectReasonOf(issue) === undefined) return issue;
  const severity: Severity = 'error';
  return { ...issue, severity };
}

function isFixCode(code: string): code is FixIssueCode {
  return Object.hasOwn(fixIssues, code);
}

export type { Issue, Place };
