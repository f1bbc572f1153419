import { confirmationEvents } from '../../src/contract/confirmation-events.ts';
import type { SettlementConfirmation } from '../../src/contract/settlement-confirmation.ts';
import type { Issue } from '../../src/core/issue.ts';
import type { MxMessage } from './message.ts';
import { familyOf, present } from './normalize-sese023.ts';
import { detailsIn, messageFacts } from './settlement-details.ts';
import { dateAt, elementReader, quantityAt, relatedIn } from './statement-values.ts';

/** sese.025: the same as the MT544 to MT547 that says the same. */
export const confirmationFamily = familyOf(readConfirmation, (said, context) =>
  confirmationEvents(said, context),
);

function readConfirmation(message: MxMessage, problems: Issue[]): SettlementConfirmation {
  const reader = elementReader(message.content, problems);
  const { quantity: settled, ...details } = detailsIn(reader, 'sese.025');
  const counted = (name: string) => quantityAt(reader, [`QtyAndAcctDtls/${name}`])?.quantity;
  const related = relatedIn(reader, 'TxIdDtls').filter(({ by }) => by !== 'trade');
  const tradeId = reader.text('TradDtls/TradId');
  const linked = reader.text('Lnkgs/SctiesSttlmTxId');
  if (settled === undefined) reader.need('QtyAndAcctDtls/SttldQty', () => undefined);
  return {
    ...messageFacts(message),
    action: 'new',
    instructionId: reader.need('TxIdDtls/AcctOwnrTxId', present) ?? '',
    servicerId: reader.text('TxIdDtls/AcctSvcrTxId'),
    previousId: reader.text('AddtlParams/PrvsPrtlConfId'),
    related: tradeId === undefined ? related : [...related, { by: 'trade', id: tradeId }],
    linked: linked === undefined ? [] : [linked],
    partial: oneOf(reader.text('AddtlParams/PrtlSttlm'), ['PAIN', 'PARC']),
    preconfirmed: oneOf(reader.text('AddtlParams/PreConf'), ['PRCA', 'PRSE']),
    settled,
    previouslySettled: counted('PrevslySttldQty'),
    remaining: counted('RmngToBeSttldQty'),
    effectiveDate: dateAt(reader, 'TradDtls/FctvSttlmDt/Dt'),
    details,
  };
}

function oneOf<T extends string>(text: string | undefined, codes: readonly T[]): T | undefined {
  return codes.find((code) => code === text);
}
