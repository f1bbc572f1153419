import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Checkpoint, LogFinding, VerifyReport } from '../contract/log.ts';
import { hexText } from '../core/bytes.ts';
import { GatewayError } from '../core/errors.ts';
import { BlockFiles } from './block-files.ts';
import { headOf } from './block-reader.ts';
import { type BlockRow, blockColumns, blockRow } from './block-row.ts';
import { damagedBlock } from './damage.ts';
import { expiryChannel, expiryScope } from './expiry.ts';
import { type ChainAt, finding, judgeCheckpoints } from './proof.ts';
import { checkSchema } from './schema.ts';
import { type Database, openDatabase, type Statement, sqliteFailure } from './sqlite.ts';
import { type BlockJudgement, type ChainState, judgeBlock, startOf } from './verify-block.ts';
import { IndexVerifier } from './verify-index.ts';

/** Findings that are told: the first ones name the cause. */
const findingsMax = 1_000;
/** Blocks between two turns of the event loop. */
const blocksPerTurn = 16;

/**
 * Goes through a whole log, one block at a time, on a connection and a snapshot of its own: every hash, every chain, the
 * sequences, the blobs, the index tables against the blocks, and the checkpoints. Throws only when the file is no log;
 * what is damaged is found and told.
 */
export async function verifyLog(path: string, given: readonly Checkpoint[]): Promise<VerifyReport> {
  const database = openDatabase(path, true);
  const verifying = new Verifying(path, database);
  try {
    checkSchema(path, database);
    await verifying.run(given);
    return verifying.report();
  } finally {
    verifying.close();
  }
}

class Verifying {
  private readonly path: string;
  private readonly database: Database;
  private readonly files: BlockFiles;
  private readonly states = new Map<string, ChainState>();
  private readonly findings: LogFinding[] = [];
  private lastNumber = 0;
  private blocks = 0;
  private entries = 0;
  private bytes = 0;
  private expired = 0;

  constructor(path: string, database: Database) {
    this.path = path;
    this.database = database;
    this.files = new BlockFiles(path);
  }

  close(): void {
    this.files.close();
    this.database.close();
  }

  async run(given: readonly Checkpoint[]): Promise<void> {
    try {
      this.database.exec('BEGIN');
      await this.allBlocks();
      this.checkpoints(given);
      this.database.exec('COMMIT');
    } catch (error) {
      const failure = error instanceof GatewayError ? error : sqliteFailure(this.path, error);
      if (failure === undefined) throw error;
      const where = `behind block ${this.lastNumber}`;
      this.tell([finding('LOG_DAMAGED', '', this.lastNumber, `${where}: ${failure.message}`)]);
    }
  }

  report(): VerifyReport {
    const heads = [...this.states.values()].flatMap(({ last }) => (last === undefined ? [] : [headOf(last)]));
    return {
      ok: this.findings.length === 0,
      blocks: this.blocks,
      entries: this.entries,
      bytes: this.bytes,
      expired: this.expired,
      heads: heads.sort((left, right) => (left.channel < right.channel ? -1 : 1)),
      findings: this.findings,
    };
  }

  private async allBlocks(): Promise<void> {
    const next = this.database.prepare(
      `SELECT ${blockColumns} FROM blocks WHERE number > ? ORDER BY number LIMIT 1`,
    );
    const expiredBefore = expiredBeforeOf(this.database);
    const index = new IndexVerifier(this.database);
    for (;;) {
      const row = next.get(this.lastNumber);
      if (row === undefined) break;
      const block = blockRow(row, this.files);
      // A damaged tree can lead back to where one came from.
      if (block.number <= this.lastNumber) throw damagedBlock(this.path, block.number, 'it is out of order');
      this.block(block, expiredBefore, index);
      if (this.blocks % blocksPerTurn === 0) await nextTurn();
    }
    this.tell(index.totals());
  }

  private block(given: BlockRow, expiredBefore: number, index: IndexVerifier): void {
    const state = this.states.get(given.channel) ?? startOf();
    const first = judgeBlock(given, state, this.lastNumber, expiredBefore);
    const since =
      given.place !== undefined && first.findings.length > 0 ? this.expiredSince(given) : undefined;
    const row = since?.row ?? given;
    const judged = since === undefined ? first : judgeBlock(row, state, this.lastNumber, since.expiredBefore);
    this.tell(judged.findings);
    this.tell(index.block(row, judged, since !== undefined));
    this.states.set(row.channel, judged.state);
    this.lastNumber = row.number;
    this.count(judged, row);
  }

  /** The snapshot may name a place whose bytes have expired since: then what another connection sees now. */
  private expiredSince({
    number,
  }: BlockRow): { readonly row: BlockRow; readonly expiredBefore: number } | undefined {
    const beside = openDatabase(this.path, true);
    try {
      const again = beside.prepare(`SELECT ${blockColumns} FROM blocks WHERE number = ?`).get(number);
      if (again === undefined || again['file'] !== null) return undefined;
      return { row: blockRow(again, this.files), expiredBefore: expiredBeforeOf(beside) };
    } finally {
      beside.close();
    }
  }

  private count({ entries }: BlockJudgement, row: BlockRow): void {
    this.blocks += 1;
    this.entries += row.count;
    for (const { size } of entries) {
      this.bytes += size;
      if (row.bytes === undefined && size > 0) this.expired += 1;
    }
  }

  private checkpoints(given: readonly Checkpoint[]): void {
    const rows = this.database.prepare('SELECT number, json FROM checkpoints ORDER BY number').all();
    const stored: Checkpoint[] = [];
    for (const [index, row] of rows.entries()) {
      const read = readCheckpoint(String(row['json']));
      if (read === undefined || row['number'] !== index + 1) {
        const message = `checkpoint ${String(row['number'])} cannot be read, or one is missing before it`;
        this.tell([finding('LOG_CHECKPOINT_SIGNATURE', '', 0, message)]);
      }
      if (read !== undefined) stored.push(read);
    }
    this.tell(judgeCheckpoints(stored, given, chainsOf(this.database)));
  }

  private tell(findings: readonly LogFinding[]): void {
    this.findings.push(...findings.slice(0, findingsMax - this.findings.length));
  }
}

/** The latest time before which bytes were let go. Index rows say it; they are compared with the blocks as all are. */
function expiredBeforeOf(database: Database): number {
  const rows = database
    .prepare('SELECT key FROM keys WHERE channel = ? AND scope = ?')
    .all(expiryChannel, expiryScope);
  return rows.reduce((latest, row) => Math.max(latest, Number(row['key'])), 0);
}

function chainsOf(database: Database): ChainAt {
  const statement: Statement = database.prepare(
    'SELECT first_sequence + count - 1 AS sequence, chain FROM blocks WHERE channel = ? AND number = ?',
  );
  return (channel, block) => {
    const row = statement.get(channel, block);
    if (row === undefined || !(row['chain'] instanceof Uint8Array)) return undefined;
    return { sequence: Number(row['sequence']), chain: hexText(row['chain']) };
  };
}

function readCheckpoint(json: string): Checkpoint | undefined {
  try {
    const value: Checkpoint = JSON.parse(json);
    return Array.isArray(value.heads) ? value : undefined;
  } catch {
    return undefined;
  }
}
