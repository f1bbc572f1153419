import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type ClearingFirmOptions,
  type Morning,
  morning,
  morningDefaults,
  openClearingFirm,
} from '../../../certification/simulators/clearing-firm/index.ts';
import { systemClock } from '../../core/clock.ts';
import { createLogger, loadConfiguration, runGateway } from '../../gateway/index.ts';
import { demoConfiguration } from '../configurations.ts';

export interface KeptMorning extends Morning {
  /** Holds `clearport.yaml`, and the data directory `data`. */
  readonly directory: string;
}

/** Everything but the restart: a gateway that is killed is the demo's own test. */
const options: ClearingFirmOptions = {
  ...morningDefaults,
  executions: 200,
  leaveOut: ['restart'],
  port: 0,
  rate: 0,
  clock: systemClock(),
  tell: () => undefined,
};

/**
 * Runs a gateway of ours, in this process, against the simulated firm until it has kept the whole morning. `meanwhile` is
 * called once the gateway is ready.
 */
export async function keepMorning(
  directory: string,
  meanwhile: () => Promise<unknown> = async () => undefined,
): Promise<KeptMorning> {
  const firm = await openClearingFirm(options);
  const path = join(directory, 'clearport.yaml');
  writeFileSync(path, demoConfiguration({ port: firm.port, data: './data' }));
  const configuration = await loadConfiguration(path, {});
  const logger = createLogger({ level: 'silent', mask: configuration.mask });
  const stop = new AbortController();
  try {
    let ready: () => void = () => undefined;
    const isReady = new Promise<void>((resolve) => {
      ready = resolve;
    });
    const { clock } = options;
    const running = runGateway({ configuration, clock, logger, ready, signal: stop.signal });
    await Promise.race([isReady, running]);
    await Promise.all([firm.played, meanwhile()]);
    stop.abort();
    await running;
  } finally {
    await firm.close();
  }
  return { directory, ...morning(options) };
}
