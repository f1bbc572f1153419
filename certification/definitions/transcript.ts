import type { DefinitionResult } from './run.ts';

const words = {
  connected: 'connected',
  sent: 'sent',
  received: 'received',
  closed: 'we closed',
  ended: 'it closed',
  set: 'set',
} as const;

/** What happened in a definition, a line each: `   12 ms  line 5  client 1  received  8=FIX.4.4|…`. */
export function transcriptLines({ transcript }: Pick<DefinitionResult, 'transcript'>): readonly string[] {
  return transcript.map(({ atMs, line, client, what, text }) => {
    const time = `${String(atMs).padStart(6)} ms`;
    const place = `line ${String(line).padEnd(4)} client ${client}`;
    return `${time}  ${place}  ${words[what].padEnd(9)}  ${text}`.trimEnd();
  });
}
