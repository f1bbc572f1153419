import { nearest } from '../../core/nearest.ts';
import {
  type Draft,
  left,
  numberOf,
  put,
  putReference,
  putText,
  take,
  takeYesNo,
  textOf,
  wrong,
} from './draft.ts';
import keys from './keys.json' with { type: 'json' };
import { readPlace } from './place.ts';
import { readSchedule } from './schedule.ts';
import type { Setting } from './settings.ts';

interface PlainKey {
  readonly to: string;
  readonly as: string;
  readonly role?: string;
}
interface LeftKey {
  readonly why: string;
  readonly changes?: boolean;
}
const plainKeys = new Map<string, PlainKey>(byName(keys.carried));
const leftKeys = new Map<string, LeftKey>(byName(keys.left));
const families: readonly (LeftKey & { readonly begins: string })[] = keys.families;
const knownNames = [...Object.keys(keys.carried), ...keys.read, ...Object.keys(keys.left)];

function byName<T>(table: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(table).map(([name, value]) => [name.toLowerCase(), value]);
}

/** Carries every line of a session over, or says why not: nothing stays on the way in silence. */
export function carrySession(draft: Draft): void {
  for (const [key, setting] of draft.settings) {
    if (setting.value !== '') continue;
    draft.open.delete(key);
    wrong(draft, setting, 'it is empty');
  }
  readIdentity(draft);
  readPlace(draft);
  readSchedule(draft);
  readValidation(draft);
  readTimes(draft);
  for (const [name, plain] of plainKeys)
    if (draft.open.has(name)) carryPlain(draft, plain, take(draft, name));
  readLogonFields(draft);
  for (const key of [...draft.open]) leave(draft, take(draft, key));
  const told = new Set(draft.fates.map(({ line }) => line));
  for (const setting of draft.settings.values()) {
    if (!told.has(setting.line)) left(draft, setting, 'with this value it changes nothing here');
  }
}

function readIdentity(draft: Draft): void {
  draft.options.set('role', { value: draft.role, from: '' });
  const connection = take(draft, 'ConnectionType');
  if (connection !== undefined) put(draft, 'role', draft.role, connection);
  for (const [key, option] of [
    ['BeginString', 'beginString'],
    ['SenderCompID', 'senderCompId'],
    ['TargetCompID', 'targetCompId'],
  ] as const) {
    const setting = take(draft, key);
    if (setting !== undefined) putText(draft, option, setting);
  }
  left(
    draft,
    take(draft, 'SessionQualifier'),
    'the name of the channel tells sessions of the same CompIDs apart',
  );
  const version = take(draft, 'DefaultApplVerID');
  if (version === undefined) return;
  const code = applVerIdOf(version.value);
  if (code === undefined) wrong(draft, version, 'it is no version of the application');
  else put(draft, 'defaultApplVerId', code, version);
}

/** ApplVerID(1128) of `9`, `FIX.5.0SP2` or `FIX50SP2`. Source: FIX 5.0 SP2, ApplVerID(1128): 2 is FIX 4.0. */
function applVerIdOf(text: string): string | undefined {
  if (/^[2-9]$|^10$/.test(text)) return text;
  const versions = ['FIX40', 'FIX41', 'FIX42', 'FIX43', 'FIX44', 'FIX50', 'FIX50SP1', 'FIX50SP2'];
  const at = versions.indexOf(text.toUpperCase().replaceAll('.', ''));
  return at < 0 ? undefined : String(at + 2);
}

/** What the dictionary is asked. QuickFIX rejects by it unless it is told not to. */
function readValidation(draft: Draft): void {
  const uses = takeYesNo(draft, 'UseDataDictionary') ?? true;
  const rejects = takeYesNo(draft, 'RejectInvalidMessage') ?? true;
  const from = ['usedatadictionary', 'rejectinvalidmessage'].map((key) => draft.settings.get(key));
  put(draft, 'validate', uses && rejects ? 'full' : 'header', ...from);
  const paths = [...draft.open].filter((key) => /^(app|transport)?datadictionary(\..+)?$/.test(key));
  for (const key of paths) readDictionary(draft, take(draft, key));
  const whole = takeYesNo(draft, 'ValidateLengthAndChecksum');
  if (whole === undefined) return;
  for (const option of ['validateChecksum', 'validateBodyLength'])
    put(draft, option, whole, draft.settings.get('validatelengthandchecksum'));
}

function readDictionary(draft: Draft, setting: Setting | undefined): void {
  if (setting === undefined) return;
  if (/(^|[\\/])FIX(40|41|42|43|44|50|50SP1|50SP2|T11)\.xml$/i.test(setting.value)) {
    left(
      draft,
      setting,
      'the tables of this version are built in; see what yours says otherwise with `clearport dictionary diff`',
    );
    return;
  }
  if (draft.options.has('dictionary')) {
    const joined = 'a dialect joins the two, with extends and transport (docs/fix-dictionaries.md)';
    left(
      draft,
      setting,
      `one dictionary describes the whole session, and there is one already; ${joined}`,
      true,
    );
    return;
  }
  put(draft, 'dictionary', textOf(draft, setting.value), setting);
}

const precisions: Readonly<Record<string, string>> = {
  '0': 'seconds',
  '3': 'milliseconds',
  '6': 'microseconds',
  '9': 'nanoseconds',
  SECONDS: 'seconds',
  MILLIS: 'milliseconds',
  MICROS: 'microseconds',
  NANOS: 'nanoseconds',
  SECOND: 'seconds',
  MILLISECOND: 'milliseconds',
  MICROSECOND: 'microseconds',
  NANOSECOND: 'nanoseconds',
};

function readTimes(draft: Draft): void {
  const millis = takeYesNo(draft, 'MillisecondsInTimeStamp');
  const setting = take(draft, 'TimestampPrecision');
  const precision = precisions[setting?.value.toUpperCase() ?? ''];
  const line = draft.settings.get('millisecondsintimestamp');
  if (setting !== undefined && precision === undefined) wrong(draft, setting, 'it is no precision');
  if (precision !== undefined) {
    put(draft, 'timePrecision', precision, setting);
    left(draft, line, 'TimestampPrecision says it');
  } else if (millis !== undefined) put(draft, 'timePrecision', millis ? 'milliseconds' : 'seconds', line);
  const persists = takeYesNo(draft, 'PersistMessages');
  const kept = draft.settings.get('persistmessages');
  left(draft, kept, 'every message is kept, and sent again where it is asked for', persists === false);
}

function carryPlain(draft: Draft, { to, as, role }: PlainKey, setting: Setting | undefined): void {
  if (setting === undefined) return;
  if (role !== undefined && role !== draft.role) {
    left(draft, setting, `it is of an ${role}, and this session is an ${draft.role}`);
    return;
  }
  if (to.startsWith('tls.') && !draft.options.has('tls')) {
    left(draft, setting, 'the session does not speak TLS');
    return;
  }
  if (as === 'text') putText(draft, to, setting);
  else if (as === 'file') put(draft, to, `\${file:${textOf(draft, setting.value)}}`, setting);
  else if (as === 'tls-version') putTlsVersion(draft, to, setting);
  else if (as === 'number') {
    const value = numberOf(draft, setting);
    if (value !== undefined) put(draft, to, value, setting);
  } else {
    const value = takeYesNo(draft, setting.key);
    if (value !== undefined) put(draft, to, value, setting);
  }
}

/** The oldest of the versions that are named, at least TLS 1.2. */
function putTlsVersion(draft: Draft, to: string, setting: Setting): void {
  const oldest = /1\.?2/.test(setting.value)
    ? 'TLSv1.2'
    : /1\.?3/.test(setting.value)
      ? 'TLSv1.3'
      : undefined;
  if (oldest === undefined) left(draft, setting, 'TLS is spoken from 1.2 on', true);
  else put(draft, to, oldest, setting);
}

/** Keys of the user's own application that hold what a Logon(A) needs: their values are never copied. */
const logonKeys: readonly (readonly [RegExp, string])[] = [
  [/new.?pass(word|wd)?$/, 'newPassword'],
  [/(^|[^a-z])?(pass(word|wd|phrase)?|pwd|secret|rawdata)$/, 'password'],
  [/(user(name|id)?|login(name|id)?)$/, 'username'],
];

function readLogonFields(draft: Draft): void {
  for (const key of [...draft.open].filter((one) => /^logontag\d*$/.test(one))) {
    const setting = take(draft, key);
    const tag = /^([1-9]\d{0,8})\s*=/.exec(setting?.value ?? '')?.[1];
    if (setting === undefined) continue;
    if (tag === undefined) wrong(draft, setting, 'it is not TAG=VALUE');
    else putReference(draft, logonOption(tag), variableOf(draft, `LOGON_${tag}`), setting);
  }
  for (const key of [...draft.open].filter((one) => !leftKeys.has(one) && familyOf(one) === undefined)) {
    const option = logonKeys.find(([pattern]) => pattern.test(key))?.[1];
    const setting = draft.settings.get(key);
    if (option === undefined || setting === undefined || draft.options.has(option)) continue;
    take(draft, key);
    putReference(draft, option, variableOf(draft, option.replace(/[A-Z]/g, '_$&').toUpperCase()), setting);
  }
}

/** Username(553), Password(554) and NewPassword(925) have options of their own. */
function logonOption(tag: string): string {
  const own: Readonly<Record<string, string>> = { 553: 'username', 554: 'password', 925: 'newPassword' };
  return own[tag] ?? `logonFields.${tag}`;
}

function variableOf(draft: Draft, what: string): string {
  return `${draft.name.toUpperCase().replaceAll('-', '_')}_${what}`;
}

function familyOf(key: string): LeftKey | undefined {
  return families.find(({ begins }) => key.startsWith(begins.toLowerCase()));
}

/** What is still open: known and of no use here, or nothing that we know. */
function leave(draft: Draft, setting: Setting | undefined): void {
  if (setting === undefined) return;
  const { key, line } = setting;
  const known = leftKeys.get(key.toLowerCase()) ?? familyOf(key.toLowerCase());
  if (known !== undefined) {
    left(draft, setting, known.why, known.changes === true);
    return;
  }
  if (keys.read.some((name) => name.toLowerCase() === key.toLowerCase())) {
    left(draft, setting, 'as the rest of the session stands, it says nothing', true);
    return;
  }
  const meant = nearest(key, knownNames);
  const hint = meant === undefined ? '' : `; did it mean ${meant}?`;
  const why = `no edition of QuickFIX has this key, so it is of your own application${hint}`;
  draft.fates.push({ line, key, fate: 'unknown', why, changes: true });
}
