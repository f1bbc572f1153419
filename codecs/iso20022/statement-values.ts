import type {
  SettlementParty,
  SettlementStatus,
  StatusReason,
  StatusSaid,
} from '../../src/contract/settlement-status.ts';
import { shownText } from '../../src/core/bytes.ts';
import { canonicalDecimal } from '../../src/core/decimal.ts';
import type { Issue } from '../../src/core/issue.ts';
import { mxIssue } from './issues.ts';
import { textAt } from './message.ts';
import relatedNames from './tables/related.json' with { type: 'json' };
import statusElements from './tables/statuses.json' with { type: 'json' };
import { attributeOf, elementsAt, elementsIn, type MxElement } from './tree.ts';
import { dateIn, timeIn } from './values.ts';

/** Reads one element: a value that stands there and cannot be read is a problem, one that is left out is not. */
export interface ElementReader {
  readonly element: MxElement;
  text(path: string): string | undefined;
  read<T>(path: string, reader: (text: string) => T | undefined): T | undefined;
  /** The same of an element that is mandatory. */
  need<T>(path: string, reader: (text: string) => T | undefined): T | undefined;
  /** A reader of each of the elements that a path leads to. */
  each<T>(path: string, reader: (inner: ElementReader) => T | undefined): readonly T[];
  unreadable(element: MxElement, text: string): undefined;
}

export function elementReader(element: MxElement, problems: Issue[]): ElementReader {
  const unreadable = (wrong: MxElement, text: string): undefined => {
    const { line, column, local } = wrong;
    const said = `${local} cannot be "${shownText(text)}"`;
    problems.push(mxIssue('MX_VALUE_NEEDED', said, { line, column, field: local }));
    return undefined;
  };
  const reader: ElementReader = {
    element,
    text: (path) => textAt(element, path),
    read(path, read) {
      const text = textAt(element, path);
      if (text === undefined) return undefined;
      return read(text) ?? unreadable(elementsAt(element, path)[0] ?? element, text);
    },
    need(path, read) {
      if (textAt(element, path) === undefined) {
        const { line, column } = element;
        problems.push(
          mxIssue('MX_VALUE_NEEDED', `${path} is needed and missing`, { line, column, field: path }),
        );
      }
      return reader.read(path, read);
    },
    each: (path, read) =>
      elementsAt(element, path).flatMap((inner) => {
        const value = read(elementReader(inner, problems));
        return value === undefined ? [] : [value];
      }),
    unreadable,
  };
  return reader;
}

/** Canonical, unsigned: direction is said elsewhere. */
export function decimalOf(text: string): string | undefined {
  const read = canonicalDecimal(text);
  return read.ok && !read.value.startsWith('-') ? read.value : undefined;
}

/** Canonical, with its own sign. */
export function signedDecimalOf(text: string): string | undefined {
  const read = canonicalDecimal(text);
  return read.ok ? read.value : undefined;
}

/** The other sign of a canonical decimal. */
export function negated(decimal: string): string {
  if (decimal === '0') return decimal;
  return decimal.startsWith('-') ? decimal.slice(1) : `-${decimal}`;
}

/** A date, or a time with the zone that it says. Source: DateAndDateTime2Choice. */
export function momentAt(reader: ElementReader, path: string): string | undefined {
  return reader.read(`${path}/Dt`, dateIn) ?? reader.read(`${path}/DtTm`, timeIn);
}

/** `YYYY-MM-DD` of either. */
export function dateAt(reader: ElementReader, path: string): string | undefined {
  return reader.read(`${path}/Dt`, dateIn) ?? reader.read(`${path}/DtTm`, dateIn);
}

/** A code of the standard, or one of another issuer with the issuer in front. */
export function codeAt(reader: ElementReader, path: string): string | undefined {
  const code = reader.text(`${path}/Cd`);
  if (code !== undefined) return code;
  const own = reader.text(`${path}/Prtry/Id`);
  return own === undefined ? undefined : [reader.text(`${path}/Prtry/Issr`), own].filter(Boolean).join('/');
}

export interface Counted {
  readonly quantity: string;
  readonly unit: 'shares' | 'face';
}

const quantityNames = [
  ['Unit', 'shares'],
  ['DgtlTknUnit', 'shares'],
  ['FaceAmt', 'face'],
  ['AmtsdVal', 'face'],
] as const;

/** A FinancialInstrumentQuantity33Choice under any of these paths; with a sign of its own where there is one. */
export function quantityAt(reader: ElementReader, paths: readonly string[]): Counted | undefined {
  for (const path of paths) {
    for (const [name, unit] of quantityNames) {
      const quantity = reader.read(path === '' ? name : `${path}/${name}`, signedDecimalOf);
      if (quantity !== undefined) return { quantity, unit };
    }
  }
  return undefined;
}

/** Amount and currency of an element that has the attribute Ccy; unsigned. */
export function moneyAt(
  reader: ElementReader,
  path: string,
): { amount: string; currency: string } | undefined {
  const amount = reader.read(path, decimalOf);
  const [element] = elementsAt(reader.element, path);
  const currency = element === undefined ? undefined : attributeOf(element, 'Ccy');
  return amount === undefined ? undefined : { amount, currency: currency ?? '' };
}

/** ISIN, and the CUSIP as an other id of type CUSP. Source: the external code set of financial instrument id types. */
export function securityAt(reader: ElementReader): { isin?: string; cusip?: string } {
  const isin = reader.text('FinInstrmId/ISIN');
  const cusip = elementsAt(reader.element, 'FinInstrmId/OthrId')
    .filter((other) => textAt(other, 'Tp/Cd') === 'CUSP')
    .map((other) => textAt(other, 'Id'))
    .find((id) => id !== undefined);
  return { ...(isin !== undefined && { isin }), ...(cusip !== undefined && { cusip }) };
}

/** Kind and name of a place, as ISO 15022 writes it: `NCSD/DTCYUS33`, `SHHE/vault 3`, `US`. */
export function placeAt(reader: ElementReader, path: string): string | undefined {
  const formats = [`${path}/SfkpgPlcFrmt`, path];
  for (const format of formats) {
    const country = reader.text(`${format}/Ctry`) ?? reader.text(`${format}/DgtlLdgrId`);
    if (country !== undefined) return country;
    const kinds = [
      [`${format}/TpAndId/SfkpgPlcTp`, `${format}/TpAndId/Id`],
      [`${format}/Id/SfkpgPlcTp`, `${format}/Id/Id`],
      [`${format}/Prtry/Tp/Id`, `${format}/Prtry/Id`],
    ] as const;
    for (const [kind, id] of kinds) {
      const said = [reader.text(kind), reader.text(id)].filter((part) => part !== undefined);
      if (said.length > 0) return said.join('/');
    }
  }
  return undefined;
}

export function partyOf(element: MxElement | undefined): Omit<SettlementParty, 'role'> | undefined {
  const at = (path: string): string | undefined => textAt(element, path);
  const bic = at('Id/AnyBIC');
  if (bic !== undefined) return { id: bic, scheme: 'bic' };
  const own = at('Id/PrtryId/Id');
  if (own !== undefined) return { id: own, scheme: at('Id/PrtryId/Issr') ?? '' };
  const name = at('Id/NmAndAdr/Nm');
  if (name !== undefined) return { id: name, scheme: 'name' };
  const country = at('Id/Ctry');
  return country === undefined ? undefined : { id: country, scheme: 'country' };
}

/** What others call a transaction; what no table names (the servicer's own id) stays in the message. */
export function relatedIn(reader: ElementReader, path: string): NonNullable<SettlementStatus['related']> {
  return relatedNames.flatMap(({ by, name }) => {
    const id = reader.text(path === '' ? name : `${path}/${name}`);
    return id === undefined ? [] : [{ by: by as NonNullable<SettlementStatus['related']>[number]['by'], id }];
  });
}

/** The statuses inside of a choice of status groups: SttlmSts, MtchgSts, PrcgSts, and InstrPrcgSts of a statement. */
export function statusesIn(choice: MxElement): readonly StatusSaid[] {
  return elementsIn(choice)
    .filter(({ uri }) => uri === choice.uri)
    .flatMap((group) => {
      const known = groupNames.get(group.local);
      if (known === undefined && group.local !== 'Prtry') return [];
      if (known === undefined) return [statusIn(group, 'Prtry')];
      return elementsIn(group)
        .filter(({ uri }) => uri === choice.uri)
        .map((said) => statusIn(said, known));
    });
}

const groupNames = new Map([
  ...statusElements.map(({ group }) => [group, group] as const),
  ['InstrPrcgSts', 'PrcgSts'] as const,
]);

function statusIn(said: MxElement, group: string): StatusSaid {
  const row = statusElements.find((one) => one.group === group && one.name === said.local);
  if (row !== undefined) return { kind: row.kind, code: row.code, reasons: reasonsIn(said) };
  const kind = statusElements.find((one) => one.group === group)?.kind ?? group;
  const reasons = elementsAt(said, 'PrtryRsn').flatMap(reasonsIn);
  const own = textAt(said, 'PrtrySts/Id');
  return { kind, code: own ?? said.local, scheme: textAt(said, 'PrtrySts/Issr') ?? group, reasons };
}

/** The reasons of a status. One of ProprietaryReason4 has its words beside it, or words alone. */
export function reasonsIn(status: MxElement): readonly StatusReason[] {
  const reasons = elementsAt(status, 'Rsn').flatMap(reasonIn);
  const text = textAt(status, 'AddtlRsnInf');
  if (text === undefined) return reasons;
  const [first = { code: 'NARR' }, ...rest] = reasons;
  return [{ ...first, text }, ...rest];
}

/** A reason: `OTHR` of ISO 20022 is `NARR` of ISO 15022; both leave it to the words. */
function reasonIn(element: MxElement): readonly StatusReason[] {
  const text = textAt(element, 'AddtlRsnInf');
  const words = text === undefined ? {} : { text };
  const code = textAt(element, 'Cd/Cd');
  if (code !== undefined) return [{ code: code === 'OTHR' ? 'NARR' : code, ...words }];
  const own = textAt(element, 'Cd/Prtry/Id') ?? textAt(element, 'Id');
  const scheme = textAt(element, 'Cd/Prtry/Issr') ?? textAt(element, 'Issr') ?? '';
  return own === undefined ? [] : [{ code: own, scheme, ...words }];
}
