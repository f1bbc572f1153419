import { canonicalDecimal } from '../core/decimal.ts';
import type { MessageFacts } from './settlement-instruction.ts';

/**
 * Names of what a written message says otherwise than it was given to be written: lost on the way, cut, or more than was
 * given. Compared are all members of both, by their meaning: canonical decimals, single blanks, lists in any order. Who
 * sends and receives is for the envelope, and what only it can say is not missed where there is none.
 */
export function saidDifferences<T extends MessageFacts>(given: T, told: T): readonly string[] {
  const wanted = factsOf(given);
  const found = factsOf(told);
  const ignored = new Set([
    'sender',
    'receiver',
    ...(told.messageId === '' ? ['messageId', 'preparedAt'] : []),
  ]);
  const names = [...new Set([...wanted.keys(), ...found.keys()])].filter((name) => !ignored.has(name));
  return names.filter((name) => (wanted.get(name) ?? '') !== (found.get(name) ?? ''));
}

/** The members of a value and of its details, as text. */
function factsOf(value: object): ReadonlyMap<string, string> {
  const facts = new Map<string, string>();
  for (const [name, member] of Object.entries(value)) {
    if (name === 'details') for (const [inner, fact] of factsOf(member)) facts.set(inner, fact);
    else facts.set(name, factText(name, member));
  }
  if ((facts.get('quantity') ?? '') !== '' && (facts.get('unit') ?? '') === '') facts.set('unit', 'shares');
  return facts;
}

function factText(name: string, value: unknown): string {
  if (value === undefined || value === '') return '';
  if (Array.isArray(value)) {
    return value.length === 0 ? '' : JSON.stringify(value.map((item) => factText(name, item)).sort());
  }
  if (typeof value === 'object' && value !== null) return objectText(name, value);
  const text = String(value).trim().replace(/\s+/g, ' ');
  if (name === 'preparedAt') return text.replace(/\.\d+/, '');
  return decimals.has(name) ? decimalOf(text) : text;
}

/** Of a chain of parties only the agents have a place of their own in every standard; the others go by their ids. */
function objectText(name: string, value: object): string {
  const members = Object.entries(value).map(([inner, member]) => {
    const said = factText(inner, member);
    const place = name === 'parties' && inner === 'role' && !/^(DEAG|REAG|ACOW)$/.test(said);
    return [inner, place ? '' : said];
  });
  return JSON.stringify(members.filter(([, text]) => text !== '').sort());
}

const decimals = new Set([
  'quantity',
  'amount',
  'price',
  'accrued',
  'settled',
  'previouslySettled',
  'remaining',
]);

function decimalOf(text: string): string {
  const read = canonicalDecimal(text);
  return read.ok ? read.value : text;
}
