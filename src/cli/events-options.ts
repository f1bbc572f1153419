import type { ReadingOptions } from './configured.ts';

/** What an event stands for once everything else is known: see `events`. */
export const standings = ['first', 'repeated', 'conflict', 'void'] as const;
export type Standing = (typeof standings)[number];

export interface EventsOptions extends ReadingOptions {
  readonly channel?: string;
  readonly type?: string;
  readonly standing?: Standing;
  readonly from?: number;
  readonly to?: number;
  readonly follow?: boolean;
  readonly cloudevents?: boolean;
  readonly unmasked?: boolean;
}
