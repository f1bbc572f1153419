import type { SecurityId } from '../events/index.ts';

/** The one text of a security: `cusip:990000108`, `symbol:BRK.B`. Empty where none is named. */
export function securityText(security: SecurityId | undefined): string {
  return security === undefined || security.id === '' ? '' : `${security.scheme}:${security.id}`;
}

/** The symbol that people know a security by, where its reporter named one. */
export function symbolOf(security: SecurityId | undefined): string | undefined {
  return security?.symbol ?? (security?.scheme === 'symbol' ? security.id : undefined);
}
