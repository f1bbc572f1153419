import { z } from 'zod';

const onOff = (usual: boolean, text: string) => z.boolean().default(usual).describe(text);

/**
 * What the dictionary and the header are held to, under the names that engineers know. Source of names and defaults:
 * QuickFIX, "Configuring QuickFIX"; `validateUnorderedGroupFields` and below, its Java edition.
 */
export const validationOptions = {
  validate: z
    .enum(['header', 'full'])
    .default('header')
    .describe(
      'What is answered with Reject(3): errors of the header only, or everything that the dictionary objects to. A message with other errors is kept in quarantine either way.',
    ),
  dictionary: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Path of the dictionary that the counterparty speaks by: a dialect, QuickFIX XML or Orchestra XML (docs/fix-dictionaries.md). Session and events read by it. Default: the tables of the standard for `beginString`.',
    ),
  validateFieldsOutOfOrder: onOff(
    true,
    'With `validate: full`: rejects a field of the header or trailer that stands in the body.',
  ),
  validateFieldsHaveValues: onOff(true, 'With `validate: full`: rejects a field without a value.'),
  validateUserDefinedFields: onOff(
    true,
    'With `validate: full`: rejects a tag from 5000 on that the dictionary does not have in this message.',
  ),
  allowUnknownMsgFields: onOff(
    false,
    'With `validate: full`: takes tags below 5000 that the dictionary does not have in this message.',
  ),
  allowUnknownEnumValues: onOff(
    false,
    'With `validate: full`: takes values that the dictionary does not list for their field.',
  ),
  validateUnorderedGroupFields: onOff(
    true,
    'With `validate: full`: rejects a repeating group whose fields are not in the order of the dictionary.',
  ),
  validateIncomingMessage: onOff(
    true,
    'With `validate: full`: whether the dictionary is asked at all about messages of the application.',
  ),
  checkCompId: onOff(
    true,
    'Refuses messages whose SenderCompID(49) and TargetCompID(56) are not of this session. The Logon(A) is always asked.',
  ),
  checkLatency: onOff(true, 'Refuses messages whose SendingTime(52) is too far from our clock.'),
  maxLatencySeconds: z
    .number()
    .positive()
    .max(86_400)
    .default(120)
    .describe('How far SendingTime(52) may be away from our clock.'),
  rejectGarbledMessage: onOff(
    false,
    'Answers a message whose number can be read and whose bytes are garbled with Reject(3), instead of waiting for the next one to show the gap.',
  ),
  validateChecksum: onOff(true, 'Whether a wrong CheckSum(10) makes a message garbled.'),
  validateBodyLength: onOff(
    true,
    'Whether a wrong BodyLength(9) makes a message garbled, where CheckSum(10) can be found all the same.',
  ),
  supportedTypes: z
    .array(z.string().regex(/^[A-Za-z0-9]{1,8}$/, 'a MsgType(35)'))
    .min(1)
    .optional()
    .describe(
      'Each MsgType(35) that is supported: messages of other types are kept, and answered with BusinessMessageReject(j), up to FIX 4.1 with Reject(3). Default: all; the application answers itself.',
    ),
  enableRefTagId: onOff(
    true,
    'Puts RefTagID(371) on our Reject(3), from FIX 4.2 on, where one field is to blame.',
  ),
  requiresOrigSendingTime: onOff(
    true,
    'Refuses a repeat (PossDupFlag(43)=Y) of a number that was received before when it has no OrigSendingTime(122).',
  ),
} as const;
