import { canonicalDecimal } from '../../src/core/decimal.ts';
import type { Issue } from '../../src/core/issue.ts';
import { mxIssue } from './issues.ts';
import { type MxMessage, textAt } from './message.ts';
import { attributeOf, elementsAt, type MxElement } from './tree.ts';
import { dateIn } from './values.ts';

/** A value of a clearing message that events cannot be made without, and what is wrong with it. */
export function neededIn(
  element: MxElement,
  paths: Readonly<Record<string, (text: string) => unknown>>,
): readonly Issue[] {
  const { line, column, local } = element;
  return Object.entries(paths).flatMap(([path, read]) => {
    const alternatives = path.split(' ');
    const found = alternatives.map((one) => textAt(element, one)).find((text) => text !== undefined);
    if (found !== undefined && read(found) !== undefined) return [];
    const said =
      found === undefined ? `${alternatives[0]} is needed and missing` : `${alternatives[0]} cannot be read`;
    return [
      mxIssue('MX_VALUE_NEEDED', `${local}/${said}`, { line, column, field: alternatives[0] ?? local }),
    ];
  });
}

/** Canonical; undefined for what is no decimal. */
export function numberIn(text: string | undefined): string | undefined {
  const read = text === undefined ? undefined : canonicalDecimal(text);
  return read?.ok === true ? read.value : undefined;
}

/** `Unit`, else face amount or amortised value. */
export function quantityIn(
  element: MxElement,
  path: string,
): { readonly quantity: string; readonly unit: 'shares' | 'face' } | undefined {
  const unit = numberIn(textAt(element, `${path}/Unit`));
  if (unit !== undefined) return { quantity: unit, unit: 'shares' };
  const face = numberIn(textAt(element, `${path}/FaceAmt`) ?? textAt(element, `${path}/AmtsdVal`));
  return face === undefined ? undefined : { quantity: face, unit: 'face' };
}

export interface Money {
  /** Signed: plus means that the clearing member receives. */
  readonly amount: string;
  readonly currency: string | undefined;
}

/** An amount with its direction: CRDT is what the member receives, DBIT what it pays. */
export function directedIn(element: MxElement, path: string): Money | undefined {
  const amount = numberIn(textAt(element, `${path}/Amt`));
  const [money] = elementsAt(element, `${path}/Amt`);
  if (amount === undefined || money === undefined) return undefined;
  const pays = textAt(element, `${path}/CdtDbtInd`) === 'DBIT' && amount !== '0';
  return {
    amount: pays && !amount.startsWith('-') ? `-${amount}` : amount,
    currency: attributeOf(money, 'Ccy'),
  };
}

/** BIC, else the proprietary id. */
export function partyIdIn(
  element: MxElement,
  path: string,
): { readonly id: string; readonly scheme: string } | undefined {
  const bic = textAt(element, `${path}/BIC`) ?? textAt(element, `${path}/AnyBIC`);
  if (bic !== undefined) return { id: bic, scheme: 'bic' };
  const own = textAt(element, `${path}/PrtryId/Id`);
  return own === undefined ? undefined : { id: own, scheme: textAt(element, `${path}/PrtryId/Issr`) ?? '' };
}

/** The CUSIP where it is said, else the ISIN. */
export function securityIn(
  element: MxElement,
  path: string,
): { readonly id: string; readonly scheme: string } | undefined {
  const cusip = elementsAt(element, `${path}/OthrId`).find((other) => textAt(other, 'Tp/Cd') === 'CUSP');
  const id = textAt(cusip, 'Id');
  if (id !== undefined) return { id, scheme: 'cusip' };
  const isin = textAt(element, `${path}/ISIN`);
  return isin === undefined ? undefined : { id: isin, scheme: 'isin' };
}

/** A day that stands as Dt, or as Dt or DtTm inside of it. */
export function dayIn(element: MxElement, path: string): string | undefined {
  const text = [path, `${path}/Dt`, `${path}/Dt/Dt`, `${path}/DtTm`, `${path}/Dt/DtTm`]
    .map((one) => textAt(element, one))
    .find((found) => found !== undefined);
  return text === undefined ? undefined : dateIn(text);
}

/** The clearing house: who sends the message. */
export function houseOf(message: MxMessage, named: string | undefined): string | undefined {
  const paths = ['Fr/FIId/FinInstnId/BICFI', 'Fr/FIId/FinInstnId/Othr/Id', 'Fr/OrgId/Id/OrgId/AnyBIC'];
  return named ?? paths.map((path) => textAt(message.header, path)).find((id) => id !== undefined);
}

/** Pages of a report: a number that is no number counts as none. */
export function pageOf(message: MxMessage): { readonly page: number | undefined; readonly last: boolean } {
  const number = message.text('Pgntn/PgNb');
  const last = message.text('Pgntn/LastPgInd');
  return {
    page: number !== undefined && /^\d{1,5}$/.test(number) ? Number(number) : undefined,
    last: last === undefined || /^(true|1)$/.test(last),
  };
}

/** A slot that no other event of the message has. */
export function slotIn(slots: Set<string>, wanted: string): string {
  let slot = wanted;
  for (let number = 2; slots.has(slot); number++) slot = `${wanted}-${number}`;
  slots.add(slot);
  return slot;
}
