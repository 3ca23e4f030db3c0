import Table from 'cli-table3';
import type { Paint } from './palette.ts';
import { displayWidth, shortened, truncate } from './width.ts';

/** How a text that does not fit is cut: a name at its end, an id in its middle. */
export type Cut = 'end' | 'middle';

export interface GridColumn {
  readonly heading: string;
  /** For tables that do not fit with the full headings. */
  readonly shortHeading?: string;
  readonly align: 'left' | 'right';
  /** Missing for figures, which are never cut. */
  readonly cut?: Cut;
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

export interface GridCell {
  /** Without control characters. */
  readonly text: string;
  /** In place of a text that does not fit. */
  readonly shortText?: string;
  readonly paint?: Paint;
  /** Where it differs from the column's. */
  readonly cut?: Cut;
  /** Lets a label run on over the blank cells after it. */
  readonly spansBlanks?: boolean;
  /** Reaches to the edge, where the marks of cut figures are. */
  readonly hangs?: boolean;
}

export type GridRow = readonly GridCell[];

export const BLANK: GridCell = { text: '' };

/** What stands for a zero that is not worth reading. */
export const ZERO_MARK = '–';
/** At the end of a figure: more decimals follow. */
const CUT_MARK = '…';

/** Columns between two cells: one drawn as the padding of the left one, one as the border. */
const GAP = 2;
/** Fills the cells of a form. Of the private use area: one column wide to cli-table3, too. */
const STAND_IN = '\ue000';

/** Which columns fit, and how wide they are. */
export class Grid {
  /** The width of all lines. */
  readonly width: number;
  readonly #columns: readonly GridColumn[];
  readonly #kept: readonly number[];
  readonly #widths: readonly number[];
  readonly #headings: readonly string[];
  readonly #hangs: readonly boolean[];
  /** Rows as they are drawn, by how many columns each of their cells takes. */
  readonly #forms = new Map<string, string>();

  /**
   * Fits the columns into `width`: texts are cut to their comfortable width, then columns
   * are dropped in the order of `drop`, then texts are cut to their minimum, ids before
   * names. Figures are never cut: where they alone are too wide, so is the table.
   */
  constructor(columns: readonly GridColumn[], rows: readonly GridRow[], width: number) {
    this.#columns = columns;
    this.#hangs = columns.map(({ align }, index) => align === 'right' && hasCut(rows, index));
    const natural = columns.map((_, index) => this.#naturalWidth(rows, index));
    const fit = fitted(columns, natural, dropOrder(columns, rows), width);
    this.#kept = fit.kept;
    this.#widths = fit.widths;
    this.#headings = columns.map((column) => headingOf(column, fit.short));
    this.width = totalWidth(fit.widths);
  }

  /** The line of headings. */
  headings(paint: Paint): string {
    const row = this.#headings.map((text) => ({ text, paint, hangs: true }));
    return this.lines([row]).join('\n');
  }

  /** One line per row, of the columns that fit. */
  lines(rows: readonly GridRow[]): string[] {
    return rows.map((row) => this.#line(row));
  }

  #line(row: GridRow): string {
    const cells = this.#cells(row);
    let next = 0;
    const drawn = this.#formOf(cells).replace(STAND_INS, () => cells[next++]?.text ?? '');
    return drawn.trimEnd();
  }

  /**
   * The row as cli-table3 draws it, its cells full of stand-ins that give way to the texts.
   * Rows are many and their forms few, and cli-table3 takes its time over each cell; it also
   * measures some scripts and emoji wider than terminals do.
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
    const whole = this.#hung(cell, index);
    const fitting = displayWidth(whole) > width ? (cell.shortText ?? whole) : whole;
    const shown = cutTo(fitting, cell.cut ?? column?.cut, width);
    const blanks = ' '.repeat(Math.max(0, width - displayWidth(shown)));
    const text = cell.paint === undefined ? shown : cell.paint(shown);
    return column?.align === 'right' ? blanks + text : text + blanks;
  }

  #naturalWidth(rows: readonly GridRow[], index: number): number {
    let widest = 0;
    for (const row of rows) {
      const cell = row[index];
      if (cell === undefined || cell.spansBlanks) continue;
      widest = Math.max(widest, displayWidth(this.#hung(cell, index)));
    }
    return widest;
  }

  /** Lets the marks of cut figures hang in a place of their own, so that decimal points stay aligned. */
  #hung({ text, hangs = text === '' || text.endsWith(CUT_MARK) }: GridCell, index: number): string {
    return this.#hangs[index] && !hangs ? `${text} ` : text;
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

function hasCut(rows: readonly GridRow[], index: number): boolean {
  return rows.some((row) => row[index]?.text.endsWith(CUT_MARK));
}

interface Fit {
  readonly kept: readonly number[];
  readonly widths: readonly number[];
  readonly short: boolean;
}

function fitted(
  columns: readonly GridColumn[],
  natural: readonly number[],
  toDrop: readonly number[],
  width: number,
): Fit {
  const all = columns.map((_, index) => index);
  const full = comfortable(columns, natural, all, false);
  if (totalWidth(full) <= width) return widened(columns, natural, all, full, width, false);
  let kept = all;
  for (const dropped of [undefined, ...toDrop]) {
    kept = kept.filter((index) => index !== dropped);
    const widths = comfortable(columns, natural, kept, true);
    if (totalWidth(widths) <= width) return widened(columns, natural, kept, widths, width, true);
  }
  const widths = comfortable(columns, natural, kept, true);
  return { kept, widths: narrowed(columns, kept, widths, width), short: true };
}

function dropOrder(columns: readonly GridColumn[], rows: readonly GridRow[]): number[] {
  return columns
    .flatMap(({ drop }, index) => {
      if (drop === undefined) return [];
      return [{ drop: holdsOnlyZeros(rows, index) ? drop - FIRST : drop, index }];
    })
    .sort((a, b) => a.drop - b.drop)
    .map(({ index }) => index);
}

/** More than any `drop`. */
const FIRST = 1000;

function holdsOnlyZeros(rows: readonly GridRow[], index: number): boolean {
  return rows.every((row) => ['', ZERO_MARK].includes(row[index]?.text ?? ''));
}

function comfortable(
  columns: readonly GridColumn[],
  natural: readonly number[],
  kept: readonly number[],
  short: boolean,
): number[] {
  return kept.map((index) => {
    const column = columns[index] as GridColumn;
    const text = Math.min(natural[index] ?? 0, column.comfort ?? Number.POSITIVE_INFINITY);
    return Math.max(text, displayWidth(headingOf(column, short)));
  });
}

/** Gives what is left of the line to texts that are cut: to names, then to ids. */
function widened(
  columns: readonly GridColumn[],
  natural: readonly number[],
  kept: readonly number[],
  comfort: readonly number[],
  width: number,
  short: boolean,
): Fit {
  const widths = [...comfort];
  for (const cut of ['end', 'middle'] as const) {
    for (const [position, index] of kept.entries()) {
      if (columns[index]?.cut !== cut) continue;
      const own = widths[position] ?? 0;
      const wanted = Math.max(0, (natural[index] ?? 0) - own);
      widths[position] = own + Math.min(wanted, width - totalWidth(widths));
    }
  }
  return { kept, widths, short };
}

function narrowed(
  columns: readonly GridColumn[],
  kept: readonly number[],
  comfort: readonly number[],
  width: number,
): number[] {
  const widths = [...comfort];
  for (const cut of ['middle', 'end'] as const) {
    for (const [position, index] of kept.entries()) {
      const column = columns[index];
      if (column?.cut !== cut) continue;
      const own = widths[position] ?? 0;
      const spare = Math.max(0, own - (column.minimum ?? own));
      widths[position] = own - Math.min(spare, Math.max(0, totalWidth(widths) - width));
    }
  }
  return widths;
}

function headingOf(column: GridColumn, short: boolean): string {
  return short ? (column.shortHeading ?? column.heading) : column.heading;
}

function totalWidth(widths: readonly number[]): number {
  return widths.reduce((total, width) => total + width, GAP * Math.max(0, widths.length - 1));
}

function cutTo(text: string, cut: Cut | undefined, width: number): string {
  return cut === 'middle' ? shortened(text, width) : truncate(text, width);
}
