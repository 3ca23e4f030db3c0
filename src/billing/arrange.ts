import { compare, type Decimal, ZERO } from '../domain/decimal.ts';
import { groupBy } from '../domain/grouping.ts';
import { type Cents, decimalOfCents, sumCents } from '../domain/money.ts';
import { seatKey } from '../domain/seat-key.ts';
import {
  type Cell,
  type Column,
  cellText,
  columnIndex,
  isNumeric,
  type Row,
  type Sheet,
  totalsOf,
} from '../domain/sheet.ts';
import { compareBytes } from '../domain/text-order.ts';

/** How to show the rows of a sheet. */
export interface Arrangement {
  /** What all rows must satisfy. */
  readonly where?: readonly Condition[];
  readonly sortBy?: SortKey;
  /** How many rows, from the first. */
  readonly top?: number;
  /** The columns by name, in their order; if missing, all that are not optional. */
  readonly columns?: readonly string[];
}

export const OPERATORS = ['=', '!=', '<', '<=', '>', '>=', '~'] as const;
export type Operator = (typeof OPERATORS)[number];

/** What a row must satisfy: a number for a column of numbers, except that `~` compares text. */
export interface Condition {
  readonly column: string;
  readonly operator: Operator;
  readonly value: string | Decimal;
}

export interface SortKey {
  readonly column: string;
  /** Reverses the natural order: numbers descending, text ascending. */
  readonly reversed: boolean;
}

/** Whether rows are left out, so that totals cover only the rows shown. */
export function isCut({ where, top }: Arrangement): boolean {
  return where !== undefined || top !== undefined;
}

/**
 * The sheet with its rows filtered, sorted and limited, and its columns selected. Rows that are
 * equal in the sorted column keep the order of their keys; the totals are those of the
 * rows that are left.
 */
export function arranged(sheet: Sheet, arrangement: Arrangement): Sheet {
  const { where, sortBy, top } = arrangement;
  if (where === undefined && sortBy === undefined && top === undefined) {
    return withColumns(sheet, arrangement);
  }
  const kept = where === undefined ? sheet.rows : rowsThat(sheet, where);
  const sorted = sortBy === undefined ? kept : sortedRows(sheet, kept, sortBy);
  const rows = sorted.slice(0, top);
  const totals = totalsOf(sheet.columns, rows);
  return withColumns({ ...sheet, rows, totals }, arrangement);
}

/**
 * What the rows left of a sheet were made from, in their order; `items` are those of all its rows.
 * Rows are found again as long as no columns were chosen.
 */
export function itemsLeft<Item>(whole: Sheet, items: readonly Item[], left: Sheet): Item[] {
  const itemOf = new Map(whole.rows.map((row, index) => [row, items[index] as Item]));
  return left.rows.map((row) => itemOf.get(row) as Item);
}

function withColumns(sheet: Sheet, { columns: asked }: Arrangement): Sheet {
  const { columns } = sheet;
  if (asked === undefined && columns.every(({ isOptional }) => !isOptional)) return sheet;
  const indexes =
    asked?.map((name) => columnIndex(columns, name)) ??
    columns.flatMap(({ isOptional }, index) => (isOptional ? [] : [index]));
  const chosen = (row: Row): Row => indexes.map((index) => row[index]);
  return {
    ...sheet,
    columns: indexes.map((index) => columns[index] as Column),
    rows: sheet.rows.map(chosen),
    totals: chosen(sheet.totals),
  };
}

function rowsThat({ columns, rows }: Sheet, where: readonly Condition[]): Row[] {
  const tests = where.map((condition) => {
    const index = columnIndex(columns, condition.column);
    const test = testOf(condition, (columns[index] as Column).kind);
    return (row: Row): boolean => test(row[index]);
  });
  return rows.filter((row) => tests.every((test) => test(row)));
}

function testOf({ operator, value }: Condition, kind: Column['kind']): (cell: Cell) => boolean {
  if (operator === '~') {
    const part = String(value).toLowerCase();
    return (cell) => cellText(kind, cell).toLowerCase().includes(part);
  }
  const order: (cell: Cell) => number = isNumeric(kind)
    ? (cell) => compare(numberOf(kind, cell), value as Decimal)
    : (cell) => compareBytes((cell ?? '') as string, value as string);
  return (cell) => HOLDS[operator](order(cell));
}

/** Whether a comparison holds, by how the cell compares with the value. */
const HOLDS: Readonly<Record<Exclude<Operator, '~'>, (order: number) => boolean>> = {
  '=': (order) => order === 0,
  '!=': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

/**
 * The rows for people: by the total charge from the highest; charge lines by what their seats are
 * charged, those of a seat together in their order.
 */
export function dearestFirst(sheet: Sheet): Sheet {
  const charge = columnIndex(sheet.columns, 'total_charge');
  if (charge >= 0) {
    const sortBy = { column: 'total_charge', reversed: false };
    return { ...sheet, rows: sortedRows(sheet, sheet.rows, sortBy) };
  }
  const [profile, user, amount] = ['profile_id', 'user_id', 'amount'].map((name) =>
    columnIndex(sheet.columns, name),
  ) as [number, number, number];
  const seats = groupBy(sheet.rows, (row) => seatKey(row[profile] as string, row[user] as string));
  const charged = [...seats.values()].map((lines) => ({
    lines,
    cents: sumCents(lines.map((line) => line[amount] as Cents)),
  }));
  const rows = charged.sort((a, b) => Number(b.cents - a.cents)).flatMap(({ lines }) => lines);
  return { ...sheet, rows };
}

function sortedRows(
  { columns }: Sheet,
  rows: readonly Row[],
  { column, reversed }: SortKey,
): Row[] {
  const index = columnIndex(columns, column);
  const { kind } = columns[index] as Column;
  const direction = reversed ? -1 : 1;
  return [...rows].sort((a, b) => direction * compareCells(kind, a[index], b[index]));
}

/** Numbers descending, text ascending by its bytes. */
function compareCells(kind: Column['kind'], a: Cell, b: Cell): number {
  if (isNumeric(kind)) return compare(numberOf(kind, b), numberOf(kind, a));
  return compareBytes((a ?? '') as string, (b ?? '') as string);
}

/** A blank cell counts as 0. */
export function numberOf(kind: Column['kind'], cell: Cell): Decimal {
  if (cell === undefined || cell === '') return ZERO;
  if (kind === 'money') return decimalOfCents(cell as Cents);
  if (kind === 'count') return { units: BigInt(cell as number), scale: 0 };
  if (kind === 'quantity') return quantityOf(cell as string);
  return cell as Decimal;
}

/** The number of a quantity's text, which may have more digits than a number in an input. */
function quantityOf(text: string): Decimal {
  const [whole, decimals = ''] = text.split('.') as [string, string?];
  return { units: BigInt(whole + decimals), scale: decimals.length };
}
