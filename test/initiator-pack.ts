import { readFileSync } from 'node:fs';
import {
  type Definition,
  loadPack,
  parseDefinition,
  shippedPack,
} from '../certification/definitions/index.ts';

/**
 * The pack `initiator`: conversations between our initiator OPS (the E lines) and an acceptor FIRM (the I lines). Comments that begin with
 * `#ours` and `#theirs` say what the application of either side does between two steps, and what has to hold in the end;
 * `#alone` says why the acceptor's lines are nothing that QuickFIX does by itself.
 */
export interface Conversation {
  readonly definition: Definition;
  readonly prompts: readonly Prompt[];
  /** Why it is not played to QuickFIX. */
  readonly alone?: string;
  /** The same conversation from the other side: what our initiator says is sent, and what the acceptor says is expected. */
  readonly mirrored: Definition;
}

export interface Prompt {
  readonly line: number;
  readonly whose: 'ours' | 'theirs';
  readonly words: readonly string[];
}

/** All conversations, in the order of their names. */
export function conversations(): readonly Conversation[] {
  return loadPack(shippedPack('initiator') ?? '', 'quickfix').definitions.map(conversationOf);
}

function conversationOf(definition: Definition): Conversation {
  const text = readFileSync(definition.file, 'latin1');
  const lines = text.split('\n');
  const prompts = lines.flatMap((line, at): Prompt[] => {
    const found = /^#(ours|theirs) (.+)$/.exec(line);
    const whose = found?.[1] === 'ours' ? 'ours' : 'theirs';
    return found === null ? [] : [{ line: at + 1, whose, words: (found[2] ?? '').split(' ') }];
  });
  const alone = /^#alone (.+)$/m.exec(text)?.[1];
  const { name, file } = definition;
  const mirrored = parseDefinition(lines.map(mirroredLine).join('\n'), { name, file, profile: 'quickfix' });
  return { definition, prompts, mirrored, ...(alone !== undefined && { alone }) };
}

const connectionLines: Readonly<Record<string, string>> = {
  eCONNECT: 'iCONNECT',
  eDISCONNECT: 'iDISCONNECT',
  iDISCONNECT: 'eDISCONNECT',
};

function mirroredLine(line: string): string {
  if (line.startsWith('E')) return `I${line.slice(1).replace(/00000000-00:00:00(\.0+)?/g, sentTime)}`;
  if (!line.startsWith('I')) return connectionLines[line] ?? line;
  const old = /^I8=FIX\.4\.[01]\u0001/.test(line);
  const fraction = old ? '' : '.000';
  return `E${line
    .slice(1)
    .replace(
      /<TIME(?:[+-]\d+)?>(\.\d+)?/g,
      (_all, own?: string) => `00000000-00:00:00${zeros(own) ?? fraction}`,
    )}`;
}

/** Milliseconds may be left out of what is sent; what has more digits keeps them. */
function sentTime(_all: string, fraction?: string): string {
  return fraction !== undefined && fraction.length > 4 ? `<TIME>${fraction}` : '<TIME>';
}

function zeros(fraction: string | undefined): string | undefined {
  return fraction?.replace(/\d/g, '0');
}

/** Prompts of a side that stand between two lines, `after` and `before` left out. */
export function promptsBetween(
  { prompts }: Conversation,
  whose: Prompt['whose'],
  after: number,
  before: number,
): readonly Prompt[] {
  return prompts.filter((one) => one.whose === whose && one.line > after && one.line < before);
}

/** The values of `option NAME VALUE` of a side. */
export function optionsOf(
  { prompts }: Conversation,
  whose: Prompt['whose'],
): Readonly<Record<string, string>> {
  const options = prompts.filter((one) => one.whose === whose && one.words[0] === 'option');
  return Object.fromEntries(options.map(({ words: [, name = '', ...value] }) => [name, value.join(' ')]));
}
