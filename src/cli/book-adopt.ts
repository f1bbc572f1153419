import type { Adoption, SnapshotName } from '../gateway/index.ts';
import { type PersonOptions, personOf, type ReadingOptions, withControls } from './configured.ts';
import { type CommandContext, cliError, type ExitCode, printJson } from './context.ts';
import { jsonOf } from './json-of.ts';

export interface AdoptOptions extends ReadingOptions, PersonOptions {
  readonly positions: string;
  readonly cash?: string;
}

/** `clearport book adopt`: a person takes reported snapshots as the opening of our book. */
export async function bookAdopt(context: CommandContext, options: AdoptOptions): Promise<ExitCode> {
  const positions = nameOf(options.positions);
  const cash = options.cash === undefined ? undefined : nameOf(options.cash);
  const person = personOf(options);
  const adoption = await withControls(context, options, (control) =>
    control.adoptBaseline({ positions, ...(cash && { cash }) }, person),
  );
  if (context.json) await printJson(context, jsonOf(adoption));
  else for (const line of adoptionLines(adoption)) await context.printer.line(line);
  return 0;
}

/** `CHANNEL/SNAPSHOT`: a snapshot's own name may hold slashes, a channel's may not. */
function nameOf(text: string): SnapshotName {
  const at = text.indexOf('/');
  if (at > 0 && at < text.length - 1) return { channel: text.slice(0, at), snapshot: text.slice(at + 1) };
  throw cliError('CLI_USAGE', `"${text}" names no snapshot`, {
    remedy: 'take the name from `clearport book snapshots`, such as positions/POSITIONS/2026-11-10/SOD/01',
  });
}

function adoptionLines({ outcome, positions, cash }: Adoption): string[] {
  if (outcome === 'repeated') return ['This is the baseline already; nothing was written.'];
  const parts = [
    `${positions.records} records of positions (${positions.channel}/${positions.snapshot})`,
    ...(cash === undefined ? [] : [`${cash.records} of cash (${cash.channel}/${cash.snapshot})`]),
  ];
  return [
    `The book opens with ${parts.join(' and ')}.`,
    'See it: clearport book positions; what was traded until its day is in it.',
  ];
}
