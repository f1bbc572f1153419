import type { NormalizeContext } from '../../src/contract/codec.ts';
import { eventOf } from '../../src/contract/normalize.ts';
import { canonicalDecimal } from '../../src/core/decimal.ts';
import type { Issue } from '../../src/core/issue.ts';
import type { Event } from '../../src/events/event.ts';
import { businessKeyText } from '../../src/events/identity.ts';
import type { Family } from './families.ts';
import { mxIssue } from './issues.ts';
import { type MxMessage, textAt } from './message.ts';
import { attributeOf, elementsAt, type MxElement } from './tree.ts';
import { dateIn } from './values.ts';

/**
 * What a pacs.009 means: `cash.pending` for each transfer, money on its way to the account of its creditor. It is an
 * instruction between banks: that it moved is for a statement to say. Source: pacs.009.001, CdtTrfTxInf.
 */
export const transferFamily: Family = {
  problems: (message) => message.elements('CdtTrfTxInf').flatMap(problemsIn),
  events(message, context) {
    const transfers = message.elements('CdtTrfTxInf');
    if (transfers.some((one) => problemsIn(one).length > 0)) return [];
    const slots = new Set<string>();
    return transfers.map((one) => transferEvent(message, one, slots, context));
  },
};

const needed = ['PmtId/EndToEndId', 'IntrBkSttlmAmt'];

function problemsIn(transfer: MxElement): readonly Issue[] {
  const { line, column } = transfer;
  const missing = needed.filter((path) => textAt(transfer, path) === undefined);
  const amount = canonicalDecimal(textAt(transfer, 'IntrBkSttlmAmt') ?? '0');
  const day = textAt(transfer, 'IntrBkSttlmDt');
  const wrong = [
    ...missing.map((path) => `${path} is needed and missing`),
    ...(amount.ok ? [] : ['IntrBkSttlmAmt is no number']),
    ...(day === undefined || dateIn(day) !== undefined ? [] : ['IntrBkSttlmDt is no day']),
  ];
  return wrong.map((text) => mxIssue('MX_VALUE_NEEDED', text, { line, column, field: 'CdtTrfTxInf' }));
}

function transferEvent(
  message: MxMessage,
  transfer: MxElement,
  slots: Set<string>,
  context: NormalizeContext,
): Event {
  const text = (path: string): string | undefined => textAt(transfer, path);
  const id = text('PmtId/TxId') ?? text('PmtId/EndToEndId') ?? '';
  const slot =
    [
      `transfer-${id}`,
      `transfer-${id}-${text('PmtId/InstrId') ?? ''}`,
      `transfer-${id}-${slots.size + 1}`,
    ].find((one) => !slots.has(one)) ?? id;
  slots.add(slot);
  const read = canonicalDecimal(text('IntrBkSttlmAmt') ?? '');
  const [money] = elementsAt(transfer, 'IntrBkSttlmAmt');
  const sender = text('InstgAgt/FinInstnId/BICFI') ?? message.text('GrpHdr/InstgAgt/FinInstnId/BICFI');
  const named = context.direction === 'in' ? context.reportedBy : undefined;
  const reportedBy = named ?? sender ?? textAt(message.header, 'Fr/FIId/FinInstnId/BICFI');
  const valueDate = text('IntrBkSttlmDt') ?? message.text('GrpHdr/IntrBkSttlmDt');
  const attributes = {
    reportedBy,
    businessKey: businessKeyText({
      kind: 'transfer-order',
      reportedBy,
      scope: context.keyScope,
      tradeDate: valueDate,
      id: text('PmtId/UETR') ?? id,
    }),
    account: text('CdtrAcct/Id/IBAN') ?? text('CdtrAcct/Id/Othr/Id'),
    parties: partiesIn(transfer),
  };
  return eventOf(context, slot, 'cash.pending', attributes, {
    type: 'wire',
    amount: read.ok ? read.value : undefined,
    currency: money === undefined ? undefined : attributeOf(money, 'Ccy'),
    valueDate: valueDate === undefined ? undefined : dateIn(valueDate),
    referenceId: text('PmtId/EndToEndId'),
    bankReference: text('PmtId/TxId'),
    linked: text('PmtId/UETR'),
    report: 'instruction',
    reportId: message.text('GrpHdr/MsgId'),
    status: 'pending',
    text: text('RmtInf/Ustrd'),
  });
}

const roles = [
  ['Dbtr', 'debtor'],
  ['DbtrAgt', 'debtor-agent'],
  ['IntrmyAgt1', 'intermediary'],
  ['CdtrAgt', 'creditor-agent'],
  ['Cdtr', 'creditor'],
] as const;

function partiesIn(transfer: MxElement): readonly { id: string; scheme: string; role: string }[] {
  return roles.flatMap(([path, role]) => {
    const bic = textAt(transfer, `${path}/FinInstnId/BICFI`);
    if (bic !== undefined) return [{ id: bic, scheme: 'bic', role }];
    const member = textAt(transfer, `${path}/FinInstnId/ClrSysMmbId/MmbId`);
    const scheme = textAt(transfer, `${path}/FinInstnId/ClrSysMmbId/ClrSysId/Cd`) ?? '';
    return member === undefined ? [] : [{ id: member, scheme, role }];
  });
}
