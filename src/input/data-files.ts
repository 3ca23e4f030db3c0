/** The files of a data directory that have one name, by the option that replaces each. */
export const DATA_FILES = {
  profiles: 'profiles.csv',
  users: 'users.csv',
  groups: 'groups.csv',
  groupMembers: 'group_members.csv',
  subscriptions: 'subscriptions.csv',
  tierChanges: 'tier_changes.csv',
  activations: 'activations.csv',
  overageChanges: 'overage_changes.csv',
  rates: 'rates.json',
} as const;

export type DataFile = keyof typeof DATA_FILES;

export const SETTINGS_FILE = 'kiro-bill.json';

/** The record of imports, which `import` writes and reads. */
export const IMPORTED_FILE = 'imported.json';

/** The names that usage may have in a data directory, besides the folder `usage`. */
export const USAGE_FILES = ['usage.csv', 'usage.csv.gz', 'usage.parquet'] as const;

/** The form in which names of data files are compared: ignoring case, with `-`, `_` and space alike. */
export function comparableName(name: string): string {
  return name.toLowerCase().replace(/[- ]/g, '_');
}

/** Those of a directory's names that are the name of a data file, as such are compared. */
export function namesMatching(names: readonly string[], name: string): string[] {
  const wanted = comparableName(name);
  return names.filter((one) => comparableName(one) === wanted);
}

/** Whether a name is one that a data directory may hold, however it is written. */
export function isDataName(name: string): boolean {
  return KNOWN_NAMES.has(comparableName(name));
}

const KNOWN_NAMES: ReadonlySet<string> = new Set([
  ...Object.values(DATA_FILES),
  ...USAGE_FILES,
  'usage',
  comparableName(SETTINGS_FILE),
  IMPORTED_FILE,
]);
