import { z } from 'zod';
import { isLoopback } from '../../src/core/address.ts';
import { limits } from '../../src/core/limits.ts';
import { doorContradictions, doorOptions } from './options-door.ts';
import { scheduleOptions } from './options-schedule.ts';
import { tlsOptions } from './options-tls.ts';
import { validationOptions } from './options-validation.ts';
import { scheduleContradictions } from './schedule.ts';

/** Versions of the standard that a session can speak: the value of BeginString(8). */
export const beginStrings = ['FIX.4.0', 'FIX.4.1', 'FIX.4.2', 'FIX.4.3', 'FIX.4.4', 'FIXT.1.1'] as const;
export type BeginString = (typeof beginStrings)[number];

/** Without SOH and `=`, so that it stands in a field; without `/`, because it is a part of the origin of every entry. */
const compId = z.string().regex(/^[!-.0-<>-~]+$/, 'printable ASCII without blank, "/" or "="');
const subId = z.string().regex(/^[ -~]+$/, 'printable ASCII');
const seconds = z.number().positive().max(86_400);
const hostAndPort = z.strictObject({ host: z.string().min(1), port: z.number().int().min(1).max(65_535) });

const plainOptions = z.strictObject({
  role: z.enum(['initiator', 'acceptor']).describe('Whether we connect, or wait to be connected to.'),
  host: z.string().min(1).optional().describe('Initiator: name or address of the counterparty.'),
  port: z
    .number()
    .int()
    .min(0)
    .max(65_535)
    .describe('Where to connect to, or to listen on; for an acceptor, 0 takes a free one and says which.'),
  bind: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('Acceptor: the one address that it listens on. `0.0.0.0` is all of them, and has to be said.'),
  failover: z
    .array(hostAndPort)
    .max(limits.fixFailoverHostsMax)
    .default([])
    .describe(
      'Initiator: where else the counterparty is, as `{host, port}`, tried in this order after `host`. A logon goes back to the first at the next connection.',
    ),
  ...doorOptions,
  tls: tlsOptions.optional(),
  insecure: z
    .boolean()
    .default(false)
    .describe(
      'Plain TCP beyond loopback, for a line that is private by other means. Without TLS anybody on the way reads and writes trades.',
    ),
  beginString: z.enum(beginStrings).describe('Version of the session: BeginString(8).'),
  defaultApplVerId: z
    .string()
    .min(1)
    .optional()
    .describe(
      'FIXT.1.1: DefaultApplVerID(1137) of our Logon, such as 9 for FIX 5.0 SP2. An initiator needs it; an acceptor without it says what they say.',
    ),
  senderCompId: compId.describe('Who we are: SenderCompID(49) of what we send.'),
  targetCompId: compId.describe(
    'Who they are: TargetCompID(56) of what we send. With `template`, a pattern in which `*` stands for any characters.',
  ),
  senderSubId: subId.optional().describe('SenderSubID(50) of what we send.'),
  senderLocationId: subId.optional().describe('SenderLocationID(142) of what we send.'),
  targetSubId: subId.optional().describe('TargetSubID(57) of what we send.'),
  targetLocationId: subId.optional().describe('TargetLocationID(143) of what we send.'),
  schedule: scheduleOptions.optional(),
  heartBtInt: z
    .number()
    .int()
    .min(0)
    .max(3600)
    .default(30)
    .describe(
      'Initiator: HeartBtInt(108) of our Logon, in seconds; 0 turns heartbeats off. An acceptor takes what it is told.',
    ),
  logonTimeoutSeconds: seconds.default(10).describe('How long a Logon may take, from the connection on.'),
  logoutTimeoutSeconds: seconds
    .default(5)
    .describe('How long we wait for the answer to our Logout before we hang up.'),
  resendTimeoutSeconds: seconds
    .default(30)
    .describe('How long an open ResendRequest may bring nothing before we ask again; doubles each time.'),
  reconnectSecondsMin: seconds
    .default(1)
    .describe('Initiator: the first wait before connecting again; doubles with every failure.'),
  reconnectSecondsMax: seconds.default(60).describe('Initiator: the longest wait before connecting again.'),
  resetOnLogon: z
    .boolean()
    .default(false)
    .describe(
      'Begins a new epoch with every Logon: initiator with ResetSeqNumFlag(141)=Y, acceptor by starting at 1. What was missed can then not be asked for again.',
    ),
  resetOnLogout: z
    .boolean()
    .default(false)
    .describe('Begins a new epoch after a Logout that either side asked for.'),
  resetOnDisconnect: z
    .boolean()
    .default(false)
    .describe('Begins a new epoch after every end of a connection.'),
  acceptReset: z
    .boolean()
    .default(true)
    .describe(
      'Whether a Logon of theirs with ResetSeqNumFlag(141)=Y is taken, at the start and within a running session; if not, it is answered with Logout.',
    ),
  onTooLow: z
    .enum(['hold', 'logout'])
    .default('hold')
    .describe(
      'After a MsgSeqNum(34) that is too low, which is never accepted: `hold` waits for an operator, `logout` lets the peer try again.',
    ),
  logoutWaitsForGap: z
    .boolean()
    .default(true)
    .describe(
      'Their Logout(5) while messages are missing is answered after they came, or after logoutTimeoutSeconds; if false, at once.',
    ),
  ...validationOptions,
  resendRequestChunkSize: z
    .number()
    .int()
    .min(0)
    .max(1_000_000)
    .default(0)
    .describe('Asks for at most so many messages at once; 0: all of a gap.'),
  sendRedundantResendRequests: z
    .boolean()
    .default(false)
    .describe(
      'Asks again for what is missing with every message above a gap, as some counterparties want it.',
    ),
  allowPosDup: z
    .boolean()
    .default(false)
    .describe(
      'Lets `send` say PossDupFlag(43) and OrigSendingTime(122) of its own, for a hop that passes messages on.',
    ),
  lastMsgSeqNumProcessed: z
    .boolean()
    .default(false)
    .describe('Puts LastMsgSeqNumProcessed(369), the last committed one, on everything that we send.'),
  nextExpectedMsgSeqNum: z
    .boolean()
    .default(false)
    .describe(
      'Puts NextExpectedMsgSeqNum(789), the next after the last committed one, on our Logon and acts on theirs.',
    ),
  timePrecision: z
    .enum(['seconds', 'milliseconds', 'microseconds', 'nanoseconds'])
    .optional()
    .describe('Of SendingTime(52). Default: milliseconds, and seconds up to FIX 4.1.'),
  username: z.string().optional().describe('Username(553): of our Logon; an acceptor asks for it.'),
  password: z
    .string()
    .optional()
    .describe('Password(554): of our Logon; an acceptor asks for it. A secret: a reference only.'),
  newPassword: z.string().optional().describe('NewPassword(925) of our Logon. A secret: a reference only.'),
  logonFields: z
    .record(z.string().regex(/^[1-9]\d{0,8}$/, 'a tag number'), z.string().min(1))
    .default({})
    .describe('Further fields of our Logon: tag number to value. Values are treated as secrets.'),
  testMessage: z
    .boolean()
    .default(false)
    .describe('Puts TestMessageIndicator(464)=Y on our Logon: this is a test system.'),
});

/** What a FIX session is configured with, secrets already resolved. Each option's description is its documentation. */
export const fixSessionOptions = plainOptions.superRefine((options, context) => {
  for (const [path, message] of contradictions(options)) {
    context.addIssue({ code: 'custom', path: [...path], message });
  }
});

export type FixSessionOptions = z.output<typeof fixSessionOptions>;
/** As people write them: what has a default may be left out. */
export type FixSessionOptionsInput = z.input<typeof fixSessionOptions>;

/** Paths of options that hold secrets: references only, never plain text. */
export const fixSessionSecrets = [
  'password',
  'newPassword',
  'logonFields',
  'tls.key',
  'tls.passphrase',
] as const;

/** The address that decides whether a session leaves this machine. */
export function farHost(options: Pick<FixSessionOptions, 'role' | 'host' | 'bind'>): string {
  return options.role === 'initiator' ? (options.host ?? '') : options.bind;
}

/** True when the session speaks TLS: when it is configured, and for everything beyond loopback that is not `insecure`. */
export function speaksTls(options: FixSessionOptions): boolean {
  return options.tls !== undefined || !(options.insecure || isLoopback(farHost(options)));
}

function contradictions(options: z.output<typeof plainOptions>): (readonly [readonly string[], string])[] {
  const found: (readonly [readonly string[], string])[] = [];
  const far = [farHost(options), ...options.failover.map(({ host }) => host)].some(
    (host) => !isLoopback(host),
  );
  if (options.role === 'initiator' && options.host === undefined)
    found.push([['host'], 'an initiator needs the host that it connects to']);
  if (options.role === 'initiator' && options.port === 0)
    found.push([['port'], 'an initiator needs the port that it connects to']);
  if (options.role === 'acceptor' && speaksTls(options) && options.tls?.cert === undefined) {
    found.push([['tls', 'cert'], `an acceptor on ${options.bind} needs a certificate and its key`]);
  }
  if ((options.tls?.cert === undefined) !== (options.tls?.key === undefined))
    found.push([['tls', 'key'], 'a certificate and its key belong together']);
  if (options.tls?.verify === false && far)
    found.push([['tls', 'verify'], 'only a peer on loopback may go unverified']);
  if (options.tls !== undefined && options.insecure)
    found.push([['insecure'], 'either TLS or insecure, not both']);
  const unproven =
    options.role === 'acceptor' ? options.tls?.ca === undefined : options.tls?.verify === false;
  if (options.tls?.peerNames !== undefined && unproven) {
    found.push([['tls', 'peerNames'], 'a name says nothing where the certificate is not verified']);
  }
  const speaksFirst = options.beginString === 'FIXT.1.1' && options.role === 'initiator';
  if (speaksFirst && options.defaultApplVerId === undefined)
    found.push([['defaultApplVerId'], 'an initiator needs it over FIXT.1.1']);
  if (options.reconnectSecondsMin > options.reconnectSecondsMax)
    found.push([['reconnectSecondsMin'], 'is above reconnectSecondsMax']);
  if (options.schedule !== undefined) {
    for (const [option, why] of scheduleContradictions(options.schedule))
      found.push([['schedule', option], why]);
  }
  for (const [option, why] of doorContradictions(options)) found.push([[option], why]);
  return found;
}
