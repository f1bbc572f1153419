import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Mutant, mutantOf } from '../../test/definition-mutants.ts';
import { oneOf, randomOf } from '../../test/mutation.ts';
import {
  type AcceptanceServer,
  acceptanceDefinitions,
  buildAcceptanceServer,
  rubyRunner,
  rubyVerdict,
  startAcceptanceServer,
} from '../../test/quickfix-acceptance.ts';
import { program, requirePeer } from '../../test/support/peer.ts';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import { defaultPatterns } from './compare.ts';
import { loadPack } from './pack.ts';
import { runDefinitions } from './run.ts';

const seed = 20_261_121;
const count = 100;
/** The Ruby runner has no time limits: one that it does not end in this time has failed. Whatever it ends, it ends in one second. */
const rubyTimeoutMs = 6_000;
/** Definitions that wait for heartbeats, or for clocks. */
const slow = /^(?:4a|6|2i)_/;

requirePeer(
  'QuickFIX and its Ruby runner',
  program('ruby', ['--version'], 'apt-get install ruby g++ libquickfix-dev'),
  () => {
    const folder = tempDirectory('mutants', afterAll);
    const pack = join(folder, 'pack');
    const servers: AcceptanceServer[] = [];
    const mutants = new Map<string, Mutant & { readonly of: string }>();

    beforeAll(async () => {
      buildAcceptanceServer();
      servers.push(await startAcceptanceServer(folder), await startAcceptanceServer(folder));
      mkdirSync(pack);
      const random = randomOf(seed);
      const sets = (['fix40', 'fix42', 'fix44', 'fix50sp2'] as const).map(acceptanceDefinitions);
      for (let index = 0; index < count; index++) {
        const set = oneOf(random, sets) ?? '';
        const names = readdirSync(set).filter((name) => name.endsWith('.def') && !slow.test(name));
        const texts = names.map((name) => ({ name, text: readFileSync(join(set, name), 'latin1') }));
        const { name, text } = oneOf(
          random,
          texts.filter((one) => /^E/m.test(one.text)),
        ) ?? { name: '', text: '' };
        const mutant = mutantOf(text, random);
        const key = `mutant-${String(index).padStart(3, '0')}`;
        mutants.set(key, { ...mutant, of: `${set.slice(set.lastIndexOf('/') + 1)}/${name}` });
        writeFileSync(join(pack, `${key}.def`), mutant.text, 'latin1');
      }
    });
    afterAll(() => Promise.all(servers.map((server) => server.stop())));

    test('100 changed definitions are judged as the Ruby runner judges them', async () => {
      const [ours, theirs] = await Promise.all([ourVerdicts(), rubyVerdicts()]);
      const differing = [...mutants].flatMap(([key, { what, of, line }]) =>
        ours.get(key)?.verdict === theirs.get(key)?.verdict
          ? []
          : [{ key, what, of, line, ours: ours.get(key), theirs: theirs.get(key) }],
      );
      expect(differing).toEqual([]);
      const failed = [...ours.values()].filter(({ verdict }) => verdict === 'failed').length;
      process.stdout.write(
        `of ${count} mutants ${failed} failed and ${count - failed} passed, for both runners\n`,
      );
      // Both verdicts have to come, or nothing was compared.
      expect(failed).toBeGreaterThan(60);
      expect(count - failed).toBeGreaterThan(5);
    });

    async function ourVerdicts() {
      const definitions = loadPack(pack, 'quickfix').definitions.map((one) => ({
        ...one,
        patterns: defaultPatterns,
      }));
      const connect = { host: '127.0.0.1', port: servers[0]?.port ?? 0 };
      const report = await runDefinitions({ definitions, profile: 'quickfix', connect, timeoutMs: 3000 });
      return new Map(
        report.results.map(({ name, verdict, failure }) => [name, { verdict, said: failure?.reason ?? '' }]),
      );
    }

    async function rubyVerdicts() {
      const runner = rubyRunner(folder);
      const verdicts = new Map<string, Awaited<ReturnType<typeof rubyVerdict>>>();
      for (const key of mutants.keys()) {
        const file = join(pack, `${key}.def`);
        verdicts.set(key, await rubyVerdict(runner, servers[1]?.port ?? 0, file, rubyTimeoutMs));
      }
      return verdicts;
    }
  },
);
