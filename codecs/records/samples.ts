import type { Codec } from '../../src/contract/codec.ts';
import type { FileVerdict } from '../../src/contract/file-judge.ts';
import { latin1Bytes, sameBytes } from '../../src/core/bytes.ts';
import type { Issue } from '../../src/core/issue.ts';
import { limits } from '../../src/core/limits.ts';
import { recordsIssue } from './issues.ts';
import { type Layout, lineEndOf } from './layout.ts';

/** The samples that a layout holds: each must give the verdict that it names, and come back byte for byte. */
export function checkSamples(layout: Layout, codec: Codec): Issue[] {
  return layout.data.samples.flatMap((sample, index) => {
    const at = { ...layout.place(['samples', index], 'value'), field: `samples.${sample.name}` };
    const { verdict, same } = judged(codec, sampleBytes(layout, sample.lines));
    const [first] = verdict.issues.filter(({ severity }) => severity === 'error');
    const found = first === undefined ? 'is good' : `gives ${first.code}: ${first.message}`;
    const wanted = sample.wrong === undefined ? 'should be good' : `should give ${sample.wrong}`;
    const verdictFits = first?.code === sample.wrong;
    return [
      ...(verdictFits ? [] : [recordsIssue('LAYOUT_SAMPLE', `${sample.name} ${wanted}, and ${found}`, at)]),
      ...(same ? [] : [recordsIssue('LAYOUT_SAMPLE', `${sample.name} does not come back byte for byte`, at)]),
    ];
  });
}

export function sampleBytes(layout: Layout, lines: readonly string[]): Uint8Array {
  const end = lineEndOf(layout);
  return latin1Bytes(lines.map((line) => line + end).join(''));
}

function judged(codec: Codec, bytes: Uint8Array): { readonly verdict: FileVerdict; readonly same: boolean } {
  const judgement = codec.file?.open(limits);
  let same = true;
  for (const cut of codec.framer.open(limits).feed(bytes, true)) {
    judgement?.add(cut);
    if (cut.kind !== 'frame') continue;
    const { message } = codec.decode(cut);
    same &&= message !== undefined && sameBytes(codec.encode(message), cut.bytes);
  }
  return { verdict: judgement?.verdict() ?? { issues: [], records: 0, totals: [] }, same };
}
