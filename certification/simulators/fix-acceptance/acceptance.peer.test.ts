import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import {
  type AcceptanceSet,
  acceptanceDefinitions,
  acceptanceSets,
  rubyRunner,
} from '../../../test/quickfix-acceptance.ts';
import { startChild } from '../../../test/support/child.ts';
import { startClearport } from '../../../test/support/clearport.ts';
import { program, requirePeer } from '../../../test/support/peer.ts';
import { tempDirectory } from '../../../test/support/temp-directory.ts';

/** The runner has no time limit of its own: where an answer is missing it waits for ever. */
const laneMs = 170_000;
/** Definitions that wait for heartbeats: of one set they take 48 s. */
const slow = /^(4a|6)_/;

const sets = Object.keys(acceptanceSets) as AcceptanceSet[];
const overFixt = sets.filter((set) => set.startsWith('fix50'));

function definitions(set: AcceptanceSet, which: (name: string) => boolean = () => true): string[] {
  const folder = acceptanceDefinitions(set);
  const names = readdirSync(folder).filter((name) => name.endsWith('.def') && which(name));
  return names.toSorted().map((name) => join(folder, name));
}

/** `fix44/2c_MsgSeqNumTooLow.def`. */
function shortName(file: string): string {
  return `${basename(dirname(file))}/${basename(file)}`;
}

/** The official runner, its comparator and its patterns over the official definitions, against the command as everybody runs it. */
requirePeer(
  'the Ruby runner of QuickFIX’s pack',
  program('ruby', ['--version'], 'apt-get install ruby'),
  () => {
    const folder = tempDirectory('fix-acceptance', afterAll);

    /** What failed, and why: what the runner did not come to counts too. */
    async function play(
      port: number,
      files: readonly string[],
    ): Promise<{ passed: string[]; failed: string[] }> {
      const runner = startChild('ruby', ['-I.', 'Runner.rb', '127.0.0.1', String(port), ...files], {
        cwd: rubyRunner(folder),
      });
      const late = setTimeout(() => runner.signal('SIGKILL'), laneMs);
      await runner.ended;
      clearTimeout(late);
      const said = runner.stdout();
      const passed = [...said.matchAll(/<test name='([^']*)' result='success'\/>/g)].map(
        ([, file = '']) => file,
      );
      const failed = files.filter((file) => !passed.includes(file));
      return { passed, failed: failed.map((file) => `${shortName(file)}${reasonIn(said, file)}`) };
    }

    async function acceptor(): Promise<{ port: number; stop(): Promise<void> }> {
      const child = startClearport(['sim', 'fix-acceptance', '--port', '0', '--json']);
      const [, port] = await child.waitFor(/"listening","port":(\d+)/);
      return { port: Number(port), stop: async () => expect(await child.stop()).toMatchObject({ code: 0 }) };
    }

    test('467 of 467 definitions pass, strict, in every version', async () => {
      // The three sets over FIXT share one session and run one after another; what waits for the clock has an acceptor of its own.
      const quick = overFixt.flatMap((set) =>
        definitions(set, (name) => set === 'fix50' || !slow.test(name)),
      );
      const main = await acceptor();
      const beside = await Promise.all([acceptor(), acceptor()]);
      const lanes = [
        ...sets.filter((set) => !overFixt.includes(set)).map((set) => play(main.port, definitions(set))),
        play(main.port, quick),
        ...overFixt.slice(1).map((set, at) =>
          play(
            beside[at]?.port ?? 0,
            definitions(set, (name) => slow.test(name)),
          ),
        ),
      ];
      const played = await Promise.all(lanes);
      expect(played.flatMap(({ failed }) => failed)).toEqual([]);
      const passed = new Set(played.flatMap((lane) => lane.passed).map(shortName));
      const count = (set: string): number => [...passed].filter((name) => name.startsWith(`${set}/`)).length;
      expect(Object.fromEntries(sets.map((set) => [set, count(set)]))).toEqual(acceptanceSets);
      expect(passed.size).toBe(467);
      await Promise.all([main, ...beside].map((one) => one.stop()));
    });
  },
);

/** What the runner says of a definition that failed. */
function reasonIn(said: string, file: string): string {
  const at = said.indexOf(`<test name='${file}' result='failure'`);
  if (at < 0) return ': the runner did not come to it';
  const text = said.slice(at, said.indexOf('</test>', at)).replace(/<[^>]*>|\]\]>/g, ' ');
  return `: ${text.replace(/\s+/g, ' ').trim()}`;
}
