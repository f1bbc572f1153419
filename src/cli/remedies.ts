import type { IssueTable } from '../core/issue.ts';

/**
 * What to do about each code, by the tables of all rooms below the command line: an entry, a channel's trouble, or what
 * became of a message can have any of them. Loaded when somebody asks, so that commands that need none of it start
 * without it.
 */
export async function remedies(): Promise<ReadonlyMap<string, string>> {
  const [codecs, session, folder, sftp, queue, log, gateway, recon, ledger, events, core] = await Promise.all(
    [
      import('../../codecs/index.ts'),
      import('../../adapters/fix/index.ts'),
      import('../../adapters/directory/index.ts'),
      import('../../adapters/sftp/index.ts'),
      import('../../adapters/queue/index.ts'),
      import('../log/index.ts'),
      import('../gateway/index.ts'),
      import('../recon/index.ts'),
      import('../ledger/index.ts'),
      import('../events/index.ts'),
      import('../core/issues.ts'),
    ],
  );
  const tables: readonly IssueTable[] = [
    ...Object.values(codecs).map((codec) => codec.issues),
    session.fixSessionIssues,
    folder.directoryIssues,
    sftp.sftpIssues,
    queue.queueIssues,
    log.logIssues,
    gateway.gatewayIssues,
    recon.reconIssues,
    ledger.ledgerIssues,
    events.eventIssues,
    core.coreIssues,
  ];
  return new Map(
    tables.flatMap((table) => Object.entries(table).map(([code, { remedy }]) => [code, remedy] as const)),
  );
}
