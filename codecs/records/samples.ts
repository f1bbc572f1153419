import type { Codec, NormalizeContext } from '../../src/contract/codec.ts';
import type { FileVerdict } from '../../src/contract/file-judge.ts';
import { latin1Bytes, sameBytes } from '../../src/core/bytes.ts';
import type { Issue, Place } from '../../src/core/issue.ts';
import { limits } from '../../src/core/limits.ts';
import { recordsIssue } from './issues.ts';
import { type Layout, lineEndOf } from './layout.ts';

/**
 * The samples that a layout holds: each must give the verdict that it names, and come back byte for byte. Rows of a good
 * one that get the same business key are told with a warning.
 */
export function checkSamples(layout: Layout, codec: Codec): Issue[] {
  return layout.data.samples.flatMap((sample, index) => {
    const at = { ...layout.place(['samples', index], 'value'), field: `samples.${sample.name}` };
    const bytes = sampleBytes(layout, sample.lines);
    const { verdict, same } = judged(codec, bytes);
    const [first] = verdict.issues.filter(({ severity }) => severity === 'error');
    const found = first === undefined ? 'is good' : `gives ${first.code}: ${first.message}`;
    const wanted = sample.wrong === undefined ? 'should be good' : `should give ${sample.wrong}`;
    const verdictFits = first?.code === sample.wrong;
    return [
      ...(verdictFits ? [] : [recordsIssue('LAYOUT_SAMPLE', `${sample.name} ${wanted}, and ${found}`, at)]),
      ...(same ? [] : [recordsIssue('LAYOUT_SAMPLE', `${sample.name} does not come back byte for byte`, at)]),
      ...(first === undefined ? sameKeys(codec, bytes, sample.name, at) : []),
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

/** One issue for each kind of event that shares its key, not for each row: they all have one cause. */
function sameKeys(codec: Codec, bytes: Uint8Array, sample: string, at: Place): readonly Issue[] {
  const holders = new Map<string, string>();
  const told = new Map<string, Issue>();
  for (const [row, cut] of codec.framer.open(limits).feed(bytes, true).entries()) {
    const { message } = cut.kind === 'frame' ? codec.decode(cut) : {};
    if (message === undefined) continue;
    for (const { businessKey, slot } of codec.normalize(message, contextOf(row + 1))) {
      if (businessKey === undefined) continue;
      const holder = holders.get(businessKey);
      const mine = `"${slot}" of line ${row + 1}`;
      if (holder === undefined) holders.set(businessKey, mine);
      else if (!told.has(`${message.type} ${slot}`)) {
        const text = `${sample}: ${mine} gets the same business key as ${holder}`;
        told.set(`${message.type} ${slot}`, recordsIssue('LAYOUT_SAME_KEY', text, at));
      }
    }
  }
  return [...told.values()];
}

/** Where a sample's rows would come from. What a channel adds to keys is the same for all of them. */
function contextOf(ordinal: number): NormalizeContext {
  return {
    channel: 'sample',
    perspective: 'clearer',
    tenant: 'sample',
    direction: 'in',
    origin: { scope: 'sample', ordinal },
    revision: 0,
    receivedAt: 0,
    zone: 'UTC',
  };
}
