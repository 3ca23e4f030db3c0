import writeWorkbook, { type CellObject } from 'write-excel-file/node';
import {
  getCellAddress,
  insertElementMarkupAccordingToOrderOfSiblings,
} from 'write-excel-file/utility';
import { add, type Decimal } from '../domain/decimal.ts';
import type { Cents } from '../domain/money.ts';
import { type Cell, type Column, type ColumnKind, isNumeric, type Sheet } from '../domain/sheet.ts';
import { cellText } from './values.ts';

/** Rows under a name: the months below one another. */
export interface WorkbookSheet {
  readonly name: string;
  readonly sheets: readonly Sheet[];
}

type Feature = NonNullable<NonNullable<Parameters<typeof writeWorkbook>[1]>['features']>[number];

/** How Excel shows the numbers of a column; text stays text, whatever it looks like. */
const FORMATS: Readonly<Record<ColumnKind, string>> = {
  text: '@',
  date: '@',
  count: '#,##0',
  money: '#,##0.00',
  credits: '#,##0.00#############',
  price: '#,##0.00##########',
  quantity: '0.############',
};

/**
 * A workbook of these sheets, in order: real numbers, a frozen header with filters, a bold row
 * of totals, and columns as wide as what they hold. Excel keeps fifteen digits of a number.
 */
export async function workbookBytes(named: readonly WorkbookSheet[]): Promise<Uint8Array> {
  const sheets = named.map(({ name, sheets: months }) => ({
    sheet: name,
    data: sheetData(months),
    columns: widths(months),
    stickyRowsCount: 1,
  }));
  const rows = named.map(({ sheets: months }) => months.flatMap((month) => month.rows).length);
  const columns = named.map(({ sheets: months }) => months[0]?.columns.length ?? 0);
  const features = [
    filters((index) => getCellAddress(rows[index] ?? 0, (columns[index] ?? 1) - 1)),
  ];
  return writeWorkbook(sheets, { features }).toBuffer();
}

function sheetData(months: readonly Sheet[]): CellObject[][] {
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
  const totals = totalsOf(months, columns);
  if (totals === undefined) return [header, ...rows];
  const last = columns.map(
    (column, index): CellObject => ({
      ...(index === 0 && totals[0] === undefined
        ? { value: 'Total', type: String, format: '@' }
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
    : { value: text, type: String, format: FORMATS[kind] };
}

/** The sums over all months; nothing where no column adds, or in two currencies (M2). */
function totalsOf(months: readonly Sheet[], columns: readonly Column[]): Cell[] | undefined {
  const currencies = new Set(months.map(({ currency }) => currency));
  if (currencies.size > 1 || !columns.some(({ adds }) => adds)) return undefined;
  return columns.map(({ kind, adds }, index) =>
    adds
      ? months.map(({ totals }) => totals[index]).reduce((a, b) => sumOf(kind, a, b))
      : undefined,
  );
}

function sumOf(kind: ColumnKind, a: Cell, b: Cell): Cell {
  if (a === undefined || b === undefined) return a ?? b;
  if (kind === 'money') return (a as Cents) + (b as Cents);
  if (kind === 'credits') return add(a as Decimal, b as Decimal);
  return Number(a) + Number(b);
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
