import { parse } from 'csv-parse/sync';
import { DecimalMarks, withPoint } from '../domain/decimal-mark.ts';
import { BadInput, type Problem } from '../domain/problem.ts';
import type { ByteSource } from '../input/byte-source.ts';
import { type BadCsvRow, type CsvEntry, type CsvRow, isBadRow } from '../input/csv.ts';
import { NEVER_CLOSED } from '../input/csv-framing.ts';
import { trimmed } from '../input/fields.ts';
import { markProblems, rowProblem } from '../input/table.ts';
import type { ReadingProgress } from '../usage/plan.ts';
import { type CurField, type CurHeader, curHeader, productColumn } from './cur-columns.ts';
import { type CurRow, type CurSink, KIRO_PRODUCT, rowOf } from './cur-row.ts';
import { KiroRows } from './kiro-rows.ts';

/** Reads the Kiro rows of a bill in CSV or gzipped CSV; other rows are never split into fields. */
export async function readCurCsv(
  source: ByteSource,
  sink: CurSink,
  progress: ReadingProgress = sink.progress,
): Promise<void> {
  const { file } = source;
  const rows = new KiroRows(source, progress);
  try {
    const first = await rows.header();
    if (first === undefined) {
      throw new BadInput([{ file, what: 'the file is empty: download it again' }]);
    }
    await readRows(file, rows, openedBill(file, first), sink);
  } finally {
    await rows.close();
  }
}

async function readRows(
  file: string,
  rows: KiroRows,
  { names, header }: OpenedBill,
  sink: CurSink,
): Promise<void> {
  const { delimiter } = rows;
  const marks = new DecimalMarks();
  let lastSkipped: Problem | undefined;
  for await (const entries of rows.entries(productColumn(header).index)) {
    for (const entry of entries) {
      lastSkipped = undefined;
      if (!isBadRow(entry)) {
        const row = csvRow(file, entry, header);
        sink.row(delimiter === ',' ? row : withMarks(row, entry.line, marks));
      } else {
        const problem = badRow(file, entry, names);
        if (mattersHere(entry, header, delimiter)) sink.problem(problem);
        else lastSkipped = problem;
      }
    }
  }
  for (const problem of markProblems(file, marks)) sink.problem(problem);
  // A truncated file ends in the middle of a row, whatever that row's product.
  if (lastSkipped !== undefined && rows.isCutOff) sink.problem(lastSkipped);
}

/** The header of a bill, as written, and its columns. */
interface OpenedBill {
  readonly names: readonly string[];
  readonly header: CurHeader;
}

function openedBill(file: string, entry: CsvEntry): OpenedBill {
  if (isBadRow(entry)) throw new BadInput([rowProblem(file, entry, [])]);
  const names = entry.fields.map(trimmed);
  return { names, header: curHeader({ file, line: entry.line }, names) };
}

const NUMBERS: readonly CurField[] = ['quantity', 'cost'];

/** A row of a file whose numbers may use a decimal comma, which only all of them together show. */
function withMarks(row: CurRow, line: number, marks: DecimalMarks): CurRow {
  if (row.text('product') !== KIRO_PRODUCT) return row;
  for (const field of NUMBERS) {
    marks.add({ line, column: row.columnName(field) ?? field, text: row.text(field) });
  }
  return {
    ...row,
    text: (field) => (NUMBERS.includes(field) ? withPoint(row.text(field)) : row.text(field)),
  };
}

function badRow(file: string, entry: BadCsvRow, names: readonly string[]): Problem {
  if (entry.defect.what !== NEVER_CLOSED) return rowProblem(file, entry, names);
  const what = `${NEVER_CLOSED}: the file is cut off or damaged, download it again`;
  return { file, line: entry.line, column: 'row', what };
}

const PRODUCT = /^\w+$/;

/** Rows of other products are not checked. A row whose product cannot be read may be Kiro's if it contains the word. */
function mattersHere({ defect }: BadCsvRow, header: CurHeader, delimiter: string): boolean {
  if (defect.what === NEVER_CLOSED) return true;
  const product = looseFields(defect.bytes, delimiter)[productColumn(header).index]?.trim() ?? '';
  return (
    product === KIRO_PRODUCT || (!PRODUCT.test(product) && defect.bytes.includes(KIRO_PRODUCT))
  );
}

function looseFields(bytes: Buffer, delimiter: string): string[] {
  const options = {
    delimiter,
    relax_quotes: true,
    skip_records_with_error: true,
  };
  const rows: string[][] = parse(bytes, options);
  return rows[0] ?? [];
}

/** A row that is good has as many fields as the header. */
function csvRow(file: string, { line, fields }: CsvRow, header: CurHeader): CurRow {
  return rowOf({ file, line }, header, (index) => trimmed(fields[index] as string));
}
