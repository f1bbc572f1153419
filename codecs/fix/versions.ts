import versions from './tables/versions.json' with { type: 'json' };

/** BeginString(8) of every version whose messages have no header of their own. */
export const transport = 'FIXT.1.1';

/** The versions of application messages, oldest first: `FIX.4.0` to `FIX.5.0SP2`. */
export const applications: readonly string[] = Object.values(versions.applVerIds);

const applVerIds: Readonly<Record<string, string>> = versions.applVerIds;

/** The BeginString(8) of a version, which is itself; of no version, that of the nearest one. */
export function beginStringOf(said: string): string {
  return versions.beginStrings.includes(said) ? said : versions.nearest;
}

/** The version that an ApplVerID(1128) names: `FIX.5.0SP2` for 9, and for anything else that is none. */
export function applicationOf(applVerId = versions.defaultApplVerId): string {
  const known = Object.hasOwn(applVerIds, applVerId) ? applVerId : versions.defaultApplVerId;
  return applVerIds[known] ?? '';
}
