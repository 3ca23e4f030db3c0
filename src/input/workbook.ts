import { strFromU8, type Unzipped, unzipSync } from 'fflate';
import { BadInput, type Problem } from '../domain/problem.ts';
import { type ByteSource, readWhole } from './byte-source.ts';
import { csvField } from './csv-field.ts';
import { fileSource } from './folder.ts';
import {
  type CellContext,
  columnLetters,
  dateStylesOf,
  type SheetRow,
  sharedTextsOf,
  sheetRows,
} from './workbook-cells.ts';
import { readXml } from './workbook-xml.ts';

/** One sheet of a workbook, read as if it were saved as CSV. */
export interface WorkbookSheet {
  readonly name: string;
  /** Named `BOOK.xlsx[SHEET]`; its lines are the rows of the sheet. */
  readonly source: ByteSource;
  /** How many of the rows read so far are hidden. */
  hiddenRows: number;
}

const NOT_READABLE = 'this workbook cannot be read: save it as .xlsx again, without a password';

/** The sheets of a workbook, in its order. `BadInput` if it cannot be read. */
export async function openWorkbook(file: string): Promise<WorkbookSheet[]> {
  const bytes = await readWhole(await fileSource(file), MOST_MEBIBYTES, 'workbook');
  try {
    const parts = unzipSync(bytes, { filter: ({ name }) => WANTED_PARTS.test(name) });
    const { sheets, is1904 } = workbookOf(textOf(parts, 'xl/workbook.xml'));
    const targets = targetsOf(textOf(parts, 'xl/_rels/workbook.xml.rels'));
    const context = contextOf(parts, is1904);
    return sheets.map(({ name, id }) => {
      const source = `${file}[${name}]`;
      const rows = (): SheetRow[] => sheetRows(textOf(parts, targets.get(id) ?? ''), context);
      const onHidden = (): void => {
        sheet.hiddenRows += 1;
      };
      const stream = sheetText(source, rows, onHidden);
      const sheet = { name, source: { file: source, stream }, hiddenRows: 0 };
      return sheet;
    });
  } catch {
    throw new BadInput([{ file, what: NOT_READABLE }]);
  }
}

const WANTED_PARTS =
  /^xl\/(?:workbook\.xml|_rels\/workbook\.xml\.rels|styles\.xml|sharedStrings\.xml|worksheets\/.*\.xml)$/i;

/** A workbook of a million rows is a tenth of this. */
const MOST_MEBIBYTES = 512;

function textOf(parts: Unzipped, name: string): string {
  const bytes = parts[name];
  if (bytes === undefined) throw new Error(`no part ${name}`);
  return strFromU8(bytes);
}

function contextOf(parts: Unzipped, is1904: boolean): CellContext {
  const has = (name: string): boolean => parts[name] !== undefined;
  return {
    sharedTexts: has('xl/sharedStrings.xml')
      ? sharedTextsOf(textOf(parts, 'xl/sharedStrings.xml'))
      : [],
    showsDates: has('xl/styles.xml') ? dateStylesOf(textOf(parts, 'xl/styles.xml')) : [],
    is1904,
  };
}

function workbookOf(xml: string): { sheets: { name: string; id: string }[]; is1904: boolean } {
  const sheets: { name: string; id: string }[] = [];
  let is1904 = false;
  readXml(xml, {
    open({ name, attributes }) {
      if (name === 'workbookPr') is1904 = /^(?:1|true)$/.test(attributes.get('date1904') ?? '');
      if (name !== 'sheet') return;
      sheets.push({ name: attributes.get('name') ?? '', id: attributes.get('id') ?? '' });
    },
  });
  return { sheets, is1904 };
}

/** The file inside the workbook that each relation id refers to. */
function targetsOf(xml: string): Map<string, string> {
  const targets = new Map<string, string>();
  readXml(xml, {
    open({ name, attributes }) {
      if (name !== 'Relationship') return;
      const target = attributes.get('Target') ?? '';
      const part = target.startsWith('/') ? target.slice(1) : `xl/${target}`;
      targets.set(attributes.get('Id') ?? '', part);
    },
  });
  return targets;
}

/**
 * The text of a sheet as CSV, each row on the line of its number as long as no cell has line
 * breaks. Rows with a cell that cannot be read are left out, and then reported as `BadInput`.
 */
async function* sheetText(
  file: string,
  read: () => SheetRow[],
  onHidden: () => void,
): AsyncGenerator<Buffer> {
  let rows: SheetRow[];
  try {
    rows = read();
  } catch {
    throw new BadInput([{ file, what: NOT_READABLE }]);
  }
  const width = Math.max(...rows.flatMap(({ cells }) => cells.map(({ column }) => column + 1)), 1);
  const problems = cellProblems(file, rows);
  let line = 1;
  for (const row of rows) {
    if (row.isHidden) onHidden();
    const isBad = row.cells.some(({ wrong }) => wrong !== undefined);
    const text = isBad ? '' : csvRow(row, width);
    yield Buffer.from(`${'\n'.repeat(Math.max(0, row.row - line))}${text}\n`);
    line = row.row + 1;
  }
  if (problems.length > 0) throw new BadInput(problems);
}

function cellProblems(file: string, rows: readonly SheetRow[]): Problem[] {
  const header = rows[0]?.cells.map(({ column, text }) => [column, text.trim()] as const);
  const names = new Map(header);
  return rows.flatMap(({ row: line, cells }) =>
    cells.flatMap(({ column: at, text: value, wrong: what }) => {
      if (what === undefined) return [];
      const column = names.get(at)?.toLowerCase() || columnLetters(at);
      return { file, line, column, what, value };
    }),
  );
}

function csvRow({ cells }: SheetRow, width: number): string {
  const fields = Array.from({ length: width }, () => '');
  for (const { column, text } of cells) fields[column] = csvField(text);
  return fields.join(',');
}
