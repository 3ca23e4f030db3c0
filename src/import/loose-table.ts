import { BadInput } from '../domain/problem.ts';
import { billInsteadOf } from '../input/bill-header.ts';
import { type CsvEntry, isBadRow } from '../input/csv.ts';
import { openCsv } from '../input/csv-opening.ts';
import { trimmed } from '../input/fields.ts';
import type { ProblemLog } from '../input/problem-log.ts';
import { COLUMN_TWICE, type Header, rowProblem, TableRow } from '../input/table.ts';
import { usageKindOf } from '../usage/kinds/usage-kind.ts';

/** The accepted names of each column, as words with `_`. */
export type LooseColumns<Field extends string> = Readonly<Record<Field, readonly string[]>>;

/**
 * Reads a table whose columns are named by other systems: case, spaces, `_` and `-` in a name are
 * ignored, and of several names for one meaning the first that the file has is used. Problems go
 * to `log`; `missing` returns what is missing from the header, if anything. `undefined` if the
 * header is not that of such a table.
 */
export async function readLooseTable<Field extends string>(
  file: string,
  chunks: AsyncIterable<Buffer>,
  columns: LooseColumns<Field>,
  missing: (has: (field: Field) => boolean) => string | undefined,
  log: ProblemLog,
): Promise<TableRow<Field>[] | undefined> {
  let rows: TableRow<Field>[] | undefined;
  try {
    const opened = await openCsv(file, chunks, [
      { required: [], optional: Object.values<readonly string[]>(columns).flatMap(spellings) },
    ]);
    if (opened === undefined)
      throw new BadInput([{ file, what: 'the file is empty: it needs a header row' }]);
    const header = looseHeader(file, opened.header, columns, missing);
    rows = [];
    const column = columnTwice(header);
    if (column !== undefined) {
      throw new BadInput([{ file, line: opened.header.line, column, what: COLUMN_TWICE }]);
    }
    for await (const entries of opened.rows) {
      for (const entry of entries) {
        if (isBadRow(entry)) log.add(rowProblem(file, entry, header.names));
        else rows.push(new TableRow(file, entry, header, log));
      }
    }
  } catch (error) {
    log.addFailure(error);
  }
  return rows;
}

const NO_USERS = 'not a table of users: give it as --usage PATH';

/** What to do with usage given as a table of users, by its kind. */
const USAGE_GIVEN: Readonly<Record<string, string>> = {
  'activity report': `an activity report, which is usage, ${NO_USERS}, or run kiro-bill import activity PATH -o DIR`,
  'usage summary': `a usage summary, which is ${NO_USERS}`,
  'request usage': `request usage, which is ${NO_USERS}`,
};

/** What to do with usage, or AWS's bill, given as a table of users; `undefined` for any other header. */
function usageOrBill(names: readonly string[]): string | undefined {
  const { name, columns } = usageKindOf(names);
  const isUsage = columns.required.every((column) => names.includes(column));
  return isUsage ? USAGE_GIVEN[name] : billInsteadOf('a table of users', names);
}

/** `BadInput` if it cannot be read, or is not that of such a table. */
function looseHeader<Field extends string>(
  file: string,
  entry: CsvEntry,
  columns: LooseColumns<Field>,
  missing: (has: (field: Field) => boolean) => string | undefined,
): Header {
  if (isBadRow(entry)) throw new BadInput([rowProblem(file, entry, [])]);
  const names = entry.fields.map(trimmed);
  const other = usageOrBill(names.map((name) => name.toLowerCase()));
  if (other !== undefined) throw new BadInput([{ file, what: other }]);
  const squeezed = names.map(squeeze);
  const indexOf = new Map<Field, number>();
  for (const field of Object.keys(columns) as Field[]) {
    const found = columns[field].map((name) => squeezed.indexOf(squeeze(name)));
    const index = found.find((at) => at >= 0);
    if (index !== undefined) indexOf.set(field, index);
  }
  const what = missing((field) => indexOf.has(field));
  if (what !== undefined) throw new BadInput([{ file, line: entry.line, column: 'row', what }]);
  return { names, indexOf, numbers: [] };
}

/** The name of a column that is read, and is in the header again. */
function columnTwice({ names, indexOf }: Header): string | undefined {
  const squeezed = names.map(squeeze);
  const read = [...indexOf.values()];
  const twice = read.find((index) => squeezed.includes(squeezed[index] as string, index + 1));
  return twice === undefined ? undefined : names[twice];
}

function squeeze(name: string): string {
  return name.toLowerCase().replace(/[ _-]/g, '');
}

/** The spellings of a name, in lower case, used to detect the delimiter. */
function spellings(names: readonly string[]): string[] {
  return names.flatMap((name) =>
    ['_', ' ', '-', ''].map((between) => name.replaceAll('_', between)),
  );
}
