import type { GatewayError } from '../core/errors.ts';
import { logError } from './failure.ts';
import { WireError } from './wire.ts';

/** `LOG_DAMAGED`, naming the block. */
export function damagedBlock(path: string, block: number, why: string, channel?: string): GatewayError {
  const where = channel === undefined ? `block ${block}` : `block ${block} of channel ${channel}`;
  return logError('LOG_DAMAGED', `${where} is damaged: ${why}`, { place: path });
}

/** What the call decodes; bytes that nobody of us wrote are `LOG_DAMAGED`. */
export function decodeBlock<T>(path: string, block: number, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (error instanceof WireError) throw damagedBlock(path, block, error.message);
    throw error;
  }
}
