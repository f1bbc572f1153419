import type { Message } from '../../src/contract/codec.ts';
import type { JsonValue } from '../../src/core/json.ts';
import type { MtEnvelope } from './envelope.ts';
import type { MtField } from './fields.ts';
import type { MtRepair } from './repair.ts';
import type { Structure } from './structure.ts';
import { findField, findFields, findSequences, type MtSequence } from './tree.ts';
import { viewOf } from './view.ts';

/** An ISO 15022 message: a read-only view over its bytes. */
export interface MtMessage extends Message {
  readonly envelope: MtEnvelope;
  /** The text of block 4 as a tree of sequences. */
  readonly root: MtSequence;
  readonly structure: Structure | undefined;
  /** Present where the policy was to repair, and something was closed: the message said less than its sender wanted. */
  readonly repair?: MtRepair;
  /** The fields that a path names, in wire order: `A2.25D::SETT`, `GENL/STAT.25a`. See {@link findFields}. */
  fields(path: string): readonly MtField[];
  /** The first of them. */
  field(path: string): MtField | undefined;
  /** The sequences that a path names: `A2a`, `GENL/STAT/REAS`. */
  sequences(path: string): readonly MtSequence[];
}

/** What a message is made of; `decode` reads it. */
export interface MtParts {
  readonly bytes: Uint8Array;
  readonly envelope: MtEnvelope;
  readonly root: MtSequence;
  readonly type: string;
  readonly structure: Structure | undefined;
  readonly repair?: MtRepair | undefined;
}

export function mtMessage(parts: MtParts): MtMessage {
  const { bytes, envelope, root, type, structure, repair } = parts;
  const message: MtMessage = {
    standard: 'ISO 15022',
    type: typeName(type, envelope),
    name: nameOf(envelope, structure),
    bytes,
    envelope,
    root,
    structure,
    ...(repair !== undefined && { repair }),
    fields: (path) => findFields(root, path),
    field: (path) => findField(root, path),
    sequences: (path) => findSequences(root, path),
    view: (): JsonValue => viewOf(message),
  };
  return message;
}

/** `MT548`; of a service message `FIN21`; empty where nothing says it. */
function typeName(type: string, { service }: MtEnvelope): string {
  if (type === '') return '';
  return service ? `FIN${type}` : `MT${type}`;
}

function nameOf({ answer }: MtEnvelope, structure: Structure | undefined): string {
  if (answer === undefined) return structure?.name ?? '';
  return answer.accepted ? 'Acknowledgement' : 'Negative Acknowledgement';
}
