const ascii = new TextEncoder();

/** The bytes of a text whose characters are all below U+0100: one byte a character, as wires and files have it. */
export function latin1Bytes(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}

/** The text of bytes, one character a byte; every byte survives the way back through {@link latin1Bytes}. */
export function latin1Text(bytes: Uint8Array, from = 0, to = bytes.length): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1', from, to);
}

export function utf8Bytes(text: string): Uint8Array {
  return ascii.encode(text);
}

export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
}

export function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}

export function hexText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

/** Text fit to be shown: control characters are made visible, and what is long is cut with its length said. */
export function shownText(text: string, charsMax = 64): string {
  const cut = text.length > charsMax ? `${text.slice(0, charsMax)}… (${text.length} characters)` : text;
  return cut.replace(/[\u0000-\u001f\u007f-\u009f]/g, (char) =>
    char === '\u0001' ? '|' : `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}
