import type { EventDataByType } from './catalogue.types.ts';

/** Whose word an event is: our own systems', the clearing firm's, or the street's (NSCC, DTC, a custodian, a bank). */
export type Perspective = 'ours' | 'clearer' | 'street';

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
  readonly security?: SecurityId;
  readonly unit?: string;
  readonly parties?: readonly PartyId[];
  readonly occurredAt?: string;
  readonly occurredZone?: string;
  readonly receivedAt: string;
  /** Attributes (dotted names, such as `data.tradeDate`) that were computed and not said by the message. */
  readonly computed?: readonly string[];
}

export interface SecurityId {
  readonly id: string;
  readonly scheme: string;
  readonly validOn?: string;
  readonly symbol?: string;
  readonly type?: string;
  readonly market?: string;
}

export interface PartyId {
  readonly id: string;
  readonly scheme?: string;
  readonly role: string;
  readonly subId?: string;
}

/** One event of one type. */
export type EventOf<T extends EventType> = EventCommon & {
  readonly type: T;
  readonly data: EventDataByType[T];
};

/** Any event: `event.type` tells which, and narrows `event.data`. */
export type Event = { [T in EventType]: EventOf<T> }[EventType];
