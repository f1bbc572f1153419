import type { Issue } from '../../src/core/issue.ts';

/** `quickfix`: the runner of QuickFIX's own pack, strict. `quickfixj`: that of QuickFIX/J, whatever the order of fields. */
export const profiles = ['quickfix', 'quickfixj'] as const;
export type Profile = (typeof profiles)[number];

/** Whether the runner connects to an acceptor, or listens for an initiator. */
export type RunnerRole = 'connect' | 'listen';

interface StepPlace {
  /** Counted from 1. */
  readonly line: number;
  /** The line as it stands in the file. */
  readonly text: string;
}

interface ClientStep extends StepPlace {
  /** Which of the connections: 0 to 9; 1 where the line does not say. */
  readonly client: number;
}

/** Opens or ends a connection; `expect-…` waits until the engine under test does. */
export interface ConnectionStep extends ClientStep {
  readonly kind: 'connect' | 'disconnect' | 'expect-connect' | 'expect-disconnect';
}

/** Sends a message, or reads one and compares. */
export interface MessageStep extends ClientStep {
  readonly kind: 'send' | 'expect';
  /** One character a byte, macros not yet replaced. */
  readonly body: string;
}

/** Sets sequence numbers inside the engine under test, which only somebody beside it can do. */
export interface SessionStep extends StepPlace {
  readonly kind: 'set-session';
  /** As QuickFIX/J names it: `FIX.4.4:ISLD->TW`. */
  readonly session: string;
  /** The MsgSeqNum(34) that it expects next. */
  readonly nextTarget?: number;
  /** The MsgSeqNum(34) that it sends next. */
  readonly nextSender?: number;
}

export type Step = ConnectionStep | MessageStep | SessionStep;

/** One definition, read. */
export interface Definition {
  /** `fix44/2b_MsgSeqNumTooHigh`: folder and file, without the ending. */
  readonly name: string;
  readonly file: string;
  readonly role: RunnerRole;
  readonly steps: readonly Step[];
  /** What stands in the files that <FILE:path> names, by path; blanks around it taken away. */
  readonly files: ReadonlyMap<string, string>;
  /** Warnings and errors. With an error it is not run, and counts as failed. */
  readonly issues: readonly DefinitionIssue[];
  /** By tag: what the value of a received field has to match, instead of being equal. */
  readonly patterns?: ReadonlyMap<number, RegExp>;
}

/** Something wrong in the file of a definition: `at.line` says where. */
export interface DefinitionIssue extends Issue {
  readonly file: string;
  readonly remedy: string;
}
