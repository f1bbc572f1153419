import { z } from 'zod';

/**
 * The layout language, as it is written. Every scalar comes as the text that was written (YAML's failsafe schema), so a
 * code `01` keeps its zero; the schema says what is a number or a truth value. What a schema cannot say (overlaps, totals,
 * discriminators, events) is looked at by `checkLayout`.
 */
const whole = z
  .union([z.number().int().min(0), z.string().regex(/^(0|[1-9]\d{0,5})$/, 'a whole number')])
  .transform(Number);
const position = z
  .union([z.number().int().min(1), z.string().regex(/^[1-9]\d{0,5}$/, 'a whole number from 1')])
  .transform(Number);
const truth = z
  .union([z.boolean(), z.enum(['true', 'false'])])
  .transform((value) => value === true || value === 'true');
const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const date = z.string().regex(/^\d{4}-\d\d-\d\d$/, 'a date as YYYY-MM-DD');

export const fieldName = /^[a-z][A-Za-z0-9]{0,39}$/;
const recordName = /^[A-Za-z][A-Za-z0-9-]{0,19}$/;
export const layoutName = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

export const kinds = ['text', 'number', 'date', 'time', 'timestamp', 'zone', 'filler'] as const;
export const roles = ['header', 'detail', 'trailer'] as const;

const fieldSchema = z.strictObject({
  name: z
    .string()
    .regex(fieldName, 'a name such as tradeDate')
    .describe('What events, totals and issues call it; fillers need none.')
    .optional(),
  from: position.describe('First column, counted from 1 (fixed width).').optional(),
  to: position.describe('Last column, itself included (fixed width).').optional(),
  at: position.describe('Which field of the line, counted from 1 (delimited).').optional(),
  kind: z.enum(kinds).describe('How the text is read.'),
  is: z
    .union([scalar.transform((text) => [text]), z.array(scalar).min(1).max(100)])
    .describe('What stands here in a record of this type: the discriminator.')
    .optional(),
  optional: truth.describe('May be blank. Default: it must be filled.').default(false),
  codes: z
    .record(z.string(), scalar)
    .describe('The codes that may stand here, and the word that each stands for.')
    .optional(),
  open: truth
    .describe('A code that the list does not hold is told and kept, and is no error.')
    .default(false),
  decimals: whole.describe('Digits behind the decimal point.').default(0),
  point: z
    .enum(['implied', 'written'])
    .describe('implied: digits only; written: the decimal point stands in the text.')
    .default('implied'),
  sign: z.enum(['none', 'leading', 'trailing']).describe('Where the sign stands.').default('none'),
  signs: z
    .string()
    .length(2)
    .describe('The characters for plus and minus. A blank plus is read as plus.')
    .default('+-'),
  format: z.string().describe('How a date or a time is written: CCYYMMDD, HHMMSS, …').optional(),
  align: z.enum(['left', 'right']).describe('Where a text stands in its columns.').default('left'),
  personal: z
    .enum(['account', 'name', 'tax-id', 'address', 'other'])
    .describe('Personal data of this sort: masked wherever it is shown.')
    .optional(),
  note: z.string().optional(),
  source: z.string().describe('Where this fact was published.').optional(),
});

const eventSchema = z.strictObject({
  slot: z.string().regex(layoutName).describe('Stable name of the event inside its record.'),
  type: z.string().describe('Type of the event, from the catalogue: position.reported.'),
  if: z.unknown().describe('Only where this value is there and is not zero, or is one of a list.').optional(),
  attributes: z.record(z.string(), z.unknown()).default({}),
  data: z.record(z.string(), z.unknown()).default({}),
});

const recordSchema = z.strictObject({
  role: z.enum(roles).describe('header: first; trailer: last; detail: everything between.'),
  title: z.string().optional(),
  length: position.describe('Columns of the record without its line end (fixed width).').optional(),
  fields: z.array(fieldSchema).min(1),
  events: z.array(eventSchema).default([]),
  note: z.string().optional(),
});

const controlSchema = z.strictObject({
  record: z.string().describe('The record that holds the control, in most files the trailer.'),
  field: z.string(),
  counts: z.array(z.string()).min(1).describe('Record types that it counts.').optional(),
  sums: z.record(z.string(), z.string()).describe('By record type, the field that it sums.').optional(),
});

export const layoutSchema = z.strictObject({
  layout: z.string().regex(layoutName, 'a name such as clearing-positions'),
  version: scalar.describe('Changes whenever the layout does.'),
  title: z.string().min(1),
  status: z
    .enum(['invented', 'published', 'imported'])
    .describe('invented: made for this product; published: from a document; imported: made from one.'),
  source: z.string().min(1).describe('Where the layout comes from.'),
  effectiveFrom: date.optional(),
  note: z.string().optional(),
  encoding: z.enum(['ascii', 'latin1']).default('ascii'),
  framing: z.strictObject({
    kind: z.literal('lines'),
    end: z.enum(['lf', 'crlf']).describe('How a line ends where this file is written.').default('lf'),
    lastEnd: z
      .enum(['needed', 'optional'])
      .describe(
        'optional: the last line of a delimited file may lack its end; that it was cut is not seen then.',
      )
      .optional(),
  }),
  form: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('fixed') }),
    z.strictObject({ kind: z.literal('delimited'), delimiter: z.string().length(1) }),
  ]),
  file: z
    .strictObject({
      key: z.array(z.string()).min(1).describe('Header fields that name the file, in order.').optional(),
      businessDate: z.string().optional(),
      cycle: z.string().optional(),
      cutAt: z.string().describe('Header field with the local time of the cut.').optional(),
      cutZone: z.string().describe('Header field with the zone of the cut.').optional(),
    })
    .default({}),
  attributes: z
    .record(z.string(), z.unknown())
    .describe('Attributes of every event of this layout.')
    .default({}),
  records: z.record(z.string().regex(recordName, 'a name such as POS'), recordSchema),
  controls: z.array(controlSchema).default([]),
  samples: z
    .array(
      z.strictObject({
        name: z.string().regex(layoutName),
        lines: z.array(z.string()).min(1),
        wrong: z
          .string()
          .describe('Code of the first issue that it must give; absent: it is good.')
          .optional(),
      }),
    )
    .default([]),
});

export type LayoutData = z.output<typeof layoutSchema>;
export type FieldData = LayoutData['records'][string]['fields'][number];
export type EventData = LayoutData['records'][string]['events'][number];
