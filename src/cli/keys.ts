import { isIP } from 'node:net';
import { configurationOf, type ReadingOptions } from './configured.ts';
import { type CommandContext, cliError, type ExitCode, printJson } from './context.ts';
import { jsonOf } from './json-of.ts';
import { type KeyFact, keyFacts } from './key-finding.ts';
import { tableLines } from './table.ts';

export interface KeysOptions extends ReadingOptions {
  readonly days: number;
}

export interface KeyScanOptions {
  readonly port?: number;
}

const microsPerDay = 86_400_000_000;

/** `clearport keys`: pins, certificates and keys of the configuration. Exit code 1: one is over, soon will be, or cannot be read. */
export async function keys(context: CommandContext, options: KeysOptions): Promise<ExitCode> {
  const configuration = await configurationOf(context, options);
  const now = context.terminal.clock.now();
  const all = keyFacts(configuration).map((fact) => ({ ...fact, state: stateOf(fact, now, options.days) }));
  if (context.json) for (const one of all) await printJson(context, jsonOf(one));
  else for (const line of lines(all, context)) await context.printer.line(line);
  return all.some(({ state }) => state !== 'ok') ? 1 : 0;
}

/** `clearport keys scan`: the host keys that a server shows, as lines for `options.hostKeys`. */
export async function scanKeys(
  context: CommandContext,
  target: string,
  { port }: KeyScanOptions,
): Promise<ExitCode> {
  const place = placeOf(target, port);
  const { scanHostKeys } = await import('../../adapters/sftp/index.ts');
  const found = await scanHostKeys(place.host, place.port, context.terminal.interrupted);
  if (context.json) {
    for (const key of found) await printJson(context, jsonOf(key));
    return 0;
  }
  for (const { type, fingerprint, knownHosts } of found) {
    await context.printer.line(`${context.paint('strong', type)}  ${fingerprint}`);
    await context.printer.line(`  - "${knownHosts}"`);
  }
  context.note('Compare one of them with what the operator of the server tells by another way; then put its');
  context.note('line under options.hostKeys. A key that was only seen here proves nothing.');
  return 0;
}

type Shown = KeyFact & { readonly state: string };

function stateOf({ trouble, validFrom, validTo }: KeyFact, now: number, days: number): string {
  if (trouble !== undefined) return 'unreadable';
  if (validFrom !== undefined && Date.parse(validFrom) * 1000 > now) return 'not yet valid';
  if (validTo === undefined) return 'ok';
  const left = (Date.parse(validTo) * 1000 - now) / microsPerDay;
  if (left <= 0) return 'expired';
  return left <= days ? 'expires soon' : 'ok';
}

function lines(all: readonly Shown[], { terminal, paint }: CommandContext): string[] {
  if (all.length === 0) return ['No keys, pins or certificates are configured.'];
  const columns = ['channel', 'option', 'kind', 'type', 'fingerprint', 'of', 'valid to', 'state'].map(
    (head) => ({
      head,
      shrinks: head === 'of' || head === 'fingerprint',
    }),
  );
  const rows = all.map((one) => [
    one.channel,
    one.option.replace(/^options\./, ''),
    one.kind,
    one.type,
    one.fingerprint,
    one.subject ?? one.trouble ?? '',
    one.validTo?.slice(0, 10) ?? '',
    paint(one.state === 'ok' ? 'good' : 'bad', one.state),
  ]);
  return tableLines(columns, rows, terminal.columns);
}

/** `host`, `host:2222`, `[2001:db8::1]:2222`, `2001:db8::1`. */
function placeOf(target: string, port: number | undefined): { readonly host: string; readonly port: number } {
  const match = /^\[([^\]]+)\](?::(\d+))?$/.exec(target) ?? /^([^:]+)(?::(\d+))?$/.exec(target);
  const host = match?.[1] ?? (isIP(target) === 6 ? target : '');
  const number = port ?? Number(match?.[2] ?? 22);
  if (host !== '' && number >= 1 && number <= 65_535) return { host, port: number };
  throw cliError('CLI_USAGE', `"${target}" is no server`, {
    remedy: 'write HOST, HOST:PORT or [ADDRESS]:PORT',
  });
}
