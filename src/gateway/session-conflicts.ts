import type { ChannelConfiguration } from './configuration.ts';
import type { Findings } from './findings.ts';
import type { Wiring } from './wiring.ts';

/** Tells every channel whose session cannot run beside that of an earlier channel: once, at the option that says so. */
export function tellConflicts(
  channels: Iterable<ChannelConfiguration>,
  findings: Findings,
  { adapters }: Wiring,
): void {
  const earlier: ChannelConfiguration[] = [];
  for (const later of channels) {
    const adapter = adapters.get(later.adapter);
    if (adapter?.shape !== 'session' || adapter.conflict === undefined) continue;
    for (const first of earlier.filter((one) => one.adapter === later.adapter)) {
      const found = adapter.conflict(first.options(), later.options());
      if (found === undefined) continue;
      const path = ['channels', later.name, 'options', ...found.option];
      findings.add('CONFIG_VALUE', path, `${found.message} (channel ${first.name})`);
      break;
    }
    earlier.push(later);
  }
}
