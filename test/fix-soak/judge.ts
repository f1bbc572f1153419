import { heardOf, reportedOf } from '../../adapters/fix/peer/numbered-message.ts';
import type { Entry } from '../../src/contract/entry.ts';
import { latin1Text } from '../../src/core/bytes.ts';
import { openSqliteLog } from '../../src/log/index.ts';

export interface Verdict {
  /** Everything that was not as promised; empty: nothing lost, doubled, changed or out of order, either way. */
  readonly problems: readonly string[];
  /** Messages that QuickFIX gave to its application a second time, because it was killed before it had counted them. */
  readonly givenAgain: number;
  /** Messages that went over the line more than once, either way: each is one entry all the same. */
  readonly repeats: number;
  /** Messages whose end the line did not bring: kept aside, and they came again whole. */
  readonly tornOff: number;
  /** Logons of theirs while we could not know that their old connection was gone, or an operator changed numbers: refused, and kept aside. */
  readonly secondLogons: number;
  readonly entries: number;
}

export interface Evidence {
  /** Our log. */
  readonly data: string;
  /** What their application was given, a line each. */
  readonly heard: readonly string[];
  /** How many each side gave to its engine. */
  readonly ours: number;
  readonly theirs: number;
}

/** Compares what each side gave to its engine with what the other has. */
export async function judgeSoak({ data, heard, ours, theirs }: Evidence): Promise<Verdict> {
  const mine = await judgeLog(data, theirs);
  const other = judgeHeard(heard, ours);
  return {
    problems: [...mine.problems, ...other.problems],
    givenAgain: other.givenAgain,
    repeats: mine.repeats,
    tornOff: mine.tornOff,
    secondLogons: mine.secondLogons,
    entries: mine.entries,
  };
}

/** Our log holds reports 1 to `count`, each once, in order, as it was sent; nothing was refused, nothing contradicts. */
async function judgeLog(data: string, count: number): Promise<Omit<Verdict, 'givenAgain'>> {
  const log = await openSqliteLog(data, { readOnly: true });
  const problems: string[] = [];
  let next = 1;
  let entries = 0;
  let tornOff = 0;
  let secondLogons = 0;
  try {
    for await (const entry of log.read()) {
      entries++;
      if (problems.length > 20) break;
      const codes = new Set(entry.kind === 'quarantine' ? entry.issues.map(({ code }) => code) : []);
      if (codes.size === 1 && codes.has('FIX_TRUNCATED')) tornOff++;
      else if (codes.size === 1 && (codes.has('FIX_LOGON_SECOND') || codes.has('FIX_SESSION_HELD')))
        secondLogons++;
      else if (entry.kind === 'quarantine' || entry.kind === 'conflict')
        problems.push(`${entry.kind}: ${shown(entry)}`);
      if (entry.kind !== 'message' || entry.direction !== 'in' || entry.type !== '8') continue;
      const wanted = reportedOf('P', next);
      const got = reportOf(entry);
      if (got !== wanted) problems.push(`ours has ${got} where ${wanted} has to stand`);
      if (entry.events.length === 0) problems.push(`ours has ${got} without an event`);
      next++;
    }
    if (next - 1 !== count) problems.push(`ours has ${next - 1} reports of ${count}`);
    const { ok, findings } = await log.verify();
    if (!ok) problems.push(`verify: ${JSON.stringify(findings).slice(0, 500)}`);
    const repeats = (await log.repeats()).reduce((sum, { count: times }) => sum + times, 0);
    return { problems, repeats, tornOff, secondLogons, entries };
  } finally {
    await log.close();
  }
}

function reportOf({ bytes }: Entry): string {
  const fields = new Map(
    latin1Text(bytes)
      .split('\u0001')
      .map((field): [string, string] => {
        const at = field.indexOf('=');
        return [field.slice(0, at), field.slice(at + 1)];
      }),
  );
  return ['17', '55', '54', '32', '31', '58'].map((tag) => fields.get(tag) ?? '').join('|');
}

function shown({ bytes, issues }: Entry): string {
  const codes = issues.map(({ code, message }) => `${code} ${message}`).join(', ');
  return `${latin1Text(bytes).slice(0, 200).replaceAll('\u0001', '|')} (${codes})`;
}

/**
 * Their application was given orders 1 to `count`, each once, in order. QuickFIX counts a message behind the application's back, so one
 * that is killed in between gives its application the last one again, with PossDupFlag(43)=Y, once: that is its own doing, and told.
 */
export function judgeHeard(
  heard: readonly string[],
  count: number,
): { readonly problems: readonly string[]; readonly givenAgain: number } {
  const problems: string[] = [];
  let givenAgain = 0;
  let next = 1;
  let started = false;
  for (const line of heard) {
    if (problems.length > 20) break;
    if (line.startsWith('#')) {
      started = true;
      continue;
    }
    const [number, again, ...rest] = line.split(' ');
    const said = rest.join(' ');
    if (started && again === 'Y' && said === heardOf('C', next - 1)) givenAgain++;
    else if (said === heardOf('C', next)) next++;
    else problems.push(`theirs was given ${number} ${again} ${said} where ${heardOf('C', next)} has to come`);
    started = false;
  }
  if (next - 1 !== count) problems.push(`theirs was given ${next - 1} orders of ${count}`);
  return { problems, givenAgain };
}
