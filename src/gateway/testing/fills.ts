import { writeFix } from '../../../codecs/fix/index.ts';

/** An ExecutionReport(8) of a fill, with numbers and ids of its own. */
export function fill(number: number): Uint8Array {
  return writeFix('FIX.4.4', [
    [35, '8'],
    [49, 'SIMCLEAR'],
    [56, 'DEMOBRKR'],
    [34, String(number)],
    [52, '20261110-14:30:00.000'],
    [37, `O${number}`],
    [17, `E${number}`],
    [150, 'F'],
    [39, '2'],
    [1, 'ACCT0001'],
    [55, 'IBM'],
    [54, '1'],
    [32, '100'],
    [31, '10.5'],
    [151, '0'],
    [14, '100'],
    [6, '10.5'],
    [75, '20261110'],
    [60, '20261110-14:30:00.000'],
  ]);
}
