import { type IssueTable, issueMaker } from '../../src/core/issue.ts';

/** What a FIX session finds in their data (issues), and how the world fails it (GatewayErrors). */
export const fixSessionIssues = {
  FIX_SEQUENCE_TOO_LOW: {
    severity: 'error',
    meaning:
      'A message came with a MsgSeqNum(34) that was used before, without PossDupFlag(43)=Y. It was not accepted, its bytes are in quarantine, and the session logged out.',
    remedy:
      'Ask the counterparty whether it lost or reset its numbers. Then `clearport sessions reset` (both sides begin at 1) or `clearport sessions set`.',
  },
  FIX_NUMBERS_REUSED: {
    severity: 'error',
    meaning:
      'A message was held above a gap when the connection ended, and the counterparty came back with a Logon(A) under its number or a lower one. Its bytes are in quarantine; the number is taken anew.',
    remedy:
      'Ask the counterparty whether it lost its numbers. If the message stands, release it; what it sends again is then seen as the same fact.',
  },
  FIX_SESSION_HELD: {
    severity: 'error',
    meaning: 'The session waits for an operator and refuses to log on.',
    remedy:
      'Look at the issue that held it, then set or reset its sequence numbers with `clearport sessions`.',
  },
  FIX_LOGON_REFUSED: {
    severity: 'error',
    meaning: 'The counterparty answered our Logon(A) with a Logout(5), or hung up.',
    remedy: 'Read its text: credentials, CompIDs, sequence numbers and hours are the usual reasons.',
  },
  FIX_LOGON_INVALID: {
    severity: 'error',
    meaning:
      'A Logon(A) of theirs cannot be accepted: EncryptMethod(98), HeartBtInt(108) or another field is wrong.',
    remedy: 'Agree the fields of the Logon(A) with the counterparty.',
  },
  FIX_LOGON_CREDENTIALS: {
    severity: 'error',
    meaning:
      'A Logon(A) came with a wrong or missing Username(553) or Password(554), or on a certificate that is not bound to this session. The connection was closed.',
    remedy: 'Compare the credentials on both sides; an unknown address that keeps trying is an attack.',
  },
  FIX_LOGON_UNKNOWN: {
    severity: 'error',
    meaning:
      'Somebody connected whose BeginString(8), SenderCompID(49) or TargetCompID(56) is of no session behind this port. The bytes are kept, the connection was closed without an answer.',
    remedy: 'If it is the counterparty, correct the CompIDs on one side.',
  },
  FIX_ADDRESS: {
    severity: 'error',
    meaning:
      'A Logon(A) of a known session came from an address that is not in its `allow`. The connection was closed without an answer.',
    remedy: 'If the counterparty moved, add its address; if not, somebody else has its CompIDs.',
  },
  FIX_SESSION_CLOSED: {
    severity: 'warning',
    meaning:
      'A Logon(A) came outside of the hours of the session (`schedule`), and was refused with Logout(5).',
    remedy: 'Compare the hours of both sides with `clearport schedule preview`, and the clocks.',
  },
  FIX_SESSIONS_MAX: {
    severity: 'error',
    meaning:
      'A counterparty of a template connected for the first time while there are `sessionsMax` sessions already. It was hung up on.',
    remedy: 'Raise `sessionsMax`, or list the counterparties that may have a session.',
  },
  FIX_SESSION_NAME: {
    severity: 'error',
    meaning: 'A template has a session for each counterparty, and the one that was meant is not among them.',
    remedy:
      'Name one that `clearport sessions` shows (`--session`); a message says TargetCompID(56) in its body.',
  },
  FIX_LOGON_SECOND: {
    severity: 'error',
    meaning:
      'The counterparty connected while its session was already connected, or sent a second Logon(A) within it.',
    remedy:
      'Let only one of their processes use these CompIDs; a dead connection frees itself after 2.4 heartbeats.',
  },
  FIX_LOGON_FIRST: {
    severity: 'error',
    meaning: 'The first message on a connection was no Logon(A).',
    remedy: 'The other end is no FIX session, or is in the middle of one: it has to connect anew.',
  },
  FIX_LOGON_MASKED: {
    severity: 'info',
    meaning:
      'The secret values of this Logon(A) were replaced by as many `*` before it was stored, and CheckSum(10) was computed again.',
    remedy: 'None: a Logon(A) is never sent again, and secrets do not belong in a log.',
  },
  FIX_RESET_REFUSED: {
    severity: 'error',
    meaning: 'A Logon(A) with ResetSeqNumFlag(141)=Y came, and `acceptReset` is off.',
    remedy:
      'Ask why the counterparty resets; then switch `acceptReset` on, or have it go on with its numbers.',
  },
  FIX_RESET_LOSES: {
    severity: 'warning',
    meaning:
      'A reset came while messages of the old numbering were still missing. They cannot be asked for any more.',
    remedy:
      'Ask the counterparty to send them again under new numbers, or take them from its end-of-day file.',
  },
  FIX_SEQUENCE_SKIPPED: {
    severity: 'warning',
    meaning:
      'The counterparty moved its numbers on with SequenceReset(4) in reset mode: what stood under the numbers between will not come.',
    remedy: 'Ask the counterparty what they were; reconcile with its end-of-day file.',
  },
  FIX_SEQUENCE_RESET_LOW: {
    severity: 'error',
    meaning: 'NewSeqNo(36) of a SequenceReset(4) is not above the number that is expected. It was rejected.',
    remedy: 'The counterparty has to fix its side; a real reset is a Logon(A) with ResetSeqNumFlag(141)=Y.',
  },
  FIX_RESEND_STALLED: {
    severity: 'warning',
    meaning: 'A ResendRequest(2) brought nothing for a while; it is asked again.',
    remedy: 'If it goes on, ask the counterparty why its side does not resend.',
  },
  FIX_RESEND_RANGE: {
    severity: 'error',
    meaning: 'BeginSeqNo(7) or EndSeqNo(16) of a ResendRequest(2) names no message that was ever sent.',
    remedy: 'Compare the sequence numbers of both sides.',
  },
  FIX_HELD_LIMIT: {
    severity: 'warning',
    meaning:
      'More messages arrived above a gap than are held in memory. The rest was let go; the counterparty is asked for it again.',
    remedy:
      'None, if the gap fills. A limit on ResendRequest(2) at the counterparty makes it slow: set `resendRequestChunkSize`.',
  },
  FIX_COMP_ID: {
    severity: 'error',
    meaning:
      'A message within the session has another SenderCompID(49) or TargetCompID(56) than its Logon(A). It was rejected and the session logged out.',
    remedy: 'The counterparty routes messages into the wrong session.',
  },
  FIX_SENDING_TIME: {
    severity: 'error',
    meaning:
      'SendingTime(52) is further from our clock than `maxLatencySeconds`, or before OrigSendingTime(122). The message was rejected and the session logged out.',
    remedy:
      'Compare the clocks of both machines; a counterparty that cannot keep its clock needs `checkLatency: false`.',
  },
  FIX_ORIG_SENDING_TIME: {
    severity: 'error',
    meaning:
      'A message with PossDupFlag(43)=Y has no OrigSendingTime(122). It was rejected; its number had been received before.',
    remedy: 'The counterparty has to send OrigSendingTime(122) with what it resends.',
  },
  FIX_BEGIN_STRING: {
    severity: 'error',
    meaning: 'A message has another BeginString(8) than the session. The session logged out.',
    remedy: 'Agree the version with the counterparty.',
  },
  FIX_SEQUENCE_MISSING: {
    severity: 'error',
    meaning: 'A message has no MsgSeqNum(34), or one that is no number. The session logged out.',
    remedy: 'The counterparty has to fix its side.',
  },
  FIX_SESSION_FIELD: {
    severity: 'error',
    meaning:
      'A field that the session needs is missing or malformed. The message was rejected with Reject(3).',
    remedy: 'The counterparty has to fix its side; the message is in quarantine.',
  },
  FIX_MESSAGE_REJECTED: {
    severity: 'error',
    meaning:
      'The dictionary objects to the message, and with `validate: full` it was answered with Reject(3).',
    remedy: 'See the other issues of the message: repair and replay it, or extend the dictionary.',
  },
  FIX_TYPE_UNSUPPORTED: {
    severity: 'warning',
    meaning:
      'A message has a MsgType(35) that is not in `supportedTypes`. It was kept, and answered with BusinessMessageReject(j), up to FIX 4.1 with Reject(3).',
    remedy: 'Tell the counterparty what this session is for, or add the type to `supportedTypes`.',
  },
  FIX_ENCRYPTED: {
    severity: 'error',
    meaning:
      'A message has SecureData(91), which only a session with an EncryptMethod(98) other than 0 may send. It was rejected.',
    remedy: 'The counterparty has to switch message encryption off; the line is protected by TLS.',
  },
  FIX_PEER_SILENT: {
    severity: 'warning',
    meaning:
      'Nothing came for 2.4 heartbeat intervals, a TestRequest(1) included. The connection was closed.',
    remedy: 'Look at the network, and at the counterparty.',
  },
  FIX_PEER_SLOW: {
    severity: 'warning',
    meaning:
      'The counterparty does not read what is sent to it. The connection was closed; what it misses stays stored for its ResendRequest(2).',
    remedy: 'Look at the counterparty.',
  },
  FIX_CONNECTION: {
    severity: 'warning',
    meaning:
      'The connection could not be made, or failed: refused, timed out, or TLS found a wrong certificate.',
    remedy: 'Read the cause; `clearport check --connect` tries every counterparty once.',
  },
  FIX_STRANGERS: {
    severity: 'warning',
    meaning:
      'More unknown connections came within a minute than are kept. The rest was closed without a trace.',
    remedy: 'Close the port to everybody but the counterparty.',
  },
  FIX_INSECURE: {
    severity: 'warning',
    meaning: 'The session runs without TLS beyond loopback, because `insecure: true` says so.',
    remedy: 'Use TLS, unless the line is private by other means.',
  },
  FIX_STORE: {
    severity: 'error',
    meaning:
      'The log did not take what the session read. Nothing was accepted; the session hung up and begins again from the log.',
    remedy: 'Read the cause: a full disk is the usual one.',
  },
  FIX_LISTEN: {
    severity: 'error',
    meaning: 'The acceptor cannot listen on its address and port.',
    remedy: 'Another process has the port, or the address is not of this machine.',
  },
  FIX_DICTIONARY: {
    severity: 'error',
    meaning: 'The dictionary that the session is to read by cannot be read, or is wrong.',
    remedy: 'Look at all that is wrong with it with `clearport dictionary check`.',
  },
  FIX_TLS: {
    severity: 'error',
    meaning:
      'The certificate, the key or the authorities of a session cannot be read, or do not belong together.',
    remedy: 'Check the files that `tls.cert`, `tls.key` and `tls.ca` refer to.',
  },
  FIX_OPTIONS: {
    severity: 'error',
    meaning: 'The options of a session contradict each other.',
    remedy: 'Run `clearport check`.',
  },
  FIX_SEND: {
    severity: 'error',
    meaning: 'A message cannot be sent as it was given: its fields are malformed, or belong to the session.',
    remedy: 'Give the body as a list of [tag, value] or as an object of tags, without the header.',
  },
  FIX_NOT_LOGGED_ON: {
    severity: 'error',
    meaning:
      'The numbering of the session is about to begin anew: what is sent now would be lost with the old one.',
    remedy: 'Wait for the session to be up.',
  },
  FIX_CLOSED: {
    severity: 'error',
    meaning: 'The session is closed, or closed before the message was committed.',
    remedy: 'Open it again.',
  },
} as const satisfies IssueTable;

export const fixIssue = issueMaker(fixSessionIssues);
