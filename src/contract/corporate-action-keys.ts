import { businessKeyText } from '../events/identity.ts';
import type { NormalizeContext } from './codec.ts';
import type { CorporateActionSaid, SaidSecurity } from './corporate-action.ts';
import type { GivenAttributes } from './normalize.ts';

/**
 * The business key of a fact of a corporate action: who services the account, the channel's key scope, the event
 * (`:20C::CORP`), and which fact of it: `notice N1`, `instruction I1`, `paid C1 A1234567 001 cash USD`. Notice, election,
 * status and payment of one event share all but the last.
 */
export function corporateActionKey(
  said: CorporateActionSaid,
  context: NormalizeContext,
  fact: readonly string[],
): string {
  return businessKeyText({
    kind: 'corporate-action',
    reportedBy: servicerOf(said, context),
    scope: context.keyScope,
    id: said.eventId,
    side: fact.filter((part) => part !== '').join(' '),
  });
}

/**
 * Who services the account. An instruction goes to it, everything else comes from it; on a channel that names who speaks
 * there, it is that one, for what comes in and what answers to it.
 */
function servicerOf(said: CorporateActionSaid, context: NormalizeContext): string | undefined {
  const theirs = isInstruction(said) === (context.direction === 'out');
  const named = theirs ? context.reportedBy : undefined;
  return named ?? (isInstruction(said) ? said.receiver : said.sender);
}

function isInstruction({ message }: CorporateActionSaid): boolean {
  return message === 'instruction' || message === 'instruction-cancellation';
}

/** What every event of the message carries beside its own business key. */
export function corporateActionAttributes(
  said: CorporateActionSaid,
  context: NormalizeContext,
  fact: readonly string[],
): GivenAttributes {
  const named = context.direction === 'in' ? context.reportedBy : undefined;
  return {
    reportedBy: named ?? said.sender,
    businessKey: corporateActionKey(said, context, fact),
    security: securityText(said.security),
    occurredAt: said.preparedAt,
    occurredZone: said.preparedAt?.endsWith('Z') ? 'UTC' : undefined,
  };
}

/** The CUSIP where it is said, because everything else of this market goes by it; else the ISIN. */
export function securityText({ cusip, isin }: SaidSecurity = {}): { id: string; scheme: string } | undefined {
  if (cusip !== undefined) return { id: cusip, scheme: 'cusip' };
  return isin === undefined ? undefined : { id: isin, scheme: 'isin' };
}
