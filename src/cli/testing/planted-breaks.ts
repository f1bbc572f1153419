import {
  breakCases,
  quietCases,
  type TradeDayCase,
} from '../../../certification/simulators/trade-day/index.ts';
import { memoryLog, openProjections } from '../../log/index.ts';
import { breakVerdicts, strangeBreaks } from '../demo/break-verdicts.ts';
import { readEvidence } from '../demo/evidence.ts';
import { dayProjections } from '../projections.ts';
import { keepTradeDays } from './trade-day-log.ts';

/** Cases about the books: they can be judged without a gateway. */
export const plantedBreaks: ReadonlySet<TradeDayCase> = new Set([...breakCases, ...quietCases]);

export interface JudgedBreaks {
  /** Verdicts that do not hold. */
  readonly missed: readonly string[];
  /** How many breaks were found that nobody planted. */
  readonly strange: number;
}

/** Verdicts about book and breaks over a log that is written in this process; views are kept in `directory`. */
export async function judgedBreaks(
  directory: string,
  leaveOut: readonly TradeDayCase[],
): Promise<JudgedBreaks> {
  const log = memoryLog();
  const options = { executions: 400, leaveOut };
  const { truth } = await keepTradeDays(log, options);
  const projections = await openProjections(directory, log, { projections: dayProjections() });
  try {
    await projections.catchUp();
    const evidence = await readEvidence({ log, projections });
    const missed = breakVerdicts(truth, evidence).flatMap(({ name, ok }) => (ok ? [] : [name]));
    return { missed, strange: strangeBreaks(truth, evidence).length };
  } finally {
    await projections.close();
  }
}
