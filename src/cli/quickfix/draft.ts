import type { JsonValue } from '../../core/json.ts';
import type { Setting, SettingsSession } from './settings.ts';

/** What became of one line. `carried` and `reference` went into the configuration; the rest did not, and `why` says it. */
export interface Fate {
  /** Counted from 1; 0 for what no line says. */
  readonly line: number;
  readonly key: string;
  readonly fate: 'carried' | 'reference' | 'left' | 'unknown' | 'wrong' | 'assumed';
  /** The option that it became, as `tls.ca`. */
  readonly option?: string;
  readonly why?: string;
  /** The session will not behave as it did, or a person has to look: never only a remark. */
  readonly changes: boolean;
}

/** One option as it will be written, with the lines that it comes from. */
export interface Carried {
  readonly value: JsonValue;
  readonly from: string;
}

/** A session on its way into a channel. Functions of this folder take lines off `open` and say what became of them. */
export interface Draft {
  readonly role: 'initiator' | 'acceptor';
  /** The channel's name. */
  readonly name: string;
  readonly settings: SettingsSession['settings'];
  /** Keys in small letters that nobody has spoken for. */
  readonly open: Set<string>;
  /** By path, in the order in which they are to be written. */
  readonly options: Map<string, Carried>;
  readonly fates: Fate[];
  /** Environment variables that references name. */
  readonly variables: Set<string>;
}

export function openDraft(session: SettingsSession, role: Draft['role'], name: string): Draft {
  const { settings } = session;
  const open = new Set(settings.keys());
  return { role, name, settings, open, options: new Map(), fates: [], variables: new Set() };
}

/** The setting of a key, and nobody else speaks for it from now on. An empty one is none. */
export function take(draft: Draft, key: string): Setting | undefined {
  draft.open.delete(key.toLowerCase());
  const setting = draft.settings.get(key.toLowerCase());
  return setting?.value === '' ? undefined : setting;
}

/** `Y` and its kin; undefined where the key is not there. Source: QuickFIX 1.15.1, BoolConvertor; QuickFIX/Go reads `true` as well. */
export function takeYesNo(draft: Draft, key: string): boolean | undefined {
  const setting = take(draft, key);
  if (setting === undefined) return undefined;
  if (/^(y|yes|true)$/i.test(setting.value)) return true;
  if (/^(n|no|false)$/i.test(setting.value)) return false;
  wrong(draft, setting, 'it is neither Y nor N');
  return undefined;
}

/** Writes an option, and tells its lines as carried. */
export function put(
  draft: Draft,
  option: string,
  value: JsonValue,
  ...from: readonly (Setting | undefined)[]
): void {
  const lines = from.filter((one) => one !== undefined);
  const shown = lines.map(({ key, line }) => `${key}, line ${line}`).join('; ');
  draft.options.set(option, { value, from: shown });
  for (const { line, key } of lines) draft.fates.push({ line, key, fate: 'carried', option, changes: false });
}

/** Writes a text; a variable of the settings becomes a reference to the environment. */
export function putText(draft: Draft, option: string, setting: Setting): void {
  put(draft, option, textOf(draft, setting.value), setting);
}

/** Writes a reference instead of a value that is not copied. */
export function putReference(draft: Draft, option: string, variable: string, setting: Setting): void {
  const own = /^\$(?:\{(\w+)\}|\((\w+)\))$/.exec(setting.value);
  const name = own?.[1] ?? own?.[2] ?? variable;
  draft.variables.add(name);
  draft.options.set(option, { value: `\${env:${name}}`, from: `${setting.key}, line ${setting.line}` });
  const why = `the value is not copied: put it into the environment as ${name}`;
  draft.fates.push({ line: setting.line, key: setting.key, fate: 'reference', option, why, changes: true });
}

/** Says that a line was not carried over. */
export function left(draft: Draft, setting: Setting | undefined, why: string, changes = false): void {
  if (setting === undefined) return;
  draft.fates.push({ line: setting.line, key: setting.key, fate: 'left', why, changes });
}

export function wrong(draft: Draft, setting: Setting | undefined, why: string): void {
  if (setting === undefined) return;
  draft.fates.push({ line: setting.line, key: setting.key, fate: 'wrong', why, changes: true });
}

/** Writes an option that no line asks for, because the two engines differ where nothing is said. */
export function assume(draft: Draft, option: string, value: JsonValue, why: string, changes = false): void {
  draft.options.set(option, { value, from: why });
  draft.fates.push({ line: 0, key: '', fate: 'assumed', option, why, changes });
}

/** A text with `${NAME}` and `$(NAME)`, which QuickFIX replaces from its environment, as references to ours. */
export function textOf(draft: Draft, text: string): string {
  return text.replace(/\$\{([^}]+)\}|\$\(([^)]+)\)/g, (_whole, braces?: string, round?: string) => {
    const variable = (braces ?? round ?? '').replace(/[^A-Za-z0-9_]/g, '_').toUpperCase();
    draft.variables.add(variable);
    return `\${env:${variable}}`;
  });
}

/** A whole number; undefined, and told, where it is none. */
export function numberOf(draft: Draft, setting: Setting | undefined): number | undefined {
  if (setting === undefined) return undefined;
  if (/^\d{1,9}$/.test(setting.value)) return Number(setting.value);
  wrong(draft, setting, 'it is no whole number; a variable has to be written out');
  return undefined;
}
