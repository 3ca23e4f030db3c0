import type { Problem } from '../domain/problem.ts';
import type { Column, Sheet } from '../domain/sheet.ts';
import type { Warning } from '../domain/warning.ts';
import { jsonText, rowObject, warningObject } from './json.ts';
import { visible } from './terminal.ts';

/** Characters of a wrong value that are shown; the place tells where to find the rest. */
const SHOWN_CHARACTERS = 80;

/**
 * One line of text: `FILE:LINE: COLUMN: what (the value)`, or `FILE: what` for a problem
 * of a whole file. Control characters are made visible, long values cut with `…`.
 */
export function problemLine({ file, line, column, what, value }: Problem): string {
  const place = line === undefined ? file : `${file}:${line}: ${column ?? 'row'}`;
  const shown = value === undefined || value === '' ? '' : ` (${cut(value)})`;
  return `${visible(`${place}: ${what}`)}${shown}`;
}

/** Cuts before making visible, so that no `\x1b` is cut in two and a huge value costs nothing. */
function cut(value: string): string {
  const start = [...value.slice(0, 2 * SHOWN_CHARACTERS + 2)];
  if (start.length <= SHOWN_CHARACTERS) return visible(value);
  return `${visible(start.slice(0, SHOWN_CHARACTERS - 1).join(''))}…`;
}

/** The columns of problems as rows. */
export const PROBLEM_COLUMNS: readonly Column[] = [
  { name: 'file', kind: 'text', adds: false },
  { name: 'line', kind: 'count', adds: false },
  { name: 'column', kind: 'text', adds: false },
  { name: 'message', kind: 'text', adds: false },
  { name: 'value', kind: 'text', adds: false },
];

/** The problems as a sheet, with the names that they have in JSON; values are whole. */
export function problemsSheet(problems: readonly Problem[]): Sheet {
  const rows = problems.map(({ file, line, column, what, value }) => [
    file,
    line,
    column,
    what,
    value,
  ]);
  return {
    month: '',
    currency: '',
    columns: PROBLEM_COLUMNS,
    rows,
    totals: PROBLEM_COLUMNS.map(() => undefined),
  };
}

/** The problems, as rows of `problemsSheet`, and warnings of `check` for a program; values are whole. */
export function problemsJson({ columns, rows }: Sheet, warnings: readonly Warning[] = []): string {
  return jsonText({
    problems: rows.map((row) => rowObject(columns, row)),
    warnings: warnings.map(warningObject),
  });
}
