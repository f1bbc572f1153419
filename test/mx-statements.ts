import { below, type Random, randomOf } from './mutation.ts';

/** Which statement, how large, and the seed of what stands in it. */
export interface StatementOptions {
  readonly message: 'semt.002' | 'camt.053';
  readonly items: number;
  readonly seed: number;
  /** Items of each sub-account (semt.002) or statement (camt.053); absent: all of them in one. */
  readonly perGroup?: number;
  /** Line ends and blanks between elements. */
  readonly pretty?: boolean;
}

/** A statement of any size, piece by piece: valid by its schema, and the same for the same seed. */
export function* statementPieces(options: StatementOptions): Generator<string> {
  const random = randomOf(options.seed);
  const end = options.pretty === true ? '\n    ' : '';
  const write = options.message === 'semt.002' ? custody : cash;
  const { head, between, item, tail } = write(random, options);
  const perGroup = options.perGroup ?? options.items;
  yield head.replaceAll('><', `>${end}<`) + end;
  for (let number = 1; number <= options.items; number++) {
    if (number > 1 && (number - 1) % perGroup === 0) yield between((number - 1) / perGroup) + end;
    yield item(number) + end;
  }
  yield tail;
}

export function statementBytes(options: StatementOptions): Buffer {
  return Buffer.from([...statementPieces(options)].join(''));
}

interface Parts {
  readonly head: string;
  between(group: number): string;
  item(number: number): string;
  readonly tail: string;
}

const header = (type: string): string =>
  '<AppHdr xmlns="urn:iso:std:iso:20022:tech:xsd:head.001.001.02"><Fr><FIId><FinInstnId><BICFI>BNKAUS33</BICFI></FinInstnId></FIId></Fr>' +
  '<To><FIId><FinInstnId><BICFI>HALYUS33</BICFI></FinInstnId></FIId></To><BizMsgIdr>STM20261112</BizMsgIdr>' +
  `<MsgDefIdr>${type}</MsgDefIdr><CreDt>2026-11-12T18:30:00-05:00</CreDt></AppHdr>`;

function envelope(type: string, message: string): { readonly open: string; readonly close: string } {
  return {
    open:
      `<?xml version="1.0" encoding="UTF-8"?><BizMsgEnvlp>${header(type)}` +
      `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:${type}"><${message}>`,
    close: `</${message}></Document></BizMsgEnvlp>\n`,
  };
}

/** semt.002.001.12, statement of custody. */
function custody(random: Random, { items, perGroup }: StatementOptions): Parts {
  const { open, close } = envelope('semt.002.001.12', 'SctiesBalCtdyRpt');
  const sub = perGroup !== undefined && perGroup < items;
  const group = (number: number): string =>
    `<SubAcctDtls><SfkpgAcct><Id>SUB-${number}</Id></SfkpgAcct><ActvtyInd>true</ActvtyInd>`;
  return {
    head:
      `${open}<Pgntn><PgNb>1</PgNb><LastPgInd>true</LastPgInd></Pgntn><StmtGnlDtls><StmtId>CUST20261112</StmtId><StmtDtTm><Dt>2026-11-12</Dt></StmtDtTm>` +
      '<Frqcy><Cd>DAIL</Cd></Frqcy><UpdTp><Cd>COMP</Cd></UpdTp><StmtBsis><Cd>SETT</Cd></StmtBsis><ActvtyInd>true</ActvtyInd><SubAcctInd>false</SubAcctInd>' +
      `</StmtGnlDtls><SfkpgAcct><Id>A1234567</Id></SfkpgAcct>${sub ? group(1) : ''}`,
    between: (number) => `</SubAcctDtls>${group(number + 1)}`,
    item: (number) => custodyItem(random, number, sub ? 'BalForSubAcct' : 'BalForAcct'),
    tail: `${sub ? '</SubAcctDtls>' : ''}${close}`,
  };
}

function custodyItem(random: Random, number: number, name: string): string {
  const cusip = String(100_000_000 + ((number * 7919) % 899_999_999));
  const quantity = 100 + below(random, 100_000);
  const price = `${1 + below(random, 500)}.${10 + below(random, 90)}`;
  const pledged = below(random, 100);
  return (
    `<${name}><FinInstrmId><ISIN>US${cusip}7</ISIN><OthrId><Id>${cusip}</Id><Tp><Cd>CUSP</Cd></Tp></OthrId><Desc>COMMON STOCK OF ISSUER ${number} &amp; CO</Desc></FinInstrmId>` +
    `<AggtBal><ShrtLngInd>${below(random, 20) === 0 ? 'SHOR' : 'LONG'}</ShrtLngInd><Qty><Qty><Qty><Unit>${quantity}</Unit></Qty></Qty></Qty></AggtBal>` +
    `<AvlblBal><Qty><Qty><Unit>${quantity - pledged}</Unit></Qty></Qty></AvlblBal>` +
    '<SfkpgPlc><SfkpgPlcFrmt><TpAndId><SfkpgPlcTp>NCSD</SfkpgPlcTp><Id>DTCYUS33</Id></TpAndId></SfkpgPlcFrmt></SfkpgPlc>' +
    `<PricDtls><Tp><Cd>MRKT</Cd></Tp><Val><Amt Ccy="USD">${price}</Amt></Val><ValTp><ValTp>PARV</ValTp></ValTp><QtnDt><Dt>2026-11-12</Dt></QtnDt></PricDtls>` +
    (pledged > 0
      ? `<BalBrkdwn><SubBalTp><Cd>PLED</Cd></SubBalTp><Qty><Qty><Qty><Unit>${pledged}</Unit></Qty></Qty></Qty></BalBrkdwn>`
      : '') +
    `</${name}>`
  );
}

/** camt.053.001.13, statement of cash. */
function cash(random: Random): Parts {
  const { open, close } = envelope('camt.053.001.13', 'BkToCstmrStmt');
  const balance = (code: string): string =>
    `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp><Amt Ccy="USD">1250000</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-12</Dt></Dt></Bal>`;
  const group = (number: number): string =>
    `<Stmt><Id>STMT${number}</Id><StmtPgntn><PgNb>1</PgNb><LastPgInd>true</LastPgInd></StmtPgntn><ElctrncSeqNb>${number}</ElctrncSeqNb>` +
    `<CreDtTm>2026-11-12T18:30:00-05:00</CreDtTm><Acct><Id><Othr><Id>12345678${number}</Id></Othr></Id><Ccy>USD</Ccy></Acct>` +
    balance('PRCD') +
    balance('CLBD');
  return {
    head: `${open}<GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-11-12T18:30:00-05:00</CreDtTm></GrpHdr>${group(1)}`,
    between: (number) => `<AddtlStmtInf>ALL TIMES ARE NEW YORK</AddtlStmtInf></Stmt>${group(number + 1)}`,
    item: (number) => cashItem(random, number),
    tail: `</Stmt>${close}`,
  };
}

/** Entries in pairs that make up for each other: the balance does not move. */
function cashItem(random: Random, number: number): string {
  const amount = `${1000 + Math.floor((number + 1) / 2)}.${10 + (Math.floor((number + 1) / 2) % 90)}`;
  const code = ['NSEC', 'NTRF', 'NDIV', 'NCHG'][below(random, 4)] ?? 'NTRF';
  return (
    `<Ntry><NtryRef>${number}</NtryRef><Amt Ccy="USD">${amount}</Amt><CdtDbtInd>${number % 2 === 0 ? 'DBIT' : 'CRDT'}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>` +
    `<BookgDt><Dt>2026-11-12</Dt></BookgDt><ValDt><Dt>2026-11-12</Dt></ValDt><AcctSvcrRef>BK${number}</AcctSvcrRef>` +
    `<BkTxCd><Prtry><Cd>${code}</Cd><Issr>SWIFT</Issr></Prtry></BkTxCd><NtryDtls><TxDtls><Refs><EndToEndId>INS20261110-${number}</EndToEndId></Refs></TxDtls></NtryDtls>` +
    `<AddtlNtryInf>DVP ${below(random, 5000)} SHS DELIVERY AGAINST PAYMENT</AddtlNtryInf></Ntry>`
  );
}
