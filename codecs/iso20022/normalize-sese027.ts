import { settlementEvents } from '../../src/contract/settlement-events.ts';
import type { SettlementStatus, StatusSaid } from '../../src/contract/settlement-status.ts';
import type { Issue } from '../../src/core/issue.ts';
import { type MxMessage, textAt } from './message.ts';
import { familyOf, ownReferences, present } from './normalize-sese023.ts';
import { detailsIn, messageFacts } from './settlement-details.ts';
import { elementReader, reasonsIn, relatedIn } from './statement-values.ts';
import cancellationStatuses from './tables/cancellation-statuses.json' with { type: 'json' };
import { elementsAt, elementsIn, type MxElement } from './tree.ts';

/** sese.027: the same as the MT548 with a status CPRC that says the same. */
export const cancellationStatusFamily = familyOf(readCancellationStatus, (said, context, message) =>
  settlementEvents(said, context, message.standard, message.type),
);

/** What it says. Where the instruction is not named, the request to cancel it stands for it. */
function readCancellationStatus(message: MxMessage, problems: Issue[]): SettlementStatus {
  const reader = elementReader(message.content, problems);
  const own = ownReferences.map((path) => reader.text(`TxId/AcctOwnrTxId/${path}`)).find(Boolean);
  const requestId = reader.need('CxlReqRef', present);
  const statuses = message.elements('PrcgSts').flatMap(statusesIn);
  if (statuses.length === 0) reader.need('PrcgSts', () => undefined);
  const detailed = message.elements('TxDtls').length > 0;
  return {
    ...messageFacts(message),
    instructionId: own ?? requestId ?? '',
    requestId,
    related: relatedIn(reader, 'TxId'),
    statuses,
    transaction: detailed ? detailsIn(reader, 'sese.027') : undefined,
  };
}

function statusesIn(choice: MxElement): readonly StatusSaid[] {
  return elementsIn(choice)
    .filter(({ uri }) => uri === choice.uri)
    .map((said) => {
      const row = cancellationStatuses.find(({ name }) => name === said.local);
      if (row !== undefined) return { kind: 'CPRC', code: row.code, reasons: reasonsIn(said) };
      const reasons = elementsAt(said, 'PrtryRsn').flatMap(reasonsIn);
      const scheme = textAt(said, 'PrtrySts/Issr') ?? 'PrcgSts';
      return { kind: 'CPRC', code: textAt(said, 'PrtrySts/Id') ?? said.local, scheme, reasons };
    });
}
