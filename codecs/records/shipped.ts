import { readFileSync } from 'node:fs';
import { type LoadedLayout, loadLayout } from './load-layout.ts';

/** The layouts that come with the product, each a file of `layouts/`. */
export const layoutNames: readonly string[] = [
  'clearing-activity',
  'clearing-cash',
  'clearing-positions',
  'nscc-settlement',
];

const loaded = new Map<string, LoadedLayout>();

/** A layout that comes with the product, read once; undefined where there is none of the name. */
export function shippedLayout(name: string): LoadedLayout | undefined {
  if (!layoutNames.includes(name)) return undefined;
  const known = loaded.get(name);
  if (known !== undefined) return known;
  const file = new URL(`./layouts/${name}.yaml`, import.meta.url);
  const fresh = loadLayout(readFileSync(file, 'utf8'), name);
  loaded.set(name, fresh);
  return fresh;
}
