import type { FixIssueCode, FixPolicy } from './issues.ts';

/**
 * What is judged by the dictionary, under the names that engineers know from QuickFIX. Source: QuickFIX and QuickFIX/J,
 * "Configuration"; conduct of QuickFIX C++ (`DataDictionary::iterate`).
 */
export interface Switches {
  /** Tells header fields behind the body and anything behind the trailer. */
  readonly validateFieldsOutOfOrder: boolean;
  /** Tells fields without a value. */
  readonly validateFieldsHaveValues: boolean;
  /** Tells tags from 5000 on that the dictionary does not have, or not in this message. */
  readonly validateUserDefinedFields: boolean;
  /** Takes tags below 5000 that the dictionary does not have, or not in this message. */
  readonly allowUnknownMsgFields: boolean;
  /** Takes values that the dictionary does not list. */
  readonly allowUnknownEnumValues: boolean;
  /**
   * Tells fields of a group's entry that do not stand in the dictionary's order. That an entry begins with another field than the
   * group's first one is told in any case.
   */
  readonly validateUnorderedGroupFields: boolean;
  /** False: nothing is judged by the dictionary at all. Length, sum and what events need are. */
  readonly validateIncomingMessage: boolean;
}

/** As QuickFIX C++ has them where nobody sets them. */
export const quickfixSwitches: Switches = {
  validateFieldsOutOfOrder: true,
  validateFieldsHaveValues: true,
  validateUserDefinedFields: true,
  allowUnknownMsgFields: false,
  allowUnknownEnumValues: false,
  validateUnorderedGroupFields: false,
  validateIncomingMessage: true,
};

/**
 * The switches of a codec. Those that are not given are QuickFIX's; but the lenient policy, which suits a copy that nobody can send
 * back, does not tell user defined fields: venues put their own into every message.
 */
export function switchesOf(policy: FixPolicy, given: Partial<Switches> = {}): Switches {
  const set = Object.entries(given).filter(([, value]) => value !== undefined);
  return {
    ...quickfixSwitches,
    validateUserDefinedFields: policy === 'strict',
    ...(Object.fromEntries(set) as Partial<Switches>),
  };
}

/** The codes that are not told under these switches. */
export function silencedBy(switches: Switches): readonly FixIssueCode[] {
  const silenced: FixIssueCode[] = [];
  if (!switches.validateFieldsOutOfOrder) silenced.push('FIX_TAG_ORDER');
  if (!switches.validateFieldsHaveValues) silenced.push('FIX_VALUE_EMPTY');
  if (!switches.validateUserDefinedFields) silenced.push('FIX_TAG_USER_DEFINED');
  if (switches.allowUnknownMsgFields) silenced.push('FIX_TAG_UNKNOWN');
  if (switches.allowUnknownEnumValues) silenced.push('FIX_VALUE_ENUM');
  if (!switches.validateIncomingMessage) silenced.push(...judgedByDictionary);
  return silenced;
}

const judgedByDictionary: readonly FixIssueCode[] = [
  'FIX_REQUIRED_MISSING',
  'FIX_TAG_NOT_IN_MESSAGE',
  'FIX_TAG_UNKNOWN',
  'FIX_TAG_USER_DEFINED',
  'FIX_VALUE_EMPTY',
  'FIX_VALUE_ENUM',
  'FIX_VALUE_FORMAT',
  'FIX_MSG_TYPE_UNKNOWN',
  'FIX_MSG_TYPE_LATER',
  'FIX_TAG_REPEATED',
  'FIX_TAG_ORDER',
  'FIX_GROUP_ORDER',
  'FIX_GROUP_COUNT',
];
