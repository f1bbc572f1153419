import { createHash } from 'node:crypto';
import { offsetsPerBlock } from '../contract/entry.ts';
import type { LogFinding } from '../contract/log.ts';
import { originText } from '../contract/origin.ts';
import type { BlockRow } from './block-row.ts';
import { finding } from './proof.ts';
import type { SegmentEntry } from './segment.ts';
import type { Database, Statement } from './sqlite.ts';
import { indexRows } from './taken.ts';
import type { BlockJudgement } from './verify-block.ts';

type Value = string | number;

/** The tables beside `blocks` whose rows all follow from blocks. */
const indexTables = ['ranges', 'keys', 'revisions', 'repeats', 'chunks'] as const;
type IndexTable = (typeof indexTables)[number];

/**
 * Compares the index tables with what the blocks imply: each implied row is looked up, and in the end the tables may not
 * hold a row more. Needs memory for one block only.
 */
export class IndexVerifier {
  private readonly database: Database;
  private readonly prepared = new Map<string, Statement>();
  private readonly implied: Record<IndexTable | 'blocks', number> = {
    blocks: 0,
    ranges: 0,
    keys: 0,
    revisions: 0,
    repeats: 0,
    chunks: 0,
  };

  constructor(database: Database) {
    this.database = database;
  }

  /** What the index says otherwise about one block. `since`: its bytes have expired, but not in this snapshot. */
  block(row: BlockRow, judged: BlockJudgement, since: boolean): LogFinding[] {
    this.implied.blocks += 1;
    const findings = [...this.channelIndex(row)];
    if (judged.header === undefined) return findings;
    const wrong = [...this.origins(row, judged.entries), ...this.repeats(row, judged.header.repeats)].map(
      (message) => finding('LOG_INDEX', row.channel, row.number, `block ${row.number}: ${message}`),
    );
    const whole = row.bytes !== undefined || since;
    return [...findings, ...wrong, ...(whole ? this.blobs(row, judged.entries) : [])];
  }

  /** Rows that no block implies, and numbers that are taken twice. */
  totals(): LogFinding[] {
    const findings: LogFinding[] = [];
    for (const table of indexTables) {
      const count = Number(this.first(`SELECT count(*) AS n FROM ${table}`)?.['n']);
      if (count === this.implied[table]) continue;
      const code = table === 'chunks' ? 'LOG_BLOB' : 'LOG_INDEX';
      const message = `the table ${table} has ${count} rows, the blocks imply ${this.implied[table]}`;
      findings.push(finding(code, '', 0, message));
    }
    return [...findings, ...this.byChannelTotal(), ...this.overlaps()];
  }

  private origins(row: BlockRow, entries: readonly SegmentEntry[]): string[] {
    const wrong: string[] = [];
    const { channel, number } = row;
    const offsetOf = (index: number): number => number * offsetsPerBlock + index;
    const { ranges, keys, revisions } = indexRows(entries.map(withVoids));
    this.implied.ranges += ranges.length;
    this.implied.keys += keys.length;
    this.implied.revisions += revisions.length;
    for (const { scope, first, last } of ranges) {
      const found = this.first(
        'SELECT last, block FROM ranges WHERE channel = ? AND scope = ? AND first = ?',
        channel,
        scope,
        first,
      );
      if (found?.['last'] !== last || found['block'] !== number) wrong.push(`no range ${scope}:${first}`);
    }
    for (const { scope, key, index } of keys) {
      const found = this.first(
        'SELECT offset FROM keys WHERE channel = ? AND scope = ? AND key = ?',
        channel,
        scope,
        key,
      );
      if (found?.['offset'] !== offsetOf(index)) wrong.push(`no key ${scope}=${key}`);
    }
    for (const { origin, revision, index, voids } of revisions) {
      if (this.revision(channel, origin, revision) !== offsetOf(index)) {
        wrong.push(`no revision ${revision} of ${origin}`);
      }
      if (revision > 1 && this.revision(channel, origin, revision - 1) !== voids) {
        wrong.push(`revision ${revision} of ${origin} voids another entry than revision ${revision - 1}`);
      }
    }
    return wrong;
  }

  private revision(channel: string, origin: string, revision: number): unknown {
    return this.first(
      'SELECT offset FROM revisions WHERE channel = ? AND origin = ? AND revision = ?',
      channel,
      origin,
      revision,
    )?.['offset'];
  }

  private repeats(
    row: BlockRow,
    repeats: readonly { readonly offset: number; readonly count: number; readonly lastAt: number }[],
  ): string[] {
    this.implied.repeats += repeats.length;
    return repeats.flatMap(({ offset, count, lastAt }) => {
      const found = this.first('SELECT * FROM repeats WHERE offset = ? AND block = ?', offset, row.number);
      const before = this.first(
        'SELECT total FROM repeats WHERE offset = ? AND block < ? ORDER BY block DESC LIMIT 1',
        offset,
        row.number,
      );
      const same =
        found?.['count'] === count &&
        found['last_at'] === lastAt &&
        found['channel'] === row.channel &&
        found['total'] === Number(before?.['total'] ?? 0) + count;
      return same ? [] : [`the repeats of entry ${offset} are not counted as they came`];
    });
  }

  private blobs(row: BlockRow, entries: readonly SegmentEntry[]): LogFinding[] {
    const wrong: LogFinding[] = [];
    for (const [index, { blob, size, origin }] of entries.entries()) {
      if (blob === undefined) continue;
      const found = this.blob(row.number * offsetsPerBlock + index);
      this.implied.chunks += found.pieces;
      if (found.hash === blob && found.size === size) continue;
      const message = `block ${row.number}: the blob of ${originText(origin)} does not hash to what the block says`;
      wrong.push(finding('LOG_BLOB', row.channel, row.number, message));
    }
    return wrong;
  }

  private blob(offset: number): { readonly pieces: number; readonly size: number; readonly hash: string } {
    const hash = createHash('sha256');
    let size = 0;
    let pieces = 0;
    for (; ; pieces++) {
      const bytes = this.first('SELECT bytes FROM chunks WHERE offset = ? AND piece = ?', offset, pieces)?.[
        'bytes'
      ];
      if (!(bytes instanceof Uint8Array)) break;
      hash.update(bytes);
      size += bytes.length;
    }
    return { pieces, size, hash: hash.digest('hex') };
  }

  /** Heads are found through this index, so it has to name every block. */
  private channelIndex({ channel, number }: BlockRow): LogFinding[] {
    const found = this.first(
      'SELECT number FROM blocks INDEXED BY blocks_by_channel WHERE channel = ? AND number = ?',
      channel,
      number,
    );
    if (found !== undefined) return [];
    return [finding('LOG_INDEX', channel, number, `block ${number} is missing in the index of its channel`)];
  }

  private byChannelTotal(): LogFinding[] {
    const row = this.first(
      "SELECT count(*) AS n FROM blocks INDEXED BY blocks_by_channel WHERE channel >= ''",
    );
    if (row?.['n'] === this.implied.blocks) return [];
    return [finding('LOG_INDEX', '', 0, 'the index of channels names blocks that are not there')];
  }

  private overlaps(): LogFinding[] {
    const rows = this.database
      .prepare(
        `SELECT channel, scope, first, block FROM (
           SELECT *, lag(last) OVER (PARTITION BY channel, scope ORDER BY first) AS before FROM ranges
         ) WHERE before >= first LIMIT 16`,
      )
      .all();
    return rows.map((row) => {
      const origin = `${String(row['scope'])}:${String(row['first'])}`;
      return finding(
        'LOG_INDEX',
        String(row['channel']),
        Number(row['block']),
        `${origin} is taken by two entries`,
      );
    });
  }

  private first(text: string, ...values: Value[]): Record<string, unknown> | undefined {
    let statement = this.prepared.get(text);
    if (statement === undefined) {
      statement = this.database.prepare(text);
      this.prepared.set(text, statement);
    }
    return statement.get(...values);
  }
}

function withVoids(entry: SegmentEntry): SegmentEntry & { readonly voids: number } {
  return { ...entry, voids: entry.voids ?? 0 };
}
