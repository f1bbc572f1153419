import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The one channel of the crash matrix. */
export const crashChannel = 'drop-copy';

/**
 * Writes a configuration for a gateway that logs on to a firm at a port of this machine, and gives its path back.
 * LastMsgSeqNumProcessed(369) is on, so that every frame of the gateway is a promise to be held to.
 */
export function writeCrashConfiguration(place: string, port: number): string {
  const path = join(place, 'clearport.yaml');
  const configuration = {
    version: 1,
    tenant: 'crash',
    data: './data',
    log: { level: 'warn' },
    channels: {
      [crashChannel]: {
        adapter: 'fix',
        perspective: 'clearer',
        options: {
          role: 'initiator',
          host: '127.0.0.1',
          port,
          beginString: 'FIX.4.4',
          senderCompId: 'DESK',
          targetCompId: 'FIRM',
          reconnectSecondsMin: 0.05,
          reconnectSecondsMax: 0.2,
          lastMsgSeqNumProcessed: true,
        },
      },
    },
  };
  // JSON is YAML.
  writeFileSync(path, JSON.stringify(configuration, undefined, 2));
  return path;
}
