import { carrySession } from './carry.ts';
import { assume, type Draft, type Fate, openDraft } from './draft.ts';
import { readSettings, type SettingsFile, type SettingsSession } from './settings.ts';
import { configurationText } from './write.ts';

/** A settings file as a configuration, and what became of each of its lines, in their order. */
export interface Imported {
  readonly text: string;
  readonly sessions: readonly { readonly channel: string; readonly line: number }[];
  readonly fates: readonly (Fate & { readonly channel?: string })[];
  /** Environment variables that the configuration refers to. */
  readonly variables: readonly string[];
}

/** Turns the text of a QuickFIX settings file into a configuration. `source` is what the file is called in its comments. */
export function importSettings(text: string, source: string): Imported {
  const file = readSettings(text);
  const names = new Set<string>();
  const drafts = file.sessions.map((session) => draftOf(session, names));
  const stray = strayFates(file);
  const told = drafts.flatMap((draft) => draft.fates.map((fate) => ({ ...fate, channel: draft.name })));
  const fates = [...stray, ...told].toSorted((left, right) => left.line - right.line);
  return {
    text: configurationText(source, drafts, stray),
    sessions: drafts.map(({ name }, at) => ({ channel: name, line: file.sessions[at]?.line ?? 0 })),
    fates,
    variables: [...new Set(drafts.flatMap(({ variables }) => [...variables]))].toSorted(),
  };
}

function strayFates({ stray }: SettingsFile): Fate[] {
  return stray.map(({ line, key, why }) => ({ line, key, fate: 'wrong', why, changes: true }));
}

function draftOf(session: SettingsSession, names: Set<string>): Draft {
  const given = session.settings.get('connectiontype')?.value.toLowerCase();
  const connects = session.settings.has('socketconnecthost');
  const role = given === 'acceptor' || given === 'initiator' ? given : connects ? 'initiator' : 'acceptor';
  const draft = openDraft(session, role, nameOf(session, names));
  carrySession(draft);
  if (given === undefined) {
    const why = connects ? 'it has a SocketConnectHost' : 'it has no SocketConnectHost';
    assume(draft, 'role', role, why);
  }
  return draft;
}

/** A channel's name of the CompIDs, `desk-firm`; the second of the same name is `desk-firm-2`. */
function nameOf({ settings }: SettingsSession, names: Set<string>): string {
  const ids = ['sendercompid', 'targetcompid', 'sessionqualifier'].map(
    (key) => settings.get(key)?.value ?? '',
  );
  const plain = ids
    .join('-')
    .replaceAll('*', 'any')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-');
  const base = `${/^[a-z]/.test(plain) ? '' : 'fix-'}${plain}`.replace(/^-+|-+$/g, '').slice(0, 56);
  let name = base;
  for (let number = 2; names.has(name); number++) name = `${base}-${number}`;
  names.add(name);
  return name;
}
