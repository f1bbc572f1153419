import type { Event } from '../events/event.ts';
import type { NormalizeContext } from './codec.ts';
import { eventOf } from './normalize.ts';
import type { StatementHead } from './statement.ts';
import {
  basisOf,
  completenessOf,
  pageAttributes,
  reportIdOf,
  snapshotKinds,
  snapshotName,
} from './statement-head.ts';

/**
 * What a page says as a whole: the last one closes the snapshot, and says how many pages have to be there; a page that
 * takes back an earlier one says that, and nothing else counts of it. Any other page says nothing more than its rows.
 */
export function closingEvents(head: StatementHead, context: NormalizeContext): readonly Event[] {
  if (head.cancels === true) return [cancelledEvent(head, context)];
  if (!head.last) return [];
  const { completeness, computed } = completenessOf(head);
  const zoned = /T.*(Z|[+-]\d\d:\d\d)$/.test(head.at);
  const attributes = {
    ...pageAttributes(head, context),
    computed: computed ? ['data.completeness'] : undefined,
  };
  const closed = eventOf(context, 'closed', 'snapshot.closed', attributes, {
    kind: snapshotKinds[head.kind],
    basis: basisOf(head),
    snapshot: snapshotName(head),
    completeness,
    cutAt: zoned ? head.at : undefined,
    cutZone: zoned && head.at.endsWith('Z') ? 'UTC' : undefined,
    pages: head.page,
    reportId: reportIdOf(head),
  });
  return [closed];
}

function cancelledEvent(head: StatementHead, context: NormalizeContext): Event {
  return eventOf(context, 'cancelled', 'snapshot.cancelled', pageAttributes(head, context), {
    kind: snapshotKinds[head.kind],
    basis: basisOf(head),
    snapshot: snapshotName(head),
    reportId: head.previousId,
  });
}
