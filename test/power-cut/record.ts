/** The one channel of the power cut's log. */
export const powerCutChannel = 'power-cut';

/** The bytes of one record, which its number fixes: about as long as an execution report. */
export function recordText(number: number): string {
  return `record ${number} `.padEnd(300 + (number % 200), '.');
}
