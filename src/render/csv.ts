import { stringify } from 'csv-stringify/sync';
import { repeated } from '../domain/grouping.ts';
import { guardedText } from '../domain/guarded-text.ts';
import { type Cell, type Column, cellText, isNumeric, type RowSource } from '../domain/sheet.ts';
import { visible } from './terminal.ts';

/** Characters that a field must not have without quotes. */
const QUOTED = /[",\r\n]/;

type CsvSheet = Pick<RowSource, 'columns' | 'rows'>;

interface CsvLook {
  /** Written to a terminal, which must not get control characters: they are made visible. */
  readonly isForTerminal?: boolean;
}

/**
 * CSV by RFC 4180: one header, then the rows of all months, each ending in LF. Fields are quoted
 * only where they hold a comma, a quote, CR or LF. The sheets have the same columns. Text is
 * unchanged, except for a terminal.
 */
export function* csvText(
  sheets: readonly CsvSheet[],
  { isForTerminal = false }: CsvLook = {},
): Generator<string> {
  const shown = isForTerminal ? visible : asItCame;
  const columns = sheets[0]?.columns;
  if (columns === undefined) return;
  yield csvRow(columns.map(({ name }) => quoted(name)));
  const fields = columns.map((column) => fieldOf(column, shown));
  for (const { rows } of sheets) {
    for (const row of rows) yield csvRow(fields.map((field, index) => field(row[index])));
  }
}

function csvRow(fields: readonly string[]): string {
  return `${fields.join(',')}\n`;
}

/**
 * A text as a field, in quotes where it needs them. For all others csv-stringify, which takes
 * long, has nothing to do. It quotes a lone CR and LF only as long as `record_delimiter` is left
 * alone, and its `escape_formulas` guards more than the spec's characters, so neither is set.
 */
function quoted(text: string): string {
  return QUOTED.test(text) ? stringify([[text]]).slice(0, -1) : text;
}

function asItCame(text: string): string {
  return text;
}

/** How the cells of a column are written: in most columns few are different. */
function fieldOf({ kind }: Column, shown: (text: string) => string): (cell: Cell) => string {
  return repeated((cell) => {
    const text = shown(cellText(kind, cell));
    return isNumeric(kind) ? text : quoted(guardedText(text));
  });
}
