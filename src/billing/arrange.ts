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
  type RowSource,
  type Sheet,
  totalsOf,
  wholeSheet,
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

/** Whether rows and columns are shown as they come. */
export function isAsItComes(arrangement: Arrangement): boolean {
  return Object.keys(arrangement).length === 0;
}

/**
 * The sheet with its rows filtered, sorted and limited, and its columns selected. Rows that are
 * equal in the sorted column keep the order of their keys; the totals are those of the
 * rows that are left. Rows as they come stay rows that are made while they are read.
 */
export function arranged<Source extends RowSource>(
  source: Source,
  arrangement: Arrangement,
): Source | Sheet {
  if (isAsItComes(arrangement) && source.columns.every(({ isOptional }) => !isOptional)) {
    return source;
  }
  const whole = wholeSheet(source);
  return withRows(whole, rowsLeft(whole, arrangement), arrangement);
}

/** The same of a row for each of the `items`, and the items whose rows are left, in their order. */
export function arrangedItems<Source extends RowSource, Item>(
  source: Source,
  items: readonly Item[],
  arrangement: Arrangement,
): { readonly sheet: Source | Sheet; readonly left: readonly Item[] } {
  if (isAsItComes(arrangement)) return { sheet: source, left: items };
  const whole = wholeSheet(source);
  const itemOf = new Map(whole.rows.map((row, index) => [row, items[index] as Item]));
  const rows = rowsLeft(whole, arrangement);
  return {
    sheet: withRows(whole, rows, arrangement),
    left: rows.map((row) => itemOf.get(row) as Item),
  };
}

function rowsLeft(sheet: Sheet, { where, sortBy, top }: Arrangement): readonly Row[] {
  const kept = where === undefined ? sheet.rows : rowsThat(sheet, where);
  const sorted = sortBy === undefined ? kept : sortedRows(sheet, kept, sortBy);
  return sorted.slice(0, top);
}

/** Some rows of a sheet, with the columns selected. */
function withRows(sheet: Sheet, rows: readonly Row[], arrangement: Arrangement): Sheet {
  const { columns } = sheet;
  const totals = isCut(arrangement) ? totalsOf(columns, rows) : sheet.totals;
  const indexes =
    arrangement.columns?.map((name) => columnIndex(columns, name)) ??
    columns.flatMap(({ isOptional }, index) => (isOptional ? [] : [index]));
  const chosen = (row: Row): Row => indexes.map((index) => row[index]);
  return {
    ...sheet,
    columns: indexes.map((index) => columns[index] as Column),
    rows: rows.map(chosen),
    totals: chosen(totals),
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
export function dearestFirst(sheet: RowSource): Sheet {
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
  { columns }: RowSource,
  rows: Iterable<Row>,
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
