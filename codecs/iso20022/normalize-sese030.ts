import { commandEvents } from '../../src/contract/instruction-events.ts';
import type {
  ProcessingChange,
  TransactionCommand,
  TransactionRequest,
} from '../../src/contract/transaction-command.ts';
import type { Issue } from '../../src/core/issue.ts';
import type { MxMessage } from './message.ts';
import { familyOf, present } from './normalize-sese023.ts';
import { messageFacts } from './settlement-details.ts';
import { type ElementReader, elementReader, relatedIn } from './statement-values.ts';
import changeTable from './tables/processing-changes.json' with { type: 'json' };
import { textIn } from './tree.ts';

/** sese.030: the same as the MT530 that says the same. */
export const modificationFamily = familyOf(readModification, (said, context) => commandEvents(said, context));

function readModification(message: MxMessage, problems: Issue[]): TransactionCommand {
  const reader = elementReader(message.content, problems);
  const requests = reader.each('ReqDtls', requestIn);
  if (requests.length === 0) reader.need('ReqDtls', () => undefined);
  const account = reader.text('SfkpgAcct/Id') ?? reader.text('BlckChainAdrOrWllt/Id');
  return { ...messageFacts(message), account, requests };
}

function requestIn(reader: ElementReader): TransactionRequest {
  const related = relatedIn(reader, 'Ref');
  const own = reader.text('Ref/AcctOwnrTxId') ?? '';
  if (own === '' && related.length === 0) reader.need('Ref/AcctOwnrTxId', present);
  const changes = changeTable.flatMap((row) => changesIn(reader, row));
  if (changes.length === 0) reader.need('one of the changes', () => undefined);
  const linked = reader.each('Lnkgs', (link) =>
    linkedNames.map((name) => link.text(`Ref/${name}`)).find(Boolean),
  );
  return { instructionId: own, related, linked, changes };
}

const linkedNames = [
  'SctiesSttlmTxId',
  'IntraPosMvmntId',
  'MktInfrstrctrTxId',
  'PoolId',
  'CmonId',
  'OthrTxId',
];

interface ChangeRow {
  readonly path: string;
  readonly kind: string;
  /** What ISO 15022 calls an indicator that is true, and one that is false. */
  readonly yes?: string;
  readonly no?: string;
}

/** The changes of one element: its code, its number, its own issuer's code, or an indicator. */
function changesIn(reader: ElementReader, { path, kind, yes, no }: ChangeRow): readonly ProcessingChange[] {
  return reader.each(path, (one) => {
    const own = one.text('Prtry/Id') ?? one.text('Id');
    if (own !== undefined) return { kind, code: own, scheme: one.text('Prtry/Issr') ?? one.text('Issr') };
    const code = one.text('Cd') ?? one.text('Nmrc') ?? one.text('Ind') ?? textIn(one.element).trim();
    if (code === '') return undefined;
    if (/^(true|1)$/.test(code)) return { kind, code: yes ?? code };
    return { kind, code: /^(false|0)$/.test(code) ? (no ?? code) : code };
  });
}
