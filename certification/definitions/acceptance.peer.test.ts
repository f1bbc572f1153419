import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type AcceptanceServer,
  type AcceptanceSet,
  acceptanceDefinitions,
  acceptanceSets,
  buildAcceptanceServer,
  startAcceptanceServer,
} from '../../test/quickfix-acceptance.ts';
import { program, requirePeer } from '../../test/support/peer.ts';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import { loadPack } from './pack.ts';
import { runDefinitions } from './run.ts';

/** QuickFIX's own pack on QuickFIX's own server: the runner finds nothing wrong where nothing is. */
requirePeer(
  'QuickFIX, its source and a compiler',
  program('g++', ['--version'], 'apt-get install g++ libquickfix-dev'),
  () => {
    const folder = tempDirectory('acceptance', afterAll);
    const sets = Object.keys(acceptanceSets) as AcceptanceSet[];
    const servers = new Map<AcceptanceSet, AcceptanceServer>();

    // One server a version: its application forgets what it saw of every session when any of them ends.
    beforeAll(async () => {
      buildAcceptanceServer();
      for (const set of sets) servers.set(set, await startAcceptanceServer(folder));
    });
    afterAll(() => Promise.all([...servers.values()].map((server) => server.stop())));

    test('QuickFIX’s own acceptance server scores 467 of 467', async () => {
      const scores = await Promise.all(
        sets.map(async (set) => {
          const { definitions, issues } = loadPack(acceptanceDefinitions(set), 'quickfix');
          const connect = { host: '127.0.0.1', port: servers.get(set)?.port ?? 0 };
          const report = await runDefinitions({ definitions, profile: 'quickfix', connect });
          return { set, issues, report };
        }),
      );
      expect(scores.flatMap(({ issues }) => issues)).toEqual([]);
      const failed = scores.flatMap(({ report }) =>
        report.results.filter(({ verdict }) => verdict === 'failed'),
      );
      expect(failed.map(({ file, failure }) => `${file}:${failure?.line}: ${failure?.reason}`)).toEqual([]);
      expect(Object.fromEntries(scores.map(({ set, report }) => [set, report.passed]))).toEqual(
        acceptanceSets,
      );
      expect(scores.reduce((sum, { report }) => sum + report.passed, 0)).toBe(467);
    });

    test('the two definitions of the future fail on it, as they always did', async () => {
      const { definitions } = loadPack(acceptanceDefinitions('future'), 'quickfix');
      const connect = { host: '127.0.0.1', port: servers.get('fix42')?.port ?? 0 };
      const { results } = await runDefinitions({ definitions, profile: 'quickfix', connect });
      expect(results.map(({ name, verdict, failure }) => [name, verdict, failure?.code])).toEqual([
        ['14j_OutOfRepeatingGroupMembers', 'failed', 'CERT_DIFFERENT'],
        ['14k_EmbeddedSOH', 'failed', 'CERT_DIFFERENT'],
      ]);
    });
  },
);
