import { z } from 'zod';
import types from '../tables/types.json' with { type: 'json' };
import { applications, transport } from '../versions.ts';

/**
 * The dialect language, as it is written. Every scalar comes as the text that was written. What a schema cannot say (whether what is
 * changed is there) is told when the changes are made.
 */
const text = z.string().min(1);
const truth = z.enum(['true', 'false'], 'true or false').transform((value) => value === 'true');
const tag = z.string().regex(/^[1-9]\d{0,4}$/, 'a tag from 1 to 99999');
const fieldName = z.string().regex(/^[A-Za-z][\w.-]{0,79}$/, 'a name such as ManualOrderIndicator');
const memberText = z
  .string()
  .regex(
    /^(?:@[\w.:-]+|[A-Za-z][\w.-]*|[A-Za-z][\w.-]*\(\d{1,5}\)|\d{1,5})!?$/,
    'a member such as 11, ClOrdID(11)!, @Parties',
  )
  .describe(
    'A field by its number, its name or both, a component with @. An exclamation mark behind it: required.',
  );

/** A member: `11`, `ClOrdID!`, `@Parties`, or a group with what an entry holds. */
export type MemberData =
  | string
  | { readonly group: string; readonly entry: readonly MemberData[]; readonly after?: string | undefined };

const groupKeys = {
  group: memberText.describe('The field that counts the entries.'),
  entry: z
    .array(z.lazy((): z.ZodType<MemberData> => member))
    .min(1)
    .describe('What an entry holds, in its order; the first one begins it.'),
  after: memberText.optional(),
};
const groupMember: z.ZodType<Exclude<MemberData, string>> = z.strictObject(groupKeys);
const member: z.ZodType<MemberData> = z.union([memberText, groupMember]);
const placedMember = z.strictObject({
  member: memberText,
  after: memberText.describe('The member behind which it stands. Default: at the end.'),
});
const added = z.union([memberText, groupMember, placedMember]);

const changeKeys = {
  add: z.array(added).default([]).describe('Members that come in, at the end or behind another one.'),
  remove: z.array(memberText).default([]).describe('Members that go.'),
  require: z.array(memberText).default([]).describe('Members that are required from now on.'),
  optional: z.array(memberText).default([]).describe('Members that are required no more.'),
};
const change: z.ZodType<ChangeData> = z.strictObject({
  ...changeKeys,
  groups: z
    .record(
      tag,
      z.lazy(() => change),
    )
    .default({})
    .describe('Changes inside of repeating groups, by the number of the count.'),
});

/** What changes on one level. */
export interface ChangeData {
  readonly add: readonly z.output<typeof added>[];
  readonly remove: readonly string[];
  readonly require: readonly string[];
  readonly optional: readonly string[];
  readonly groups: Readonly<Record<string, ChangeData>>;
}

const whole = { members: z.array(member).optional().describe('All members anew, in their order.') };

const component = z.strictObject({ ...changeKeys, groups: z.record(tag, change).default({}), ...whole });
const message = z.strictObject({
  name: fieldName.optional(),
  category: z.enum(['app', 'admin']).optional(),
  ...changeKeys,
  groups: z.record(tag, change).default({}),
  ...whole,
  source: text.optional(),
  note: text.optional(),
});

const field = z.strictObject({
  name: fieldName.optional(),
  type: z.enum(Object.keys(types)).optional().describe('A type of the standard, such as UTCTIMESTAMP.'),
  values: z
    .record(z.string().min(1), z.string())
    .optional()
    .describe('Values that come in, with their names.'),
  withoutValues: z.array(text).default([]).describe('Values that go.'),
  anyValue: truth.default(false).describe('No list of values any more: any value of its type will do.'),
  lengthField: tag.optional().describe('For data: the field that says how long it is.'),
  remove: truth.default(false).describe('The field goes, out of every message.'),
  source: text.optional(),
  note: text.optional(),
});

/** Names of QuickFIX's switches that a dialect may set. */
export const switchNames = [
  'validateFieldsOutOfOrder',
  'validateFieldsHaveValues',
  'validateUserDefinedFields',
  'allowUnknownMsgFields',
  'allowUnknownEnumValues',
  'validateUnorderedGroupFields',
  'validateIncomingMessage',
] as const;

/** What is named by its file and not as a version. */
export const dictionaryPath = /[\\/]|\.(?:ya?ml|xml)$/i;

export const dialectSchema = z.strictObject({
  dialect: z.string().regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'a name of small letters, digits and hyphens'),
  version: text.describe('Of the dialect itself.'),
  title: text,
  extends: z
    .union([
      z.enum([...applications, transport]),
      z.string().regex(dictionaryPath, 'a version, or the path of a dictionary'),
    ])
    .describe('The version, or the dictionary of any form by its path, that this is a dialect of.'),
  transport: z
    .string()
    .regex(dictionaryPath, 'the path of a dictionary of FIXT')
    .optional()
    .describe('FIX 5.0 and later: a dictionary of FIXT by its path, in place of the standard one.'),
  source: text.describe('Where the facts were published.'),
  fields: z
    .record(tag, field)
    .default({})
    .describe('Fields by their number: new ones, and what changes about others.'),
  header: change.prefault({}),
  trailer: change.prefault({}),
  components: z.record(z.string().regex(/^[\w.:-]+$/, 'a name of a component'), component).default({}),
  messages: z.record(z.string().regex(/^[!-~]{1,12}$/, 'a MsgType(35)'), message).default({}),
  switches: z.partialRecord(z.enum(switchNames), truth).default({}).describe('Relaxed or tightened rules.'),
});

/** The keys that a mapping at this place may have, for whoever misspelled one. */
export function keysAt([section, , ...deeper]: readonly PropertyKey[]): readonly string[] {
  if (section === undefined) return Object.keys(dialectSchema.shape);
  if (section === 'switches') return switchNames;
  if (section === 'fields') return Object.keys(field.shape);
  const members = [...Object.keys(groupKeys), ...Object.keys(placedMember.shape)];
  return deeper.length > 0 ? [...Object.keys(changeKeys), 'groups', ...members] : Object.keys(message.shape);
}

export type DialectData = z.output<typeof dialectSchema>;
export type FieldData = z.output<typeof field>;
export type ComponentData = z.output<typeof component>;
export type MessageData = z.output<typeof message>;
export type AddedData = z.output<typeof added>;
export type DialectSwitches = DialectData['switches'];
