import type { Codec, NormalizeContext } from '../../contract/codec.ts';
import type { FileJudge, FileVerdict } from '../../contract/file-judge.ts';
import { eventOf } from '../../contract/normalize.ts';
import { latin1Text } from '../../core/bytes.ts';
import type { Issue } from '../../core/issue.ts';
import type { Event } from '../../events/index.ts';
import { lineCodec } from './line-codec.ts';

/**
 * Lines with a header `A|key|20261110` and a trailer `A|END|count|sum` of quantities around trades `T|id|quantity`: the
 * smallest file that can be cut off, out of balance, stale and restated.
 */
export function judgedCodec({ keyed = true }: { readonly keyed?: boolean } = {}): Codec {
  const lines: Codec = lineCodec() as unknown as Codec;
  return { ...lines, id: 'judged', normalize, file: judge(keyed) };
}

/** A whole file of this codec. */
export function judgedFile(
  key: string,
  date: string,
  trades: readonly (readonly [id: string, quantity: number])[],
): string {
  const sum = trades.reduce((total, [, quantity]) => total + quantity, 0);
  const lines = trades.map(([id, quantity]) => `T|${id}|${quantity}\n`);
  return `A|${key}|${date}\n${lines.join('')}A|END|${trades.length}|${sum}\n`;
}

function normalize(message: { readonly bytes: Uint8Array }, context: NormalizeContext): Event[] {
  const [type, id = '', value = ''] = fieldsOf(message.bytes);
  if (type === 'T') {
    const about = { account: 'ACCT-CANARY-1', businessKey: `trade/${id}` };
    return [eventOf(context, 'trade', 'trade.executed', about, { execId: id, quantity: value })];
  }
  if (id !== 'END') return [];
  const closed = { kind: 'activity', snapshot: context.origin.scope, count: Number(value) };
  return [eventOf(context, 'snapshot', 'snapshot.closed', {}, closed)];
}

function judge(keyed: boolean): FileJudge {
  return {
    open() {
      const issues: Issue[] = [];
      const wrong = (code: string, message: string): void => {
        issues.push({ code, severity: 'error', message });
      };
      let header: readonly string[] | undefined;
      let trailer: readonly string[] | undefined;
      let records = 0;
      let sum = 0;
      return {
        add(cut) {
          if (cut.kind !== 'frame') return;
          const fields = fieldsOf(cut.bytes);
          if (fields[1] === 'END') trailer = fields;
          else if (fields[0] === 'A') header = fields;
          else {
            records++;
            sum += Number(fields[2] ?? 0);
          }
        },
        verdict(): FileVerdict {
          if (header === undefined) wrong('JUDGED_HEADER', 'there is no header');
          if (trailer === undefined)
            wrong('JUDGED_CUT', `the file ends after ${records} records, without a trailer`);
          else if (Number(trailer[2]) !== records) {
            wrong('JUDGED_COUNT', `the trailer counts ${trailer[2]} records, the file has ${records}`);
          } else if (Number(trailer[3]) !== sum) {
            wrong('JUDGED_TOTAL', `the trailer says ${trailer[3]}, the records make ${sum}`);
          }
          const date = header?.[2]?.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3');
          return {
            issues,
            ...(keyed && header?.[1] !== undefined && { key: header[1] }),
            ...(date !== undefined && { businessDate: date }),
            records,
            totals: [`${records} records`, `quantity ${sum}`],
          };
        },
      };
    },
  };
}

function fieldsOf(bytes: Uint8Array): readonly string[] {
  return latin1Text(bytes).trimEnd().split('|');
}
