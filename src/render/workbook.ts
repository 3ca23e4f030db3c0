import writeWorkbook, { type CellObject } from 'write-excel-file/node';
import {
  getCellAddress,
  insertElementMarkupAccordingToOrderOfSiblings,
} from 'write-excel-file/utility';
import { WrongUsage } from '../domain/problem.ts';
import {
  type Cell,
  type Column,
  type ColumnKind,
  cellText,
  isNumeric,
  type RowSource,
  type Sheet,
  totalOfMonths,
  wholeSheet,
} from '../domain/sheet.ts';
import { grouped } from './amounts.ts';

/** Rows under a name: the months below one another. */
export interface WorkbookSheet {
  readonly name: string;
  readonly sheets: readonly RowSource[];
}

type Feature = NonNullable<NonNullable<Parameters<typeof writeWorkbook>[1]>['features']>[number];

/** How Excel shows the numbers of a column; text stays text, whatever it looks like. */
const FORMATS: Readonly<Record<ColumnKind, string>> = {
  text: '@',
  date: '@',
  id: '@',
  name: '@',
  count: '#,##0',
  money: '#,##0.00',
  credits: '#,##0.00#############',
  price: '#,##0.00##########',
  quantity: 'General',
};

/** Rows that a sheet of Excel holds, with the header and the row of totals. */
const MOST_ROWS = 1_048_576;

/** A sheet, with all its rows. */
interface NamedMonths {
  readonly name: string;
  readonly months: readonly Sheet[];
}

function rowsIn(months: readonly Sheet[]): number {
  return months.reduce((sum, { rows }) => sum + rows.length, 0);
}

/** `WrongUsage` if a sheet would have more rows than Excel opens. */
function refuseTooLong(named: readonly NamedMonths[]): void {
  for (const { name, months } of named) {
    const rows = rowsIn(months);
    if (rows + 2 <= MOST_ROWS) continue;
    throw new WrongUsage(
      `a sheet of a workbook holds ${grouped(MOST_ROWS)} rows, and ${name} would have ${grouped(rows)} beside its header and totals: write CSV, or fewer rows with --where, --top or a filter`,
    );
  }
}

/**
 * A workbook of these sheets, in order: real numbers, a frozen header with filters, a bold row
 * of totals, which says if they are of what is shown (`isPartial`), and columns as wide as what they
 * hold. Excel keeps fifteen digits of a number. More rows than it opens are `WrongUsage`.
 */
export async function workbookBytes(
  given: readonly WorkbookSheet[],
  isPartial: boolean,
): Promise<Uint8Array> {
  const named = given.map(({ name, sheets }) => ({ name, months: sheets.map(wholeSheet) }));
  refuseTooLong(named);
  const sheets = named.map(({ name, months }) => ({
    sheet: name,
    data: sheetData(months, isPartial),
    columns: widths(months),
    stickyRowsCount: 1,
  }));
  const lastCells = named.map(({ months }) =>
    getCellAddress(rowsIn(months), (months[0]?.columns.length ?? 1) - 1),
  );
  const features = [filters((index) => lastCells[index] as string)];
  return writeWorkbook(sheets, { features }).toBuffer();
}

function sheetData(months: readonly Sheet[], isPartial: boolean): CellObject[][] {
  const columns = months[0]?.columns ?? [];
  const header = columns.map(
    ({ name, kind }): CellObject => ({
      value: name,
      type: String,
      format: '@',
      fontWeight: 'bold',
      align: isNumeric(kind) ? 'right' : 'left',
    }),
  );
  const rows = months.flatMap(({ rows: ofMonth }) =>
    ofMonth.map((row) => columns.map((column, index) => excelCell(column, row[index]))),
  );
  const totals = (months.length === 1 ? months[0] : totalOfMonths(months))?.totals ?? [];
  if (totals.every((total) => total === undefined)) return [header, ...rows];
  const last = columns.map(
    (column, index): CellObject => ({
      ...(index === 0 && totals[0] === undefined
        ? { value: isPartial ? 'Total shown' : 'Total', type: String, format: '@' }
        : excelCell(column, totals[index])),
      fontWeight: 'bold',
      topBorderStyle: 'thin',
    }),
  );
  return [header, ...rows, last] as CellObject[][];
}

function excelCell({ kind }: Column, cell: Cell): CellObject {
  const text = cellText(kind, cell);
  if (text === '') return { value: null } as unknown as CellObject;
  return isNumeric(kind)
    ? { value: Number(text), type: Number, format: FORMATS[kind] }
    : { value: excelText(text), type: String, format: FORMATS[kind] };
}

/** Excel refuses a workbook with a longer text in a cell. */
const MOST_CHARACTERS = 32_767;

/** The text, cut to what a cell can hold; what looks like an escaped character stays text. */
function excelText(text: string): string {
  const literal = text.replace(/_(?=x[0-9a-f]{4}_)/gi, '_x005F_');
  return literal.length <= MOST_CHARACTERS ? literal : `${literal.slice(0, MOST_CHARACTERS - 1)}…`;
}

const WIDEST = 60;

/** In characters; a number has commas. */
function widths(months: readonly Sheet[]): { width: number }[] {
  const columns = months[0]?.columns ?? [];
  return columns.map(({ name, kind }, index) => {
    const commas = isNumeric(kind) ? 1.35 : 1;
    const cells = months.flatMap(({ rows, totals }) => [...rows, totals]);
    const longest = cells.reduce(
      (most, row) => Math.max(most, cellText(kind, row[index]).length * commas),
      // The button of the filter needs room beside the name.
      name.length + 3,
    );
    return { width: Math.min(WIDEST, Math.ceil(longest) + 2) };
  });
}

/** Filters over each sheet's header and rows, which the package does not write itself. */
function filters(lastCell: (sheetIndex: number) => string): Feature {
  return {
    files: {
      transform: {
        'xl/worksheets/sheet{id}.xml': {
          transform: (xml, _options, { sheetIndex }) =>
            insertElementMarkupAccordingToOrderOfSiblings(
              xml,
              `<autoFilter ref="A1:${lastCell(sheetIndex)}"/>`,
              [
                'sheetPr',
                'dimension',
                'sheetViews',
                'sheetFormatPr',
                'cols',
                'sheetData',
                'autoFilter',
                'mergeCells',
                'pageMargins',
                'pageSetup',
                'drawing',
              ],
              'worksheet',
            ),
        },
      },
    },
  };
}
