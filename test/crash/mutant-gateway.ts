import { systemClock } from '../../src/core/clock.ts';
import { createLogger, loadConfiguration, openGateway } from '../../src/gateway/index.ts';
import { openSqliteLog } from '../../src/log/index.ts';
import { type MutantName, mutants } from './mutants.ts';

/**
 * A gateway with one promise broken, to show that the crash matrix would see it. Arguments: the mutant's name, the
 * configuration. The product has no switch for this: only the log that the gateway is given is another one.
 */
const [name = '', path = ''] = process.argv.slice(2);
const configuration = await loadConfiguration(path, process.env);
const clock = systemClock();
const logger = createLogger({ level: 'info', mask: configuration.mask });
const real = await openSqliteLog(configuration.data, { clock });
const log = mutants[name as MutantName](real, configuration.data);
const gateway = openGateway({ configuration, log, clock, logger });
process.once('SIGTERM', async () => {
  await gateway.stop('SIGTERM');
  await real.close();
});
await gateway.start();
