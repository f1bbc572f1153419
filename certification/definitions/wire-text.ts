import type { Definition, MessageStep, Profile } from './definition.ts';

/**
 * The bytes of a line's message, one character a byte: macros replaced, and BodyLength(9) and CheckSum(10) put in where the
 * line leaves them out; not where it is expected by profile `quickfixj`, which compares no length that nobody wrote. A line that
 * does not begin with `8=` goes as it stands. `nowMs`: milliseconds since 1970, UTC.
 *
 * Source: `Reflector.rb`, timeify!, fileify! and fixify!; QuickFIX/J: offsets in steps of 1.1 s, milliseconds from FIX 4.2
 * on, and `10=0` of what is sent as `10=000`.
 */
export function wireText(
  { kind, body }: Pick<MessageStep, 'kind' | 'body'>,
  { files }: Pick<Definition, 'files'>,
  profile: Profile,
  nowMs: number,
): string {
  const text = withFiles(withTimes(body, profile, nowMs), files);
  if (profile === 'quickfix') return fixified(text);
  return kind === 'send' ? fixifiedByBook(text) : text;
}

function withTimes(body: string, profile: Profile, nowMs: number): string {
  const millis = profile === 'quickfixj' && beginStringOf(body) >= 'FIX.4.2';
  const secondMs = profile === 'quickfixj' ? 1100 : 1000;
  return body.replace(/<TIME(?:([+-]\d+))?>/g, (_macro, offset: string | undefined) => {
    const at = nowMs + Number(offset ?? 0) * secondMs;
    return utcText(Number.isSafeInteger(at) && Math.abs(at) < timeMsMax ? at : nowMs, millis);
  });
}

/** The last millisecond that a date can have. Source: ECMA-262, "Time Values and Time Range". */
const timeMsMax = 8.64e15;

function withFiles(body: string, files: ReadonlyMap<string, string>): string {
  return body.replace(/<FILE:([^>]+)>/g, (macro, path: string) => files.get(path) ?? macro);
}

/** `20261112-14:30:00`, with `.123` where milliseconds are asked for. */
function utcText(ms: number, millis: boolean): string {
  const [date = '', time = ''] = new Date(ms).toISOString().split('T');
  return `${date.replaceAll('-', '')}-${time.slice(0, millis ? 12 : 8)}`;
}

/**
 * As the Ruby runner does it, to the byte: where a line has its own CheckSum(10) and no BodyLength(9), the length that is put in
 * is one too low, because the separator goes with the CheckSum. The pack's lines were written with it.
 */
function fixified(text: string): string {
  const head = /^8=[^\u0001]*\u0001/.exec(text)?.[0];
  if (head === undefined) return text;
  const hasLength = /\u00019=[^\u0001]*\u0001/.test(text);
  const rest = text.slice(head.length);
  const own = /\u000110=.*\u0001$/.exec(rest)?.[0];
  const body = own === undefined ? rest : rest.slice(0, -own.length);
  const length = hasLength ? '' : `9=${body.length}\u0001`;
  return head + length + body + (own ?? `10=${sumText(head + length + body)}\u0001`);
}

function fixifiedByBook(text: string): string {
  const head = /^8=[^\u0001]*\u0001/.exec(text)?.[0];
  if (head === undefined) return text;
  const own = /\u000110=([^\u0001]*)\u0001$/.exec(text);
  const body = own === null ? text.slice(head.length) : text.slice(head.length, own.index + 1);
  const length = /\u00019=/.test(text) ? '' : `9=${body.length}\u0001`;
  const sum = own?.[1] === '0' ? '000' : (own?.[1] ?? sumText(head + length + body));
  return `${head}${length}${body}10=${sum}\u0001`;
}

/** The sum of all characters modulo 256, as three digits. Source: FIX 4.4, Volume 2, "CheckSum calculation". */
export function sumText(text: string): string {
  let sum = 0;
  for (let at = 0; at < text.length; at++) sum = (sum + text.charCodeAt(at)) & 0xff;
  return String(sum).padStart(3, '0');
}

function beginStringOf(body: string): string {
  return /^8=([^\u0001]*)/.exec(body)?.[1] ?? '';
}
