import Table, { type Cell, type HorizontalAlignment } from 'cli-table3';
import type { Paint, Palette } from './palette.ts';
import { displayWidth, isNarrow, shortened, truncate, wrappedWords } from './width.ts';

/**
 * What a column holds: a name is cut at its end where it does not fit, an id in its middle, a
 * figure (right-aligned) and a mark never.
 */
export type TableColumnKind = 'name' | 'id' | 'figure' | 'mark';

/** How a column shrinks or is dropped where a line is too narrow. */
export interface Shrink {
  /** The width down to which texts are cut before another column has to go. */
  readonly comfort?: number;
  /** The width down to which texts are cut once no column is left to drop. */
  readonly minimum?: number;
  /**
   * The lowest goes first, except that columns which hold only zeros go before all others.
   * Missing for a column that always stays.
   */
  readonly drop?: number | undefined;
}

/** A column of a table of `Row`s: its name, what it holds, and how it shrinks. */
export interface TableColumn<Row, Totals = Row> {
  /** As CSV and `--columns` call it; missing for what only the table has. */
  readonly name?: string;
  readonly kind: TableColumnKind;
  readonly heading: string;
  readonly shrink?: Shrink;
  readonly cell: (row: Row) => TableCell;
  /** In rows of totals; blank where missing. Their label is in the first column. */
  readonly total?: (totals: Totals) => TableCell;
}

export interface TableCell {
  /** Without control characters. */
  readonly text: string;
  readonly paint?: Paint | undefined;
  /** Where it is cut differently from the column: an id in place of a name. */
  readonly kind?: TableColumnKind;
  /** A zero that is not worth reading, shown as a dash. */
  readonly isZero?: boolean;
}

export const BLANK: TableCell = { text: '' };

/** A dash in place of a zero. */
export function zeroCell({ faint }: Palette): TableCell {
  return { text: '–', paint: faint, isZero: true };
}

/** A row of sums with its label. */
export interface TotalsRow<Totals> {
  readonly label: string;
  /** In place of a label that does not fit. */
  readonly shortLabel?: string;
  readonly totals: Totals;
}

/** Rows that belong together, under a heading where there is one. */
export interface TableBlock<Row, Totals = Row> {
  /** Lines above the rows. */
  readonly heading?: readonly string[];
  readonly rows: readonly Row[];
  /** Lines below a row. */
  readonly below?: (row: Row) => readonly string[];
  readonly subtotal?: TotalsRow<Totals>;
}

/** A table of its own, as wide as the others of its run. */
export interface TablePage<Row, Totals = Row> {
  readonly blocks: readonly TableBlock<Row, Totals>[];
  readonly total?: TotalsRow<Totals>;
}

export interface DrawnTable<Row, Totals = Row> {
  /** The lines of each page. */
  readonly pages: readonly (readonly string[])[];
  /** The columns that had room. */
  readonly shown: readonly TableColumn<Row, Totals>[];
  /** Says which columns had no room, and how to see them; nothing where all had. */
  readonly leftOut: readonly string[];
}

/**
 * The pages as lines of at most `width` columns: headings, a rule, the blocks, and the total
 * below a double rule. Where there is no room, texts are cut to their comfortable width, then
 * columns are dropped in the order of `drop`, then texts are cut to their minimum, ids before
 * names. Figures are never cut: where they alone are too wide, so is the table.
 */
export function drawnTable<Row, Totals = Row>(
  asked: readonly TableColumn<Row, Totals>[],
  pages: readonly TablePage<Row, Totals>[],
  { width, palette }: { readonly width: number; readonly palette: Palette },
): DrawnTable<Row, Totals> {
  // The label of the totals must not take the place of one of them.
  const columns = asked[0]?.total === undefined ? asked : [FOR_LABELS, ...asked];
  const drawn = pages.map((page) => cellsOfPage(columns, page, palette));
  const slots = fitted(columns, drawn.flatMap(rowsOfPage), width);
  const lines = (rows: readonly GridRow[]): string[] => linesOf(rows, slots);
  const headings = columns.map(({ heading }) => ({ text: heading, paint: palette.strong }));
  const rule = (mark: string): string => palette.faint(mark.repeat(totalWidth(slots)));
  const shown = slots.map(({ index }) => columns[index] as TableColumn<Row, Totals>);
  const dropped = columns.filter((column) => !shown.includes(column));
  return {
    pages: drawn.map(({ blocks, total }) => [
      ...lines([headings]),
      ...(blocks.length === 0 ? [] : [rule('─')]),
      ...blocks.flatMap((block, index) => [
        ...(index > 0 ? [''] : []),
        ...block.heading,
        ...lines(block.rows).flatMap((line, at) => [line, ...(block.below[at] ?? [])]),
        ...lines(block.subtotal),
      ]),
      ...(total.length === 0 ? [] : [rule('═')]),
      ...lines(total),
    ]),
    shown,
    leftOut: leftOutLines(dropped, width).map(palette.faint),
  };
}

const FOR_LABELS: TableColumn<unknown> = { kind: 'name', heading: '', cell: () => BLANK };

function leftOutLines(
  dropped: readonly Pick<TableColumn<never>, 'name' | 'heading'>[],
  width: number,
): string[] {
  if (dropped.length === 0) return [];
  const headings = dropped.map(({ heading }) => heading.trim()).join(', ');
  const names = dropped.flatMap(({ name }) => name ?? []);
  const how = names.length === 0 ? '' : `, or choose with --columns (${names.join(', ')})`;
  return wrappedWords(`No room for ${headings}: widen the terminal${how}.`, width);
}

/** A cell, or the label of totals, which runs on over the blank cells after it. */
interface GridCell extends TableCell {
  readonly shortText?: string;
  readonly spansBlanks?: boolean;
}

type GridRow = readonly GridCell[];

/** The cells of a page. */
interface PageCells {
  readonly blocks: readonly {
    readonly heading: readonly string[];
    readonly rows: readonly GridRow[];
    readonly below: readonly (readonly string[])[];
    readonly subtotal: readonly GridRow[];
  }[];
  readonly total: readonly GridRow[];
}

function cellsOfPage<Row, Totals>(
  columns: readonly TableColumn<Row, Totals>[],
  { blocks, total }: TablePage<Row, Totals>,
  { strong }: Palette,
): PageCells {
  const totalsRow = (row: TotalsRow<Totals>, paint: Paint | undefined): GridRow =>
    columns.map((column, index): GridCell => {
      if (index === 0) return labelCell(row, paint);
      const cell = column.total?.(row.totals) ?? BLANK;
      return paint === undefined || cell.isZero ? cell : { ...cell, paint };
    });
  return {
    blocks: blocks.map(({ heading = [], rows, below, subtotal }) => ({
      heading,
      rows: rows.map((row) => columns.map(({ cell }) => cell(row))),
      below: below === undefined ? [] : rows.map(below),
      subtotal: subtotal === undefined ? [] : [totalsRow(subtotal, undefined)],
    })),
    total: total === undefined ? [] : [totalsRow(total, strong)],
  };
}

function labelCell(
  { label, shortLabel }: Omit<TotalsRow<unknown>, 'totals'>,
  paint: Paint | undefined,
): GridCell {
  return {
    text: label,
    kind: 'name',
    shortText: shortLabel ?? label,
    spansBlanks: true,
    paint,
  };
}

function rowsOfPage({ blocks, total }: PageCells): GridRow[] {
  return [...blocks.flatMap(({ rows, subtotal }) => [...rows, ...subtotal]), ...total];
}

/** A column with its position on the line. */
interface Slot {
  /** Of the column in the table, and so of its cell in a row. */
  readonly index: number;
  readonly kind: TableColumnKind;
  readonly width: number;
  /** The width of the widest text; of labels, which run on over blank cells, the short one. */
  readonly natural: number;
  readonly minimum: number;
  /** The lowest goes first; missing for one that stays. */
  readonly drop?: number;
}

/** Which columns fit, and how wide they are. */
function fitted(
  columns: readonly Omit<TableColumn<never>, 'cell' | 'total'>[],
  rows: readonly GridRow[],
  width: number,
): readonly Slot[] {
  let slots = columns.map((column, index) => slotOf(column, index, rows));
  const toDrop = slots
    .filter(({ drop }) => drop !== undefined)
    .sort((a, b) => (a.drop as number) - (b.drop as number));
  for (const dropped of toDrop) {
    if (totalWidth(slots) <= width) break;
    slots = slots.filter((slot) => slot !== dropped);
  }
  const room = width - totalWidth(slots);
  return room >= 0
    ? resized(slots, ['name', 'id'], room, ({ natural, width: own }) => natural - own)
    : resized(slots, ['id', 'name'], room, ({ minimum, width: own }) => minimum - own);
}

/** Higher than any `drop`. */
const FIRST = 1000;

/** The column as wide as is comfortable. */
function slotOf(
  { kind, heading, shrink = {} }: Omit<TableColumn<never>, 'cell' | 'total'>,
  index: number,
  rows: readonly GridRow[],
): Slot {
  let natural = 0;
  let holdsOnlyZeros = true;
  for (const row of rows) {
    const { text, shortText = text, isZero }: GridCell = row[index] ?? BLANK;
    natural = Math.max(natural, displayWidth(shortText));
    holdsOnlyZeros &&= isZero === true || text === '';
  }
  const { comfort = Number.POSITIVE_INFINITY, drop } = shrink;
  const width = Math.max(Math.min(natural, comfort), displayWidth(heading));
  const { minimum = width } = shrink;
  const slot = { index, kind, width, natural, minimum };
  return drop === undefined ? slot : { ...slot, drop: holdsOnlyZeros ? drop - FIRST : drop };
}

/** Widens the columns of these kinds, one kind after the other, by `room`, or narrows them where it is negative. */
function resized(
  slots: readonly Slot[],
  kinds: readonly TableColumnKind[],
  room: number,
  wanted: (slot: Slot) => number,
): readonly Slot[] {
  const sign = Math.sign(room);
  const changes = new Map<Slot, number>();
  let left = Math.abs(room);
  for (const slot of kinds.flatMap((kind) => slots.filter((one) => one.kind === kind))) {
    const change = Math.min(left, Math.max(0, sign * wanted(slot)));
    changes.set(slot, sign * change);
    left -= change;
  }
  return slots.map((slot) => ({ ...slot, width: slot.width + (changes.get(slot) ?? 0) }));
}

/** Columns between two cells: one is the padding of the left one, one the line that is not drawn. */
const GAP = 2;

function totalWidth(slots: readonly Slot[]): number {
  const gaps = GAP * Math.max(0, slots.length - 1);
  return slots.reduce((total, { width }) => total + width, gaps);
}

/** No lines around cells and between rows. */
const CHARS = Object.fromEntries(
  [
    ...['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left'],
    ...['bottom-right', 'left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'],
  ].map((name) => [name, '']),
);

/** A table of all rows takes time by their square, and tables of a few rows do not. */
const ROWS_AT_ONCE = 50;

/**
 * Represents a column of a text while cli-table3 aligns it, which counts marks over letters as
 * columns. Of the private use area.
 */
const STAND_IN = '\ue000';
const STAND_INS = /\ue000+/g;

/** The lines of rows, one each. */
function linesOf(rows: readonly GridRow[], slots: readonly Slot[]): string[] {
  const lines: string[] = [];
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    const table = new Table({
      chars: { ...CHARS, middle: ' ' },
      style: { head: [], border: [], 'padding-left': 0, 'padding-right': 1 },
      colWidths: slots.map(({ width }) => width + 1),
      colAligns: slots.map(alignmentOf),
    });
    const replaced: string[] = [];
    const ofTable = rows.slice(from, from + ROWS_AT_ONCE);
    table.push(...ofTable.map((row) => cellsOf(row, slots, replaced)));
    const text = table.toString().replace(STAND_INS, () => replaced.shift() ?? '');
    lines.push(...text.split('\n'));
  }
  return lines.map((line) => line.trimEnd());
}

function alignmentOf({ kind }: Slot): HorizontalAlignment {
  return kind === 'figure' ? 'right' : 'left';
}

/** The cells of a row, cut to the widths of their columns; adds the texts that are replaced. */
function cellsOf(row: GridRow, slots: readonly Slot[], replaced: string[]): Cell[] {
  const cells: Cell[] = [];
  for (let at = 0; at < slots.length; ) {
    const end = endOfCell(row, slots, at);
    const { index, kind } = slots[at] as Slot;
    const cell = row[index] ?? BLANK;
    const shown = shownText(cell, kind, totalWidth(slots.slice(at, end)));
    const content = isNarrow(shown) ? shown : STAND_IN.repeat(displayWidth(shown));
    if (content !== '' && content !== shown) replaced.push(shown);
    cells.push({ content: cell.paint?.(content) ?? content, colSpan: end - at });
    at = end;
  }
  return cells;
}

function endOfCell(row: GridRow, slots: readonly Slot[], at: number): number {
  const cellAt = (position: number): GridCell => row[slots[position]?.index ?? 0] ?? BLANK;
  let end = at + 1;
  if (cellAt(at).spansBlanks) while (end < slots.length && cellAt(end).text === '') end += 1;
  return end;
}

/** The cell's text, cut to the width. */
function shownText(cell: GridCell, ofColumn: TableColumnKind, width: number): string {
  const { text, shortText = text, kind = ofColumn } = cell;
  const fitting = displayWidth(text) > width ? shortText : text;
  return kind === 'id' ? shortened(fitting, width) : truncate(fitting, width);
}
