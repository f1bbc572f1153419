import { addDecimals, type Decimal, multiplyDecimals, negateDecimal, readDecimal } from '../core/decimal.ts';
import type { Charge, TradeExecuted } from './catalogue.types.ts';

/** What a trade moves for its account. Signed: plus means that the account receives. */
export interface TradeMoves {
  readonly quantity: Decimal;
  /** The price of it, without charges. */
  readonly principal: Decimal;
  /** All that the account receives or pays, charges and accrued interest included. */
  readonly cash: Decimal;
  /** Charges that the reporter named; an amount above zero is one that the account pays. */
  readonly charges: readonly { readonly type: string; readonly amount: Decimal }[];
  /** What the reporter's net amount holds beyond principal, accrued interest and the charges that it named. */
  readonly unnamed: Decimal;
  readonly accrued: Decimal;
  readonly currency: string;
  /** Attributes that were computed and not said: `data.net`, `data.currency`. */
  readonly computed: readonly string[];
}

const nothing: Decimal = { units: 0n, scale: 0 };
/** Sides that bring securities in, and sides that take them out. Source: the words of Side(54) in the catalogue. */
const bought = new Set(['buy', 'buy-minus', 'subscribe']);
const sold = new Set(['sell', 'sell-plus', 'sell-short', 'sell-short-exempt', 'redeem']);

/** 1 where the side brings securities in, -1 where it takes them out, undefined where it says neither (a cross). */
export function directionOf(side: string | undefined): 1 | -1 | undefined {
  if (side === undefined) return undefined;
  if (bought.has(side)) return 1;
  return sold.has(side) ? -1 : undefined;
}

/**
 * What a trade moves, from its side, quantity and price; the net amount is the reporter's own where it says one, else
 * principal, accrued interest and charges together. Undefined where side, quantity or price does not say it.
 */
export function movesOf(trade: TradeExecuted): TradeMoves | undefined {
  const direction = directionOf(trade.side);
  const quantity = decimalOf(trade.quantity);
  const price = decimalOf(trade.price);
  if (direction === undefined || quantity === undefined || price === undefined) return undefined;
  const gross = decimalOf(trade.gross) ?? multiplyDecimals(quantity, price);
  const charges = (trade.charges ?? []).map(({ type, amount }: Charge) => ({
    type,
    amount: decimalOf(amount) ?? nothing,
  }));
  const accrued = signed(direction, decimalOf(trade.accrued) ?? nothing);
  const principal = signed(direction, gross);
  const expected = [principal, accrued, ...charges.map(({ amount }) => negateDecimal(amount))].reduce(
    addDecimals,
  );
  const net = decimalOf(trade.net);
  const cash = net === undefined ? expected : signed(direction, net);
  return {
    quantity: direction === 1 ? quantity : negateDecimal(quantity),
    principal,
    cash,
    charges,
    accrued,
    unnamed: addDecimals(cash, negateDecimal(expected)),
    currency: trade.currency ?? 'USD',
    computed: [
      ...(net === undefined ? ['data.net'] : []),
      ...(trade.currency === undefined ? ['data.currency'] : []),
    ],
  };
}

/** Whoever receives securities pays for them. */
function signed(direction: 1 | -1, amount: Decimal): Decimal {
  return direction === 1 ? negateDecimal(amount) : amount;
}

function decimalOf(text: string | undefined): Decimal | undefined {
  if (text === undefined) return undefined;
  const read = readDecimal(text);
  return read.ok ? read.value : undefined;
}
