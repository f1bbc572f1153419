import type { NormalizeContext } from '../../src/contract/codec.ts';
import { instructionEvents } from '../../src/contract/instruction-events.ts';
import type { SettlementInstruction } from '../../src/contract/settlement-instruction.ts';
import type { RelatedId, StatusReason } from '../../src/contract/settlement-status.ts';
import type { Issue } from '../../src/core/issue.ts';
import type { Event } from '../../src/events/event.ts';
import type { Family } from './families.ts';
import type { MxMessage } from './message.ts';
import { detailsIn, messageFacts } from './settlement-details.ts';
import { type ElementReader, elementReader, relatedIn } from './statement-values.ts';

/** A message as what it says, with what is missing or cannot be read in it. */
export interface Read<T> {
  readonly said: T;
  readonly problems: readonly Issue[];
}

/** The family of messages that are read into one shape and told by one maker of events; each is read once. */
export function familyOf<T>(
  read: (message: MxMessage, problems: Issue[]) => T,
  eventsOf: (said: T, context: NormalizeContext, message: MxMessage) => readonly Event[],
): Family & { read(message: MxMessage): Read<T> } {
  const known = new WeakMap<MxMessage, Read<T>>();
  const once = (message: MxMessage): Read<T> => {
    const problems: Issue[] = [];
    const found = known.get(message) ?? { said: read(message, problems), problems };
    known.set(message, found);
    return found;
  };
  return {
    read: once,
    problems: (message) => once(message).problems,
    events(message, context) {
      const { said, problems } = once(message);
      return problems.length > 0 ? [] : eventsOf(said, context, message);
    },
  };
}

/** sese.023: the same as the MT540 to MT543 that says the same. On hold, it is a pre-advice. */
export const instructionFamily = familyOf(readInstruction, (said, context) =>
  instructionEvents(said, context),
);

/** sese.020: the same as the CANC of MT540 to MT543 that says the same. */
export const cancellationFamily = familyOf(readCancellation, (said, context) =>
  instructionEvents(said, context),
);

/** The text itself. */
export function present(text: string): string {
  return text;
}

function readInstruction(message: MxMessage, problems: Issue[]): SettlementInstruction {
  const reader = elementReader(message.content, problems);
  const held = /^(true|1)$/.test(reader.text('SttlmParams/HldInd/Ind') ?? '');
  return {
    ...messageFacts(message),
    action: held ? 'preadvice' : 'new',
    instructionId: reader.need('TxId', present) ?? '',
    related: namedIn(reader),
    linked: reader.each('Lnkgs', (link) => linkedNames.map((name) => link.text(`Ref/${name}`)).find(Boolean)),
    details: detailsIn(reader, 'sese.023'),
  };
}

const linkedNames = ['SctiesSttlmTxId', 'IntraPosMvmntId', 'IntraBalMvmntId', 'OthrTxId'];

function namedIn(reader: ElementReader): readonly RelatedId[] {
  const names = [
    ['common', 'SttlmTpAndAddtlParams/CmonId'],
    ['trade', 'TradDtls/TradId'],
  ] as const;
  return names.flatMap(([by, path]) => {
    const id = reader.text(path);
    return id === undefined ? [] : [{ by, id }];
  });
}

/** The four ways to name what is to be cancelled. */
export const ownReferences = [
  'SctiesSttlmTxId/TxId',
  'SctiesFincgTxId/TxId',
  'IntraPosMvmntId',
  'OthrTxId/Id',
];

function readCancellation(message: MxMessage, problems: Issue[]): SettlementInstruction {
  const reader = elementReader(message.content, problems);
  const own = ownReferences.map((path) => reader.text(`AcctOwnrTxId/${path}`)).find((id) => id !== undefined);
  if (own === undefined) reader.need('AcctOwnrTxId/SctiesSttlmTxId/TxId', present);
  return {
    ...messageFacts(message),
    action: 'cancel',
    instructionId: own ?? '',
    related: relatedIn(reader, ''),
    details: detailsIn(reader, 'sese.020'),
    reason: reasonIn(reader),
  };
}

function reasonIn(reader: ElementReader): StatusReason | undefined {
  const code = reader.text('CxlRsn/Cd/Cd');
  if (code !== undefined) return { code };
  const own = reader.text('CxlRsn/Cd/Prtry/Id');
  return own === undefined ? undefined : { code: own, scheme: reader.text('CxlRsn/Cd/Prtry/Issr') };
}
