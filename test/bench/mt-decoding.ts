import { readFileSync } from 'node:fs';
import { iso15022, iso15022Codec, mtFramer } from '../../codecs/iso15022/index.ts';
import { limits } from '../../src/core/limits.ts';
import { answerRounds, type Ways } from './rounds.ts';

/** Our side of `mt.ts`; its argument is the file of the corpus. A round decodes all of it. */
const messages = mtFramer
  .open(limits)
  .feed(readFileSync(process.argv[2] ?? ''), true)
  .flatMap((cut) => (cut.kind === 'frame' ? [cut.bytes] : []));
const checked = iso15022Codec({ policy: 'strict', judged: 'text' });
const judged = iso15022Codec({ policy: 'strict', judged: 'rules' });
/** What was found, added up, so that nothing of it can be left out. */
let seen = 0;

const ways: Ways = {
  split: () => [messages.length, () => each(splitCount)],
  decode: () => [messages.length, () => each((bytes) => checked.decode({ bytes }).issues.length + 1)],
  rules: () => [messages.length, () => each((bytes) => judged.decode({ bytes }).issues.length + 1)],
  events: () => [messages.length, () => each((bytes) => iso15022.decode({ bytes }).issues.length + 1)],
};

function each(step: (bytes: Uint8Array) => number): void {
  for (const bytes of messages) seen += step(bytes);
  if (seen === 0) throw new Error('nothing was read');
}

interface Line {
  readonly tag: string;
  readonly value: string;
}

function splitCount(bytes: Uint8Array): number {
  return split(bytes).length;
}

/** A bare split into lines and tags: what is looked at in no way, as short as it can be written, and no slower for that. */
function split(bytes: Uint8Array): readonly Line[] {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const lines: Line[] = [];
  for (const line of text.split('\n')) {
    if (line.charCodeAt(0) !== 0x3a) continue;
    const end = line.indexOf(':', 1);
    lines.push({ tag: line.slice(1, end), value: line.slice(end + 1) });
  }
  return lines;
}

await answerRounds(ways);
