import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const packs = new URL('../packs/', import.meta.url);

/** Names of the packs that come with the product. */
export function shippedPacks(): readonly string[] {
  return readdirSync(packs, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .toSorted();
}

/** The folder of a pack that comes with the product. */
export function shippedPack(name: string): string | undefined {
  return shippedPacks().includes(name) ? fileURLToPath(new URL(`${name}/`, packs)) : undefined;
}
