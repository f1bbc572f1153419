import { describe, expect, test } from 'vitest';
import { fieldText, grouped } from './field-text.ts';
import { fieldWord } from './field-words.ts';
import { readFields } from './fields.ts';
import { cashBalanceOf, instrumentOf, partyOf, quantityOf } from './typed-values.ts';

function fieldOf(text: string) {
  const [field] = readFields(text, 0, text.length, 1).fields;
  if (field === undefined) throw new Error(text);
  return field;
}

describe('a field for people', () => {
  test.each([
    [':22H::PAYM//APMT', 'Payment', 'Against payment'],
    [':22F::SETR//REPU', 'Type of settlement transaction', 'Repo'],
    [':22F::CAEV//DVOP', 'Event', 'Dividend with options'],
    [':24B::REJT/GSCC/E010', 'Reason: rejected', 'by the clearing corporation (GSCC)'],
    [':24B::REJT/OWNR/E010', 'Reason: rejected', 'by OWNR'],
    [':23G:NEWM/CODU', 'Function of the message', 'New, CODU'],
    [':17B::ACTI//N', 'Activity', 'No'],
    [':19A::SETT//NUSD2510,5', 'Settlement amount', 'USD -2,510.5'],
    [':19A::SETT//USD106,886,68', 'Settlement amount', ''],
    [':19B::GRSS//USD12,', 'Gross amount', 'USD 12'],
    [':36B::SETT//UNIT/1000,', 'Quantity to be settled', '1,000 units'],
    [':36B::SETT//FAMT/5000000,', 'Quantity to be settled', '5,000,000 of face amount'],
    [':93B::AGGR//UNIT/N5,', 'Aggregate balance', '-5 units'],
    [':93C::PEND//UNIT/AVAI/5,', 'Pending delivery', '5 units, available'],
    [':90A::DEAL//PRCT/101,5', 'Deal price', '101.5 percent'],
    [':90B::DEAL//ACTU/USD25,1', 'Deal price', 'USD 25.1'],
    [':92B::EXCH//EUR/USD/1,1', 'Exchange rate', '1 EUR is 1.1 USD'],
    [':92A::INTP//N0,5', 'Interest for this payment', '-0.5'],
    [':92D::NEWO//1,/4,', 'New to old', '1 for 4'],
    [':98A::SETT//20261112', 'Settlement date', '2026-11-12'],
    [':98B::SETT//OPEN', 'Settlement date', 'open'],
    [':98E::PREP//20261112063000,5/N05', 'Preparation date', '2026-11-12T06:30:00.5-05:00'],
    [':69A::STAT//20261101/20261130', 'Statement period', '2026-11-01 to 2026-11-30'],
    [':28E:00002/LAST', 'Page and continuation', 'page 2, last page'],
    [
      ':35B:ISIN US9900001087\r\n/US/990000108\r\nACME',
      'Financial instrument',
      'ISIN US9900001087, CUSIP 990000108, ACME',
    ],
    [':95P::PSET//DTCYUS33', 'Place of settlement', 'BIC'],
    [':95R::REAG/DTCYID/00000901', 'Receiving agent', 'DTC participant 00000901'],
    [':95R::BUYR/XYZ/1', 'Buyer', 'number 1 of XYZ'],
    [':97A::SAFE//A1', 'Safekeeping account', ''],
    [':97C::SAFE//GENR', 'Safekeeping account', 'All accounts'],
    [':99A::DAAC//N003', 'Days accrued', '-3'],
    [':32A:261112USD5,5', 'Value date, currency and amount', 'USD 5.5 on 2026-11-12'],
    [':60F:D261112USD5,', 'Opening balance', 'USD -5 on 2026-11-12'],
    [':61:2611121112RD5,NTRFNONREF', 'Statement line', 'reversed debit 5 on 2026-11-12, NTRF'],
    [':13D:2611121030+0100', 'Date and time', '2026-11-12 10:30 +0100'],
    [':70E::SPRO//WORDS', 'Settlement processing in words', ''],
  ])('%j', (wire, word, text) => {
    expect([fieldWord(fieldOf(wire)), fieldText(fieldOf(wire))]).toEqual([word, text]);
  });

  test.each([
    ['-1234567.5', '-1,234,567.5'],
    ['999', '999'],
    ['1000', '1,000'],
    ['0.0001', '0.0001'],
  ])('%s is %s', (number, text) => {
    expect(grouped(number)).toBe(text);
  });
});

describe('typed values', () => {
  test('35B: other numberings and words', () => {
    expect(instrumentOf('/TS/ACME\r\n/US/990000108\r\nACME COM\r\nSTK')).toEqual({
      isin: undefined,
      cusip: '990000108',
      others: [{ scheme: 'TS', id: 'ACME' }],
      description: 'ACME COM STK',
    });
  });

  test('93C, 95a, 62F', () => {
    expect(quantityOf('UNIT/NAVL/N5,5')).toEqual({ type: 'UNIT', availability: 'NAVL', quantity: '-5.5' });
    expect(quantityOf('UNIT/5,5,')).toBeUndefined();
    expect(partyOf(fieldOf(':95R::BUYR/GSCC/PART899A'))).toEqual({ scheme: 'GSCC', id: 'PART899A' });
    expect(partyOf(fieldOf(':95Q::INVE//SOME BODY'))).toEqual({ scheme: 'name', id: 'SOME BODY' });
    expect(cashBalanceOf('D261112USD0,')).toEqual({ date: '2026-11-12', currency: 'USD', amount: '0' });
    expect(cashBalanceOf('D261312USD0,')).toBeUndefined();
  });
});
