import type * as data from '../events/catalogue.types.ts';
import type {
  AccountSaid,
  CorporateActionSaid,
  DateSaid,
  MovementSaid,
  OptionSaid,
  RatioSaid,
} from './corporate-action.ts';
import { securityText } from './corporate-action-keys.ts';
import type { Given } from './normalize.ts';

type Data = Given<data.CorporateAction>;

/** What every event of the message says of the corporate action itself. */
export function eventData(said: CorporateActionSaid): Data {
  const { dates = [], page } = said;
  return {
    eventId: said.eventId,
    officialId: said.officialId,
    relatedIds: said.linkedEvents ?? [],
    instructionId: said.instructionId,
    messageId: said.messageId,
    previousId: said.previousId,
    function: said.function,
    kind: said.kind,
    participation: said.participation && (participations.get(said.participation) ?? said.participation),
    completeness: said.completeness,
    confirmed: said.confirmed,
    processes: said.processes ?? [],
    page: page?.number,
    lastPage: page?.last,
    exDate: dayOf(dates, 'XDTE'),
    recordDate: dayOf(dates, 'RDTE'),
    dueBillDate: dayOf(dates, 'MCTD'),
    dates: inOrder(dates),
    rates: inOrder(said.rates),
    text: said.text,
  };
}

const participations = new Map([
  ['MAND', 'mandatory'],
  ['CHOS', 'choice'],
  ['VOLU', 'voluntary'],
]);

/** By their types: a standard's own order of them is no fact. What nobody can say the type of stands in the message alone. */
function inOrder<T extends { readonly type: string }>(items: readonly T[] = []): readonly T[] {
  return items
    .filter(({ type }) => type !== '')
    .sort((left, right) => (left.type < right.type ? -1 : left.type > right.type ? 1 : 0));
}

function dayOf(dates: readonly DateSaid[], type: string): string | undefined {
  const found = dates.find((one) => one.type === type);
  return found?.date ?? found?.time?.slice(0, 10);
}

/** What a notice says of its options: all of them, and what they agree on. */
export function optionsData({ options = [], dates = [] }: CorporateActionSaid): Data {
  const movements = options.flatMap((option) => option.movements ?? []);
  const ratio = onlyRatio(movements);
  const days = movements.map((movement) => dayOf(movement.dates ?? [], 'PAYD'));
  const [day] = days;
  return {
    payDate: dayOf(dates, 'PAYD') ?? (days.every((one) => one === day) ? day : undefined),
    ratioNew: ratio?.numerator,
    ratioOld: ratio?.denominator,
    options: options.map(optionData),
  };
}

/** The ratio new for old where all movements that have one agree; a ratio of another type is told with its movement. */
function onlyRatio(movements: readonly MovementSaid[]): RatioSaid | undefined {
  const ratios = movements.flatMap(({ ratio }) => (ratio?.type === 'NEWO' ? [ratio] : []));
  const [first] = ratios;
  const same = ratios.every(
    ({ numerator, denominator }) => numerator === first?.numerator && denominator === first.denominator,
  );
  return same ? first : undefined;
}

function optionData(option: OptionSaid): Given<data.CorporateActionOption> {
  return {
    number: option.number,
    type: option.type,
    default: option.isDefault,
    status: option.status,
    fractions: option.fractions,
    currency: option.currency,
    dates: inOrder(option.dates),
    rates: inOrder(option.rates),
    movements: (option.movements ?? []).map(movementData),
  };
}

function movementData(movement: MovementSaid): Given<data.CorporateActionMovement> {
  const { ratio } = movement;
  return {
    kind: movement.kind,
    direction: movement.direction,
    security: securityText(movement.security),
    quantity: signed(movement.quantity, movement),
    unit: movement.unit,
    amount: signed(movement.amount, movement),
    currency: movement.currency,
    ratioNew: ratio?.numerator,
    ratioOld: ratio?.denominator,
    ratioType: ratio?.type,
    fractions: movement.fractions,
    dates: inOrder(movement.dates),
    rates: inOrder(movement.rates),
    amounts: inOrder(movement.amounts),
    account: movement.account,
  };
}

/** Plus: the account receives. */
function signed(value: string | undefined, { direction }: MovementSaid): string | undefined {
  if (value === undefined || direction === 'credit' || value === '0') return value;
  return value.startsWith('-') ? value.slice(1) : `-${value}`;
}

/** What one movement did: the data of a payment or its reversal. */
export function paymentData(said: CorporateActionSaid, option: OptionSaid, movement: MovementSaid): Data {
  const dates = [...(option.dates ?? []), ...(movement.dates ?? [])];
  return {
    option: option.number,
    optionType: option.type,
    quantity: signed(movement.quantity, movement),
    amount: signed(movement.amount, movement),
    currency: movement.currency,
    ratioNew: movement.ratio?.type === 'NEWO' ? movement.ratio.numerator : undefined,
    ratioOld: movement.ratio?.type === 'NEWO' ? movement.ratio.denominator : undefined,
    payDate: dayOf(dates, 'PAYD') ?? dayOf(dates, 'POST'),
    fractions: movement.fractions ?? option.fractions,
    dates: inOrder([...(said.dates ?? []), ...dates]),
    rates: inOrder([...(said.rates ?? []), ...(option.rates ?? []), ...(movement.rates ?? [])]),
    amounts: inOrder(movement.amounts),
  };
}

/** What an account holds, by the balances that are said once: settled or confirmed, and eligible. */
export function accountData(account: AccountSaid | undefined): Data {
  const balances = account?.balances ?? [];
  const only = (type: string): string | undefined => {
    const found = balances.filter((one) => one.type === type);
    return found.length === 1 ? found[0]?.quantity : undefined;
  };
  return { held: only('CONB') ?? only('SETT'), eligible: only('ELIG'), balances: inOrder(balances) };
}
