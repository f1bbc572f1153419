import { maskAccount, maskSecret } from '../core/mask.ts';

/**
 * Hides what may not be read: the values of secrets that are known, and what stands in FIX fields that hold a
 * credential or an account. One place for logs, errors, status and crash output.
 */
export interface Mask {
  /** From now on this value is hidden wherever it would be shown, in each form in which it could be. */
  add(secret: string): void;
  text(text: string): string;
}

/** Shorter values cannot be hidden: they would blacken half of every line. */
export const secretCharsMin = 4;

/**
 * Tags whose values are credentials. Source: FIX 4.4 and FIX 5.0 SP2, Logon: Username(553), Password(554),
 * NewPassword(925), RawData(96), EncryptedPassword(1402), EncryptedNewPassword(1404). Username is among them because
 * several venues take an API key there.
 */
const credentials = '553|554|925|96|1402|1404';
/** Account(1) and AllocAccount(79): personal data. */
const accounts = '1|79';

/** SOH as it stands in a message, as JSON writes it, and as people write it. */
const end = String.raw`\u0001|\\u0001|\\x01|\^A|[|";\\\n]`;
const start = String.raw`^|\u0001|\\u0001|\\x01|\^A|[|"';\s({\[,]`;
const field = new RegExp(`(${start})(${credentials}|${accounts})=(.*?)(?=${end}|$)`, 'gm');
/** `Password(554) … "value"`, as issues name a field and its value; the quotes escaped where it stands in JSON. */
const named = new RegExp(
  String.raw`(\b\w+\((${credentials}|${accounts})\)[^"\n]{0,80}?)(\\?")(.*?)(\\?")`,
  'g',
);

export function createMask(secrets: Iterable<string> = []): Mask {
  const known = new Map<string, string>();
  const mask: Mask = {
    add(secret) {
      if (secret.length < secretCharsMin) return;
      for (const form of formsOf(secret)) known.set(form, maskSecret(secret));
    },
    text: (text) => maskFields(maskKnown(text, known)),
  };
  for (const secret of secrets) mask.add(secret);
  return mask;
}

/** A mask that knows no secret, for what is said before a configuration has been read. */
export const noSecrets: Mask = createMask();

function maskKnown(text: string, known: ReadonlyMap<string, string>): string {
  let shown = text;
  for (const [form, hidden] of known) {
    if (shown.includes(form)) shown = shown.replaceAll(form, hidden);
  }
  return shown;
}

/**
 * The password at the front of a fixed header of the clearing corporation: twelve characters before the sender (8), the type (`515/000/GSCC`)
 * and the receiver (8). Source: GSD interactive messaging specification, "message header".
 */
const fixedHeader = /[A-Za-z0-9 ]{12}(?=[A-Za-z0-9 ]{8}\d{3}\/\d{3}\/[A-Z0-9]{4}[A-Za-z0-9 ]{8})/g;

function maskFields(whole: string): string {
  const text = whole.includes('/') ? whole.replace(fixedHeader, maskSecret) : whole;
  if (!text.includes('=') && !text.includes('(')) return text;
  return text
    .replace(field, (_, before: string, tag: string, value: string) => `${before}${tag}=${hide(tag, value)}`)
    .replace(
      named,
      (_, before: string, tag: string, open: string, value: string, close: string) =>
        `${before}${open}${hide(tag, value)}${close}`,
    );
}

function hide(tag: string, value: string): string {
  return tag === '1' || tag === '79' ? maskAccount(value) : maskSecret(value);
}

/** The value itself, as JSON and as a URL would write it, in base64, and each longer line of one with several. */
function formsOf(secret: string): Set<string> {
  const lines = secret.split(/\r?\n/).filter((line) => line.length >= 8 && !line.startsWith('-----'));
  const whole = [secret, ...(secret.includes('\n') ? lines : [])];
  const forms = whole.flatMap((text) => [
    text,
    JSON.stringify(text).slice(1, -1),
    encodeURIComponent(text),
    Buffer.from(text, 'utf8').toString('base64'),
    Buffer.from(text, 'utf8').toString('hex'),
  ]);
  return new Set(forms);
}
