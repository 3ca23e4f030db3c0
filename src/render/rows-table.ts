import type { Decimal } from '../domain/decimal.ts';
import type { Cents } from '../domain/money.ts';
import { type Cell, type Column, isNumeric, type Row, type Sheet } from '../domain/sheet.ts';
import {
  countShown,
  creditsShown,
  cutDecimals,
  grouped,
  moneyShown,
  priceShown,
} from './amounts.ts';
import { BLANK, Grid, type GridCell, type GridColumn, type GridRow } from './grid.ts';
import { type Palette, paletteOf } from './palette.ts';
import { visible } from './terminal.ts';
import { cellText } from './values.ts';
import { truncate } from './width.ts';

export interface RowsLook {
  readonly width: number;
  readonly color: boolean;
  /** Rows were left out: the totals say that they are of what is shown. */
  readonly isPartial?: boolean;
  /** What each sheet is called, before its month and currency. */
  readonly title?: string;
}

const CREDIT_PLACES = 2;

/**
 * Sheets of any columns as plain tables, every line ending in LF: all their columns in
 * their order, texts cut where a line is too narrow, and the totals.
 */
export function rowsTable(sheets: readonly Sheet[], look: RowsLook): string {
  const palette = paletteOf(look.color);
  const pages = sheets.map((sheet) => ({
    sheet,
    rows: sheet.rows.map((row) => cellsOf(sheet, row)),
    footer: totalRows(sheet, look, palette),
  }));
  const columns = (sheets[0]?.columns ?? []).map(gridColumn);
  const grid = new Grid(
    columns,
    pages.flatMap(({ rows, footer }) => [...rows, ...footer]),
    look.width,
  );
  const rule = palette.faint('─'.repeat(grid.width));
  const tables = pages.map(({ sheet, rows, footer }) => [
    ...titleLines(sheet, look, palette),
    grid.headings(palette.strong),
    rule,
    ...grid.lines(rows),
    ...(footer.length === 0 ? [] : [rule, ...grid.lines(footer)]),
  ]);
  return tables.map((lines) => lines.map((line) => `${line}\n`).join('')).join('\n');
}

function titleLines(
  { month, currency }: Sheet,
  { title, width }: RowsLook,
  palette: Palette,
): string[] {
  const parts = [title, month, visible(currency)].filter(
    (part) => part !== undefined && part !== '',
  );
  return parts.length === 0 ? [] : [palette.strong(truncate(parts.join(' · '), width)), ''];
}

/** Numbers are never cut; texts are, where a line is too narrow. */
function gridColumn({ name, kind }: Column): GridColumn {
  const heading = headingOf(name);
  if (isNumeric(kind)) return { heading, align: 'right' };
  return {
    heading,
    align: 'left',
    cut: name.endsWith('_id') ? 'middle' : 'end',
    comfort: 18,
    minimum: 6,
  };
}

/** `user_email` is `User email`. */
function headingOf(name: string): string {
  const words = visible(name).replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function cellsOf({ columns, currency }: Sheet, row: Row): GridRow {
  return columns.map(({ kind }, index): GridCell => {
    const cell = row[index];
    return cell === undefined ? BLANK : { text: shownText(kind, cell, currency) };
  });
}

function shownText(kind: Column['kind'], cell: Exclude<Cell, undefined>, currency: string): string {
  if (kind === 'money') return moneyShown(cell as Cents, currency);
  if (kind === 'price') return priceShown(cell as Decimal, currency);
  if (kind === 'credits') return cutDecimals(creditsShown(cell as Decimal), CREDIT_PLACES);
  if (kind === 'count') return grouped(String(cell));
  return visible(cellText(kind, cell));
}

/** None where nothing adds up, or there is nothing to add. */
function totalRows(sheet: Sheet, { isPartial }: RowsLook, palette: Palette): GridRow[] {
  const { rows, totals } = sheet;
  if (rows.length === 0 || totals.every((total) => total === undefined)) return [];
  const text = isPartial ? `Total of ${countShown(rows.length, 'row')} shown` : 'Total';
  const label = { text, shortText: 'Total', spansBlanks: true };
  const cells = cellsOf(sheet, totals).map((cell, index) =>
    index === 0 && cell === BLANK ? label : cell,
  );
  return [cells.map((cell) => (cell === BLANK ? cell : { ...cell, paint: palette.strong }))];
}
