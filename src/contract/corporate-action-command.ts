import type { JsonValue } from '../core/json.ts';
import type { Command } from './codec.ts';
import type { CorporateActionSaid } from './corporate-action.ts';

export interface InstructionRead {
  readonly said?: CorporateActionSaid;
  /** What the data lacks or cannot say, in sentences. */
  readonly problems: readonly string[];
}

/** The members of the command's data: the form of each, and whether it is needed. */
const members: Readonly<Record<string, { readonly form: RegExp; readonly needed?: true }>> = {
  messageId: { form: /./ },
  preparedAt: { form: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/ },
  sender: { form: /./ },
  receiver: { form: /./ },
  cancels: { form: /./ },
  eventId: { form: /./, needed: true },
  officialId: { form: /./ },
  kind: { form: /^[A-Z]{4}$/, needed: true },
  account: { form: /./, needed: true },
  isin: { form: /^[A-Z]{2}[A-Z0-9]{9}\d$/ },
  cusip: { form: /^[A-Z0-9*@#]{9}$/ },
  option: { form: /^(\d{3}|UNSO)$/, needed: true },
  optionType: { form: /^[A-Z]{4}$/, needed: true },
  quantity: { form: /^\d{1,30}(\.\d{1,20})?$/ },
  unit: { form: /^(shares|face)$/ },
  quantityCode: { form: /^QALL$/ },
  amount: { form: /^\d{1,30}(\.\d{1,20})?$/ },
  currency: { form: /^[A-Z]{3}$/ },
  text: { form: /./ },
};

/**
 * What a command `corporate-action-instruction` instructs: one option of one event for one account, and how much of it
 * (`quantity`, or `quantityCode` QALL, or `amount` with `currency`). With `cancels`, the id of an instruction, that one is
 * asked to be cancelled. A messageId that is left out is the command's key.
 */
export function readInstructionCommand(command: Command): InstructionRead {
  const { data } = command;
  if (typeof data !== 'object' || data === null || isList(data))
    return { problems: ['data has to be an object'] };
  const given = new Map<string, string>();
  const problems: string[] = [];
  for (const name of Object.keys(data)) {
    if (!Object.hasOwn(members, name)) problems.push(`nothing says ${name.slice(0, 40)}`);
  }
  for (const [name, { form, needed }] of Object.entries(members)) {
    const value = Object.hasOwn(data, name) ? data[name] : undefined;
    if (value === undefined || value === null || value === '') {
      if (needed) problems.push(`${name} is needed`);
    } else if (typeof value === 'string' && form.test(value)) given.set(name, value);
    else problems.push(`${name} cannot be ${JSON.stringify(value).slice(0, 60)}`);
  }
  problems.push(...unclear(given));
  return problems.length > 0 ? { problems } : { said: saidOf(given, command.key), problems };
}

/** How much is instructed has to be said once and whole; so has who says it to whom. */
function unclear(given: ReadonlyMap<string, string>): readonly string[] {
  const ways = ['quantity', 'quantityCode', 'amount'].filter((name) => given.has(name));
  return [
    ...(ways.length === 1 ? [] : ['one of quantity, quantityCode and amount is needed']),
    ...(given.has('amount') === given.has('currency') ? [] : ['amount and currency go together']),
    ...(given.has('isin') || given.has('cusip') ? [] : ['isin or cusip is needed']),
    ...(given.has('sender') && given.has('receiver') && !given.has('preparedAt')
      ? ['preparedAt is needed with sender and receiver']
      : []),
  ];
}

function saidOf(given: ReadonlyMap<string, string>, key: string): CorporateActionSaid {
  const cancels = given.get('cancels');
  const unit = given.get('unit') === 'face' ? 'face' : 'shares';
  return {
    message: cancels === undefined ? 'instruction' : 'instruction-cancellation',
    function: cancels === undefined ? 'NEWM' : 'CANC',
    messageId: given.get('messageId') ?? key,
    preparedAt: given.get('preparedAt'),
    sender: given.get('sender'),
    receiver: given.get('receiver'),
    eventId: given.get('eventId') ?? '',
    officialId: given.get('officialId'),
    kind: given.get('kind'),
    previousId: cancels,
    security: { isin: given.get('isin'), cusip: given.get('cusip') },
    accounts: [{ account: given.get('account') ?? '', balances: [] }],
    election: {
      number: given.get('option') ?? '',
      type: given.get('optionType') ?? '',
      quantity: given.get('quantity'),
      unit: given.has('quantity') ? unit : undefined,
      quantityCode: given.get('quantityCode'),
      amount: given.get('amount'),
      currency: given.get('currency'),
      text: given.get('text'),
    },
  };
}

/** Names of what a written instruction would be read to say otherwise than it was given. */
export function instructionDifferences(
  given: CorporateActionSaid,
  told: CorporateActionSaid,
): readonly string[] {
  const wanted = factsOf(given);
  const found = factsOf(told);
  const bare = told.messageId === '';
  return Object.keys(wanted).filter(
    (name) => !(bare && name === 'messageId') && wanted[name] !== found[name],
  );
}

function factsOf(said: CorporateActionSaid): Readonly<Record<string, string>> {
  const { election, security } = said;
  return {
    message: said.message,
    messageId: said.messageId,
    eventId: said.eventId,
    officialId: said.officialId ?? '',
    kind: said.kind ?? '',
    cancels: said.previousId ?? '',
    account: (said.accounts ?? []).map(({ account }) => account).join(' '),
    security: `${security?.isin ?? ''} ${security?.cusip ?? ''}`,
    option: `${election?.number ?? ''} ${election?.type ?? ''}`,
    quantity: `${election?.quantity ?? ''} ${election?.unit ?? ''} ${election?.quantityCode ?? ''}`,
    amount: `${election?.amount ?? ''} ${election?.currency ?? ''}`,
    text: (election?.text ?? '').trim().replace(/\s+/g, ' '),
  };
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
