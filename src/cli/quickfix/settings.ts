/** One line `Key=Value` of a settings file. */
export interface Setting {
  readonly key: string;
  readonly value: string;
  /** Counted from 1. */
  readonly line: number;
  /** It stands in [DEFAULT], and counts for every session. */
  readonly shared: boolean;
}

/** One [SESSION], with what [DEFAULT] says about it. Keys are without regard to case, in small letters. */
export interface SettingsSession {
  readonly line: number;
  readonly settings: ReadonlyMap<string, Setting>;
}

/** A line that says nothing: why, and never what it holds. */
export interface StrayLine {
  readonly line: number;
  readonly key: string;
  readonly why: string;
}

export interface SettingsFile {
  readonly sessions: readonly SettingsSession[];
  readonly stray: readonly StrayLine[];
}

/**
 * A QuickFIX settings file of the C++, Java, .NET or Go edition; never throws. Source: QuickFIX 1.15.1, Settings.cpp: `#` begins a
 * comment, the rest of a line behind the first `=` is the value, what stands before the first section is passed over.
 */
export function readSettings(text: string): SettingsFile {
  const stray: StrayLine[] = [];
  const shared = new Map<string, Setting>();
  const own: { readonly line: number; readonly settings: Map<string, Setting> }[] = [];
  let section: Map<string, Setting> | undefined;
  for (const [index, whole] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/)
    .entries()) {
    const line = index + 1;
    const trimmed = whole.trim();
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    const named = /^\[\s*(.*?)\s*\]$/.exec(trimmed)?.[1];
    if (named !== undefined) {
      section = sectionOf(named, line, shared, own);
      if (section === undefined)
        stray.push({ line, key: '', why: `[${named}] is no section that QuickFIX reads` });
      continue;
    }
    const setting = settingOf(trimmed, line, section === shared);
    if (setting === undefined) stray.push({ line, key: '', why: 'it is neither a section nor Key=Value' });
    else if (section === undefined) stray.push({ line, key: setting.key, why: 'it stands in no section' });
    else keep(section, setting, stray);
  }
  const sessions = own.map(({ line, settings }) => ({ line, settings: new Map([...shared, ...settings]) }));
  return { sessions, stray };
}

function sectionOf(
  name: string,
  line: number,
  shared: Map<string, Setting>,
  own: { readonly line: number; readonly settings: Map<string, Setting> }[],
): Map<string, Setting> | undefined {
  const upper = name.toUpperCase();
  if (upper === 'DEFAULT') return shared;
  if (upper !== 'SESSION') return undefined;
  const settings = new Map<string, Setting>();
  own.push({ line, settings });
  return settings;
}

function settingOf(text: string, line: number, shared: boolean): Setting | undefined {
  const at = text.indexOf('=');
  if (at <= 0) return undefined;
  return { key: text.slice(0, at).trim(), value: text.slice(at + 1).trim(), line, shared };
}

/** The last of two counts, as in QuickFIX; the first is told. */
function keep(section: Map<string, Setting>, setting: Setting, stray: StrayLine[]): void {
  const before = section.get(setting.key.toLowerCase());
  if (before !== undefined) {
    stray.push({ line: before.line, key: before.key, why: `line ${setting.line} says it again, and counts` });
  }
  section.set(setting.key.toLowerCase(), setting);
}
