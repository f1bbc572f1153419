import type { Codec, CodecFamily, OpenedCodec } from '../../src/contract/codec.ts';
import { harmless } from '../../src/core/issue.ts';
import { checkLayout } from './check-layout.ts';
import { recordsCodec } from './codec.ts';
import { recordsIssue, recordsIssues } from './issues.ts';
import { type LoadedLayout, loadLayout } from './load-layout.ts';
import { layoutNames, shippedLayout } from './shipped.ts';

/** Codecs of shipped layouts, made once. */
const opened = new Map<string, Codec>();

/** Record files: one codec a layout, named `records:clearing-positions`, or by the text of a layout of one's own. */
export const records: CodecFamily = {
  family: true,
  id: 'records',
  issues: recordsIssues,
  names: layoutNames,
  open(name) {
    const known = opened.get(name);
    if (known !== undefined) return { codec: known, issues: [] };
    const loaded = shippedLayout(name);
    if (loaded === undefined) {
      const text = `"${name}" is none of ${layoutNames.join(', ')}`;
      return { issues: [recordsIssue('LAYOUT_UNKNOWN', text)] };
    }
    const made = codecOf(loaded);
    if (made.codec !== undefined) opened.set(name, made.codec);
    return made;
  },
  openText: (text, source) => codecOf(loadLayout(text, source)),
};

function codecOf({ layout, issues }: LoadedLayout): OpenedCodec {
  if (layout === undefined) return { issues };
  const found = [...issues, ...checkLayout(layout)];
  return harmless(found) ? { codec: recordsCodec(layout), issues: found } : { issues: found };
}
