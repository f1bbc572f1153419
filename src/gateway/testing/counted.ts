import type { Log } from '../../contract/log.ts';
import { canonicalJson, type JsonValue } from '../../core/json.ts';
import { decodeEvent, eventJson } from '../../events/index.ts';
import { openProjections } from '../../log/index.ts';

/** Events of feeds say how something came, and not what happened. */
const isFeed = /^feed\./;

/**
 * What counts in a log, one text an event, sorted: each event that tells its fact first and was not taken back, apart
 * from where and when it was told.
 */
export async function countedIn(log: Log, directory: string): Promise<string[]> {
  const projections = await openProjections(directory, log);
  try {
    await projections.catchUp();
    const counted: string[] = [];
    for await (const { offset, events } of log.read()) {
      const standings = projections.facts.entry(offset).map(({ standing }) => standing);
      for (const [at, bytes] of events.entries()) {
        const event = decodeEvent(bytes);
        if (standings[at] === 'first' && !isFeed.test(event.type)) counted.push(saidBy(eventJson(event)));
      }
    }
    return counted.sort();
  } finally {
    await projections.close();
  }
}

function saidBy(event: JsonValue): string {
  const told = { id: undefined, revision: undefined, receivedAt: undefined, origin: undefined };
  return canonicalJson(Object.assign({}, event, told));
}
