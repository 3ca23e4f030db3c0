import { add, type Decimal, decimalText, ZERO } from './decimal.ts';
import { groupBy } from './grouping.ts';
import { type Cents, centsText } from './money.ts';
import { compareKeys } from './text-order.ts';

/**
 * What a column holds, and so how its cells are typed and written: texts, a `date`, an `id` and
 * the `name` for it, in a later column, are strings, `count` is a number, `money` Cents, `credits`
 * and `price` a Decimal, and `quantity` the text of a number.
 */
export type ColumnKind =
  | 'text'
  | 'date'
  | 'id'
  | 'name'
  | 'count'
  | 'money'
  | 'credits'
  | 'price'
  | 'quantity';

export interface Column {
  /** The name in CSV and JSON. */
  readonly name: string;
  readonly kind: ColumnKind;
  /** Whether its cells add up to a total. */
  readonly adds: boolean;
  /** Only present if it is requested by name. */
  readonly isOptional?: boolean;
}

export type Cell = string | number | Cents | Decimal | undefined;

export type Row = readonly Cell[];

/** What a sheet is of: a month and its currency, both blank where rows are of no month. */
export interface SheetMonth {
  readonly month: string;
  readonly currency: string;
}

export const NO_MONTH: SheetMonth = { month: '', currency: '' };

/** Rows of one kind for one month that are made while they are read, so that they are not in memory all at once. */
export interface RowSource extends SheetMonth {
  readonly columns: readonly Column[];
  readonly rows: Iterable<Row>;
  /** A cell per column: the sum of the column, `undefined` if adding makes no sense. */
  readonly totals: Row;
}

/** Rows of one kind for one month, with their sums: what the renderers write. */
export interface Sheet extends RowSource {
  readonly rows: readonly Row[];
}

/** Whether the cells of a column are numbers, so they are right-aligned and never mistaken for a formula. */
export function isNumeric(kind: ColumnKind): boolean {
  return kind !== 'text' && kind !== 'date' && kind !== 'id' && kind !== 'name';
}

/**
 * The text of a cell as CSV, JSON and Markdown write it: money with two decimals
 * (`-20.00`), credits and prices exact with at least two, counts plain. A missing cell is
 * blank. Text is unchanged: each format escapes it in its own way.
 */
export function cellText(kind: ColumnKind, cell: Cell): string {
  if (cell === undefined) return '';
  if (kind === 'money') return centsText(cell as Cents);
  if (kind === 'credits' || kind === 'price') return decimalText(cell as Decimal);
  return String(cell);
}

/** A column, with how its cell is found from a row's item and what all rows have in common. */
export interface ColumnOf<Item, Context extends SheetMonth = SheetMonth> extends Column {
  readonly cell: (item: Item, context: Context) => Cell;
}

/** What adds up where nothing else is said. */
const ADDS: ReadonlySet<ColumnKind> = new Set(['money', 'credits', 'count']);

export function column<Item, Context extends SheetMonth = SheetMonth>(
  name: string,
  kind: ColumnKind,
  cell: (item: Item, context: Context) => Cell,
  adds = ADDS.has(kind),
): ColumnOf<Item, Context> {
  return { name, kind, cell, adds };
}

export const MONTH_COLUMN = column<unknown>('month', 'text', (_, { month }) => month);
export const CURRENCY_COLUMN = column<unknown>('currency', 'text', (_, { currency }) => currency);

/** The columns of a part of each item. */
export function columnsOfPart<Item, Part>(
  columns: readonly ColumnOf<Part>[],
  partOf: (item: Item) => Part,
): ColumnOf<Item>[] {
  return columns.map(({ cell, ...one }) => ({
    ...one,
    cell: (item, context) => cell(partOf(item), context),
  }));
}

/** What an item has in columns of text that need nothing else. */
function textsOf<Item>(columns: readonly ColumnOf<Item>[], item: Item): string[] {
  return columns.map(({ cell }) => cell(item, NO_MONTH) as string);
}

/** Items with the same texts. */
interface KeyGroup<Item> {
  readonly keys: readonly string[];
  readonly items: readonly [Item, ...Item[]];
}

/** The items by what they have in columns of text, sorted by the bytes of that. */
export function groupsByTexts<Item>(
  columns: readonly ColumnOf<Item>[],
  items: Iterable<Item>,
): KeyGroup<Item>[] {
  const groups = groupBy(items, (item) => textsOf(columns, item).join('\0'));
  return [...groups.values()]
    .map((ofKey) => ({ keys: textsOf(columns, ofKey[0]), items: ofKey }))
    .sort((a, b) => compareKeys(a.keys, b.keys));
}

/** A row per item, for a writer that reads them once; `items` can be read again for the totals. */
export function rowSource<Item, Context extends SheetMonth>(
  context: Context,
  columns: readonly ColumnOf<Item, Context>[],
  items: Iterable<Item>,
): RowSource {
  const { month, currency } = context;
  const rows = {
    *[Symbol.iterator]() {
      for (const item of items) yield columns.map(({ cell }) => cell(item, context));
    },
  };
  return {
    month,
    currency,
    columns,
    rows,
    get totals() {
      return totalsOf(columns, rows);
    },
  };
}

/** A row per item, and the totals; `context` holds the month and what the columns need besides. */
export function sheetOf<Item, Context extends SheetMonth>(
  context: Context,
  columns: readonly ColumnOf<Item, Context>[],
  items: Iterable<Item>,
): Sheet {
  return wholeSheet(rowSource(context, columns, items));
}

/** All rows at once, where they are not already. */
export function wholeSheet(source: RowSource): Sheet {
  if (Array.isArray(source.rows)) return source as Sheet;
  const { month, currency, columns } = source;
  const rows = [...source.rows];
  return { month, currency, columns, rows, totals: totalsOf(columns, rows) };
}

/** The sum of each column that adds up, over the given rows; exact (M2). */
export function totalsOf(columns: readonly Column[], rows: Iterable<Row>): Row {
  const totals = columns.map(({ kind, adds }) => (adds ? zeroOf(kind) : undefined));
  const adding = [...columns.entries()].filter(([, { adds }]) => adds);
  for (const row of rows) {
    for (const [index, { kind }] of adding) totals[index] = plus(kind, totals[index], row[index]);
  }
  return totals;
}

/** The sum of the cells of a column of numbers; exact (M2). */
export function columnTotal(kind: ColumnKind, cells: Iterable<Cell>): Cell {
  let total = zeroOf(kind);
  for (const cell of cells) total = plus(kind, total, cell);
  return total;
}

function zeroOf(kind: ColumnKind): Cell {
  if (kind === 'money') return 0n;
  return kind === 'count' ? 0 : ZERO;
}

function plus(kind: ColumnKind, a: Cell, b: Cell): Cell {
  if (kind === 'money') return (a as Cents) + (b as Cents);
  if (kind === 'count') return (a as number) + (b as number);
  return add(a as Decimal, b as Decimal);
}

/** The place of a column in its rows; -1 where there is none of that name. */
export function columnIndex(columns: readonly Column[], wanted: string): number {
  return columns.findIndex(({ name }) => name === wanted);
}

/**
 * The totals of several months as a sheet, `2026-01..2026-03`, with a row for each key of these
 * columns: its sums, and texts as of its last month. Nothing for a single month, for months of
 * different currencies, and if no column adds up; seat counts of months do not.
 */
export function totalOfMonths(
  sheets: readonly RowSource[],
  keyColumns: readonly string[] = [],
): Sheet | undefined {
  const [first, ...others] = sheets as readonly [RowSource, ...RowSource[]];
  const last = others.at(-1);
  if (last === undefined) return undefined;
  if (sheets.some(({ currency }) => currency !== first.currency)) return undefined;
  const columns = first.columns.map((column) =>
    column.kind === 'count' ? { ...column, adds: false } : column,
  );
  const totals = totalsOf(
    columns,
    sheets.map((sheet) => sheet.totals),
  );
  if (totals.every((total) => total === undefined)) return undefined;
  const rows = keyColumns.length === 0 ? [] : sumsByKey(sheets, columns, keyColumns);
  return { ...first, month: `${first.month}..${last.month}`, columns, rows, totals };
}

function sumsByKey(
  sheets: readonly RowSource[],
  columns: readonly Column[],
  keyColumns: readonly string[],
): Row[] {
  const indexes = keyColumns.map((name) => columnIndex(columns, name));
  const keyOf = (row: Row): string => indexes.map((index) => row[index]).join('\0');
  const byKey = groupBy(
    sheets.flatMap(({ rows }) => [...rows]),
    keyOf,
  );
  return [...byKey.values()].map((rows) =>
    columns.map(({ kind }, index) => {
      if (kind === 'count') return undefined;
      const cells = rows.map((row) => row[index]);
      return isNumeric(kind) ? columnTotal(kind, cells) : cells.at(-1);
    }),
  );
}
