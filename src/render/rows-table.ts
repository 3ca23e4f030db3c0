import type { Decimal } from '../domain/decimal.ts';
import { shortProfileId } from '../domain/ids.ts';
import type { Cents } from '../domain/money.ts';
import {
  type Cell,
  type Column,
  CURRENCY_COLUMN,
  cellText,
  isNumeric,
  MONTH_COLUMN,
  type Row,
  type Sheet,
  totalOfMonths,
} from '../domain/sheet.ts';
import { countShown, grouped, moneyShown, priceShown, wholeCreditsShown } from './amounts.ts';
import {
  BLANK,
  type DrawnTable,
  drawnTable,
  type Shrink,
  type TableCell,
  type TableColumn,
  type TablePage,
  zeroCell,
} from './block-table.ts';
import { labelOf } from './labels.ts';
import { type Look, type Palette, paletteOf } from './palette.ts';
import { labelCell, teamCell } from './seat-columns.ts';
import { visible } from './terminal.ts';
import { capitalized, chunksOfLines, truncate } from './width.ts';

export interface RowsLook extends Look {
  /** Rows were left out: the totals say that they are of what is shown. */
  readonly isPartial?: boolean;
  /** What each sheet is called, before its month and currency. */
  readonly title?: string;
  /**
   * Names come first and take the place of ids where each names one, what the title says has no
   * column, nor have figures that do not add up, and where a line is too narrow, the first figures
   * go.
   */
  readonly isOwnView?: boolean;
  /** The figure of an own view that goes after all others. */
  readonly goesLast?: string;
  /** The figure of an own view that only says what another one says. */
  readonly repeats?: string;
  /** The column that says by how much something rose or fell, with a sign. */
  readonly signed?: string;
  /** A small chart of each row, in a last column. */
  readonly picture?: { readonly heading: string; readonly of: (row: Row) => string };
}

/** A row, and what its money is counted in. */
interface SheetRow {
  readonly cells: Row;
  readonly currency: string;
}

/**
 * Sheets of any columns as plain tables, every line ending in LF: all their columns in
 * their order, texts cut where a line is too narrow, and the totals.
 */
export function rowsTable(sheets: readonly Sheet[], look: RowsLook): Iterable<string> {
  const palette = paletteOf(look.color);
  const allMonths = totalOfMonths(sheets);
  const shown = allMonths === undefined ? sheets : [...sheets, allMonths];
  const pages = shown.map((sheet) => pageOf(sheet, sheet === allMonths, look));
  const drawn = drawnTable(columnsOf(sheets, look, palette), pages, { width: look.width, palette });
  return chunksOfLines(tableLines(shown, drawn, allMonths, look, palette));
}

function* tableLines(
  shown: readonly Sheet[],
  { pages, leftOut }: DrawnTable<SheetRow>,
  allMonths: Sheet | undefined,
  look: RowsLook,
  palette: Palette,
): Generator<string> {
  for (const [index, sheet] of shown.entries()) {
    if (index > 0) yield '';
    yield* titleLines(sheet, look, palette);
    const isNothing = sheet.month !== '' && sheet.rows.length === 0 && sheet !== allMonths;
    yield* isNothing ? [`Nothing to show in ${sheet.month}.`] : (pages[index] ?? []);
  }
  yield* leftOut;
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

/** No total where nothing adds up, or there is nothing to add. */
function pageOf(
  { rows, totals, currency }: Sheet,
  isAllMonths: boolean,
  { isPartial }: RowsLook,
): TablePage<SheetRow> {
  const withCurrency = (cells: Row): SheetRow => ({ cells, currency });
  const blocks = isAllMonths ? [] : [{ rows: rows.map(withCurrency) }];
  const isEmpty = rows.length === 0 && !isAllMonths;
  if (isEmpty || totals.every((total) => total === undefined)) return { blocks };
  const shown = isPartial ? `Total of ${countShown(rows.length, 'row')} shown` : 'Total';
  const label = isAllMonths ? 'Total of all months' : shown;
  const shortLabel = isPartial && !isAllMonths ? 'Total shown' : 'Total';
  return { blocks, total: { label, shortLabel, totals: withCurrency(totals) } };
}

function columnsOf(
  sheets: readonly Sheet[],
  look: RowsLook,
  palette: Palette,
): TableColumn<SheetRow>[] {
  const { picture, signed } = look;
  const plain = (sheets[0]?.columns ?? []).map((column, index) =>
    sheetColumn(column, index, { palette, isSigned: column.name === signed }),
  );
  const columns = look.isOwnView ? ownColumns(plain, sheets, look, palette) : plain;
  if (picture === undefined) return columns;
  return [
    ...columns,
    {
      kind: 'mark',
      heading: picture.heading,
      cell: ({ cells }) => ({ text: picture.of(cells) }),
      total: ({ cells }) => ({ text: picture.of(cells) }),
      shrink: { drop: 500 },
    },
  ];
}

function ownColumns(
  plain: readonly TableColumn<SheetRow>[],
  sheets: readonly Sheet[],
  { goesLast, repeats }: RowsLook,
  { faint }: Palette,
): TableColumn<SheetRow>[] {
  const named = namesFirst(plain, sheets).filter(({ name }) => name !== repeats);
  const dropOf = (name: string | undefined, index: number): Shrink => {
    if (index === named.length - 1) return {};
    return { drop: name === goesLast ? named.length : index };
  };
  // Texts stay readable, and the last figure stays.
  const [key, ...others] = named.map((column, index) => ({
    ...column,
    shrink: column.kind === 'figure' ? dropOf(column.name, index) : { comfort: 18, minimum: 12 },
  }));
  if (key === undefined) return [];
  const isPerson = key.name === 'user_name';
  const cell = (row: SheetRow): TableCell => {
    const shown = key.cell(row);
    if (shown.text === '') return { text: 'none', paint: faint };
    return isPerson ? shown : teamCell(shown.text);
  };
  return [{ ...key, cell }, ...others];
}

/** The column of the name first, without that of its id, which comes before it, if the name can stand in for it. */
function namesFirst(
  plain: readonly TableColumn<SheetRow>[],
  sheets: readonly Sheet[],
): TableColumn<SheetRow>[] {
  const columns = sheets[0]?.columns ?? [];
  const name = columns.findIndex(({ kind }) => kind === 'name');
  const id = columns.slice(0, Math.max(0, name)).findLastIndex(({ kind }) => kind === 'id');
  const isNamed = id >= 0 && areDistinct(sheets, name, id);
  const others = plain.flatMap((one, index) => {
    if (index === name || (index === id && isNamed)) return [];
    if (!isInformative(columns[index] as Column)) return [];
    return one.kind === 'id' ? { ...one, cell: shortIdCell(index) } : one;
  });
  const named = plain[name];
  return named === undefined ? others : [labelColumn(named, name, id), ...others];
}

/** The name, or the id where there is none. */
function labelColumn(
  named: TableColumn<SheetRow>,
  name: number,
  id: number,
): TableColumn<SheetRow> {
  const heading = headingOf((named.name ?? '').replace(/_name$/, ''));
  const cell = ({ cells }: SheetRow): TableCell => {
    const ownId = shortProfileId(cells[id] as string);
    return labelCell(labelOf(ownId, cells[name] as string), ownId);
  };
  return { ...named, heading, cell };
}

/** Whether a column says something that neither the title nor the totals do. */
function isInformative(column: Column): boolean {
  if (column === MONTH_COLUMN || column === CURRENCY_COLUMN) return false;
  return !isNumeric(column.kind) || column.adds;
}

/** Of profile ids that are ARNs only the last component. */
function shortIdCell(index: number): TableColumn<SheetRow>['cell'] {
  return ({ cells }) => ({ text: visible(shortProfileId(cells[index] as string)) });
}

/** Whether every name, or id in place of one, belongs to a single id. */
function areDistinct(sheets: readonly Sheet[], name: number, id: number): boolean {
  const idsByLabel = new Map<string, string>();
  return sheets.every(({ rows }) =>
    rows.every((row) => {
      const own = (row[id] ?? '') as string;
      const label = ((row[name] ?? '') as string).trim() || own;
      const known = idsByLabel.get(label) ?? own;
      idsByLabel.set(label, own);
      return known === own;
    }),
  );
}

/** Numbers are never cut; texts are, where a line is too narrow. */
function sheetColumn(
  { name, kind }: Column,
  index: number,
  { palette, isSigned }: { readonly palette: Palette; readonly isSigned: boolean },
): TableColumn<SheetRow> {
  const cell = ({ cells, currency }: SheetRow): TableCell => {
    const value = cells[index];
    if (value === undefined) return BLANK;
    if (isZero(value)) return zeroCell(palette);
    const text = shownText(kind, value, currency);
    return { text: isSigned && !text.startsWith('-') ? `+${text}` : text };
  };
  const heading = headingOf(name);
  if (isNumeric(kind)) return { name, kind: 'figure', heading, cell, total: cell };
  return {
    name,
    kind: kind === 'id' ? 'id' : 'name',
    heading,
    shrink: { comfort: 18, minimum: 6 },
    cell,
  };
}

function isZero(cell: Exclude<Cell, undefined>): boolean {
  if (typeof cell === 'object') return cell.units === 0n;
  return cell === 0n || cell === 0;
}

/** `user_email` is `User email`. */
function headingOf(name: string): string {
  return capitalized(visible(name).replaceAll('_', ' '));
}

function shownText(kind: Column['kind'], cell: Exclude<Cell, undefined>, currency: string): string {
  if (kind === 'money') return moneyShown(cell as Cents, currency);
  if (kind === 'price') return priceShown(cell as Decimal, currency);
  if (kind === 'credits') return wholeCreditsShown(cell as Decimal);
  if (kind === 'count') return grouped(cell as number);
  return visible(cellText(kind, cell));
}
