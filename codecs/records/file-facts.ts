import type { Layout } from './layout.ts';
import type { RecordMessage } from './message.ts';
import { withOffset } from './zones.ts';

/** What a file says of itself in its header. */
export const fileFacts = ['key', 'businessDate', 'cycle', 'cutAt', 'cutZone'] as const;
export type FileFact = (typeof fileFacts)[number];

/** One fact of a file, from its header; undefined where the header does not say it. */
export function fileFact(
  layout: Layout,
  header: RecordMessage | undefined,
  fact: FileFact,
): string | undefined {
  if (header === undefined) return undefined;
  const { file } = layout.data;
  if (fact === 'key') return keyOf(layout, header);
  if (fact === 'cutAt') {
    const local = file.cutAt === undefined ? undefined : header.value(file.cutAt);
    const zone = file.cutZone === undefined ? undefined : header.value(file.cutZone);
    return local === undefined || zone === undefined ? local : withOffset(local, zone);
  }
  const name = file[fact];
  return name === undefined ? undefined : header.value(name);
}

/**
 * `POSITIONS/2026-11-10/EOD/01`: the header fields that name the file, dates as `YYYY-MM-DD` and everything else as it
 * is written. Undefined where one of them is blank or wrong.
 */
function keyOf(layout: Layout, header: RecordMessage): string | undefined {
  const parts = (layout.data.file.key ?? []).map((name) => {
    const value = header.value(name);
    const dated = header.recordType?.byName.get(name)?.kind === 'date';
    return value === undefined || dated ? value : header.raw(name)?.trim();
  });
  return parts.length === 0 || parts.includes(undefined) ? undefined : parts.join('/');
}
