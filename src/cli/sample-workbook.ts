import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parse } from 'csv-parse/sync';
import writeExcelFile, { type Cell } from 'write-excel-file/node';
import { TABLE_COLUMNS } from '../input/known-columns.ts';
import { REQUEST_COLUMNS } from '../usage/kinds/usage-kind.ts';

/** The columns that hold numbers; all others are text, also the digits of an account id. */
const NUMBERS: ReadonlySet<string> = new Set(
  [...Object.values(TABLE_COLUMNS), REQUEST_COLUMNS].flatMap(({ numbers = [] }) => numbers),
);

/** A workbook with each file of the sample data directory as a sheet. */
export async function sampleWorkbook(folder: string, names: readonly string[]): Promise<Buffer> {
  const sheets = [];
  for (const name of names) {
    sheets.push({
      sheet: basename(name, '.csv'),
      data: await cellsOf(join(folder, name)),
      stickyRowsCount: 1,
    });
  }
  return writeExcelFile(sheets).toBuffer();
}

async function cellsOf(file: string): Promise<Cell[][]> {
  const [header = [], ...body]: string[][] = parse(await readFile(file));
  return [
    header.map((value) => ({ value, type: String, fontWeight: 'bold' as const })),
    ...body.map((row) => row.map((text, index) => cellOf(text, header[index] ?? ''))),
  ];
}

function cellOf(text: string, column: string): Cell {
  if (text === '') return null;
  const isNumber = NUMBERS.has(column) && String(Number(text)) === text;
  return isNumber ? { value: Number(text), type: Number } : { value: text, type: String };
}
