import { initiatorChannel, writeConfiguration } from '../support/configuration.ts';

/** The one channel of the crash matrix. */
export const crashChannel = 'drop-copy';

/**
 * Writes a configuration for a gateway that logs on to a firm at a port of this machine, and gives its path back.
 * LastMsgSeqNumProcessed(369) is on, so that every frame of the gateway is a promise to be held to.
 */
export function writeCrashConfiguration(place: string, port: number, us = 'DESK'): string {
  const channel = initiatorChannel(port, { senderCompId: us, lastMsgSeqNumProcessed: true });
  return writeConfiguration(place, { [crashChannel]: channel }, { log: { level: 'info' } });
}
