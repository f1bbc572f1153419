/**
 * Where a message came from: the transport's own position, never a hash of content. Within a channel an origin names
 * one message for ever. `scope` is what the position counts in (a FIX session and epoch, a file's key); inside it the
 * position is either a number that grows, which the log can look up without an index row per entry, or a key.
 */
export type Origin =
  | { readonly scope: string; readonly ordinal: number }
  | { readonly scope: string; readonly key: string };

/** `FIRM-OPS/1/in:42` for a number, `conn-20261110=1833` for a key; the two forms cannot meet. */
export function originText(origin: Origin): string {
  return 'ordinal' in origin ? `${origin.scope}:${origin.ordinal}` : `${origin.scope}=${origin.key}`;
}

/** What {@link originText} wrote; undefined for anything else. A scope holds no `=`, a key may. */
export function readOrigin(text: string): Origin | undefined {
  const numbered = /^([^=]*):(0|[1-9]\d{0,14})$/.exec(text);
  if (numbered !== null) return { scope: numbered[1] ?? '', ordinal: Number(numbered[2]) };
  const at = text.indexOf('=');
  return at < 0 ? undefined : { scope: text.slice(0, at), key: text.slice(at + 1) };
}
