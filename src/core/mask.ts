/**
 * A secret as it may be shown: that it was there, and how long it was, and nothing else. Engineers who read a log
 * "always want to know if it was present" (quickfixn#950), so it is masked and not left out.
 */
export function maskSecret(value: string): string {
  return `***(${value.length})`;
}

/** An account number as it may be shown: its last two characters, when that hides at least four. */
export function maskAccount(value: string): string {
  return value.length >= 6 ? `${'*'.repeat(value.length - 2)}${value.slice(-2)}` : '*'.repeat(value.length);
}
