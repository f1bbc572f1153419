import { Buffer } from 'node:buffer';
import { iso20022 } from '../codecs/iso20022/index.ts';
import { harmless } from '../src/core/issue.ts';
import { limits } from '../src/core/limits.ts';
import { type StatementOptions, statementPieces } from './mx-statements.ts';
import { sampleContext } from './sample-context.ts';

/**
 * Reads a statement of about so many bytes as a file is read, while it is being made, and prints what came of it as JSON. Arguments:
 * the message, the bytes, the seed.
 */
const [message = 'semt.002', size = '0', seed = '1'] = process.argv.slice(2);
const itemBytes = message === 'semt.002' ? 740 : 590;
const items = Math.max(1, Math.round(Number(size) / itemBytes));
const chunkBytes = 64 * 1024;

const found = { bytes: 0, frames: 0, events: 0, wrong: 0, peakMib: 0 };
const framer = iso20022.framer.open(limits);

function feed(text: string, last: boolean): void {
  const chunk = Buffer.from(text);
  found.bytes += chunk.length;
  for (const cut of framer.feed(chunk, last)) {
    if (cut.kind === 'partial') continue;
    const decoded = cut.kind === 'frame' ? iso20022.decode(cut) : undefined;
    found.frames++;
    if (decoded?.message === undefined || !harmless(decoded.issues)) found.wrong++;
    else found.events += iso20022.normalize(decoded.message, sampleContext).length;
  }
}

let waiting = '';
const options: StatementOptions = {
  message: message as StatementOptions['message'],
  items,
  seed: Number(seed),
};
for (const piece of statementPieces(options)) {
  waiting += piece;
  if (waiting.length < chunkBytes) continue;
  feed(waiting, false);
  waiting = '';
}
feed(waiting, true);
found.peakMib = process.resourceUsage().maxRSS / 1024;
process.stdout.write(`${JSON.stringify({ ...found, items })}\n`);
