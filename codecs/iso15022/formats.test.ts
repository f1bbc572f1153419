import { describe, expect, test } from 'vitest';
import { formatOk, formatText } from './formats.ts';
import { structureRows } from './structure-tables.ts';
import formats from './tables/formats.json' with { type: 'json' };

describe('formats', () => {
  test.each<[string, string, string]>([
    ['11A', ':SETT//USD', ':SETT//US'],
    ['12A', ':CLAS/ISIT/ESVUFR', ':CLAS//'],
    ['12C', ':CLAS//ESVUFR', ':CLAS//ESVUF'],
    ['13A', ':LINK//541', ':LINK//5411'],
    ['13D', '2611121030+0100', '261112103001000'],
    ['13K', ':LOTS//001/5,', ':LOTS//001/5'],
    ['17B', ':ACTI//Y', ':ACTI//YES'],
    ['19B', ':GRSS//USD5,', ':GRSS//NUSD5,'],
    ['20', 'REF-1', 'A-REFERENCE-OF-17'],
    ['20U', `:RELA//${'A'.repeat(52)}`, `:RELA//${'A'.repeat(53)}`],
    ['25P', '123456\r\nDTCYUS33', '123456'],
    ['28C', '00218/00001', '218-1'],
    ['28E', '00001/ONLY', '00001/ONLYX'],
    ['32A', '261112USD5,', '20261112USD5,'],
    ['34F', 'USDD5,', 'USD5'],
    ['36D', `:SETT//UNIT/${'1'.repeat(20)},5`, `:SETT//UNIT/${'1'.repeat(30)},`],
    ['50K', '/123\r\nA\r\nB', 'A\r\nB\r\nC\r\nD\r\nE'],
    ['52A', '/D/123\r\nDTCYUS33', 'DTCY'],
    ['52A', 'DTCYUS33XXX', ''],
    ['56D', '/123\r\nTHE BANK', ''],
    ['60F', 'C261112USD5,', 'C261112USD5'],
    ['61', '2611121112C25105,NSECINS-7//BK778001\r\nDVP', '2611121112C25105NSECINS-7'],
    ['61', '261112RD5,5S202NONREF', '261112RDXX5,5S202NONREF'],
    ['69B', ':STAT//20261101000000/20261130235959', ':STAT//20261101/20261130'],
    ['69J', ':REVO//UKWN', ':REVO//20261101'],
    ['72', '/ACC/X', Array(7).fill('X').join('\n')],
    ['86', Array(6).fill('X').join('\n'), Array(7).fill('X').join('\n')],
    ['90A', ':DEAL//PRCT/101,5', ':DEAL//PRCT/0'],
    ['90B', ':DEAL//ACTU/USD5,', ':DEAL//ACTU/5,'],
    ['90D', '12USD5,', 'USD5,'],
    ['90F', ':OFFR//ACTU/USD5,/UNIT/1,', ':OFFR//ACTU/USD5,'],
    ['92A', ':INTP//N0,5', ':INTP//0.5'],
    ['92B', ':EXCH//EUR/USD/1,1', ':EXCH//EURUSD/1,1'],
    ['92D', ':NEWO//1,/4,', ':NEWO//1:4'],
    ['92F', ':GRSS//USD0,25', ':GRSS//0,25'],
    ['92J', ':TAXR/GSCC/CODE/USD5,/ACTU', ':TAXR//CODE/5,'],
    ['93B', ':AGGR//UNIT/N5,', ':AGGR//UNIT/5'],
    ['93C', ':PEND//UNIT/AVAI/5,', ':PEND//UNIT/5,'],
    ['94B', ':TRAD//EXCH/XNYS', ':TRAD//EX/XNYS'],
    ['94C', ':SAFE//US', ':SAFE//USA'],
    ['94F', ':SAFE//CUST/DTCYUS33', ':SAFE//CUST'],
    ['95L', ':ALTE//969500UEQ3U3P21QNJ13', ':ALTE//969500UEQ3U3P21QNJ1'],
    ['95R', ':REAG/DTCYID/00000901', ':REAG//00000901'],
    ['95S', ':ALTE/GSCC/ARNU/US/123', ':ALTE//ARNU/USA/123'],
    ['97C', ':SAFE//GENR', ':SAFE//GEN'],
    ['97E', ':CASH//US12345', `:CASH//${'1'.repeat(35)}`],
    ['98B', ':SETT//OPEN', ':SETT//OPE'],
    ['98E', ':PREP//20261112063000,5/N0500', ':PREP//20261112'],
    ['99A', ':DAAC//N003', ':DAAC//3'],
    ['99B', ':SETT//001', ':SETT//1'],
  ])('%s: %j and not %j', (tag, good, bad) => {
    expect([formatOk(tag, good), formatOk(tag, bad)]).toEqual([true, false]);
  });

  test('every one of the table can be read', () => {
    for (const tag of Object.keys(formats)) expect([tag, formatOk(tag, '\u0000')]).toEqual([tag, false]);
  });

  test('of all fields of all structures: those without one are known, and taken as they come', () => {
    const tags = structureRows.flatMap(({ fields, sequences }) =>
      [...fields, ...sequences.flatMap((sequence) => sequence.fields)].flatMap(tagsOf),
    );
    const open = [...new Set(tags)].filter((tag) => formatText(tag) === undefined).sort();
    expect(open).toEqual(['20N', '70F', '70H', '93F', '94S', '94T', '95D', '98K']);
  });
});

/** `1 98ABC SETT`: 98A, 98B, 98C. */
function tagsOf(row: string): readonly string[] {
  const [, number = '', options = ''] = /^. (\d+)([A-Z-]*)/.exec(row) ?? [];
  return options === ''
    ? [number]
    : [...options].map((option) => (option === '-' ? number : number + option));
}
