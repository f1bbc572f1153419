import { eventOf } from '../../src/contract/normalize.ts';
import type { Family } from './family.ts';
import { rootOf } from './level-index.ts';
import { needs, problemsIn, tradeDateProblems } from './needed.ts';
import { refusal } from './normalize-reject.ts';
import { dateIn, decimalIn, wordFor } from './reading.ts';
import { tag } from './tag.ts';
import { attributesOf, chargesOf, computedNames, keyOf, reporterOf, tradeDateOf } from './terms.ts';

/** Confirmation(AK): what was allocated to one account, told to its owner. */
export const confirmations: Family = {
  problems: (message) => [
    ...problemsIn(rootOf(message), needs.confirmation),
    ...tradeDateProblems(rootOf(message)),
  ],
  events(message, context) {
    const { root } = message;
    const dated = tradeDateOf(message, root, context);
    const side = wordFor('side', root.get(tag.Side));
    const key = (id: string): string => keyOf(message, context, 'confirmation', id, dated.date, side);
    const action = wordFor('confirmAction', root.get(tag.ConfirmTransType));
    const reference = root.get(tag.ConfirmRefID);
    const { charges, computed } = chargesOf(root, tag.AllocQty, tag.AvgPx, root);
    const attributes = {
      ...attributesOf(message, root, context),
      account: root.get(tag.AllocAccount) ?? root.get(tag.Account),
      businessKey: key(root.get(tag.ConfirmID) ?? ''),
      ...(action === 'replace' && reference !== undefined && { replaces: key(reference) }),
      ...(action === 'cancel' && reference !== undefined && { reverses: key(reference) }),
      computed: computedNames(['data.tradeDate', dated.computed], ['data.charges', computed]),
    };
    const data = {
      confirmId: root.get(tag.ConfirmID),
      referenceId: reference,
      allocationId: root.get(tag.IndividualAllocID) ?? root.get(tag.AllocID),
      action,
      status: wordFor('confirmStatus', root.get(tag.ConfirmStatus)),
      side,
      quantity: decimalIn(root, tag.AllocQty),
      averagePrice: decimalIn(root, tag.AvgPx),
      tradeDate: dated.date,
      settlementDate: dateIn(root, tag.SettlDate),
      gross: decimalIn(root, tag.GrossTradeAmt),
      net: decimalIn(root, tag.NetMoney),
      charges,
      text: root.get(tag.Text),
    };
    return [eventOf(context, 'confirmation', 'trade.confirmed', attributes, data)];
  },
};

/** ConfirmationAck(AU): affirmed, or refused; a bare receipt makes no event. */
export const affirmations: Family = {
  problems: (message) => problemsIn(rootOf(message), needs.affirmation),
  events(message, context) {
    const { root } = message;
    const status = wordFor('affirmStatus', root.get(tag.AffirmStatus));
    const id = root.get(tag.ConfirmID) ?? '';
    if (status === 'rejected') return [refusal(message, context, root.get(tag.ConfirmRejReason), id)];
    if (status !== 'affirmed') return [];
    const dated = tradeDateOf(message, root, context);
    const attributes = {
      ...attributesOf(message, root, context),
      businessKey: keyOf(message, context, 'affirmation', id, dated.date, undefined),
      computed: computedNames(['data.tradeDate', dated.computed]),
    };
    const data = {
      confirmId: id,
      status,
      affirmingParty: reporterOf(message, context),
      tradeDate: dated.date,
      text: root.get(tag.Text),
    };
    return [eventOf(context, 'affirmation', 'trade.affirmed', attributes, data)];
  },
};
