import { BadInput, type Place, type Problem } from '../domain/problem.ts';
import type { ByteSource } from '../input/byte-source.ts';
import { type BadCsvRow, type CsvEntry, csvEntries, isBadRow } from '../input/csv.ts';
import { NEVER_CLOSED } from '../input/csv-framing.ts';
import { trimmed } from '../input/fields.ts';
import { rowProblem } from '../input/table.ts';
import { type CurHeader, curHeader } from './cur-columns.ts';
import type { CurSink } from './cur-sink.ts';
import type { CurRow } from './kiro-line.ts';
import { KiroRows } from './kiro-rows.ts';

/** Reads the Kiro rows of a CUR in CSV or gzipped CSV; all others are never taken apart. */
export async function readCurCsv(source: ByteSource, sink: CurSink): Promise<void> {
  const rows = new KiroRows(source, sink);
  let header: CurHeader | undefined;
  let names: string[] = [];
  for await (const entries of csvEntries(rows.bytes())) {
    let rest = entries;
    if (header === undefined) {
      const first = entries[0] as CsvEntry;
      names = headerNames(source.file, first);
      header = headerOrThrow({ file: source.file, line: rows.lineOf(first.line) }, names);
      rest = entries.slice(1);
    }
    for (const entry of rest) {
      const line = rows.lineOf(entry.line);
      if (isBadRow(entry)) sink.problem(badRow(source.file, { ...entry, line }, names));
      else sink.row(csvRow(source.file, line, entry.fields, header));
    }
  }
  if (header === undefined) {
    throw new BadInput([{ file: source.file, what: 'the file is empty: download it again' }]);
  }
}

function badRow(file: string, entry: BadCsvRow, names: readonly string[]): Problem {
  if (entry.defect.what !== NEVER_CLOSED) return rowProblem(file, entry, names);
  const what = `${NEVER_CLOSED}: the file is cut off or damaged, download it again`;
  return { file, line: entry.line, column: 'row', what };
}

function headerNames(file: string, entry: CsvEntry): string[] {
  if (isBadRow(entry)) throw new BadInput([rowProblem(file, entry, [])]);
  return entry.fields.map(trimmed);
}

function headerOrThrow(place: Place, names: readonly string[]): CurHeader {
  const found = curHeader(place, names);
  if ('problems' in found) throw new BadInput(found.problems);
  return found.header;
}

function csvRow(file: string, line: number, fields: readonly string[], header: CurHeader): CurRow {
  return {
    file,
    line,
    text: (field) => trimmed(fields[header.get(field)?.index ?? -1] ?? ''),
  };
}
