import { Buffer } from 'node:buffer';

/** By codec: makes the envelope of changed bytes right again, so that a fuzz gets behind it. */
export const repairs: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  fix: repairedFix,
  iso15022: repairedMt,
};

/** The same fields with BodyLength(9) and CheckSum(10) as they should be, where the front is still there. */
function repairedFix(bytes: Buffer): Buffer {
  const text = bytes.toString('latin1');
  const match = /^(8=FIX[^\u0001]*\u0001)9=[^\u0001]*\u0001([\s\S]*?)(?:10=[^\u0001]*\u0001?)?$/.exec(text);
  if (match === null) return bytes;
  const body = match[2] ?? '';
  const whole = Buffer.from(`${match[1]}9=${body.length}\u0001${body}`, 'latin1');
  const sum = whole.reduce((total, byte) => total + byte, 0) & 0xff;
  return Buffer.concat([whole, Buffer.from(`10=${String(sum).padStart(3, '0')}\u0001`)]);
}

/** The same text between a whole block 4 and its end, and every sequence that begins on a line closed behind it. */
function repairedMt(bytes: Buffer): Buffer {
  const text = bytes.toString('latin1');
  const from = text.indexOf('\n:');
  if (from < 0) return bytes;
  const body = text.slice(from + 1).replace(/\r?\n-\}?[\s\S]*$/, '');
  const open: string[] = [];
  for (const [, side, code = ''] of body.matchAll(/^:16([RS]):([^\r\n]*)/gm)) {
    if (side === 'R') open.push(code);
    else if (open.at(-1) === code) open.pop();
  }
  const ends = open.reverse().map((code) => `:16S:${code}\r\n`);
  const front = /^[\s\S]{0,400}?\{4:/.exec(text)?.[0] ?? '{4:';
  return Buffer.from(`${front}\r\n${body}\r\n${ends.join('')}-}`, 'latin1');
}
