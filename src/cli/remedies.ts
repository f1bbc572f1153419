import type { IssueTable } from '../core/issue.ts';

/**
 * What to do about each code that can stand on an entry: by the tables of the rooms that give them. Loaded when
 * somebody asks, so that commands that need none of it start without it.
 */
export async function remedies(): Promise<ReadonlyMap<string, string>> {
  const [codecs, session, folder, log, gateway, core] = await Promise.all([
    import('../../codecs/index.ts'),
    import('../../adapters/fix/index.ts'),
    import('../../adapters/directory/index.ts'),
    import('../log/index.ts'),
    import('../gateway/index.ts'),
    import('../core/issues.ts'),
  ]);
  const tables: readonly IssueTable[] = [
    ...Object.values(codecs).map((codec) => codec.issues),
    session.fixSessionIssues,
    folder.directoryIssues,
    log.logIssues,
    gateway.gatewayIssues,
    core.coreIssues,
  ];
  return new Map(
    tables.flatMap((table) => Object.entries(table).map(([code, { remedy }]) => [code, remedy] as const)),
  );
}
