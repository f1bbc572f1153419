/** A pattern of `*` and `?` as a test for whole names. Names that begin with a dot never match. */
export function matcher(pattern: string): (name: string) => boolean {
  const source = pattern
    .replace(/[\\^$.|+()[\]{}]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replaceAll('?', '.');
  const whole = new RegExp(`^${source}$`, 'su');
  return (name) => !name.startsWith('.') && whole.test(name);
}

/** True for the name of a file in a folder: nothing in it leads elsewhere, and every file system can hold it. */
export function isPlainName(name: string): boolean {
  if (name === '' || name === '.' || name === '..' || /[/\\\0]/.test(name)) return false;
  return Buffer.byteLength(name) <= 255;
}
