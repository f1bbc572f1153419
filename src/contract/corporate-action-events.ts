import type { Event } from '../events/event.ts';
import type { NormalizeContext } from './codec.ts';
import type {
  CorporateActionSaid,
  CorporateActionStatus,
  MovementSaid,
  OptionSaid,
} from './corporate-action.ts';
import { accountData, eventData, optionsData, paymentData } from './corporate-action-data.ts';
import { corporateActionAttributes, corporateActionKey, securityText } from './corporate-action-keys.ts';
import meanings from './corporate-action-meanings.json' with { type: 'json' };
import { eventOf } from './normalize.ts';

/** The message's own standard and type, for what nobody has given a meaning. */
export interface ToldAs {
  readonly standard: string;
  readonly messageType: string;
}

/**
 * What a message of a corporate action means. A notice is `announced`, or `updated` where it follows another; an
 * instruction is `elected`; a status of one `elected` with its status, or `message.rejected`; a confirmation is `paid`, one
 * event for each movement, and its reversal `reversed`. With the additional process CLAI a notice opens a claim; taken
 * back or confirmed, it is closed. The business keys are those of {@link corporateActionKey}.
 */
export function corporateActionEvents(
  said: CorporateActionSaid,
  context: NormalizeContext,
  told: ToldAs,
): readonly Event[] {
  switch (said.message) {
    case 'instruction':
    case 'instruction-cancellation':
      return [electionEvent(said, context)];
    case 'confirmation':
      return confirmationEvents(said, context);
    case 'status':
      return statusEvents(said, context, told);
    case 'statement':
      return [...noticeEvents(said, context), ...statedElections(said, context)];
    default:
      return noticeEvents(said, context);
  }
}

/**
 * One event with everything. Where it is for one account, that one's; where it names several, one more for each of them
 * with its balances, so that options are not told once an account.
 */
function noticeEvents(said: CorporateActionSaid, context: NormalizeContext): readonly Event[] {
  const { accounts = [] } = said;
  const [first] = accounts;
  const only = accounts.length === 1 ? first : undefined;
  const whole = noticeEvent(said, context, only?.account ?? '', {
    ...optionsData(said),
    ...accountData(only),
  });
  if (accounts.length < 2) return [whole];
  const named = new Set<string>();
  return [
    whole,
    ...accounts.flatMap((account) => {
      if (named.has(account.account)) return [];
      named.add(account.account);
      return [noticeEvent(said, context, account.account, accountData(account))];
    }),
  ];
}

function noticeEvent(
  said: CorporateActionSaid,
  context: NormalizeContext,
  account: string,
  more: ReturnType<typeof accountData>,
): Event {
  const fact = noticeFact(said.messageId, said, account);
  const attributes = {
    ...corporateActionAttributes(said, context, fact),
    account,
    unit: said.accounts?.find((one) => one.account === account)?.balances[0]?.unit,
    replaces:
      said.previousId === undefined || said.message !== 'notification'
        ? undefined
        : corporateActionKey(said, context, noticeFact(said.previousId, said, account)),
  };
  const status = said.function === 'CANC' || said.function === 'WITH' ? said.function : undefined;
  const stated = said.message === 'statement' ? said.eventId : '';
  const slot = ['notice', stated, account].filter((part) => part !== '').join('-');
  return eventOf(context, slot, noticeType(said), attributes, { ...eventData(said), ...more, status });
}

function noticeFact(id: string, said: CorporateActionSaid, account: string): readonly string[] {
  const { page } = said;
  const paged = page === undefined || (page.number === 1 && page.last) ? '' : `page ${page.number}`;
  return [said.message === 'statement' ? 'statement' : 'notice', id, paged, account];
}

function noticeType(said: CorporateActionSaid) {
  const { processes = [] } = said;
  const over = said.function === 'CANC' || said.function === 'WITH';
  if (processes.includes('CLAI')) return over ? 'claim.closed' : 'claim.opened';
  return said.message === 'notification' && said.function === 'NEWM'
    ? 'corporateAction.announced'
    : 'corporateAction.updated';
}

function electionEvent(said: CorporateActionSaid, context: NormalizeContext): Event {
  const { election, accounts = [] } = said;
  const cancels = said.message === 'instruction-cancellation';
  const fact = [cancels ? 'cancellation' : 'instruction', said.messageId];
  const attributes = {
    ...corporateActionAttributes(said, context, fact),
    account: accounts[0]?.account,
    unit: election?.unit,
  };
  return eventOf(context, 'election', 'corporateAction.elected', attributes, {
    ...eventData(said),
    ...accountData(accounts[0]),
    instructionId: cancels ? said.previousId : said.messageId,
    option: election?.number,
    optionType: election?.type,
    instructed: election?.quantity,
    instructedCode: election?.quantityCode,
    amount: election?.amount,
    currency: election?.currency,
    text: election?.text ?? said.text,
  });
}

/** What a statement says to be instructed of each option: the state of it, under the statement's own id. */
function statedElections(said: CorporateActionSaid, context: NormalizeContext): readonly Event[] {
  const { elections = [], accounts = [] } = said;
  const account = accounts[0]?.account ?? '';
  const taken = new Set<string>();
  return elections.map((election) => {
    const name = freeName(election.number, taken);
    const attributes = {
      ...corporateActionAttributes(said, context, ['stated', said.messageId, account, name]),
      account,
      unit: election.unit,
    };
    const slot = `stated-${said.eventId}-${account}-${name}`;
    return eventOf(context, slot, 'corporateAction.elected', attributes, {
      ...eventData(said),
      option: election.number,
      optionType: election.type,
      instructed: election.quantity,
    });
  });
}

/** One event for each movement. A confirmation that moves nothing tells that the event has come so far. */
function confirmationEvents(said: CorporateActionSaid, context: NormalizeContext): readonly Event[] {
  const { options = [] } = said;
  const taken = new Set<string>();
  const moved = options.flatMap((option) =>
    (option.movements ?? []).map((movement) => paymentEvent(said, option, movement, context, taken)),
  );
  const closes = said.processes?.includes('CLAI') === true && said.function !== 'REVR';
  if (moved.length > 0 && !closes) return moved;
  const account = said.accounts?.[0];
  const fact = [closes ? 'claim' : 'confirmation', said.messageId, account?.account ?? ''];
  const attributes = { ...corporateActionAttributes(said, context, fact), account: account?.account };
  const [option] = options;
  const type = closes ? 'claim.closed' : 'corporateAction.updated';
  const data = {
    ...eventData(said),
    ...accountData(account),
    option: option?.number,
    optionType: option?.type,
    reason: said.reversalReason,
  };
  return [...moved, eventOf(context, closes ? 'claim' : 'confirmation', type, attributes, data)];
}

/**
 * A reversal names the confirmation that it reverses, and the same movement of it has the same name there: option, what is
 * moved, and which one of several alike. The direction does not count: some reversals repeat the first one's, some turn it.
 */
function paymentEvent(
  said: CorporateActionSaid,
  option: OptionSaid,
  movement: MovementSaid,
  context: NormalizeContext,
  taken: Set<string>,
): Event {
  const account = said.accounts?.[0];
  const name = freeName(movementName(option, movement), taken);
  const reversal = said.function === 'REVR';
  const factOf = (id: string): readonly string[] => ['paid', id, account?.account ?? '', name];
  const fact = reversal ? ['reversed', said.messageId, account?.account ?? '', name] : factOf(said.messageId);
  const moved = securityText(movement.security);
  const attributes = {
    ...corporateActionAttributes(said, context, fact),
    account: account?.account,
    unit: movement.unit ?? account?.balances[0]?.unit,
    ...(moved !== undefined && { security: moved }),
    reverses:
      reversal && said.previousId !== undefined
        ? corporateActionKey(said, context, factOf(said.previousId))
        : undefined,
  };
  const data = {
    ...eventData(said),
    ...accountData(account),
    ...paymentData(said, option, movement),
    reason: said.reversalReason,
  };
  const type = reversal ? 'corporateAction.reversed' : 'corporateAction.paid';
  return eventOf(context, `${reversal ? 'reversed' : 'paid'}-${name}`, type, attributes, data);
}

/** `001 cash USD`, `001 securities US9900002075`. */
function movementName({ number }: OptionSaid, movement: MovementSaid): string {
  const what = movement.kind === 'cash' ? movement.currency : securityText(movement.security)?.id;
  return `${number} ${movement.kind} ${what ?? ''}`.trim();
}

function freeName(name: string, taken: Set<string>): string {
  let free = name;
  for (let count = 2; taken.has(free); count++) free = `${name} ${count}`;
  taken.add(free);
  return free;
}

/** One event for each status; the same one told twice is one. */
function statusEvents(said: CorporateActionSaid, context: NormalizeContext, told: ToldAs): readonly Event[] {
  const seen = new Set<string>();
  return (said.statuses ?? []).flatMap((status) => {
    const name = statusName(status);
    if (seen.has(name)) return [];
    seen.add(name);
    return [statusEvent(said, status, name, context, told)];
  });
}

function statusEvent(
  said: CorporateActionSaid,
  status: CorporateActionStatus,
  name: string,
  context: NormalizeContext,
  { standard, messageType }: ToldAs,
): Event {
  const { election, accounts = [] } = said;
  const about = status.kind === 'EPRC' ? 'notice' : status.kind === 'CPRC' ? 'cancellation' : 'instruction';
  const id = said.instructionId ?? said.previousId ?? said.messageId;
  const attributes = {
    ...corporateActionAttributes(said, context, [about, id, name]),
    account: accounts[0]?.account,
    unit: election?.unit,
  };
  const known = meanings.find(({ kind, code }) => kind === status.kind && code === status.code);
  const slot = `status-${name}`;
  if (known === undefined || (status.scheme ?? '') !== '') {
    const type = `${messageType} ${status.kind}/${status.scheme ?? ''}/${status.code}`;
    return eventOf(context, slot, 'message.unknown', attributes, { standard, messageType: type });
  }
  const reason = reasonText(status);
  if (known.event === 'message.rejected') {
    return eventOf(context, slot, refusal(context), attributes, {
      code: reason === '' ? status.code : reason,
      text: status.text,
      referenceType: about,
      referenceId: id,
    });
  }
  const type = known.event === 'corporateAction.updated' ? known.event : 'corporateAction.elected';
  return eventOf(context, slot, type, attributes, {
    ...eventData(said),
    ...accountData(accounts[0]),
    option: election?.number,
    optionType: election?.type,
    instructed: election?.quantity,
    instructedCode: election?.quantityCode,
    amount: election?.amount,
    currency: election?.currency,
    status: status.code,
    reason,
    text: status.text ?? said.text,
  });
}

function refusal({ direction }: NormalizeContext): 'message.rejected' | 'message.refused' {
  return direction === 'in' ? 'message.rejected' : 'message.refused';
}

/** `IPRC//PEND LACK`. */
function statusName(status: CorporateActionStatus): string {
  const kind = `${status.kind}/${status.scheme ?? ''}/${status.code}`;
  return [kind, reasonText(status)].filter((part) => part !== '').join(' ');
}

function reasonText({ reasons }: CorporateActionStatus): string {
  return reasons.map(({ code, scheme = '' }) => (scheme === '' ? code : `${scheme}/${code}`)).join(' ');
}
