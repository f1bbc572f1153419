/** A sese.023.001.12 of about 2.5 KB, as a custodian writes it: valid, indented, delivery versus payment with four parties. */
export function settlementInstruction(): string {
  const party = (name: string, code: string, account: string): string => `
        <${name}>
          <Id><PrtryId><Id>${code}</Id><Issr>DTCYID</Issr></PrtryId></Id>
          <SfkpgAcct><Id>${account}</Id></SfkpgAcct>
          <PrcgId>PROC-${code}-20261110</PrcgId>
        </${name}>`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:sese.023.001.12">
  <SctiesSttlmTxInstr>
    <TxId>INS20261110-000000007</TxId>
    <SttlmTpAndAddtlParams>
      <SctiesMvmntTp>DELI</SctiesMvmntTp>
      <Pmt>APMT</Pmt>
      <CmonId>CMN-7781-20261110</CmonId>
    </SttlmTpAndAddtlParams>
    <TradDtls>
      <TradId>T-1001-20261110</TradId>
      <PlcOfTrad><MktTpAndId><Id><MktIdrCd>XNYS</MktIdrCd></Id><Tp><Cd>EXCH</Cd></Tp></MktTpAndId></PlcOfTrad>
      <TradDt><Dt><Dt>2026-11-10</Dt></Dt></TradDt>
      <SttlmDt><Dt><Dt>2026-11-12</Dt></Dt></SttlmDt>
      <DealPric><Tp><Yldd>false</Yldd></Tp><Val><Amt Ccy="USD">25.105</Amt></Val></DealPric>
      <SttlmInstrPrcgAddtlDtls>Settle with the block of the morning, see T-1001</SttlmInstrPrcgAddtlDtls>
    </TradDtls>
    <FinInstrmId>
      <ISIN>US9900001087</ISIN>
      <OthrId><Id>990000108</Id><Tp><Cd>CUSP</Cd></Tp></OthrId>
      <Desc>EXAMPLE INDUSTRIES INC COMMON STOCK</Desc>
    </FinInstrmId>
    <QtyAndAcctDtls>
      <SttlmQty><Qty><Unit>1000</Unit></Qty></SttlmQty>
      <AcctOwnr><Id><AnyBIC>HALYUS33</AnyBIC></Id></AcctOwnr>
      <SfkpgAcct><Id>A1234567</Id></SfkpgAcct>
    </QtyAndAcctDtls>
    <SttlmParams>
      <SctiesTxTp><Cd>TRAD</Cd></SctiesTxTp>
      <PrtlSttlmInd>PART</PrtlSttlmInd>
    </SttlmParams>
    <DlvrgSttlmPties>
        <Dpstry><Id><AnyBIC>DTCYUS33</AnyBIC></Id></Dpstry>${party('Pty1', '00000901', 'A1234567')}${party('Pty2', '00000915', 'C7778899')}
    </DlvrgSttlmPties>
    <RcvgSttlmPties>
        <Dpstry><Id><AnyBIC>DTCYUS33</AnyBIC></Id></Dpstry>${party('Pty1', '00000226', 'B7654321')}${party('Pty2', '00000235', 'D1112223')}
    </RcvgSttlmPties>
    <SttlmAmt>
      <Amt Ccy="USD">25105.00</Amt>
      <CdtDbtInd>CRDT</CdtDbtInd>
    </SttlmAmt>
  </SctiesSttlmTxInstr>
</Document>
`;
}
