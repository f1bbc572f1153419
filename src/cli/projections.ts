import { bookProjection } from '../book/index.ts';
import type { Log } from '../contract/log.ts';
import type { Projection } from '../contract/projection.ts';
import type { GatewayError } from '../core/errors.ts';
import {
  type Configuration,
  errorView,
  feedsProjection,
  type Logger,
  type RunFollower,
} from '../gateway/index.ts';
import { JournalFile, LedgerFollower, ledgerProjection, PostgresLedger } from '../ledger/index.ts';
import type { ProjectionStore, Projections } from '../log/index.ts';
import { reconProjection } from '../recon/index.ts';

/**
 * The views of a trade day, in the order in which they are folded. The running gateway and every command that reads open
 * the same list by the same configuration: another one would fold the views again.
 */
export function dayProjections(configuration?: Configuration): readonly Projection<ProjectionStore>[] {
  const recon = reconProjection({ owners: configuration?.recon?.owners ?? {} });
  return [feedsProjection, bookProjection(), recon, ledgerProjection()];
}

/** The bridges to the outside ledgers that the configuration names. */
export function ledgerFollowers(
  { tenant, ledger }: Configuration,
  { log, projections }: { readonly log: Log; readonly projections: Projections },
  logger: Logger,
): readonly RunFollower[] {
  const { journal, postgres } = ledger ?? {};
  const report = (bridge: string, trouble: GatewayError | undefined): void => {
    if (trouble === undefined) logger.info({ bridge }, 'the ledger goes on');
    else logger.error({ bridge, code: trouble.code, error: errorView(trouble) }, 'the ledger waits');
  };
  const bridges = [
    ...(journal === undefined ? [] : [new JournalFile(journal.path, tenant)]),
    ...(postgres === undefined
      ? []
      : [new PostgresLedger({ url: postgres.url(), schema: postgres.schema, tenant })]),
  ];
  return bridges.map((bridge) => new LedgerFollower({ log, projections, report }, bridge));
}
