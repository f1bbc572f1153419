import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseString } from 'xml2js';
import { elementsIn, iso20022, mxFramer, schemaFor } from '../../codecs/iso20022/index.ts';
import { typeOf } from '../../codecs/iso20022/message.ts';
import { judgedIssues } from '../../codecs/iso20022/part-schema.ts';
import { readFrame } from '../../codecs/iso20022/part-tree.ts';
import type { Frame } from '../../src/contract/frame.ts';
import { limits } from '../../src/core/limits.ts';

/**
 * One side of `mx.ts`: for each line that it is sent, which names a way of reading, takes one round over a file and answers with the
 * microseconds of one core that one reading took; `peak` answers with the most KiB that the process has had. Arguments: the file, and
 * how many times it is read in a round. `tree`: frames, and the tree of each. `judged`: the same, judged by the
 * schema. `decode`: the public codec, which reads what events need besides. `xml2js`: the object that it makes, as it makes it unasked.
 */
const [file = '', often = '1'] = process.argv.slice(2);
const times = Number(often);
const bytes = readFileSync(file);
const pieceBytes = 64 * 1024;

/** Every frame of the file, as it comes from a disk or a wire. */
function frames(read: (frame: Frame) => boolean): void {
  const framer = mxFramer.open(limits);
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    const last = at + pieceBytes >= bytes.length;
    for (const cut of framer.feed(bytes.subarray(at, at + pieceBytes), last)) {
      if (cut.kind === 'partial') continue;
      if (cut.kind !== 'frame' || !read(cut)) throw new Error(`${cut.kind} was not read`);
    }
  }
}

/** The tree, judged by the schema: a document by that of its message, an item by that of its own type. */
function judged(frame: Frame): boolean {
  const { root, part } = readFrame(frame, limits);
  const document =
    root?.local === 'Document' ? root : root && elementsIn(root).find(({ local }) => local === 'Document');
  const [content] = document === undefined ? [] : elementsIn(document);
  const schema = content && schemaFor(typeOf(content.uri));
  if (content === undefined || schema === undefined) return false;
  return judgedIssues({ content, part }, schema).length === 0;
}

const ways: Readonly<Record<string, () => void>> = {
  frames: () => frames(() => true),
  tree: () => frames((frame) => readFrame(frame, limits).root !== undefined),
  judged: () => frames(judged),
  decode: () => frames((frame) => iso20022.decode(frame).issues.length === 0),
  xml2js: () =>
    parseString(bytes.toString(), (error) => {
      if (error !== null) throw error;
    }),
};

for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'peak') {
    process.stdout.write(`${process.resourceUsage().maxRSS}\n`);
    continue;
  }
  const way = ways[line];
  if (way === undefined) throw new Error(`no way is called ${line}`);
  const from = process.cpuUsage();
  for (let time = 0; time < times; time++) way();
  const { user, system } = process.cpuUsage(from);
  process.stdout.write(`${(user + system) / times}\n`);
}
