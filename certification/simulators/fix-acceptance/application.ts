import type { FixMessage } from '../../../codecs/fix/index.ts';

/** What the application says: a type, and the fields without those that the session writes. */
export interface Reply {
  readonly type: string;
  readonly body: readonly (readonly [tag: number, value: string])[];
}

/**
 * The application of the public conformance pack: it sends NewOrderSingle(D), SecurityDefinition(d) and Email(C) back, and supports
 * nothing else. Source: conduct of QuickFIX's acceptance server (`at_application.h`), which the definitions were written for.
 */
export class AcceptanceApplication {
  readonly #beginString: string;
  /** ClOrdID(11) of the orders since the last logout. */
  readonly #orders = new Set<string>();
  #defaultApplVerId: string | undefined;

  constructor(beginString: string) {
    this.#beginString = beginString;
  }

  /** The answer to a message that was received and committed, in its turn; undefined where there is none. */
  reply(message: FixMessage): Reply | undefined {
    switch (message.type) {
      case 'A':
        this.#defaultApplVerId = message.get(1137);
        return undefined;
      case 'D':
        return this.#isNew(message) ? echo(message) : undefined;
      case 'd':
      case 'C':
        return echo(message);
      case '3':
      case 'j':
        // A reject is never rejected: two engines would go on for ever.
        return undefined;
      default:
        return isSessionType(message.type) ? undefined : this.#unsupported(message);
    }
  }

  loggedOut(): void {
    this.#orders.clear();
  }

  /** False for an order with PossResend(97)=Y that was here already. */
  #isNew(message: FixMessage): boolean {
    const order = message.get(11) ?? '';
    if (message.get(97) === 'Y' && this.#orders.has(order)) return false;
    this.#orders.add(order);
    return true;
  }

  /** BusinessMessageReject(j), which came with FIX 4.2; before, Reject(3) with a text. The one over FIXT names its version, as the pack wants it. */
  #unsupported(message: FixMessage): Reply {
    const number = message.get(34) ?? '0';
    if (this.#beginString < 'FIX.4.2') {
      return { type: '3', body: [...field(45, number), ...field(58, 'Unsupported message type')] };
    }
    const body = [
      ...field(45, number),
      ...field(58, 'Unsupported Message Type'),
      ...field(372, message.type),
      ...field(380, '3'),
      ...(this.#defaultApplVerId === undefined ? [] : field(1137, this.#defaultApplVerId)),
    ];
    return { type: 'j', body };
  }
}

function field(tag: number, value: string): readonly (readonly [number, string])[] {
  return [[tag, value]];
}

/** What each session writes itself, and what only a repeat has. */
const ofSession = new Set([8, 9, 10, 34, 35, 43, 49, 52, 56, 89, 93, 122, 369]);

/** The fields of a message by tag, and those of its groups as they came. */
function echo(message: FixMessage): Reply {
  const { owners } = message.flat.structure;
  const runs: (readonly [number, string])[][] = [];
  message.fields().forEach((one, at) => {
    const inGroup = owners !== undefined && owners[at] !== 0;
    if (inGroup) runs.at(-1)?.push(one);
    else runs.push([one]);
  });
  const sorted = runs.sort((left, right) => tagOf(left) - tagOf(right));
  return { type: message.type, body: sorted.flat().filter(([tag]) => !ofSession.has(tag)) };
}

function tagOf(run: readonly (readonly [number, string])[]): number {
  return run[0]?.[0] ?? 0;
}

function isSessionType(type: string): boolean {
  return type.length === 1 && '012345A'.includes(type);
}
