import Table from 'cli-table3';
import type { Paint, PaintedLook, Palette } from './palette.ts';
import { displayWidth, shortened, truncate, wrappedWords } from './width.ts';

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

/** A column of figures that rows of totals have, too. */
export function figureColumn<Row extends Totals, Totals>(
  name: string,
  heading: string,
  drop: number | undefined,
  cell: (figures: Totals) => TableCell,
): TableColumn<Row, Totals> {
  return { name, kind: 'figure', heading, shrink: { drop }, cell, total: cell };
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
  /** Read twice: for the widths, and to be drawn. There may be millions. */
  readonly rows: Iterable<Row>;
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
  /** The lines of each page, drawn while they are read. */
  readonly pages: readonly Iterable<string>[];
  /** The columns that had room. */
  readonly shown: readonly TableColumn<Row, Totals>[];
  /** Says which columns had no room, and how to see them if there is anything in them; nothing where all had. */
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
  { width, palette }: PaintedLook,
): DrawnTable<Row, Totals> {
  // The label of the totals must not take the place of one of them.
  const columns = asked[0]?.total === undefined ? asked : [FOR_LABELS, ...asked];
  const { slots, dropped } = fitted(columns, cellsOfPages(columns, pages), width);
  const columnOf = ({ index }: Slot) => columns[index] as TableColumn<Row, Totals>;
  const pen = new Pen(slots);
  return {
    pages: pages.map((page) => ({
      [Symbol.iterator]: () => linesOfPage(columns, page, { pen, palette }),
    })),
    shown: slots.map(columnOf),
    leftOut: [
      ...noRoomLines(dropped.filter(({ isEmpty }) => !isEmpty).map(columnOf), width),
      ...emptyLines(dropped.filter(({ isEmpty }) => isEmpty).map(columnOf), width),
    ].map(palette.faint),
  };
}

/** The lines of one page, and which columns had no room. */
export function drawnPage<Row, Totals = Row>(
  columns: readonly TableColumn<Row, Totals>[],
  page: TablePage<Row, Totals>,
  look: PaintedLook,
): string[] {
  const { pages, leftOut } = drawnTable(columns, [page], look);
  return [...pages.flatMap((lines) => [...lines]), ...leftOut];
}

const FOR_LABELS: TableColumn<unknown> = { kind: 'name', heading: '', cell: () => BLANK };

type Dropped = readonly Pick<TableColumn<never>, 'name' | 'heading'>[];

function emptyLines(dropped: Dropped, width: number): string[] {
  if (dropped.length === 0) return [];
  return wrappedWords(`Not shown, as they are empty: ${headingsOf(dropped)}.`, width);
}

function headingsOf(dropped: Dropped): string {
  return dropped.map(({ heading }) => heading.trim()).join(', ');
}

function noRoomLines(dropped: Dropped, width: number): string[] {
  if (dropped.length === 0) return [];
  const headings = headingsOf(dropped);
  const names = dropped.flatMap(({ name }) => name ?? []).join(', ');
  const named = names === headings ? '' : ` (${names})`;
  const how = names === '' ? '' : `, or choose with --columns${named}`;
  return wrappedWords(`No room for ${headings}: widen the terminal${how}.`, width);
}

/** A cell, or the label of totals, which runs on over the blank cells after it. */
interface GridCell extends TableCell {
  readonly shortText?: string;
  readonly spansBlanks?: boolean;
}

type GridRow = readonly GridCell[];

type Columns<Row, Totals> = readonly TableColumn<Row, Totals>[];

function cellsOfRow<Row>(columns: Columns<Row, never>, row: Row): GridRow {
  return columns.map(({ cell }) => cell(row));
}

function cellsOfTotals<Totals>(
  columns: Columns<never, Totals>,
  row: TotalsRow<Totals>,
  paint?: Paint,
): GridRow {
  return columns.map((column, index): GridCell => {
    if (index === 0) return labelCell(row, paint);
    const cell = column.total?.(row.totals) ?? BLANK;
    return paint === undefined || cell.isZero ? cell : { ...cell, paint };
  });
}

/** All rows that the widths depend on. */
function* cellsOfPages<Row, Totals>(
  columns: Columns<Row, Totals>,
  pages: readonly TablePage<Row, Totals>[],
): Generator<GridRow> {
  for (const { blocks, total } of pages) {
    for (const { rows, subtotal } of blocks) {
      for (const row of rows) yield cellsOfRow(columns, row);
      if (subtotal !== undefined) yield cellsOfTotals(columns, subtotal);
    }
    if (total !== undefined) yield cellsOfTotals(columns, total);
  }
}

function* linesOfPage<Row, Totals>(
  columns: Columns<Row, Totals>,
  { blocks, total }: TablePage<Row, Totals>,
  { pen, palette }: { readonly pen: Pen; readonly palette: Palette },
): Generator<string> {
  const rule = (mark: string): string => palette.faint(mark.repeat(pen.width));
  yield pen.line(columns.map(({ heading }) => ({ text: heading, paint: palette.strong })));
  if (blocks.length > 0) yield rule('─');
  for (const [index, { heading = [], rows, below, subtotal }] of blocks.entries()) {
    if (index > 0) yield '';
    yield* heading;
    for (const row of rows) {
      yield pen.line(cellsOfRow(columns, row));
      if (below !== undefined) yield* below(row);
    }
    if (subtotal !== undefined) yield pen.line(cellsOfTotals(columns, subtotal));
  }
  if (total === undefined) return;
  yield rule('═');
  yield pen.line(cellsOfTotals(columns, total, palette.strong));
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
  /** Whether it holds only zeros and blanks. */
  readonly isEmpty: boolean;
}

/** Which columns fit, and how wide they are; and which do not, in their order. */
function fitted(
  columns: readonly SizedColumn[],
  rows: Iterable<GridRow>,
  width: number,
): { readonly slots: readonly Slot[]; readonly dropped: readonly Slot[] } {
  const naturals = columns.map(() => 0);
  const holdOnlyZeros = columns.map(() => true);
  for (const row of rows) {
    for (const [index, { text, shortText = text, isZero }] of row.entries()) {
      naturals[index] = Math.max(naturals[index] as number, displayWidth(shortText));
      holdOnlyZeros[index] &&= isZero === true || text === '';
    }
  }
  const all = columns.map((column, index) => {
    return slotOf(column, index, naturals[index] as number, holdOnlyZeros[index] === true);
  });
  let slots = all;
  const toDrop = all
    .filter(({ drop }) => drop !== undefined)
    .sort((a, b) => (a.drop as number) - (b.drop as number));
  for (const dropped of toDrop) {
    if (totalWidth(slots) <= width) break;
    slots = slots.filter((slot) => slot !== dropped);
  }
  const room = width - totalWidth(slots);
  return {
    slots:
      room >= 0
        ? resized(slots, ['name', 'id'], room, ({ natural, width: own }) => natural - own)
        : resized(slots, ['id', 'name'], room, ({ minimum, width: own }) => minimum - own),
    dropped: all.filter((slot) => !slots.includes(slot)),
  };
}

type SizedColumn = Omit<TableColumn<never>, 'cell' | 'total'>;

/** Higher than any `drop`. */
const FIRST = 1000;

/** The column as wide as is comfortable. */
function slotOf(
  { kind, heading, shrink = {} }: SizedColumn,
  index: number,
  natural: number,
  isEmpty: boolean,
): Slot {
  const { comfort = Number.POSITIVE_INFINITY, drop } = shrink;
  const width = Math.max(Math.min(natural, comfort), displayWidth(heading));
  const { minimum = width } = shrink;
  const slot = { index, kind, width, natural, minimum, isEmpty };
  return drop === undefined ? slot : { ...slot, drop: isEmpty ? drop - FIRST : drop };
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

/** Columns between two cells: one is the padding of the left one, one the line between them, which stays blank. */
const GAP = 2;
const PADDING = 1;

function totalWidth(slots: readonly Slot[]): number {
  const gaps = GAP * Math.max(0, slots.length - 1);
  return slots.reduce((total, { width }) => total + width, gaps);
}

/** Between two cells of a grid; of the private use area. */
const LINE = '\ue000';

/** No lines around cells and between rows. */
const CHARS = {
  ...Object.fromEntries(
    [
      ...['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left'],
      ...['bottom-right', 'left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'],
    ].map((name) => [name, '']),
  ),
  middle: LINE,
};

/**
 * Draws rows as lines. cli-table3 takes half a millisecond for each row, and a million rows
 * minutes: it draws the grid of each kind of row once, into which their texts are put.
 */
class Pen {
  /** Of a whole line. */
  readonly width: number;
  readonly #slots: readonly Slot[];
  /** Blank cells, by how many columns each of a row takes. */
  readonly #grids = new Map<string, readonly string[]>();

  constructor(slots: readonly Slot[]) {
    this.#slots = slots;
    this.width = totalWidth(slots);
  }

  line(row: GridRow): string {
    const cells = [...shownCells(row, this.#slots)];
    const grid = this.#gridOf(cells.map(({ span }) => span));
    const filled = cells.map((cell, index) => filledCell(cell, grid[index] as string));
    return filled.join(' ').trimEnd();
  }

  #gridOf(spans: readonly number[]): readonly string[] {
    const key = spans.join();
    const known = this.#grids.get(key);
    if (known !== undefined) return known;
    const grid = gridOf(spans, this.#slots);
    this.#grids.set(key, grid);
    return grid;
  }
}

/** The blank cells of a row, of which each takes so many columns, with their padding. */
function gridOf(spans: readonly number[], slots: readonly Slot[]): readonly string[] {
  const table = new Table({
    chars: CHARS,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': PADDING },
    colWidths: slots.map(({ width }) => width + PADDING),
  });
  table.push(spans.map((colSpan) => ({ content: '', colSpan })));
  return table.toString().split(LINE);
}

/** The cell with its text: figures at its right, others at its left. */
function filledCell({ cell, shown, kind }: ShownCell, blank: string): string {
  const spaces = blank.slice(displayWidth(shown) + PADDING);
  const content = cell.paint?.(shown) ?? shown;
  const padding = ' '.repeat(PADDING);
  return (kind === 'figure' ? spaces + content : content + spaces) + padding;
}

/** A cell with its text cut to the width of its columns. */
interface ShownCell {
  readonly cell: GridCell;
  readonly shown: string;
  /** Of its first column. */
  readonly kind: TableColumnKind;
  /** How many columns it takes. */
  readonly span: number;
}

function* shownCells(row: GridRow, slots: readonly Slot[]): Generator<ShownCell> {
  for (let at = 0; at < slots.length; ) {
    const end = endOfCell(row, slots, at);
    const { index, kind } = slots[at] as Slot;
    const cell = row[index] ?? BLANK;
    const shown = shownText(cell, kind, totalWidth(slots.slice(at, end)));
    yield { cell, shown, kind, span: end - at };
    at = end;
  }
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
