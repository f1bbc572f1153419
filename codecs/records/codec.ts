import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { type Codec, defineCodec } from '../../src/contract/codec.ts';
import { harmless } from '../../src/core/issue.ts';
import { recordDecoder } from './decode.ts';
import { recordFileJudge } from './file-judge.ts';
import { recordFramer } from './framer.ts';
import { recordsIssues } from './issues.ts';
import { type Layout, recordOfRole } from './layout.ts';
import { mappingOf } from './mapping.ts';
import type { RecordMessage } from './message.ts';
import { textOf } from './record-text.ts';

/** A first line that is longer is no header of a record file. */
const headerBytesMax = 8 * 1024;

/** The codec of one layout. The layout has been checked: one whose mapping is wrong is our own bug here. */
export function recordsCodec(layout: Layout): Codec<RecordMessage> {
  const mapping = mappingOf(layout);
  assert(harmless(mapping.issues), `the mapping of ${layout.name} is wrong`);
  const decode = recordDecoder(layout, mapping.needsHeader);
  return defineCodec<RecordMessage>({
    id: `records:${layout.name}`,
    version: '1',
    fingerprint: layout.fingerprint,
    standard: `${layout.name} ${layout.version}`,
    framer: recordFramer(layout),
    issues: recordsIssues,
    decode,
    encode: (message) => message.bytes,
    normalize: (message, context) => mapping.events(message, context),
    digest: (message) => hash('sha256', message.bytes),
    recognizes: (bytes) => beginsWithHeader(layout, decode, bytes),
    file: recordFileJudge(layout, decode),
  });
}

/** True where the first line is a header of this layout without a fault. */
function beginsWithHeader(
  layout: Layout,
  decode: Codec<RecordMessage>['decode'],
  bytes: Uint8Array,
): boolean {
  if (recordOfRole(layout, 'header') === undefined) return false;
  const end = bytes.subarray(0, headerBytesMax).indexOf(0x0a);
  if (end < 0) return false;
  const line = bytes.subarray(0, end + 1);
  if (textOf(line) === '') return false;
  const { message, issues } = decode({ bytes: line });
  return message?.recordType?.role === 'header' && harmless(issues);
}
