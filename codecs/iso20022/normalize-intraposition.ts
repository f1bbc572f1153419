import type { NormalizeContext } from '../../src/contract/codec.ts';
import { instructionEvents } from '../../src/contract/instruction-events.ts';
import { movementEvents, type SecuritiesMovement } from '../../src/contract/securities-movement.ts';
import { settlementEvents } from '../../src/contract/settlement-events.ts';
import type { SettlementDetails, SettlementInstruction } from '../../src/contract/settlement-instruction.ts';
import type { SettlementStatus } from '../../src/contract/settlement-status.ts';
import type { Issue } from '../../src/core/issue.ts';
import type { Event } from '../../src/events/event.ts';
import { type MxMessage, textAt } from './message.ts';
import { accountAt, institutionIn } from './normalize-statement-head.ts';
import {
  codeAt,
  dateAt,
  decimalOf,
  type ElementReader,
  elementReader,
  placeAt,
  quantityAt,
  relatedIn,
  securityAt,
  statusesIn,
} from './statement-values.ts';
import { timeIn } from './values.ts';

/** What moves between the sub-balances of one account mean: semt.013, semt.014 and semt.015. */
export const intrapositionFamilies = [
  ['semt.013', familyOf(readInstruction, (said, context) => instructionEvents(said, context))],
  [
    'semt.014',
    familyOf(readStatus, (said, context, type) => settlementEvents(said, context, 'ISO 20022', type)),
  ],
  ['semt.015', familyOf(readMovement, (said, context) => movementEvents(said, context))],
] as const;

function familyOf<T>(
  read: (message: MxMessage, problems: Issue[]) => T,
  eventsOf: (said: T, context: NormalizeContext, type: string) => readonly Event[],
) {
  const problemsIn = (message: MxMessage): readonly Issue[] => {
    const problems: Issue[] = [];
    read(message, problems);
    return problems;
  };
  return {
    problems: problemsIn,
    events(message: MxMessage, context: NormalizeContext): readonly Event[] {
      const problems: Issue[] = [];
      const said = read(message, problems);
      return problems.length > 0 ? [] : eventsOf(said, context, message.type);
    },
  };
}

function factsOf({ header }: MxMessage) {
  return {
    messageId: textAt(header, 'BizMsgIdr') ?? '',
    preparedAt: timeIn(textAt(header, 'CreDt')),
    sender: institutionIn(header, 'Fr'),
    receiver: institutionIn(header, 'To'),
  };
}

function present(text: string): string {
  return text;
}

/** Source: semt.013 IntraPosMvmntInstr. */
export function readInstruction(message: MxMessage, problems: Issue[]): SettlementInstruction {
  const reader = elementReader(message.content, problems);
  const linked = reader.each(
    'Lnkgs',
    (link) => link.text('Ref/SctiesSttlmTxId') ?? link.text('Ref/IntraPosMvmntId'),
  );
  return {
    ...factsOf(message),
    action: 'new',
    instructionId: reader.need('TxId', present) ?? '',
    linked,
    details: {
      account: accountAt(reader),
      ...securityAt(reader),
      ...neededQuantity(reader, 'IntraPosDtls/SttlmQty'),
      settlementDate: neededDate(reader, 'IntraPosDtls/SttlmDt'),
      safekeepingPlace: placeAt(reader, 'SfkpgPlc'),
      fromBalance: neededCode(reader, 'IntraPosDtls/BalFr/Tp'),
      toBalance: neededCode(reader, 'IntraPosDtls/BalTo/Tp'),
      text: reader.text('IntraPosDtls/InstrPrcgAddtlDtls'),
    },
  };
}

/** Source: semt.014 IntraPosMvmntStsAdvc. */
export function readStatus(message: MxMessage, problems: Issue[]): SettlementStatus {
  const reader = elementReader(message.content, problems);
  const statuses = statusesIn(message.content);
  if (statuses.length === 0) reader.need('PrcgSts', () => undefined);
  const [details] = reader.each('TxDtls', (inner) => detailsIn(inner));
  return {
    ...factsOf(message),
    instructionId: reader.need('TxId/AcctOwnrTxId', present) ?? '',
    related: relatedIn(reader, 'TxId'),
    statuses,
    transaction: details,
  };
}

function detailsIn(reader: ElementReader): SettlementDetails {
  return {
    account: accountAt(reader),
    ...securityAt(reader),
    ...quantityAt(reader, ['SttlmQty']),
    settlementDate: dateAt(reader, 'SttlmDt'),
    fromBalance: codeAt(reader, 'BalFr'),
    toBalance: codeAt(reader, 'BalTo'),
  };
}

/** Source: semt.015 IntraPosMvmntConf. */
export function readMovement(message: MxMessage, problems: Issue[]): SecuritiesMovement {
  const reader = elementReader(message.content, problems);
  const counted = neededQuantity(reader, 'IntraPosDtls/SttldQty');
  const quantityIn = (path: string): string | undefined =>
    ['Unit', 'DgtlTknUnit', 'FaceAmt', 'AmtsdVal']
      .map((name) => reader.read(`IntraPosDtls/${path}/${name}`, decimalOf))
      .find((quantity) => quantity !== undefined);
  return {
    ...factsOf(message),
    instructionId: reader.text('AddtlParams/AcctOwnrTxId'),
    related: relatedIn(reader, 'AddtlParams'),
    details: { account: accountAt(reader), ...securityAt(reader), unit: counted?.unit },
    quantity: counted?.quantity ?? '',
    fromBalance: neededCode(reader, 'IntraPosDtls/BalFr/Tp') ?? '',
    toBalance: neededCode(reader, 'IntraPosDtls/BalTo/Tp') ?? '',
    location: placeAt(reader, 'SfkpgPlc'),
    effectiveDate: neededDate(reader, 'IntraPosDtls/SttlmDt') ?? '',
    settledBefore: quantityIn('PrevslySttldQty'),
    remaining: quantityIn('RmngToBeSttldQty'),
    reason: codeAt(reader, 'IntraPosDtls/CorpActnEvtTp'),
    eventId: reader.text('AddtlParams/CorpActnEvtId'),
    text: reader.text('IntraPosDtls/InstrPrcgAddtlDtls'),
  };
}

function neededQuantity(reader: ElementReader, path: string) {
  const counted = quantityAt(reader, [path]);
  if (counted === undefined) return reader.need(path, () => undefined);
  if (counted.quantity.startsWith('-')) return reader.unreadable(reader.element, counted.quantity);
  return counted;
}

function neededDate(reader: ElementReader, path: string): string | undefined {
  return dateAt(reader, path) ?? reader.need(`${path}/Dt`, () => undefined);
}

function neededCode(reader: ElementReader, path: string): string | undefined {
  return codeAt(reader, path) ?? reader.need(`${path}/Cd`, () => undefined);
}
