/** What a numbered message says besides its id: the same rules as in settings-peer.cpp, so that each side knows what has to come. */
export interface NumberedMessage {
  readonly symbol: string;
  readonly side: string;
  readonly quantity: string;
  readonly price: string;
  /** Empty where the message has no Text(58). */
  readonly words: string;
}

const symbols = ['IBM', 'MSFT', 'BRK.B', 'ZVZZT', 'GE'];

/** The message of a number, counted from 1. A text every 7th time, with a letter of Latin-1, and up to 120 characters long. */
export function numberedMessage(index: number): NumberedMessage {
  const fraction = String((index * 7919) % 10_000).padStart(4, '0');
  return {
    symbol: symbols[index % symbols.length] ?? '',
    side: index % 2 === 1 ? '1' : '2',
    quantity: String(100 * (1 + (index % 50))),
    price: `${1 + ((index * 31) % 900)}.${fraction}`,
    words: index % 7 === 0 ? `caf\u00e9 ${'x'.repeat(index % 120)}` : '',
  };
}

/** An order's fields, as a session sends them: the other half of what settings-peer.cpp notes in heard.txt. */
export function orderOf(beginString: string, mark: string, index: number): Readonly<Record<string, string>> {
  const { symbol, side, quantity, price, words } = numberedMessage(index);
  const timed = beginString !== 'FIX.4.0' && beginString !== 'FIX.4.1';
  return {
    11: `${mark}-${index}`,
    21: '1',
    55: symbol,
    54: side,
    38: quantity,
    40: '2',
    44: price,
    ...(timed && { 60: '20261110-14:30:00.123' }),
    ...(words !== '' && { 58: words }),
  };
}

/** The line of heard.txt behind number and flag that an order has to make. */
export function heardOf(mark: string, index: number): string {
  const { symbol, side, quantity, price, words } = numberedMessage(index);
  return `D ${mark}-${index} ${[symbol, side, quantity, price, words].join('|')}`;
}

/** The values of an ExecutionReport(8) of settings-peer.cpp: ExecID(17) and what the number says, in one text. */
export function reportedOf(mark: string, index: number): string {
  const { symbol, side, quantity, price, words } = numberedMessage(index);
  return [`${mark}-${index}`, symbol, side, quantity, price, words].join('|');
}
