import { shownText } from '../../src/core/bytes.ts';
import type { Issue } from '../../src/core/issue.ts';
import { mxIssue } from './issues.ts';
import { isoNamespace, textAt, typeOf } from './message.ts';
import { judgeSchema, schemaFor } from './schema.ts';
import { elementsAt, elementsIn, type MxElement, textIn } from './tree.ts';

/** A business application header, head.001.001.01 to .04, in the words of its fields. */
export interface MxHeader {
  /** `head.001.001.02` */
  readonly type: string;
  readonly from: MxHeaderParty;
  readonly to: MxHeaderParty;
  /** BizMsgIdr: the sender's reference of the message. */
  readonly messageId: string | undefined;
  /** MsgDefIdr: the message that it says to be of. */
  readonly definition: string | undefined;
  /** BizSvc */
  readonly service: string | undefined;
  /** MktPrctc/Id; from .02 on. */
  readonly marketPractice: string | undefined;
  /** CreDt, as it was said: a time with its zone. */
  readonly createdAt: string | undefined;
  /** BizPrcgDt; from .03 on. */
  readonly processedAt: string | undefined;
  /** CpyDplct: `COPY`, `DUPL`, `CODU` (a copy and a duplicate). */
  readonly copy: string | undefined;
  /** PssblDplct: it may have been sent before. */
  readonly possibleDuplicate: boolean;
  /** Prty */
  readonly priority: string | undefined;
  /** Rltd: the headers of what it answers; .01 to .03 have one at most. */
  readonly related: readonly MxHeader[];
}

/** Who sends or receives: the first of a BIC, a member of a clearing system, an id, a LEI, a name. */
export interface MxHeaderParty {
  readonly id: string | undefined;
  /** `BIC`, `LEI`, `name`, or the system and issuer as they are said. */
  readonly scheme: string | undefined;
}

/** The header that an AppHdr, or a Rltd in it, says. What stands in none of its fields is left to the tree. */
export function readHeader(element: MxElement): MxHeader {
  const said = (path: string): string | undefined => textAt(element, path);
  return {
    type: typeOf(element.uri),
    from: partyIn(element, 'Fr'),
    to: partyIn(element, 'To'),
    messageId: said('BizMsgIdr'),
    definition: said('MsgDefIdr'),
    service: said('BizSvc'),
    marketPractice: said('MktPrctc/Id'),
    createdAt: said('CreDt'),
    processedAt: said('BizPrcgDt'),
    copy: said('CpyDplct'),
    possibleDuplicate: ['true', '1'].includes(said('PssblDplct') ?? ''),
    priority: said('Prty'),
    related: elementsAt(element, 'Rltd').map(readHeader),
  };
}

/** Where a party of a header says who it is, with what that is. */
const places: readonly (readonly [string, string])[] = [
  ['FIId/FinInstnId/BICFI', 'BIC'],
  ['OrgId/Id/OrgId/AnyBIC', 'BIC'],
  ['OrgId/Id/OrgId/BICOrBEI', 'BIC'],
  ['FIId/FinInstnId/ClrSysMmbId/MmbId', 'FIId/FinInstnId/ClrSysMmbId/ClrSysId'],
  ['FIId/FinInstnId/Othr/Id', 'FIId/FinInstnId/Othr/Issr'],
  ['OrgId/Id/OrgId/Othr/Id', 'OrgId/Id/OrgId/Othr/Issr'],
  ['FIId/FinInstnId/LEI', 'LEI'],
  ['OrgId/Id/OrgId/LEI', 'LEI'],
  ['FIId/FinInstnId/Nm', 'name'],
  ['OrgId/Nm', 'name'],
];

function partyIn(header: MxElement, local: string): MxHeaderParty {
  const [party] = elementsAt(header, local);
  for (const [path, scheme] of places) {
    const id = textAt(party, path);
    if (id !== undefined) return { id, scheme: scheme.includes('/') ? insideOf(party, scheme) : scheme };
  }
  return { id: undefined, scheme: undefined };
}

/** The text of an element, or of the one choice in it. */
function insideOf(party: MxElement | undefined, path: string): string | undefined {
  const [found] = party === undefined ? [] : elementsAt(party, path);
  if (found === undefined) return undefined;
  const [inner] = elementsIn(found);
  const text = textIn(inner ?? found).trim();
  return text === '' ? undefined : text;
}

/**
 * Where a header departs from the table of its version, or from the document behind it. Codes: `MX_HEADER`, `MX_VERSION_FALLBACK`,
 * `MX_ELEMENT_*`, `MX_VALUE`.
 */
export function headerIssues(header: MxElement | undefined, documentType: string): readonly Issue[] {
  if (header === undefined) return [];
  const { line, column, uri } = header;
  const type = typeOf(uri);
  const schema = uri.startsWith(isoNamespace) ? schemaFor(type) : undefined;
  const at = { line, column, field: 'AppHdr' };
  if (schema?.element !== 'AppHdr')
    return [
      ...differs(header, documentType),
      mxIssue('MX_HEADER', `no table for AppHdr of ${shownText(uri, 80)}`, at),
    ];
  const fallback =
    schema.message === type
      ? []
      : [mxIssue('MX_VERSION_FALLBACK', `${shownText(type)} is judged by ${schema.message}`, at)];
  return [...differs(header, documentType), ...fallback, ...judgeSchema(header, schema)];
}

function differs(header: MxElement, documentType: string): readonly Issue[] {
  const said = textAt(header, 'MsgDefIdr');
  if (said === undefined || said === documentType) return [];
  const { line, column } = header;
  const text = `AppHdr says ${shownText(said)}, the document is ${shownText(documentType)}`;
  return [mxIssue('MX_HEADER', text, { line, column, field: 'MsgDefIdr' })];
}
