import type { Warning } from '../domain/warning.ts';
import type { InputFiles } from '../input/data-directory.ts';
import { DATA_FILES, USAGE_FILES } from '../input/data-files.ts';
import { TABLE_COLUMNS, TABLES } from '../input/known-columns.ts';
import { settingPaths } from '../input/settings.ts';
import { unreadBeside, unreadFiles, unreadSheets, unreadUsage } from '../input/unread-files.ts';
import { ACTIVITY_COLUMNS } from '../usage/activity/report-header.ts';
import { REQUEST_COLUMNS } from '../usage/kinds/usage-kind.ts';

/** What is meant by a file that a setting replaces, what the setting names, and how it could name the file. */
const REPLACED = {
  usage: [USAGE_FILES[0], 'other usage', 'take it into "usage"'],
  rates: [DATA_FILES.rates, 'another rate card', 'name it in "rates"'],
} as const;

/** Warnings of files that are not read, though they look like inputs: of all, or of those `wanted`, by name. */
export async function unreadWarnings(
  files: InputFiles,
  wanted?: readonly string[],
): Promise<Warning[]> {
  const { directory, tables, otherFiles, replaced } = files;
  const hasCard = tables.rates !== undefined;
  const columns = [
    ...TABLES.map((table) => [DATA_FILES[table], TABLE_COLUMNS[table]] as const),
    [USAGE_FILES[0], REQUEST_COLUMNS] as const,
    [USAGE_FILES[0], ACTIVITY_COLUMNS] as const,
  ];
  const named = namedPaths(files);
  const unread = [
    ...(directory.sheets === undefined
      ? await unreadFiles(directory.path, directory.names, columns, named, hasCard)
      : [
          ...(await unreadSheets(directory.sheets, columns, hasCard)),
          ...(await unreadBeside(directory.path, named)),
        ]),
    ...(await unreadUsage(otherFiles)),
    ...replaced.map(({ file, key }) => {
      const [meant, other, remedy] = REPLACED[key];
      const what = `it is not read, as ${directory.settings.file} names ${other}: move it away, or ${remedy} there`;
      return { file, meant, what };
    }),
  ];
  return unread
    .filter(({ meant }) => wanted?.includes(meant) ?? true)
    .map(({ file, what }) => ({ code: 'file-unread', message: `${file}: ${what}` }));
}

/** The files that options or settings name. */
export function namedPaths({ directory: { settings }, tables, usage }: InputFiles): string[] {
  const keys = ['usage', 'cur', 'people', 'rates', 'subscription_lists'] as const;
  return [
    ...[...Object.values(tables), ...usage].map(({ file }) => file),
    ...keys.flatMap((key) => settingPaths(settings, key) ?? []),
  ];
}
