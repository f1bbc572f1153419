import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import {
  type Address,
  type Definition,
  type DefinitionPack,
  type DefinitionResult,
  junitXml,
  loadPack,
  onlyNamed,
  type Profile,
  profileOfPack,
  type RunReport,
  reportHtml,
  runDefinitions,
  type SetSession,
  shippedPack,
  shippedPacks,
} from '../../certification/definitions/index.ts';
import { GatewayError, type GatewayErrorDetails } from '../core/errors.ts';
import { harmless } from '../core/issue.ts';
import { type CommandContext, cliError, type ExitCode, pathOf, printJson } from './context.ts';
import { jsonOf } from './json-of.ts';
import { versionText } from './version.ts';

export interface CertRunOptions {
  readonly target?: string;
  readonly listen?: string;
  readonly profile?: Profile;
  readonly only?: readonly string[];
  readonly timeout: number;
  readonly parallel?: boolean;
  readonly setSession?: string;
  readonly junit?: string;
  readonly report?: string;
}

/** `clearport cert run`: exit code 1 where a definition failed, 2 where one is wrong by itself, 3 where nobody answers. */
export async function certRun(
  context: CommandContext,
  named: string,
  options: CertRunOptions,
): Promise<ExitCode> {
  const place = placeOf(options);
  const { pack, profile } = packOf(context, named, options);
  requireWritable(context, options);
  const definitions = chosen(pack, options);
  requireRole(definitions, options);
  context.terminal.listenForSignals();
  const told = teller(context);
  const report = await runDefinitions({
    definitions,
    profile,
    ...place,
    timeoutMs: options.timeout * 1000,
    parallel: options.parallel === true,
    signal: AbortSignal.any([context.terminal.interrupted, told.gone]),
    clock: context.terminal.clock,
    ...(options.setSession !== undefined && {
      setSession: setSessionBy(pathOf(context, options.setSession)),
    }),
    tell: told.tell,
    ...(options.listen !== undefined && { begin: waiting(context) }),
  });
  await told.all();
  await printSummary(context, report);
  writeReports(context, report, pack, named, options);
  return report.failed === 0 ? 0 : 1;
}

function placeOf({ target, listen }: CertRunOptions): { connect: Address } | { listen: Address } {
  if (target !== undefined && listen === undefined) return { connect: addressOf(target, '--target') };
  if (listen !== undefined && target === undefined) return { listen: addressOf(listen, '--listen') };
  const both = target !== undefined && listen !== undefined;
  const message = both
    ? 'an engine either listens or connects: --target and --listen do not go together'
    : 'it has to be said where the engine is';
  throw cliError('CLI_USAGE', message, {
    remedy: 'give --target host:port for an acceptor, or --listen host:port for an initiator',
  });
}

function addressOf(text: string, option: string): Address {
  const match = /^(?:\[([\da-fA-F:]+)\]|([^:\s]+)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3] ?? 65_536);
  if (match === null || port > 65_535) {
    throw cliError('CLI_USAGE', `${option} "${text}" is no address`, {
      remedy: 'write host:port, such as 127.0.0.1:9878',
    });
  }
  return { host: match[1] ?? match[2] ?? '', port };
}

interface Chosen {
  readonly pack: DefinitionPack;
  readonly profile: Profile;
}

function packOf(context: CommandContext, named: string, options: CertRunOptions): Chosen {
  const own = pathOf(context, named);
  const place = existsSync(own) ? own : shippedPack(named);
  if (place === undefined) {
    throw packError(`there is no pack "${named}"`, {
      place: own,
      remedy: `name a .def file, a folder with such files, or one of ${shippedPacks().join(', ')}`,
    });
  }
  const profile = options.profile ?? profileOfPack(place) ?? 'quickfix';
  const pack = loadPack(place, profile);
  const errors = pack.issues.filter(({ severity }) => severity === 'error');
  // A warning of what is not played is nobody's; an error stops the run, whatever was to be played.
  const files = new Set(onlyNamed(pack.definitions, options.only ?? []).map(({ file }) => file));
  const shown = harmless(pack.issues) ? pack.issues.filter(({ file }) => files.has(file)) : errors;
  for (const { severity, code, message, file, at, remedy } of shown.slice(0, issuesShownMax)) {
    context.note(`${severity} ${code}: ${message}\n  at     ${file}:${at?.line ?? 1}\n  mend   ${remedy}`);
  }
  if (shown.length > issuesShownMax) context.note(`and ${shown.length - issuesShownMax} more of this kind`);
  if (harmless(pack.issues)) return { pack, profile };
  const count = errors.length === 1 ? '1 error' : `${errors.length} errors`;
  throw packError(`${count} in the definitions: nothing was run`, {
    place: `${errors[0]?.file}:${errors[0]?.at?.line ?? 1}`,
    remedy: 'correct the lines that are named above, or name another pack',
  });
}

/** A file that is no definition at all has something wrong in every line. */
const issuesShownMax = 20;

function packError(message: string, details: GatewayErrorDetails): GatewayError {
  return new GatewayError('CERT_PACK', message, { exitCode: 2, ...details });
}

function chosen(
  { definitions, place }: DefinitionPack,
  { only = [] }: CertRunOptions,
): readonly Definition[] {
  const wanted = onlyNamed(definitions, only);
  if (wanted.length > 0) return wanted;
  throw packError(`none of ${definitions.length} definitions is named by --only ${only.join(' ')}`, {
    place,
    remedy: 'name a part of a name, or use * for anything',
  });
}

/** Where no definition fits, it is the address that is wrong, and not the engine. */
function requireRole(definitions: readonly Definition[], { listen }: CertRunOptions): void {
  const [role, other] = listen === undefined ? ['connect', '--listen'] : ['listen', '--target'];
  if (definitions.some((definition) => definition.role === role)) return;
  throw cliError(
    'CLI_USAGE',
    `the definitions are for an engine that ${role === 'connect' ? 'connects' : 'listens'}`,
    {
      remedy: `give its address with ${other}`,
    },
  );
}

/** A run takes minutes: that its report cannot be written is said before. */
function requireWritable(context: CommandContext, { junit, report }: CertRunOptions): void {
  for (const file of [junit, report]) {
    if (file === undefined) continue;
    const path = pathOf(context, file);
    accessSync(dirname(path), constants.W_OK);
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) continue;
    throw cliError('CLI_USAGE', 'a report is a file, and this is a directory', {
      place: path,
      remedy: 'name a file in it',
    });
  }
}

const execute = promisify(execFile);

/** How long the program may take. */
const setSessionMs = 30_000;

/** Source: `iSET_SESSION` of QuickFIX/J, which reaches into the engine in its own process. */
function setSessionBy(program: string): SetSession {
  return async ({ session, nextTarget, nextSender }, signal) => {
    const numbers = [
      ...(nextTarget === undefined ? [] : [`NEXTTARGETSEQNUM=${nextTarget}`]),
      ...(nextSender === undefined ? [] : [`NEXTSENDERSEQNUM=${nextSender}`]),
    ];
    await execute(program, [session, ...numbers], { signal, timeout: setSessionMs });
  };
}

/** Says once where the engine has to connect to: a port of 0 is known only here. */
function waiting(context: CommandContext): (definition: Definition, address: Address) => void {
  let said = false;
  return (_definition, { host, port }) => {
    if (!said) context.note(`waiting for the engine at ${host}:${port}`);
    said = true;
  };
}

/** Prints results in the order in which they come; when nobody reads them any more, the run has no reader and ends. */
function teller(context: CommandContext) {
  const gone = new AbortController();
  let telling: Promise<void> = Promise.resolve();
  return {
    gone: gone.signal,
    tell: (result: DefinitionResult): void => {
      telling = telling.then(() => tellResult(context, result));
      telling.catch(() => gone.abort());
    },
    all: () => telling,
  };
}

async function tellResult(context: CommandContext, result: DefinitionResult): Promise<void> {
  const { printer, paint, json } = context;
  if (json) await printJson(context, jsonOf(result));
  else for (const line of resultLines(result, paint)) await printer.line(line);
  await printer.flush();
}

function resultLines(
  { name, verdict, durationMs, file, failure }: DefinitionResult,
  paint: CommandContext['paint'],
): readonly string[] {
  if (failure === undefined)
    return [`${paint('good', 'ok')}      ${name}  ${paint('quiet', `${durationMs} ms`)}`];
  const row = (label: string, text: string | undefined): string[] =>
    text === undefined ? [] : [`  ${paint('quiet', label.padEnd(8))} ${text}`];
  return [
    `${paint('bad', verdict)}  ${paint('strong', name)}  ${paint('quiet', `${durationMs} ms`)}`,
    ...row('reason', `${failure.reason} (${failure.code})`),
    ...row('at', `${file}:${failure.line}`),
    ...row('expected', failure.expected),
    ...row('received', failure.received),
    ...row('mend', failure.remedy),
  ];
}

async function printSummary(context: CommandContext, report: RunReport): Promise<void> {
  const { results: _results, ...summary } = report;
  if (context.json) return printJson(context, jsonOf({ summary }));
  const { passed, failed, durationMs, address } = report;
  const all = context.paint(
    failed === 0 ? 'good' : 'bad',
    `${passed} of ${passed + failed} definitions passed`,
  );
  await context.printer.line(`${all} at ${address}, in ${(durationMs / 1000).toFixed(1)} s`);
}

function writeReports(
  context: CommandContext,
  run: RunReport,
  { sha256, definitions }: DefinitionPack,
  pack: string,
  { junit, report, only = [] }: CertRunOptions,
): void {
  const part = only.length === 0 ? {} : { part: { of: definitions.length, only } };
  const runner = `clearport ${versionText()}, Node.js ${process.versions.node}`;
  if (junit !== undefined) writeFileSync(pathOf(context, junit), junitXml(run));
  if (report !== undefined)
    writeFileSync(pathOf(context, report), reportHtml(run, { pack, sha256, runner, ...part }));
}
