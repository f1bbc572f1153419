import type { LogFinding } from '../contract/log.ts';
import { sameBytes } from '../core/bytes.ts';
import { type BlockHeader, decodeMeta, genesisChain } from './block.ts';
import { type BlockRow, brokenHash, differences } from './block-row.ts';
import { finding } from './proof.ts';
import { readSegment, type SegmentEntry } from './segment.ts';
import { WireError } from './wire.ts';

/** What the blocks of a channel have said so far. */
export interface ChainState {
  readonly chain: Uint8Array;
  readonly sequence: number;
  readonly epoch: number;
  readonly last: BlockRow | undefined;
}

export interface BlockJudgement {
  readonly findings: readonly LogFinding[];
  readonly state: ChainState;
  /** Absent when the block cannot be read. */
  readonly header: BlockHeader | undefined;
  readonly entries: readonly SegmentEntry[];
}

/** The state of a channel before its first block. */
export function startOf(): ChainState {
  return { chain: genesisChain, sequence: 0, epoch: 0, last: undefined };
}

/** Everything that one block says about itself and the block before it. The next one is judged by this one's words. */
export function judgeBlock(
  row: BlockRow,
  state: ChainState,
  lastNumber: number,
  expiredBefore: number,
): BlockJudgement {
  const findings: LogFinding[] = [];
  const tell = (code: string, message: string): void => {
    findings.push(finding(code, row.channel, row.number, `block ${row.number}: ${message}`));
  };
  if (row.number !== lastNumber + 1) tell('LOG_SEQUENCE', `the block before it is missing`);
  const broken = brokenHash(row);
  if (broken !== undefined) tell('LOG_CHAIN', broken);
  if (!sameBytes(row.previous, state.chain)) tell('LOG_CHAIN', 'it does not follow the block before it');
  if (row.firstSequence !== state.sequence + 1) {
    tell('LOG_SEQUENCE', `it begins at ${row.firstSequence}, behind ${state.sequence}`);
  }
  if (row.epoch !== state.epoch && row.epoch !== state.epoch + 1) {
    tell('LOG_SEQUENCE', `epoch ${row.epoch} follows epoch ${state.epoch}`);
  }
  if (row.bytes === undefined && row.committedAt >= expiredBefore) {
    tell('LOG_EXPIRY', 'its bytes are missing, and no recorded expiry accounts for that');
  }
  const { header, entries, wrong } = contents(row);
  for (const message of wrong) tell('LOG_BLOCK', message);
  const sequence = row.firstSequence + row.count - 1;
  return { findings, header, entries, state: { chain: row.chain, sequence, epoch: row.epoch, last: row } };
}

interface Contents {
  readonly header: BlockHeader | undefined;
  readonly entries: readonly SegmentEntry[];
  readonly wrong: readonly string[];
}

function contents(row: BlockRow): Contents {
  try {
    const { header, segment } = decodeMeta(row.meta);
    const entries = readSegment(segment, row.bytes);
    const wrong = differences(row, header).map((name) => `its column ${name} is not what the block says`);
    if (entries.length !== header.count)
      wrong.push(`it holds ${entries.length} entries, not ${header.count}`);
    return { header, entries, wrong };
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return { header: undefined, entries: [], wrong: [`it cannot be read: ${error.message}`] };
  }
}
