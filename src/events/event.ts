import type { Party, Security } from './catalogue.types.ts';
import type { EventDataByType } from './event-types.ts';

/** Whose word an event is: our own systems', the clearing firm's, or the street's (NSCC, DTC, a custodian, a bank). */
export type Perspective = (typeof perspectives)[number];

export const perspectives = ['ours', 'clearer', 'street'] as const;

export function isPerspective(text: unknown): text is Perspective {
  return perspectives.some((known) => known === text);
}

export type EventType = keyof EventDataByType;

/** What every event carries. Optional attributes are left out, never empty. */
export interface EventCommon {
  /** `channel/origin#slot@revision`: the same message gives the same ids, on every machine and in every year. */
  readonly id: string;
  readonly businessKey?: string;
  readonly channel: string;
  readonly perspective: Perspective;
  readonly origin: string;
  readonly revision: number;
  readonly slot: string;
  readonly reportedBy?: string;
  readonly reporterRole?: string;
  readonly tenant: string;
  readonly participant?: string;
  readonly correspondent?: string;
  readonly office?: string;
  readonly account?: string;
  readonly accountType?: string;
  readonly businessDate?: string;
  readonly processDate?: string;
  readonly asOf?: string;
  readonly replaces?: string;
  readonly reverses?: string;
  readonly security?: Security;
  readonly unit?: string;
  readonly parties?: readonly Party[];
  readonly occurredAt?: string;
  readonly occurredZone?: string;
  readonly receivedAt: string;
  /** Attributes (dotted names, such as `data.tradeDate`) that were computed and not said by the message. */
  readonly computed?: readonly string[];
  /**
   * What this version cannot read. An event of a type that it does not know has the type `unknown`, no data, and the
   * field that holds it here.
   */
  readonly unknown?: readonly UnknownField[];
}

/** How a security is named: the identifier, whose scheme it is, and what else the reporter said of it. */
export type SecurityId = Security;

/** One party to the fact: the identifier, and what it did there. */
export type PartyId = Party;

/** A field that a newer catalogue wrote: kept as it came, in its place, and written again with the event. */
export interface UnknownField {
  /** Where it stood: empty for the event itself, else `data`, `security`, `parties.0`, `data.charges.1`. */
  readonly at: string;
  readonly number: number;
  /** Tag and value as they were, base64. */
  readonly raw: string;
}

/** One event of one type. */
export type EventOf<T extends EventType> = EventCommon & {
  readonly type: T;
  readonly data: EventDataByType[T];
};

/** Any event: `event.type` tells which, and narrows `event.data`. */
export type Event = { [T in EventType]: EventOf<T> }[EventType];
