import type { Security } from '../events/index.ts';
import type { Evidence, OtherName } from './terms.ts';

/** A security as one message named it. */
export interface NamedSecurity {
  readonly name: string;
  readonly symbol?: string;
  /** It stands in the clearer's snapshot of the day: there it is the name of today. */
  readonly current?: boolean;
}

/** A name that became another one, by somebody's word. */
export interface NameChange {
  readonly former: string;
  readonly next: string;
  readonly effective: string;
  readonly evidence: Evidence;
}

/** Which names are one security. */
export interface Names {
  /** The name that both sides are compared under. */
  canonical(name: string): string;
  /** The names of ours that stand for a security of the clearer by more than being the same identifier. */
  readonly others: readonly OtherName[];
}

/** `cusip:990000108`: the name of a security in book and breaks. */
export function nameOf({ scheme, id }: Pick<Security, 'scheme' | 'id'>): string {
  return `${scheme}:${id}`;
}

/** A symbol without what firms write between root and share class: `BRK.B`, `BRK B`, `BRK/B` and `BRK-B` are one. */
export function plainSymbol(symbol: string): string {
  return symbol.toUpperCase().replace(/[\s./-]+/g, ' ');
}

/**
 * The clearer's names are the ones to compare under. One of ours is the same security where the identifier is the same
 * (an ISIN of the United States or Canada holds the CUSIP, a symbol is that of the clearer's row), where only the
 * share-class separator differs, where somebody described them together (`described`: by name, the security), or where
 * an event says that the name changed on or before `date`.
 */
export function namesOf(
  ours: readonly NamedSecurity[],
  theirs: readonly NamedSecurity[],
  changes: readonly NameChange[],
  date: string,
  described: ReadonlyMap<string, string> = new Map(),
): Names {
  const used = new Set(theirs.map(({ name }) => name));
  const current = new Set(theirs.filter((one) => one.current === true).map(({ name }) => name));
  const bySymbol = symbolsOf(theirs, (symbol) => symbol);
  const byPlainSymbol = symbolsOf(theirs, plainSymbol);
  const byDescription = new Map(
    theirs.flatMap(({ name }) => (described.has(name) ? [[described.get(name) ?? '', name] as const] : [])),
  );
  const known = new Map<string, string>();
  const others: OtherName[] = [];
  const other = (name: string, canonical: string, by: OtherName['by'], evidence: Evidence[]): void => {
    known.set(name, canonical);
    others.push({ name, canonical, by, evidence });
  };
  const symbols = new Map<string, string>();
  for (const { name, symbol } of [...ours, ...theirs])
    symbols.set(name, symbol ?? symbols.get(name) ?? symbolIn(name) ?? '');
  for (const [name, symbol] of symbols) {
    if (current.has(name)) continue;
    const change = changeOf(name, changes, date);
    const same = sameOf(name, symbol, used, bySymbol) ?? byDescription.get(described.get(name) ?? '');
    const plain = byName(name, byPlainSymbol.get(plainSymbol(symbol)));
    if (change !== undefined) other(name, change.next, 'change', [change.evidence]);
    else if (same !== undefined) known.set(name, same);
    else if (!used.has(name) && plain !== undefined) other(name, plain, 'separator', []);
  }
  return { canonical: (name) => known.get(name) ?? name, others };
}

/** The same identifier in another form: the CUSIP inside of an ISIN, the symbol where one side has nothing else. */
function sameOf(
  name: string,
  symbol: string,
  used: ReadonlySet<string>,
  bySymbol: ReadonlyMap<string, string>,
): string | undefined {
  const cusip = cusipOfIsin(name);
  if (cusip !== undefined && used.has(cusip)) return cusip;
  const found = byName(name, bySymbol.get(symbol));
  return found === name ? undefined : found;
}

/** A symbol decides where one of the two names is nothing else; two identifiers are two securities for all it says. */
function byName(name: string, found: string | undefined): string | undefined {
  return name.startsWith('symbol:') || found?.startsWith('symbol:') === true ? found : undefined;
}

/** The last name that a chain of changes leads to. A chain that leads back to itself is followed once. */
function changeOf(name: string, changes: readonly NameChange[], date: string): NameChange | undefined {
  const passed = new Set([name]);
  let last: NameChange | undefined;
  for (;;) {
    const from = last?.next ?? name;
    const next = changes.find((one) => one.former === from && one.effective <= date && !passed.has(one.next));
    if (next === undefined) return last;
    passed.add(next.next);
    last = next;
  }
}

/** By symbol, the name with which the clearer reports it: an identifier before a mere symbol; the later row counts. */
function symbolsOf(
  theirs: readonly NamedSecurity[],
  form: (symbol: string) => string,
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { name, symbol = symbolIn(name) } of theirs) {
    if (symbol === undefined) continue;
    const key = form(symbol);
    if (!name.startsWith('symbol:') || !found.has(key)) found.set(key, name);
  }
  return found;
}

function symbolIn(name: string): string | undefined {
  return name.startsWith('symbol:') ? name.slice('symbol:'.length) : undefined;
}

/** An ISIN is country, nine characters of the national number, check digit; for US and CA the nine are the CUSIP. */
function cusipOfIsin(name: string): string | undefined {
  const isin = /^isin:(?:US|CA)([A-Z0-9]{9})\d$/.exec(name);
  return isin === null ? undefined : `cusip:${isin[1]}`;
}
