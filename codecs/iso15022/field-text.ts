import { codeWord, listWord } from './field-words.ts';
import type { MtField } from './fields.ts';
import {
  amountOf,
  cashBalanceOf,
  instrumentOf,
  type MtAmount,
  momentOf,
  partyOf,
  quantityOf,
  shortDate,
  signedOf,
} from './typed-values.ts';
import { dateOf, decimalOf } from './values.ts';

/**
 * What the value of a field means, for people: codes in words, amounts and quantities with their units, dates as
 * `YYYY-MM-DD`, parties by what names them. Empty where the value says it itself, or cannot be read.
 */
export function fieldText(field: MtField): string {
  const { tag, issuer, content } = field;
  if (issuer !== '' && !tag.startsWith('95')) return ownText(field);
  const reader = readers[tag] ?? readers[tag.replace(/[A-Z]$/, 'a')];
  return reader?.(content, field) ?? '';
}

/** A code that somebody else than the standard has issued. */
function ownText({ issuer }: MtField): string {
  const who = listWord('issuer', issuer);
  return `by ${who === '' ? issuer : who}`;
}

type Reader = (content: string, field: MtField) => string | undefined;

const code: Reader = (content, field) => {
  const [head = '', ...rest] = content.split('/');
  const word = codeWord(field, head);
  return word === '' || rest.length === 0 ? word : [word, ...rest].join(', ');
};
const money: Reader = (content) => moneyText(amountOf(content));
const moment: Reader = (content, field) => momentOf(content) ?? codeWord({ ...field, tag: '98a' }, content);

const readers: Readonly<Record<string, Reader>> = {
  '13D': (content) =>
    `${shortDate(content.slice(0, 6)) ?? ''} ${content.slice(6, 8)}:${content.slice(8, 10)} ${content.slice(10)}`,
  '17a': code,
  '19a': money,
  '22a': code,
  '23G': code,
  '24a': code,
  '25D': code,
  '28E': (content, field) =>
    `page ${Number(content.split('/')[0])}, ${codeWord(field, content.split('/')[1] ?? '')}`,
  '32A': (content) => `${moneyText(amountOf(content.slice(6)))} on ${shortDate(content.slice(0, 6)) ?? '?'}`,
  '35B': (content) => instrumentText(content),
  '36a': (content) => quantityText(content),
  '60a': (content) => balanceText(content),
  '61': (content) => lineText(content),
  '62a': (content) => balanceText(content),
  '64': (content) => balanceText(content),
  '65': (content) => balanceText(content),
  '69a': (content) =>
    content
      .split('/')
      .map((part) => momentOf(part) ?? part)
      .join(' to '),
  '90a': (content) => priceText(content),
  '92a': (content) => rateText(content),
  '93a': (content) => quantityText(content),
  '94a': code,
  '95a': (_, field) => partyText(field),
  '97C': code,
  '98a': moment,
  '99a': (content) => signedOf(content),
};

function moneyText(read: MtAmount | undefined): string {
  return read === undefined ? '' : `${read.currency} ${grouped(read.amount)}`;
}

function quantityText(content: string): string {
  const read = quantityOf(content);
  if (read === undefined) return codeWordOf(content);
  const unit = listWord('quantity', read.type) || read.type;
  const available = { AVAI: ', available', NAVL: ', not available' }[read.availability ?? ''] ?? '';
  return `${grouped(read.quantity)} ${unit}${available}`;
}

function codeWordOf(content: string): string {
  return listWord('93a', content) || codeWord({ ...noField, tag: '36C' }, content.split('/')[0] ?? '');
}

const noField: MtField = { tag: '', value: '', qualifier: '', issuer: '', content: '', from: 0, to: 0 };

/** `PRCT/101,5`, `ACTU/USD5,`, `USD5,`, `UKWN`. */
function priceText(content: string): string | undefined {
  const [type = '', value] = content.split('/');
  if (value === undefined)
    return moneyText(amountOf(content)) || codeWord({ ...noField, tag: '90E' }, content);
  const money = moneyText(amountOf(value));
  const number = signedOf(value);
  const word = listWord('price', type) || type;
  if (money !== '') return type === 'ACTU' ? money : `${money} ${word}`;
  return number === undefined ? undefined : `${grouped(number)} ${word}`;
}

/** `5,25`, `EUR/USD/1,1`, `1,/4,` and amounts. */
function rateText(content: string): string | undefined {
  const parts = content.split('/');
  if (parts.length === 3 && /^[A-Z]{3}$/.test(parts[0] ?? '')) {
    const rate = decimalOf(parts[2] ?? '');
    return rate === undefined ? undefined : `1 ${parts[0]} is ${rate} ${parts[1]}`;
  }
  const texts = parts.map(
    (part) => moneyText(amountOf(part)) || signedOf(part) || codeWord({ ...noField, tag: '92K' }, part),
  );
  return texts.includes('') ? undefined : texts.join(' for ');
}

function instrumentText(content: string): string {
  const { isin, cusip, others, description } = instrumentOf(content);
  const said = [
    ...(isin === undefined ? [] : [`ISIN ${isin}`]),
    ...(cusip === undefined ? [] : [`CUSIP ${cusip}`]),
    ...others.map(({ scheme, id }) => `${scheme} ${id}`),
    ...(description === '' ? [] : [description]),
  ];
  return said.join(', ');
}

function partyText(field: MtField): string {
  const named = partyOf(field);
  if (named === undefined) return '';
  if (field.tag === '95R') {
    const who = listWord('issuer', named.scheme);
    return who === '' ? `number ${named.id} of ${named.scheme}` : `${who} ${named.id}`;
  }
  return { bic: 'BIC', lei: 'LEI', country: 'country' }[named.scheme] ?? '';
}

function balanceText(content: string): string {
  const read = cashBalanceOf(content);
  return read === undefined ? '' : `${moneyText(read)} on ${read.date}`;
}

/** Value date, what it does to the account, amount, type. */
function lineText(content: string): string {
  const match = /^(\d{6})(?:\d{4})?([RE]?[CD])[A-Z]?(\d[\d,]*)([A-Z][A-Z0-9]{3})/.exec(content);
  const number = decimalOf(match?.[3] ?? '');
  if (match === null || number === undefined) return '';
  const mark = {
    C: 'credit',
    D: 'debit',
    RC: 'reversed credit',
    RD: 'reversed debit',
    EC: 'expected credit',
    ED: 'expected debit',
  };
  const word = mark[(match[2] ?? 'C') as keyof typeof mark] ?? '';
  return `${word} ${grouped(number)} on ${shortDate(match[1] ?? '') ?? dateOf(match[1] ?? '') ?? '?'}, ${match[4]}`;
}

/** `-1,234,567.5` of `-1234567.5`. */
export function grouped(number: string): string {
  const [whole = '', fraction] = number.split('.');
  const thousands = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? thousands : `${thousands}.${fraction}`;
}
