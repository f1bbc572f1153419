import assert from 'node:assert/strict';
import { type Clock, isoOfMicros, systemClock } from '../../src/core/clock.ts';
import { harmless } from '../../src/core/issue.ts';
import type { Definition, DefinitionIssue, Profile, RunnerRole } from './definition.ts';
import { type Address, connectingDoor, type Door, listeningDoor, requireTarget } from './doors.ts';
import { evidenceText } from './evidence.ts';
import { type DefinitionCode, definitionIssues } from './issues.ts';
import { lanesOf } from './lanes.ts';
import {
  type BeforeStep,
  type Fault,
  type Happening,
  type Played,
  playDefinition,
  type SetSession,
} from './play.ts';
import { differenceText, type Names, namesOf, reasonText } from './words.ts';

/** How long a message or a connection may take where nobody says otherwise. Source: QuickFIX/J, ExpectMessageStep. */
export const defaultTimeoutMs = 10_000;
/** Between two definitions on one session: the engine has seen the end of the first when the second begins. */
const pauseMs = 50;
/** So many definitions are played beside each other at most. */
const lanesMax = 16;

export interface RunOptions {
  readonly definitions: readonly Definition[];
  readonly profile: Profile;
  /** The engine under test listens here. One of `connect` and `listen`. */
  readonly connect?: Address;
  /**
   * We listen here, and the engine under test connects: one definition after another, nobody listening between them. Port 0
   * takes a free one and keeps it for the run.
   */
  readonly listen?: Address;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Runs definitions of different sessions beside each other. Only with `connect`. */
  readonly parallel?: boolean;
  readonly setSession?: SetSession;
  readonly clock?: Clock;
  /** Before a definition, and with `listen` as soon as we do: the moment to start or reset the engine under test. */
  readonly begin?: (definition: Definition, address: Address) => Promise<void> | void;
  /** Before each step: the moment to let the application of the engine under test do something. */
  readonly before?: BeforeStep;
  /** After a definition and the end of its connections. */
  readonly end?: (definition: Definition) => Promise<void> | void;
  /** Each result as it comes. */
  readonly tell?: (result: DefinitionResult) => void;
}

export interface RunReport {
  readonly profile: Profile;
  readonly role: RunnerRole;
  /** `127.0.0.1:9878`. */
  readonly address: string;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly passed: number;
  readonly failed: number;
  /** In the order of the definitions. */
  readonly results: readonly DefinitionResult[];
}

export interface DefinitionResult {
  readonly name: string;
  readonly file: string;
  readonly verdict: 'passed' | 'failed';
  readonly startedAt: string;
  readonly durationMs: number;
  readonly failure?: Failure;
  readonly transcript: readonly TranscriptLine[];
  /** What is wrong with the definition itself. */
  readonly issues: readonly DefinitionIssue[];
}

/** Why a definition failed. Messages are evidence: `|` for SOH, secrets masked. */
export interface Failure {
  readonly code: DefinitionCode;
  readonly line: number;
  /** The line as the file has it. */
  readonly step: string;
  /** One sentence. */
  readonly reason: string;
  readonly remedy: string;
  readonly expected?: string;
  readonly received?: string;
  /** Everything that differs, each in words. */
  readonly differences: readonly string[];
}

export type TranscriptLine = Happening;

/**
 * Runs definitions against an engine and reports each: passed, or the line that failed and why. Fails with CERT_TARGET where
 * nobody answers at all. A run that is stopped reports what was not played as failed with CERT_STOPPED.
 */
export async function runDefinitions(options: RunOptions): Promise<RunReport> {
  const { definitions, profile, connect, listen, parallel = false, clock = systemClock() } = options;
  assert((connect === undefined) !== (listen === undefined), 'one of connect and listen');
  const signal = options.signal ?? new AbortController().signal;
  const startedAt = clock.now();
  const began = performance.now();
  if (connect !== undefined) await requireTarget(connect, options.timeoutMs ?? defaultTimeoutMs, signal);
  const lanes = parallel && connect !== undefined ? lanesOf(definitions) : [definitions];
  const place: Place = { address: connect ?? listen ?? { host: '', port: 0 }, listens: listen !== undefined };
  const results = new Map<Definition, DefinitionResult>();
  const lane = async (list: readonly Definition[]): Promise<void> => {
    for (const definition of list) {
      const result = await resultOf(definition, options, place, { signal, clock });
      results.set(definition, result);
      options.tell?.(result);
    }
  };
  const waiting = [...lanes];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await lane(next);
  };
  await Promise.all(lanes.slice(0, lanesMax).map(work));
  const ordered = definitions.flatMap((definition) => results.get(definition) ?? []);
  const passed = ordered.filter(({ verdict }) => verdict === 'passed').length;
  return {
    profile,
    role: place.listens ? 'listen' : 'connect',
    address: `${place.address.host}:${place.address.port}`,
    startedAt: isoOfMicros(startedAt),
    durationMs: Math.round(performance.now() - began),
    passed,
    failed: ordered.length - passed,
    results: ordered,
  };
}

/** Where the run takes place; a port that was asked for as 0 is known after the first definition. */
interface Place {
  address: Address;
  readonly listens: boolean;
}

async function resultOf(
  definition: Definition,
  options: RunOptions,
  place: Place,
  { signal, clock }: { readonly signal: AbortSignal; readonly clock: Clock },
): Promise<DefinitionResult> {
  const startedAt = isoOfMicros(clock.now());
  const names = namesOf(definition);
  const wrong = wrongFault(definition, place.listens ? 'listen' : 'connect');
  if (wrong !== undefined)
    return told(definition, { fault: wrong, happenings: [], durationMs: 0 }, names, startedAt);
  const door = await doorAt(place);
  await options.begin?.(definition, place.address);
  const { profile, timeoutMs = defaultTimeoutMs, setSession, before } = options;
  const played = await playDefinition(definition, {
    profile,
    door,
    timeoutMs,
    signal,
    clock,
    setSession,
    before,
  });
  await options.end?.(definition);
  if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, pauseMs));
  return told(definition, played, names, startedAt);
}

async function doorAt(place: Place): Promise<Door> {
  if (!place.listens) return connectingDoor(place.address);
  const door = await listeningDoor(place.address);
  place.address = door.address;
  return door;
}

/** A definition that cannot be run as it is: its first error, or the wrong role. */
function wrongFault({ issues, role, steps }: Definition, runs: RunnerRole): Fault | undefined {
  const error = issues.find(({ severity }) => severity === 'error');
  if (error !== undefined && !harmless(issues)) {
    const line = error.at?.line ?? 1;
    const step = steps.find((one) => one.line === line)?.text ?? '';
    return { code: error.code as DefinitionCode, line, step, detail: error.message, differences: [] };
  }
  if (role === runs) return undefined;
  const detail =
    role === 'listen'
      ? 'it waits for a connection, and this run connects'
      : 'it connects, and this run listens';
  return {
    code: 'DEFINITION_ROLE',
    line: steps[0]?.line ?? 1,
    step: steps[0]?.text ?? '',
    detail,
    differences: [],
  };
}

function told(definition: Definition, played: Played, names: Names, startedAt: string): DefinitionResult {
  const { name, file, issues } = definition;
  const { fault, happenings, durationMs } = played;
  return {
    name,
    file,
    verdict: fault === undefined ? 'passed' : 'failed',
    startedAt,
    durationMs: Math.round(durationMs),
    ...(fault !== undefined && { failure: failureOf(fault, names) }),
    transcript: happenings.map((one) => ({
      ...one,
      atMs: Math.round(one.atMs),
      text: evidenceText(one.text),
    })),
    issues,
  };
}

function failureOf(fault: Fault, names: Names): Failure {
  const { code, line, step, expected, received, differences } = fault;
  return {
    code,
    line,
    step: evidenceText(step),
    reason: reasonText(fault, names),
    remedy: definitionIssues[code].remedy,
    ...(expected !== undefined && { expected: evidenceText(expected) }),
    ...(received !== undefined && { received: evidenceText(received) }),
    differences: differences.map((difference) => differenceText(difference, names)),
  };
}
