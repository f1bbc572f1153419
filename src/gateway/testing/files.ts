import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { directory as adapter } from '../../../adapters/directory/index.ts';
import type { Codec } from '../../contract/codec.ts';
import type { Log } from '../../contract/log.ts';
import type { FileSource } from '../../contract/source.ts';
import { type Clock, systemClock } from '../../core/clock.ts';
import type { Issue } from '../../core/issue.ts';
import { type Limits, limits } from '../../core/limits.ts';
import { FileChannel } from '../file-channel.ts';
import { openMeter } from '../meter.ts';
import type { FileSettings } from '../schema-files.ts';
import { Staging } from '../staging.ts';
import { makingFor } from './entries.ts';
import { listening } from './fixture.ts';
import { judgedCodec } from './judged-codec.ts';

/** A landing directory with a channel over it, for tests. */
export interface Landing {
  readonly root: string;
  readonly log: Log;
  readonly lines: string[];
  drop(name: string, text: string): void;
  /** What lies there and what was archived. */
  left(): string[];
  archived(): string[];
  channel(more?: Partial<LandingOptions>): FileChannel;
  /** As often as it takes for everything there to settle and be taken in. */
  look(more?: Partial<LandingOptions>): Promise<FileChannel>;
}

export interface LandingOptions {
  readonly log: Log;
  readonly clock: Clock;
  readonly codec: Codec;
  readonly settings: Partial<FileSettings>;
  readonly limits: Partial<Limits>;
  /** Puts itself before log and source, to fail where it wants. */
  readonly fault: <T extends Log | FileSource>(inner: T) => T;
}

export async function landing(
  root: string,
  options: Pick<LandingOptions, 'log'> & Partial<LandingOptions>,
): Promise<Landing> {
  const place = join(root, 'in');
  mkdirSync(place, { recursive: true });
  const source = await adapter.open({ path: place, archive: 'archive', pattern: '*' });
  const { lines, logger } = listening();
  const channel = (more: Partial<LandingOptions> = {}): FileChannel => {
    const all = { clock: systemClock(), codec: judgedCodec(), ...options, ...more };
    const { fault = (inner) => inner } = all;
    const alarm = ({ code, message }: Issue): void => void lines.push(`${code} ${message}`);
    const making = { ...makingFor('files'), codec: all.codec, alarm };
    const settings = { key: '.+', pollMs: 10, settlePolls: 1, ...options.settings, ...more.settings };
    return new FileChannel({
      log: fault(all.log),
      source: fault(source),
      making,
      framer: making.codec.framer,
      staging: new Staging(join(root, 'staging')),
      meter: openMeter(),
      clock: all.clock,
      limits: { ...limits, ...all.limits },
      logger,
      settings,
    });
  };
  return {
    root,
    log: options.log,
    lines,
    drop: (name, text) => writeFileSync(join(place, name), text),
    left: () => readdirSync(place).filter((name) => name !== 'archive'),
    archived: () => readdirSync(join(place, 'archive')),
    channel,
    async look(more) {
      const opened = channel(more);
      for (let times = 0; times < 3; times++) await opened.poll();
      return opened;
    },
  };
}
