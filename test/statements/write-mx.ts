import { element, textElement, type WrittenElement, writeXml } from '../../codecs/iso20022/write-xml.ts';
import type {
  StatedBalance,
  StatedHolding,
  StatedPrice,
  StatementHead,
} from '../../src/contract/statement.ts';
import { counted, security, sign } from './mx-parts.ts';
import { isActive, type StatementPage } from './write-mt.ts';
import { pendingOf, postingsOf } from './write-mx-transactions.ts';

type Inner = WrittenElement | undefined | false;

const messages = {
  holdings: ['semt.002.001.12', 'SctiesBalCtdyRpt'],
  transactions: ['semt.017.001.13', 'SctiesTxPstngRpt'],
  pending: ['semt.018.001.14', 'SctiesTxPdgRpt'],
} as const;

/** The semt.002 (or semt.003), semt.017 or semt.018 that says the same as {@link writeMtStatement}'s page. */
export function writeMxStatement(page: StatementPage, accounting = false): Uint8Array {
  const { head } = page;
  const [type, name] = accounting ? (['semt.003.001.12', 'SctiesBalAcctgRpt'] as const) : messages[head.kind];
  const document = element('Document', [element(name, content(page, accounting))], {
    xmlns: `urn:iso:std:iso:20022:tech:xsd:${type}`,
  });
  return writeXml(element('RequestPayload', [header(head, type), document]));
}

export function header(head: Partial<StatementHead>, type: string): WrittenElement {
  const { sender = 'DTCYUS33', receiver = 'HALYUS33', messageId = '', preparedAt } = head;
  const institution = (id: string) => element('FIId', [element('FinInstnId', [textElement('BICFI', id)])]);
  return element(
    'AppHdr',
    [
      element('Fr', [institution(sender)]),
      element('To', [institution(receiver)]),
      textElement('BizMsgIdr', messageId),
      textElement('MsgDefIdr', type),
      textElement('CreDt', preparedAt ?? '2026-11-12T06:30:00Z'),
    ],
    { xmlns: 'urn:iso:std:iso:20022:tech:xsd:head.001.001.02' },
  );
}

function content(page: StatementPage, accounting: boolean): Inner[] {
  const { head, holdings = [], pending = [], structure = 'STAT' } = page;
  const own = holdings.filter(({ account }) => account === undefined);
  const sub = holdings.filter(({ account }) => account !== undefined);
  return [
    element('Pgntn', [textElement('PgNb', String(head.page)), textElement('LastPgInd', String(head.last))]),
    element('StmtGnlDtls', general(page, structure, accounting)),
    head.account === undefined ? undefined : element('SfkpgAcct', [textElement('Id', head.account)]),
    ...own.map((holding) => element('BalForAcct', holdingOf(holding, accounting))),
    ...sub.map((holding) =>
      element('SubAcctDtls', [
        element('SfkpgAcct', [textElement('Id', holding.account)]),
        textElement('ActvtyInd', 'true'),
        element('BalForSubAcct', holdingOf(holding, accounting)),
      ]),
    ),
    ...postingsOf(page),
    ...pending.flatMap((one) => pendingOf(one, structure)),
  ];
}

function general(page: StatementPage, structure: string, accounting: boolean): Inner[] {
  const { number, statementId, at, from, basis, update, kind } = page.head;
  const moment = (name: string, text: string) =>
    element(name, [textElement(text.includes('T') ? 'DtTm' : 'Dt', text)]);
  const coded = (name: string, code: string | undefined) =>
    code === undefined ? undefined : element(name, [textElement('Cd', code)]);
  return [
    number === undefined ? undefined : element('RptNb', [textElement('Shrt', number)]),
    textElement('StmtId', statementId),
    from === undefined
      ? moment('StmtDtTm', at)
      : element('StmtPrd', [
          from.includes('T')
            ? element('FrDtTmToDtTm', [textElement('FrDtTm', from), textElement('ToDtTm', at)])
            : element('FrDtToDt', [textElement('FrDt', from), textElement('ToDt', at)]),
        ]),
    coded('Frqcy', 'DAIL'),
    coded('UpdTp', update),
    kind === 'pending' ? textElement('StmtStr', structure) : coded('StmtBsis', basis),
    textElement('ActvtyInd', String(isActive(page))),
    accounting && textElement('AudtdInd', 'false'),
    kind !== 'pending' && textElement('SubAcctInd', 'false'),
  ];
}

function holdingOf(holding: StatedHolding, accounting: boolean): Inner[] {
  const { quantity, unit, available, notAvailable, location, prices = [], amounts = [], text } = holding;
  const balances = holding.balances ?? [];
  const own = balances.filter(({ type, within }) => type !== 'LOTS' && within === undefined);
  return [
    security(holding),
    element('AggtBal', [
      sign(quantity, true),
      element('Qty', [element('Qty', [element('Qty', [counted(quantity, unit)])])]),
    ]),
    !accounting &&
      available !== undefined &&
      element('AvlblBal', [
        sign(available, false),
        element('Qty', [element('Qty', [counted(available, unit)])]),
      ]),
    !accounting &&
      notAvailable !== undefined &&
      element('NotAvlblBal', [element('Qty', [counted(notAvailable, unit)])]),
    location === undefined ? undefined : element('SfkpgPlc', [element('SfkpgPlcFrmt', [placeOf(location)])]),
    ...prices.map(priceOf),
    amounts.length > 0 &&
      element(
        'AcctBaseCcyAmts',
        (
          [
            ['HldgVal', 'HOLD'],
            ['BookVal', 'BOOK'],
            ['AcrdIntrstAmt', 'ACRU'],
          ] as const
        ).map(([name, kind]) =>
          amountOf(
            name,
            amounts.find((one) => one.kind === kind),
          ),
        ),
      ),
    ...lots(balances, undefined, unit),
    ...own.map((balance) => (accounting ? plainBalance(balance, unit) : balanceOf(balance, balances, unit))),
    textElement('HldgAddtlDtls', text),
  ];
}

function amountOf(name: string, said: { amount: string; currency: string } | undefined): Inner {
  if (said === undefined) return undefined;
  return element(name, [
    textElement('Amt', said.amount.replace('-', ''), { Ccy: said.currency }),
    textElement('Sgn', String(!said.amount.startsWith('-'))),
  ]);
}

/** semt.003 has neither side nor lots of a part. */
function plainBalance(
  { type, quantity, availability }: StatedBalance,
  unit: 'shares' | 'face',
): WrittenElement {
  const value = counted(quantity, unit);
  const told =
    availability === undefined
      ? element('Qty', [value])
      : element('QtyAndAvlbty', [
          element('Qty', [value]),
          textElement('AvlbtyInd', String(availability === 'available')),
        ]);
  return element('BalBrkdwn', [element('SubBalTp', [textElement('Cd', type)]), element('Qty', [told])]);
}

function balanceOf(
  balance: StatedBalance,
  all: readonly StatedBalance[],
  unit: 'shares' | 'face',
): WrittenElement {
  const { type, quantity, availability, text } = balance;
  const inner =
    availability === undefined
      ? element('Qty', [counted(quantity, unit)])
      : element('QtyAndAvlbty', [
          element('Qty', [counted(quantity, unit)]),
          textElement('AvlbtyInd', String(availability === 'available')),
        ]);
  return element('BalBrkdwn', [
    element('SubBalTp', [textElement('Cd', type)]),
    element('Qty', [sign(quantity, false), element('Qty', [inner])]),
    textElement('SubBalAddtlDtls', text),
    ...lots(all, type, unit),
  ]);
}

function lots(
  balances: readonly StatedBalance[],
  within: string | undefined,
  unit: 'shares' | 'face',
): WrittenElement[] {
  return balances
    .filter((one) => one.type === 'LOTS' && one.within === within)
    .map(({ lotId, quantity, lotDate, price, currency }) =>
      element('QtyBrkdwn', [
        lotId === undefined ? undefined : element('LotNb', [textElement('Id', lotId)]),
        element('LotQty', [
          sign(quantity, false),
          element('Qty', [element('Qty', [element('Qty', [counted(quantity, unit)])])]),
        ]),
        lotDate === undefined ? undefined : element('LotDtTm', [textElement('Dt', lotDate)]),
        price === undefined
          ? undefined
          : element('LotPric', [
              element('Tp', [textElement('ValTp', 'PARV')]),
              element('Val', [textElement('Amt', price, { Ccy: currency ?? '' })]),
            ]),
      ]),
    );
}

function priceOf({ kind, type, price, currency, source, date }: StatedPrice): WrittenElement {
  const [market, mic] = source?.split('/') ?? [];
  return element('PricDtls', [
    element('Tp', [textElement('Cd', kind)]),
    element('Val', [
      currency === undefined ? textElement('Rate', price) : textElement('Amt', price, { Ccy: currency }),
    ]),
    element('ValTp', [type === 'YIEL' ? textElement('Yldd', 'true') : textElement('ValTp', 'PARV')]),
    market === undefined
      ? undefined
      : element('SrcOfPric', [
          mic === undefined ? undefined : element('Id', [textElement('MktIdrCd', mic)]),
          element('Tp', [textElement('Cd', market)]),
        ]),
    date === undefined ? undefined : element('QtnDt', [textElement('Dt', date)]),
  ]);
}

function placeOf(location: string): WrittenElement {
  const [kind = '', id] = location.split('/');
  if (id === undefined) return element('Ctry', location);
  return element(kind === 'SHHE' ? 'Id' : 'TpAndId', [
    textElement('SfkpgPlcTp', kind),
    textElement('Id', id),
  ]);
}
