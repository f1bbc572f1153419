import fc from 'fast-check';
import type { RecordValues } from '../index.ts';

/** One field of a random layout: what stands in its YAML, and values that it can hold. */
interface RandomField {
  readonly width: number;
  readonly yaml: string;
  readonly value: fc.Arbitrary<string>;
  readonly numeric: boolean;
}

/** A layout and the records of one file of it. */
export interface RandomFile {
  readonly layoutText: string;
  readonly records: readonly { readonly type: string; readonly values: RecordValues }[];
}

const letters = fc.string({
  unit: fc.constantFrom('A', 'b', '7', '-', ' ', '/'),
  minLength: 1,
  maxLength: 12,
});
const word = letters.map((text) => `x${text.trim()}`);

const textField = fc.integer({ min: 13, max: 20 }).map(
  (width): RandomField => ({
    width,
    yaml: 'kind: text',
    value: word,
    numeric: false,
  }),
);

const numberField = fc
  .record({
    decimals: fc.nat(5),
    sign: fc.constantFrom('none', 'leading', 'trailing'),
    point: fc.constantFrom('implied', 'written'),
  })
  .map(({ decimals, sign, point }): RandomField => {
    const min = sign === 'none' ? 0 : -999_999_999;
    return {
      width: 20,
      yaml: `kind: number, decimals: ${decimals}, sign: ${sign}, point: ${point}`,
      value: fc.integer({ min, max: 999_999_999 }).map((units) => decimal(units, decimals)),
      numeric: true,
    };
  });

const dateField = fc.constantFrom(['CCYYMMDD', 8], ['MM/DD/CCYY', 10], ['CCYYDDD', 7]).map(
  ([format, width]): RandomField => ({
    width: Number(width),
    yaml: `kind: date, format: ${format}`,
    value: fc
      .integer({ min: 0, max: 40_000 })
      .map((day) => new Date(day * 86_400_000).toISOString().slice(0, 10)),
    numeric: false,
  }),
);

const codeField = fc.constant<RandomField>({
  width: 2,
  yaml: 'kind: text, codes: { A: apple, BB: bread, C1: cheese }',
  value: fc.constantFrom('apple', 'bread', 'cheese'),
  numeric: false,
});

const recordFields = fc.array(fc.oneof(textField, numberField, dateField, codeField), {
  minLength: 1,
  maxLength: 6,
});

/** Files of random layouts: fixed or delimited, one to three types of record, every number of them summed. */
export const randomFiles: fc.Arbitrary<RandomFile> = fc
  .record({
    fixed: fc.boolean(),
    end: fc.constantFrom('lf', 'crlf'),
    types: fc.array(recordFields, { minLength: 1, maxLength: 3 }),
  })
  .chain(({ fixed, end, types }) =>
    fc
      .array(
        fc
          .nat(types.length - 1)
          .chain((type) => valuesOf(types[type] ?? []).map((values) => ({ type: `D${type}`, values }))),
        { maxLength: 8 },
      )
      .map((records) => ({ layoutText: layoutText(types, fixed, end), records })),
  );

function valuesOf(fields: readonly RandomField[]): fc.Arbitrary<RecordValues> {
  return fc.record(Object.fromEntries(fields.map(({ value }, index) => [`f${index}`, value])));
}

/** Plain decimal text, as events have it. */
function decimal(units: number, scale: number): string {
  const digits = String(Math.abs(units)).padStart(scale + 1, '0');
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, '');
  const whole = digits.slice(0, digits.length - scale);
  const text = scale === 0 || fraction === '' ? whole : `${whole}.${fraction}`;
  return units < 0 ? `-${text}` : text;
}

function layoutText(types: readonly (readonly RandomField[])[], fixed: boolean, end: string): string {
  const mark = (name: string): RandomField => ({
    width: 3,
    yaml: `kind: text, is: ${name}`,
    value: word,
    numeric: false,
  });
  const sums = types.flatMap((fields, type) =>
    fields.flatMap(({ numeric }, index) => (numeric ? [{ type, field: `f${index}` }] : [])),
  );
  const day: RandomField = { width: 8, yaml: 'kind: date', value: word, numeric: false };
  const total = (yaml: string): RandomField => ({ width: 40, yaml, value: word, numeric: true });
  const totals = sums.map(() => total('kind: number, decimals: 5, sign: leading'));
  const record = (name: string, role: string, fields: readonly (readonly [string, RandomField])[]): string =>
    recordText(name, role, [['mark', mark(name)], ...fields], fixed);
  const details = types.map((fields, type) =>
    record(
      `D${type}`,
      'detail',
      fields.map((field, index) => [`f${index}`, field] as const),
    ),
  );
  const trailer = [
    ['count', total('kind: number')] as const,
    ...totals.map((field, index) => [`t${index}`, field] as const),
  ];
  return `layout: random
version: 1
title: Random
status: invented
source: a test
framing: { kind: lines, end: ${end} }
form: ${fixed ? '{ kind: fixed }' : "{ kind: delimited, delimiter: '|' }"}
file: { key: [day], businessDate: day }
records:
${record('H', 'header', [['day', day]])}${details.join('')}${record('T', 'trailer', trailer)}controls:
  - { record: T, field: count, counts: [${types.map((_, type) => `D${type}`).join(', ')}] }
${sums.map(({ type, field }, index) => `  - { record: T, field: t${index}, sums: { D${type}: ${field} } }\n`).join('')}`;
}

function recordText(
  name: string,
  role: string,
  fields: readonly (readonly [string, RandomField])[],
  fixed: boolean,
): string {
  let column = 1;
  const lines = fields.map(([called, { width, yaml }], index) => {
    const place = fixed ? `from: ${column}, to: ${column + width - 1}` : `at: ${index + 1}`;
    column += width;
    return `      - { name: ${called}, ${place}, ${yaml} }\n`;
  });
  const length = fixed ? `    length: ${column - 1}\n` : '';
  return `  ${name}:\n    role: ${role}\n${length}    fields:\n${lines.join('')}`;
}
