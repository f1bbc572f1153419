import type { Buffer } from 'node:buffer';
import { limits } from '../../src/core/limits.ts';

/** Bytes at the front of a message in which its header and a Logon(A)'s DefaultApplVerID(1137) are looked for. */
const frontBytes = 2048;
const fixt = '8=FIXT';

/**
 * What the Logons of a FIXT log say of the messages behind them: DefaultApplVerID(1137) counts for what its sender says to that
 * receiver, until its next Logon(A). Source: FIXT 1.1, "Application Versioning".
 */
export class LoggedVersions {
  readonly #said = new Map<string, string>();

  /** The default version of a message of a log, whatever stands for SOH in it; undefined where nobody said one, or for other FIX. */
  of(message: Buffer): string | undefined {
    if (message.toString('latin1', 0, fixt.length) !== fixt) return undefined;
    const fields = frontFields(message);
    const way = `${fields.get('49')}>${fields.get('56')}`;
    const own = fields.get('1137');
    const room = this.#said.size < limits.fixTemplateSessionsMax || this.#said.has(way);
    if (fields.get('35') === 'A' && own !== undefined && room) this.#said.set(way, own);
    return this.#said.get(way);
  }
}

/** The first field of each tag: what a later one says may stand in a text or in a message that is wrapped. */
function frontFields(message: Buffer): ReadonlyMap<string, string> {
  const front = message.toString('latin1', 0, frontBytes);
  const fields = new Map<string, string>();
  for (const [, tag = '', value = ''] of front.matchAll(/(?:\u0001|\||\^A)(35|49|56|1137)=([^\u0001|^]*)/g))
    if (!fields.has(tag)) fields.set(tag, value);
  return fields;
}
