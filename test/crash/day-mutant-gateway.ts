import { dayProjections, ledgerFollowers } from '../../src/cli/projections.ts';
import type { Log } from '../../src/contract/log.ts';
import { systemClock } from '../../src/core/clock.ts';
import { createLogger, loadConfiguration, runGateway, viewedQuarantine } from '../../src/gateway/index.ts';
import { type OwnLog, openOwnLog } from '../../src/gateway/own-log.ts';
import { LedgerFollower, PostgresLedger } from '../../src/ledger/index.ts';
import { withAppend } from './mutants.ts';

/**
 * The gateway of the trade days with one promise broken, to show that the day matrix would see it. Arguments: the
 * mutant's name, the configuration. The product has no switch for this: only the log or the bridge is another one.
 */
export type DayMutantName = 'settle-before-commit' | 'ledger-forgets';

/** How long the disk takes, whose word the queue does not wait for. */
const commitMs = 400;
const [name = '', path = ''] = process.argv.slice(2);
const configuration = await loadConfiguration(path, process.env);
const clock = systemClock();
const logger = createLogger({ level: 'info', mask: configuration.mask });

await runGateway({ configuration, clock, logger, open });

async function open() {
  const own = await openOwnLog(configuration.data, clock, dayProjections(configuration));
  own.projections.follow();
  const following =
    name === 'ledger-forgets' ? [forgetful(own)] : ledgerFollowers(configuration, own, logger);
  for (const follower of following) follower.start();
  return {
    log: name === 'settle-before-commit' ? settlesBeforeCommit(own.log) : own.log,
    index: viewedQuarantine(own.projections, true),
    outbox: own.outbox,
    close: async (): Promise<void> => {
      await Promise.all(following.map((follower) => follower.close()));
      await own.close();
    },
  };
}

/** Messages of the queue are said to be committed as soon as that was asked for; they are, a moment later. */
function settlesBeforeCommit(log: Log): Log {
  return withAppend(log, async (channel, batch, options) => {
    if (channel !== 'settlement-status' || batch.some(({ kind }) => kind === 'signal'))
      return log.append(channel, batch, options);
    setTimeout(() => void log.append(channel, batch, options).catch(() => undefined), commitMs);
    return batch.map(() => ({ outcome: 'appended', offset: 0, sequence: 0 }) as const);
  });
}

/** A bridge that begins anew with every start: it does not ask the ledger for its position. */
function forgetful({ log, projections }: OwnLog): LedgerFollower {
  const postgres = configuration.ledger?.postgres;
  if (postgres === undefined) throw new Error('there is no ledger to forget');
  const { tenant } = configuration;
  const bridge = new PostgresLedger({ url: postgres.url(), schema: postgres.schema, tenant });
  return new LedgerFollower(
    { log, projections, report: (_, trouble) => logger.info({ code: trouble?.code }, 'ledger') },
    {
      id: 'forgetful',
      position: async () => ({ offset: 0, chain: '' }),
      post: (transactions, from, to) => bridge.post(transactions, from, to),
      close: () => bridge.close(),
    },
  );
}
