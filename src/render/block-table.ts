import Table from 'cli-table3';
import type { Paint, Palette } from './palette.ts';
import { displayWidth, shortened, truncate, wrappedWords } from './width.ts';

/**
 * What a column holds: a name is cut at its end where it does not fit, an id in its middle, a
 * figure (right-aligned) and a mark never.
 */
export type TableColumnKind = 'name' | 'id' | 'figure' | 'mark';

/** How a column gives way where a line is too narrow. */
export interface Shrink {
  /** The width down to which texts are cut before another column has to go. */
  readonly comfort?: number;
  /** The width down to which texts are cut once no column is left to drop. */
  readonly minimum?: number;
  /**
   * The lowest goes first, save that columns which hold only zeros go before all others.
   * Missing for a column that always stays.
   */
  readonly drop?: number;
}

/** A column of a table of `Row`s: what it is called, what it holds and how it gives way. */
export interface TableColumn<Row> {
  /** As CSV and `--columns` call it; missing for what only the table has. */
  readonly name?: string;
  readonly kind: TableColumnKind;
  readonly heading: string;
  readonly shrink?: Shrink;
  readonly cell: (row: Row) => TableCell;
  /** In rows of totals; blank where missing. The label of those is in the first column. */
  readonly total?: (totals: Row) => TableCell;
}

export interface TableCell {
  /** Without control characters. */
  readonly text: string;
  readonly paint?: Paint;
  /** Where it is cut otherwise than the column's: an id in place of a name. */
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
export interface TotalsRow<Row> {
  readonly label: string;
  /** In place of a label that does not fit. */
  readonly shortLabel?: string;
  readonly totals: Row;
}

/** Rows that belong together, under a heading where there is one. */
export interface TableBlock<Row> {
  /** Lines above the rows. */
  readonly heading?: readonly string[];
  readonly rows: readonly Row[];
  /** Lines below a row. */
  readonly below?: (row: Row) => readonly string[];
  readonly subtotal?: TotalsRow<Row>;
}

/** A table of its own, as wide as the others of its run. */
export interface TablePage<Row> {
  readonly blocks: readonly TableBlock<Row>[];
  readonly total?: TotalsRow<Row>;
}

export interface DrawnTable {
  /** The lines of each page. */
  readonly pages: readonly (readonly string[])[];
  /** Says which columns had no room, and how to see them; nothing where all had. */
  readonly leftOut: readonly string[];
}

/**
 * The pages as lines of at most `width` columns: headings, a rule, the blocks, and the total
 * below a double rule. Where there is no room, texts are cut to their comfortable width, then
 * columns are dropped in the order of `drop`, then texts are cut to their minimum, ids before
 * names. Figures are never cut: where they alone are too wide, so is the table.
 */
export function drawnTable<Row>(
  columns: readonly TableColumn<Row>[],
  pages: readonly TablePage<Row>[],
  { width, palette }: { readonly width: number; readonly palette: Palette },
): DrawnTable {
  const drawn = pages.map((page) => cellsOfPage(columns, page, palette));
  const grid = new Grid(columns, drawn.flatMap(rowsOfPage), width);
  const [rule, doubleRule] = ['─', '═'].map((mark) => palette.faint(mark.repeat(grid.width)));
  return {
    pages: drawn.map(({ blocks, total }) => [
      grid.headings(palette.strong),
      ...(blocks.length === 0 ? [] : [rule as string]),
      ...blocks.flatMap((block, index) => [
        ...(index > 0 ? [''] : []),
        ...block.heading,
        ...block.rows.flatMap((row, at) => [grid.line(row), ...(block.below[at] ?? [])]),
        ...block.subtotal.map((row) => grid.line(row)),
      ]),
      ...(total.length === 0 ? [] : [doubleRule as string]),
      ...total.map((row) => grid.line(row)),
    ]),
    leftOut: leftOutLines(grid.dropped, width).map(palette.faint),
  };
}

function leftOutLines<Row>(dropped: readonly TableColumn<Row>[], width: number): string[] {
  if (dropped.length === 0) return [];
  const headings = dropped.map(({ heading }) => heading).join(', ');
  const names = dropped.flatMap(({ name }) => name ?? []);
  const how = names.length === 0 ? '' : `, or choose with --columns (${names.join(', ')})`;
  return wrappedWords(`No room for ${headings}: widen the terminal${how}.`, width);
}

/** A page as the grid takes it. */
interface PageCells {
  readonly blocks: readonly {
    readonly heading: readonly string[];
    readonly rows: readonly GridRow[];
    readonly below: readonly (readonly string[])[];
    readonly subtotal: readonly GridRow[];
  }[];
  readonly total: readonly GridRow[];
}

function cellsOfPage<Row>(
  columns: readonly TableColumn<Row>[],
  { blocks, total }: TablePage<Row>,
  { strong }: Palette,
): PageCells {
  const totalsRow = (row: TotalsRow<Row>, paint: Paint | undefined): GridRow =>
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

function labelCell<Row>({ label, shortLabel }: TotalsRow<Row>, paint: Paint | undefined): GridCell {
  return {
    text: label,
    kind: 'name',
    shortText: shortLabel ?? label,
    spansBlanks: true,
    ...(paint === undefined ? {} : { paint }),
  };
}

function rowsOfPage({ blocks, total }: PageCells): GridRow[] {
  return [...blocks.flatMap(({ rows, subtotal }) => [...rows, ...subtotal]), ...total];
}

/** A cell, or the label of totals, which runs on over the blank cells after it. */
interface GridCell extends TableCell {
  readonly shortText?: string;
  readonly spansBlanks?: boolean;
}

type GridRow = readonly GridCell[];
type GridColumn = Omit<TableColumn<never>, 'cell' | 'total'>;

/** Columns between two cells: one drawn as the padding of the left one, one as the border. */
const GAP = 2;
/** Fills the cells of a form. Of the private use area: one column wide to cli-table3, too. */
const STAND_IN = '\ue000';

/** Which columns fit, and how wide they are. */
class Grid<Column extends GridColumn> {
  /** The width of all lines. */
  readonly width: number;
  /** The columns that had no room. */
  readonly dropped: readonly Column[];
  readonly #columns: readonly Column[];
  readonly #kept: readonly number[];
  readonly #widths: readonly number[];
  /** Rows as they are drawn, by how many columns each of their cells takes. */
  readonly #forms = new Map<string, string>();

  constructor(columns: readonly Column[], rows: readonly GridRow[], width: number) {
    this.#columns = columns;
    const natural = columns.map((_, index) => naturalWidth(rows, index));
    const fit = fitted(columns, natural, dropOrder(columns, rows), width);
    this.#kept = fit.kept;
    this.#widths = fit.widths;
    this.width = totalWidth(fit.widths);
    this.dropped = columns.filter((_, index) => !fit.kept.includes(index));
  }

  /** The line of headings. */
  headings(paint: Paint): string {
    return this.line(this.#columns.map(({ heading }) => ({ text: heading, paint })));
  }

  /** The line of a row, of the columns that fit. */
  line(row: GridRow): string {
    const cells = this.#cells(row);
    let next = 0;
    const drawn = this.#formOf(cells).replace(STAND_INS, () => cells[next++]?.text ?? '');
    return drawn.trimEnd();
  }

  /**
   * The row as cli-table3 draws it, its cells full of stand-ins that give way to the texts:
   * it takes 4 s for 10,000 rows of texts, of which few have another form; and it measures
   * some scripts and emoji wider than terminals do.
   */
  #formOf(cells: readonly DrawnCell[]): string {
    const key = cells.map(({ span }) => span).join();
    const known = this.#forms.get(key);
    if (known !== undefined) return known;
    const table = new Table({
      chars: BORDERLESS,
      style: { 'padding-left': 0, 'padding-right': 1, head: [], border: [] },
      colWidths: this.#widths.map((width) => width + 1),
    });
    table.push(
      cells.map(({ span, width }) => ({ content: STAND_IN.repeat(width), colSpan: span })),
    );
    const form = table.toString();
    this.#forms.set(key, form);
    return form;
  }

  #cells(row: GridRow): DrawnCell[] {
    const cells: DrawnCell[] = [];
    let position = 0;
    while (position < this.#kept.length) {
      const span = this.#spanAt(row, position);
      const width = totalWidth(this.#widths.slice(position, position + span));
      const index = this.#kept[position] ?? 0;
      cells.push({ text: this.#drawn(row[index] ?? BLANK, index, width), span, width });
      position += span;
    }
    return cells;
  }

  /** The cell's text, cut and filled up to its width, and painted. */
  #drawn(cell: GridCell, index: number, width: number): string {
    const column = this.#columns[index];
    const { text: whole, kind = column?.kind } = cell;
    const fitting = displayWidth(whole) > width ? (cell.shortText ?? whole) : whole;
    const shown = kind === 'id' ? shortened(fitting, width) : truncate(fitting, width);
    const blanks = ' '.repeat(Math.max(0, width - displayWidth(shown)));
    const text = cell.paint === undefined ? shown : cell.paint(shown);
    return column?.kind === 'figure' ? blanks + text : text + blanks;
  }

  #spanAt(row: GridRow, position: number): number {
    const textAt = (at: number): string => row[this.#kept[at] ?? 0]?.text ?? '';
    let end = position + 1;
    if (row[this.#kept[position] ?? 0]?.spansBlanks) {
      while (end < this.#kept.length && textAt(end) === '') end += 1;
    }
    return end - position;
  }
}

/** A cell of a line, and how many columns of the grid and of the terminal it takes. */
interface DrawnCell {
  readonly text: string;
  readonly span: number;
  readonly width: number;
}

const STAND_INS = new RegExp(`${STAND_IN}+`, 'g');

const BORDERLESS = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: ' ',
};

/** The width of the widest text; labels run on over other columns, and need none. */
function naturalWidth(rows: readonly GridRow[], index: number): number {
  let widest = 0;
  for (const row of rows) {
    const cell = row[index];
    if (cell !== undefined && !cell.spansBlanks) widest = Math.max(widest, displayWidth(cell.text));
  }
  return widest;
}

interface Fit {
  readonly kept: readonly number[];
  readonly widths: readonly number[];
}

function fitted(
  columns: readonly GridColumn[],
  natural: readonly number[],
  toDrop: readonly number[],
  width: number,
): Fit {
  let kept = columns.map((_, index) => index);
  for (const dropped of [undefined, ...toDrop]) {
    kept = kept.filter((index) => index !== dropped);
    const widths = comfortable(columns, natural, kept);
    if (totalWidth(widths) <= width) return widened(columns, natural, kept, widths, width);
  }
  return { kept, widths: narrowed(columns, kept, comfortable(columns, natural, kept), width) };
}

function dropOrder(columns: readonly GridColumn[], rows: readonly GridRow[]): number[] {
  return columns
    .flatMap(({ shrink: { drop } = {} }, index) => {
      if (drop === undefined) return [];
      return [{ drop: holdsOnlyZeros(rows, index) ? drop - FIRST : drop, index }];
    })
    .sort((a, b) => a.drop - b.drop)
    .map(({ index }) => index);
}

/** More than any `drop`. */
const FIRST = 1000;

function holdsOnlyZeros(rows: readonly GridRow[], index: number): boolean {
  return rows.every((row) => row[index]?.isZero || row[index]?.text === '');
}

function comfortable(
  columns: readonly GridColumn[],
  natural: readonly number[],
  kept: readonly number[],
): number[] {
  return kept.map((index) => {
    const { heading, shrink: { comfort = Number.POSITIVE_INFINITY } = {} } = columns[
      index
    ] as GridColumn;
    return Math.max(Math.min(natural[index] ?? 0, comfort), displayWidth(heading));
  });
}

/** Gives what is left of the line to texts that are cut: to names, then to ids. */
function widened(
  columns: readonly GridColumn[],
  natural: readonly number[],
  kept: readonly number[],
  comfort: readonly number[],
  width: number,
): Fit {
  const widths = [...comfort];
  for (const kind of ['name', 'id'] as const) {
    for (const [position, index] of kept.entries()) {
      if (columns[index]?.kind !== kind) continue;
      const own = widths[position] ?? 0;
      const wanted = Math.max(0, (natural[index] ?? 0) - own);
      widths[position] = own + Math.min(wanted, width - totalWidth(widths));
    }
  }
  return { kept, widths };
}

function narrowed(
  columns: readonly GridColumn[],
  kept: readonly number[],
  comfort: readonly number[],
  width: number,
): number[] {
  const widths = [...comfort];
  for (const kind of ['id', 'name'] as const) {
    for (const [position, index] of kept.entries()) {
      const column = columns[index];
      if (column?.kind !== kind) continue;
      const own = widths[position] ?? 0;
      const spare = Math.max(0, own - (column.shrink?.minimum ?? own));
      widths[position] = own - Math.min(spare, Math.max(0, totalWidth(widths) - width));
    }
  }
  return widths;
}

function totalWidth(widths: readonly number[]): number {
  return widths.reduce((total, width) => total + width, GAP * Math.max(0, widths.length - 1));
}
