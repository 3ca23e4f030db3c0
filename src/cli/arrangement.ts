import {
  type Arrangement,
  arranged,
  type Condition,
  OPERATORS,
  type Operator,
  type SortKey,
} from '../billing/arrange.ts';
import { decimalFromText, ZERO } from '../domain/decimal.ts';
import { WrongUsage } from '../domain/problem.ts';
import { type Column, isNumeric, type Sheet } from '../domain/sheet.ts';
import { suggestion } from '../input/nearest.ts';
import type { RowsLook } from '../render/rows-table.ts';
import type { Drawing } from './command-result.ts';

/** `--where`, `--columns`, `--sort` and `--top` as given. */
export interface ArrangementOptions {
  readonly where?: readonly string[];
  readonly columns?: string;
  readonly sort?: string;
  readonly top?: number;
}

/**
 * How the options arrange the rows; without `--sort`, `--top` takes the highest of
 * `topBy`, or the first rows without it. An unknown column, one that is named
 * twice, and a condition that cannot be read are `WrongUsage`.
 */
export function arrangementAsked(
  { where, columns: chosen, sort, top }: ArrangementOptions,
  columns: readonly Column[],
  topBy?: string,
): Arrangement {
  const asked = sort ?? (top === undefined ? undefined : topBy);
  return {
    ...(where && { where: where.map((text) => conditionFrom(text, columns)) }),
    ...(asked !== undefined && { sortBy: sortKeyFrom(asked, columns) }),
    ...(top && { top }),
    ...(chosen !== undefined && { columns: columnsFrom(chosen, columns) }),
  };
}

/** The command's own table, for as long as no columns are chosen. */
export function ownTable({ columns }: Arrangement, table: Drawing): { readonly table?: Drawing } {
  return columns === undefined ? { table } : {};
}

/** The rows in a view of their own, the highest of a column first where no order is asked for. */
export function ownRows(
  arrangement: Arrangement,
  sheet: Sheet,
  highestOf: string,
  view: Pick<RowsLook, 'isPartial' | 'title' | 'goesLast' | 'signed' | 'picture'>,
): { readonly table?: Drawing } {
  return ownTable(arrangement, async (look) => {
    const { rowsTable } = await import('../render/rows-table.ts');
    const sortBy = { column: highestOf, reversed: false };
    const shown = arrangement.sortBy === undefined ? arranged(sheet, { sortBy }) : sheet;
    return rowsTable([shown], { ...look, ...view, isOwnView: true });
  });
}

/** The columns that are required: those of the view and any others that are named. */
export function columnsNeeded(
  { where = [], sortBy, columns = [] }: Arrangement,
  all: readonly Column[],
): readonly Column[] {
  const named = new Set([...columns, ...where.map(({ column }) => column), sortBy?.column]);
  return all.filter(({ name, isOptional }) => !isOptional || named.has(name));
}

function sortKeyFrom(asked: string, columns: readonly Column[]): SortKey {
  const reversed = asked.startsWith('-');
  const name = reversed ? asked.slice(1) : asked;
  return { column: columnNamed(name, columns, `--sort ${asked || '""'}`).name, reversed };
}

function columnsFrom(text: string, columns: readonly Column[]): string[] {
  const names = text
    .split(',')
    .map((name) => columnNamed(name.trim(), columns, `--columns ${text || '""'}`).name);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice === undefined) return names;
  throw new WrongUsage(`--columns ${text}: ${twice} is named twice: name each column once`);
}

const LONGEST_FIRST = [...OPERATORS].sort((a, b) => b.length - a.length);
const CONDITION = new RegExp(`^\\s*([\\w-]+?)\\s*(${LONGEST_FIRST.join('|')})(.*)$`, 's');

/** Reads `COLUMN OP VALUE`. */
function conditionFrom(text: string, columns: readonly Column[]): Condition {
  const option = `--where ${text || '""'}`;
  const [, name = '', operator, rest = ''] = CONDITION.exec(text) ?? [];
  if (operator === undefined) {
    throw new WrongUsage(
      `${option}: write a column, one of ${OPERATORS.join(' ')}, and a value: --where 'total_charge > 100'`,
    );
  }
  const column = columnNamed(name, columns, option);
  return conditionOn(column, operator as Operator, rest.trim(), option);
}

function conditionOn(
  { name, kind }: Column,
  operator: Operator,
  text: string,
  option: string,
): Condition {
  const column = { column: name, operator };
  if (!isNumeric(kind)) return { ...column, value: text };
  const number = text === '' ? ZERO : decimalFromText(text);
  if (number !== undefined) return { ...column, value: operator === '~' ? text : number };
  throw new WrongUsage(
    `${option}: ${name} holds numbers, and ${text} is not one: write 100 or 12.50, without currency signs or thousands separators`,
  );
}

function columnNamed(asked: string, columns: readonly Column[], option: string): Column {
  const found = columns.find(({ name }) => name === asked.toLowerCase());
  if (found !== undefined) return found;
  const names = columns.map(({ name }) => name);
  const hint = suggestion(asked, names);
  throw new WrongUsage(
    `${option}: there is no column ${asked || '""'}${hint} (${names.join(', ')})`,
  );
}
