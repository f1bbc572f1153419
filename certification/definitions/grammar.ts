import { shownText } from '../../src/core/bytes.ts';
import { issueMaker, type Place } from '../../src/core/issue.ts';
import type {
  ConnectionStep,
  Definition,
  DefinitionIssue,
  MessageStep,
  Profile,
  RunnerRole,
  SessionStep,
  Step,
} from './definition.ts';
import { evidenceText } from './evidence.ts';
import { type DefinitionCode, definitionIssues } from './issues.ts';

/** How large a definition may be, in characters. The largest of QuickFIX's own has 4,949. */
export const definitionCharsMax = 4 * 1024 * 1024;

export interface GrammarOptions {
  readonly name: string;
  readonly file: string;
  readonly profile: Profile;
  /** What stands in a file that <FILE:path> names; undefined where it cannot be had. */
  readonly fileText?: (path: string) => string | undefined;
}

/**
 * A definition of its text, one character a byte; wrong lines are issues, and never thrown. Codes: DEFINITION_….
 *
 * Source: `Reflector.rb` and `Runner.rb` of QuickFIX 1.15.1 for profile `quickfix`; for `quickfixj` the lines that the
 * runner of QuickFIX/J knows, which passes over everything else.
 */
export function parseDefinition(text: string, options: GrammarOptions): Definition {
  const reading: Reading = { options, steps: [], issues: [], files: new Map() };
  if (text.length > definitionCharsMax) {
    tell(reading, 'DEFINITION_LARGE', `${text.length} characters; ${definitionCharsMax} are read`, {
      line: 1,
    });
    return definitionOf(reading, 'connect');
  }
  for (const [index, line] of text.split('\n').entries())
    readLine(reading, line.replace(/\r$/, ''), index + 1);
  return definitionOf(reading, checkedConnections(reading));
}

interface Reading {
  readonly options: GrammarOptions;
  readonly steps: Step[];
  readonly issues: DefinitionIssue[];
  readonly files: Map<string, string>;
}

const issue = issueMaker(definitionIssues);

/** A wrong line may hold a password like any other. */
function shown(text: string, charsMax: number): string {
  return shownText(evidenceText(text), charsMax);
}

function tell({ options, issues }: Reading, code: DefinitionCode, message: string, at: Place): void {
  issues.push({ ...issue(code, message, at), file: options.file, remedy: definitionIssues[code].remedy });
}

function definitionOf({ options, steps, issues, files }: Reading, role: RunnerRole): Definition {
  const inOrder = issues.toSorted((left, right) => (left.at?.line ?? 0) - (right.at?.line ?? 0));
  return { name: options.name, file: options.file, role, steps, files, issues: inOrder };
}

function readLine(reading: Reading, whole: string, line: number): void {
  const tolerant = reading.options.profile === 'quickfixj';
  const text = separated(tolerant ? whole.replace(/[ \t]+$/, '') : whole);
  if (text === '' || (tolerant ? /^[ \t]*#/ : /^#/).test(text)) return;
  const step = stepOf(reading, text, line);
  if (step === undefined) {
    if (reading.issues.some(({ at }) => at?.line === line)) return;
    const code = tolerant ? 'DEFINITION_SKIPPED' : 'DEFINITION_SYNTAX';
    const syntax = tolerant || !/^[ \t]/.test(text) ? '' : ' (it begins with a blank)';
    tell(reading, code, `"${shown(text, 40)}" is no line of a definition${syntax}`, { line, column: 1 });
    return;
  }
  reading.steps.push(step);
  if (step.kind === 'send' || step.kind === 'expect') checkMessage(reading, step);
}

/**
 * A message as an editor and this product's own pages write it, `|` or `^A` before `TAG=` and at the end, with the separators that
 * it stands for; the last one may be left out. Where a message has one SOH, every other character of it is meant as it stands.
 */
function separated(line: string): string {
  if (!/^[IER](?:\d,)?8=/.test(line) || line.includes('\u0001')) return line;
  const text = line.replace(/(?:\||\^A)(?=\d+=|$)/g, '\u0001');
  return text === line || text.endsWith('\u0001') ? text : `${text}\u0001`;
}

/** Words that open and end connections, and what they mean. */
const connectionWords: Readonly<Record<string, ConnectionStep['kind']>> = {
  iCONNECT: 'connect',
  iDISCONNECT: 'disconnect',
  eCONNECT: 'expect-connect',
  eDISCONNECT: 'expect-disconnect',
};

function stepOf(reading: Reading, text: string, line: number): Step | undefined {
  const [letter = '', rest] = [text[0], text.slice(1)];
  const numbered = /^[IERie]\d,/.test(text);
  const client = numbered ? Number(text[1]) : 1;
  const body = numbered ? rest.slice(2) : rest;
  if (letter === 'I' || letter === 'R') return { kind: 'send', line, text, client, body };
  if (letter === 'E') return { kind: 'expect', line, text, client, body };
  if (text.startsWith('iSET_SESSION')) return sessionStep(reading, text, line);
  if (reading.options.profile === 'quickfixj') return tolerantStep(text, line);
  const kind = connectionWords[letter + body];
  return kind === undefined ? undefined : { kind, line, text, client };
}

/** QuickFIX/J looks at how such a line begins, with or without a comma. */
function tolerantStep(text: string, line: number): ConnectionStep | undefined {
  const [, letter = '', digit = '', word = ''] = /^([ie])(\d?),?(CONNECT|DISCONNECT)/.exec(text) ?? [];
  const kind = connectionWords[letter + word];
  return kind === undefined ? undefined : { kind, line, text, client: digit === '' ? 1 : Number(digit) };
}

/** `iSET_SESSION FIX.4.4:ISLD->TW NEXTTARGETSEQNUM=3 NEXTSENDERSEQNUM=5`, of QuickFIX/J alone. */
function sessionStep(reading: Reading, text: string, line: number): SessionStep | undefined {
  if (reading.options.profile !== 'quickfixj') return undefined;
  const match = /^iSET_SESSION (\S+->\S+)((?: NEXT(?:TARGET|SENDER)SEQNUM=\d{1,15})+)$/.exec(text);
  if (match === null) {
    tell(reading, 'DEFINITION_SESSION', `"${shown(text, 60)}" cannot be read`, { line });
    return undefined;
  }
  const [, session = '', numbers = ''] = match;
  const numberOf = (side: string): number | undefined => {
    const found = new RegExp(`NEXT${side}SEQNUM=(\\d+)`).exec(numbers)?.[1];
    return found === undefined ? undefined : Number(found);
  };
  const [nextTarget, nextSender] = [numberOf('TARGET'), numberOf('SENDER')];
  return {
    kind: 'set-session',
    line,
    text,
    session,
    ...(nextTarget !== undefined && { nextTarget }),
    ...(nextSender !== undefined && { nextSender }),
  };
}

function checkMessage(reading: Reading, { kind, line, body }: MessageStep): void {
  for (const [macro] of body.matchAll(/<(?:TIME|FILE)[^>\u0001]*>?/g)) {
    const path = /^<FILE:(.+)>$/.exec(macro)?.[1];
    if (path !== undefined) takeFile(reading, path, line);
    else if (!/^<TIME(?:[+-]\d+)?>$/.test(macro)) {
      tell(reading, 'DEFINITION_MACRO', `"${shown(macro, 40)}" is no macro`, { line });
    }
  }
  if (kind !== 'expect') return;
  if (
    reading.options.profile === 'quickfix' &&
    /\u000110=[^\u0001]*\u0001$/.test(body) &&
    !/\u00019=/.test(body)
  ) {
    tell(reading, 'DEFINITION_LENGTH', 'CheckSum(10) is there, and BodyLength(9) is not', { line });
  }
  const wrong = body.split('\u0001').find((field) => field !== '' && !/^\d+=/.test(field));
  if (wrong !== undefined || body === '') {
    tell(reading, 'DEFINITION_FIELD', `"${shown(wrong ?? '', 40)}" is no field`, { line });
  }
}

function takeFile(reading: Reading, path: string, line: number): void {
  const text = reading.options.fileText?.(path);
  if (text !== undefined) reading.files.set(path, text.trim());
  else tell(reading, 'DEFINITION_FILE', `"${shown(path, 60)}" cannot be read from here`, { line });
}

/** The role of the definition by its first connection; says which lines use connections that are not there. */
function checkedConnections(reading: Reading): RunnerRole {
  const opening = reading.steps.find(({ kind }) => kind === 'connect' || kind === 'expect-connect');
  if (opening === undefined) {
    tell(reading, 'DEFINITION_NO_CONNECT', 'no line opens a connection', { line: 1 });
    return 'connect';
  }
  const role = opening.kind === 'connect' ? 'connect' : 'listen';
  const open = new Set<number>();
  for (const step of reading.steps) {
    if (step.kind !== 'set-session') checkConnection(reading, step, role, open);
  }
  return role;
}

function checkConnection(
  reading: Reading,
  step: ConnectionStep | MessageStep,
  role: RunnerRole,
  open: Set<number>,
): void {
  const { kind, client, line, text } = step;
  if (kind === 'connect' || kind === 'expect-connect') {
    // Where the runner connects, eCONNECT waits for nothing. Source: ReflectorClient.rb, waitConnectAction.
    if (kind === 'connect' && role === 'listen') {
      tell(reading, 'DEFINITION_ROLE', 'iCONNECT stands in a definition that begins with eCONNECT', { line });
    }
    if (kind === 'connect' || role === 'listen') open.add(client);
    return;
  }
  if (role === 'connect' && text.startsWith('R')) {
    tell(reading, 'DEFINITION_ROLE', 'R answers an engine that connects to us; this definition connects', {
      line,
    });
  }
  if (!open.has(client))
    tell(reading, 'DEFINITION_CLIENT', `client ${client} has no connection here`, { line });
  if (kind === 'disconnect') open.delete(client);
}
