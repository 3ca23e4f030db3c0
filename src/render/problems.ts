import { groupBy } from '../domain/grouping.ts';
import type { Problem } from '../domain/problem.ts';
import type { Column, Sheet } from '../domain/sheet.ts';
import type { Warning } from '../domain/warning.ts';
import { jsonText, rowObject, warningObject } from './json.ts';
import { visible } from './terminal.ts';
import { shortened } from './width.ts';

/** Characters of a wrong value that are shown; the place says where to find the rest. */
const SHOWN_CHARACTERS = 80;

/** Problems of a file that differ in their lines and values alone, in the order of the lines. */
export interface ProblemGroup {
  readonly first: Problem;
  /** The lines of all of them. */
  readonly lines: readonly number[];
}

/** How many problems of one kind a file may have that are shown each. */
const SHOWN_EACH = 3;

/** The problems as they are shown in text: where more than three of a file are alike, as one. */
export function problemGroups(problems: readonly Problem[]): ProblemGroup[] {
  const alike = groupBy(problems, kindOf);
  return problems.flatMap((problem) => {
    const group = alike.get(kindOf(problem)) ?? [];
    const isEach = problem.line === undefined || group.length <= SHOWN_EACH;
    if (isEach) return [{ first: problem, lines: [problem.line ?? 0] }];
    const isFirst = group[0] === problem;
    return isFirst ? [{ first: problem, lines: group.map(({ line = 0 }) => line) }] : [];
  });
}

function kindOf({ file, column = '', what, kind = what }: Problem): string {
  return JSON.stringify([file, column, kind]);
}

/** Makes a place stand out on a terminal. */
export type Paint = (place: string) => string;

/**
 * One line of text: `FILE:LINE: COLUMN: what (the value)`, or `FILE: what` for a problem
 * of a whole file, `FILE: KEY: what` of a setting. Control characters are made visible, long values cut with `…`.
 */
export function problemLine(problem: Problem, paint?: Paint): string {
  return problemGroupLine({ first: problem, lines: [problem.line ?? 0] }, paint);
}

/** The same of several: `FILE:2-40,50: COLUMN: what (40 rows, the first: VALUE)`. */
export function problemGroupLine(
  { first, lines }: ProblemGroup,
  paint: Paint = (place) => place,
): string {
  const { line, column, what, value = '' } = first;
  const file = shortened(first.file, SHOWN_PATH);
  const place = line === undefined ? file : `${file}:${lineRanges(lines)}`;
  const name = column ?? (line === undefined ? undefined : 'row');
  const named = name === undefined ? '' : ` ${name}:`;
  const shown = value === '' ? [] : [cut(value)];
  const about =
    lines.length > 1
      ? [`${lines.length} rows`, ...shown.map((text) => `the first: ${text}`)]
      : shown;
  const end = about.length === 0 ? '' : ` (${about.join(', ')})`;
  return `${paint(`${visible(place)}:`)}${visible(`${named} ${what}`)}${end}`;
}

/** Columns of a path that is shown: its start and its end say which it is. */
const SHOWN_PATH = 200;
const SHOWN_RANGES = 10;

/** `2-40,50`: at most ten ranges, then `…`. */
function lineRanges(lines: readonly number[]): string {
  const ranges: { from: number; to: number }[] = [];
  for (const line of lines) {
    const last = ranges.at(-1);
    if (last !== undefined && line <= last.to + 1) last.to = line;
    else ranges.push({ from: line, to: line });
  }
  const shown = ranges
    .slice(0, SHOWN_RANGES)
    .map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`));
  return (ranges.length > SHOWN_RANGES ? [...shown, '…'] : shown).join(',');
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
