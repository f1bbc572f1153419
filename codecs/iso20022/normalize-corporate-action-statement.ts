import type { CorporateActionSaid, ElectionSaid } from '../../src/contract/corporate-action.ts';
import { type ElementReader, flagOf } from './corporate-action-fields.ts';
import { codeIn, quantitySaid, securitySaid } from './corporate-action-values.ts';
import { type MxMessage, textAt } from './message.ts';
import { elementsAt, type MxElement } from './tree.ts';

/**
 * What a statement of instructions says: one for each account and event of it, with the balances and what is instructed of
 * each option. Source: seev.042, which ISO 15022 has no message for.
 */
export function statementsIn(
  message: MxMessage,
  sent: Pick<CorporateActionSaid, 'messageId' | 'preparedAt' | 'sender' | 'receiver'>,
  reader: ElementReader,
): readonly CorporateActionSaid[] {
  const number = message.text('Pgntn/PgNb');
  const page =
    number === undefined || !/^\d{1,5}$/.test(number)
      ? undefined
      : { number: Number(number), last: flagOf(message.text('Pgntn/LastPgInd')) ?? false };
  const id = message.text('StmtGnlDtls/StmtId') ?? sent.messageId;
  return message.elements('AcctAndStmtDtls').flatMap((holder) =>
    elementsAt(holder, 'CorpActnEvtAndBal').map((event) => ({
      ...sent,
      messageId: id,
      page,
      ...eventIn(holder, event, reader),
    })),
  );
}

function eventIn(
  holder: MxElement,
  event: MxElement,
  reader: ElementReader,
): Omit<CorporateActionSaid, 'messageId'> {
  const [balances] = elementsAt(event, 'Bal');
  const [instructed] = elementsAt(event, 'Bal/TtlInstdBalDtls');
  const [general] = elementsAt(event, 'GnlInf');
  const account = textAt(holder, 'SfkpgAcct') ?? textAt(holder, 'BlckChainAdrOrWllt');
  const held = reader.balances(balances && withoutOptions(balances));
  const total = instructed === undefined ? [] : reader.balances(onlyTotal(instructed));
  return {
    message: 'statement',
    function: '',
    eventId: textAt(general, 'CorpActnEvtId') ?? '',
    officialId: textAt(general, 'OffclCorpActnEvtId'),
    kind: codeIn(general, 'EvtTp'),
    participation: codeIn(general, 'MndtryVlntryEvtTp'),
    previousId: textAt(general, 'LastNtfctnId/Id'),
    security: securitySaid(
      elementsAt(event, 'UndrlygScty/FinInstrmId')[0] ?? elementsAt(event, 'UndrlygScty')[0],
    ),
    accounts: account === undefined ? [] : [{ account, balances: [...held, ...total] }],
    elections:
      instructed === undefined
        ? []
        : elementsAt(instructed, 'OptnDtls').map((option) => electionIn(option, reader)),
  };
}

/** Everything but what is instructed, which has a structure of its own. */
function withoutOptions(balances: MxElement): MxElement {
  return { ...balances, items: balances.items.filter((one) => named(one) !== 'TtlInstdBalDtls') };
}

function onlyTotal(instructed: MxElement): MxElement {
  return { ...instructed, items: instructed.items.filter((one) => named(one) === 'TtlInstdBal') };
}

function named(item: MxElement | string): string {
  return typeof item === 'string' ? '' : item.local;
}

function electionIn(option: MxElement, reader: ElementReader): ElectionSaid {
  const quantity = reader.read(elementsAt(option, 'InstdBal')[0], quantitySaid);
  return {
    number: codeIn(option, 'OptnNb') ?? textAt(option, 'OptnNb') ?? '',
    type: codeIn(option, 'OptnTp') ?? '',
    quantity: quantity?.quantity,
    unit: quantity?.unit,
  };
}
