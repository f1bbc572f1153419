import { createInterface } from 'node:readline';
import { median, type Peer } from './fix-peer.ts';

/** By name: what is done in a round, and how many messages it is done with. Made when it is asked for first. */
export type Ways = Readonly<Record<string, () => readonly [count: number, run: () => void]>>;

/** Our side of a bench: for each line, which names a way, takes one round and answers with the microseconds of one core for a message. */
export async function answerRounds(ways: Ways): Promise<void> {
  const made = new Map<string, readonly [number, () => void]>();
  for await (const line of createInterface({ input: process.stdin })) {
    const way = made.get(line) ?? ways[line]?.();
    if (way === undefined) throw new Error(`no way is called ${line}`);
    made.set(line, way);
    const [count, run] = way;
    const from = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(from);
    process.stdout.write(`${(user + system) / count}\n`);
  }
}

/**
 * Takes turns with a peer, and prints how many times faster than it each of our ways is, in the same round. Each way has a process of
 * its own, as a gateway has one way: what the engine learnt from another one would be measured as well.
 */
export async function compareWays(
  peer: Peer,
  theirs: string,
  ways: readonly string[],
  start: () => Peer,
  rounds: number,
): Promise<void> {
  const their: number[] = [];
  const ours = ways.map((way) => ({ way, us: start(), found: [] as number[] }));
  for (let round = -4; round < rounds; round++) {
    const micros = await peer.round();
    if (round >= 0) their.push(micros);
    for (const { way, us, found } of ours) {
      const taken = await us.round(way);
      if (round >= 0) found.push(taken);
    }
  }
  print(theirs, their, their);
  for (const { way, found } of ours) print(way, found, their);
  await Promise.all([peer, ...ours.map(({ us }) => us)].map((one) => one.stop()));
}

/** Median microseconds, and how many times faster than the peer in the same round: median, least and most. */
function print(name: string, found: readonly number[], theirs: readonly number[]): void {
  const ratios = found.map((micros, round) => (theirs[round] ?? 0) / micros).toSorted((a, b) => a - b);
  const [least, most] = [ratios[0] ?? 0, ratios.at(-1) ?? 0];
  const times = `${median(ratios).toFixed(2)}x  [${least.toFixed(2)}..${most.toFixed(2)}]`;
  process.stdout.write(`${median(found).toFixed(2).padStart(8)} µs  ${times}  ${name}\n`);
}
