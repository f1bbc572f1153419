import { readFileSync } from 'node:fs';

/** The package's version: from the nearest package.json above this file, be it a source or built. */
export function versionText(): string {
  for (const up of ['../../', '../../../']) {
    try {
      const text = readFileSync(new URL(`${up}package.json`, import.meta.url), 'utf8');
      const parsed: unknown = JSON.parse(text);
      if (typeof parsed === 'object' && parsed !== null && 'version' in parsed) return String(parsed.version);
    } catch {
      // One level further up.
    }
  }
  return 'unknown';
}
