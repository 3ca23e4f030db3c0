import { groupBy } from '../domain/grouping.ts';
import {
  addRange,
  type BadInput,
  type LineRange,
  type Problem,
  problemKind,
  type UnkeptProblems,
} from '../domain/problem.ts';
import { type ColumnOf, column, NO_MONTH, type Sheet, sheetOf } from '../domain/sheet.ts';
import type { Warning } from '../domain/warning.ts';
import { countShown } from './amounts.ts';
import { jsonText, rowObject, warningObject } from './json.ts';
import type { Paint } from './palette.ts';
import { visible } from './terminal.ts';
import { shortened } from './width.ts';

/** Characters of a wrong value that are shown; the place says where to find the rest. */
const SHOWN_CHARACTERS = 80;

/** Problems of a file that differ in their lines and values alone. */
interface ProblemGroup {
  readonly first: Problem;
  readonly count: number;
  /** The lines of all of them, in their order; blank for a problem of a whole file. */
  readonly ranges: readonly LineRange[];
}

/** How many problems of one kind a file may have that are shown each. */
const SHOWN_EACH = 3;

/**
 * The problems as they are shown in text: where more than three of a file are alike, as one.
 * `unkept`: by `problemKind`, those that are counted beside `problems`.
 */
function problemGroups(
  problems: readonly Problem[],
  unkept: ReadonlyMap<string, UnkeptProblems>,
): ProblemGroup[] {
  const alike = groupBy(problems, problemKind);
  return problems.flatMap((problem) => {
    const kind = problemKind(problem);
    const group = alike.get(kind) ?? [problem];
    const isEach = problem.line === undefined || group.length <= SHOWN_EACH;
    if (isEach) return [groupOf([problem])];
    return group[0] === problem ? [groupOf(group, unkept.get(kind))] : [];
  });
}

function groupOf(
  problems: readonly [Problem, ...Problem[]],
  { count, ranges }: UnkeptProblems = { count: 0, ranges: [] },
): ProblemGroup {
  const [first] = problems;
  const kept = problems.map(({ line = 0 }) => ({ from: line, to: line }));
  return {
    first,
    count: problems.length + count,
    ranges: first.line === undefined ? [] : joined([...kept, ...ranges]),
  };
}

/** The ranges in order, with adjacent and overlapping ones merged. */
function joined(ranges: readonly LineRange[]): LineRange[] {
  const all: LineRange[] = [];
  for (const range of ranges.toSorted((a, b) => a.from - b.from)) addRange(all, range);
  return all;
}

/** How many kinds of problems are shown. */
const SHOWN_KINDS = 20;

/** The first kinds of problems, a line each, and how many problems are of others; `paint` is for places. */
export function problemLines(
  { problems, total, unkept }: BadInput,
  paint?: Paint,
): { readonly lines: readonly string[]; readonly more: number } {
  const shown = problemGroups(problems, unkept).slice(0, SHOWN_KINDS);
  const more = total - shown.reduce((sum, { count }) => sum + count, 0);
  return { lines: shown.map((group) => problemGroupLine(group, paint)), more };
}

/**
 * One line of text: `FILE:LINE: COLUMN: what (the value)`, or `FILE: what` for a problem
 * of a whole file, `FILE: KEY: what` of a setting. Control characters are made visible, long values cut with `…`.
 */
export function problemLine(problem: Problem): string {
  return problemGroupLine(groupOf([problem]));
}

/** The same of several: `FILE:2-40,50: COLUMN: what (40 rows, the first: VALUE)`. */
function problemGroupLine(
  { first, count, ranges }: ProblemGroup,
  paint: Paint = (place) => place,
): string {
  const { line, column, what, value = '' } = first;
  const file = shortened(first.file, SHOWN_PATH);
  const place = line === undefined ? file : `${file}:${rangesText(ranges)}`;
  const name = column ?? (line === undefined ? undefined : 'row');
  const named = name === undefined ? '' : ` ${name}:`;
  const shown = value === '' ? [] : [cut(value)];
  const about =
    count > 1 ? [countShown(count, 'row'), ...shown.map((text) => `the first: ${text}`)] : shown;
  const end = about.length === 0 ? '' : ` (${about.join(', ')})`;
  return `${paint(`${visible(place)}:`)}${visible(`${named} ${what}`)}${end}`;
}

/** Columns of a path that is shown: its start and its end say which it is. */
const SHOWN_PATH = 200;
const SHOWN_RANGES = 10;

/** `2-40,50`: at most ten ranges, then `…`. */
function rangesText(ranges: readonly LineRange[]): string {
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
export const PROBLEM_COLUMNS: readonly ColumnOf<Problem>[] = [
  column('file', 'text', ({ file }) => file),
  column('line', 'count', ({ line }) => line, false),
  column('column', 'text', (problem) => problem.column),
  column('message', 'text', ({ what }) => what),
  column('value', 'text', ({ value }) => value),
];

/** The problems as a sheet, with the names that they have in JSON; values are whole. */
export function problemsSheet(problems: readonly Problem[]): Sheet {
  return sheetOf(NO_MONTH, PROBLEM_COLUMNS, problems);
}

/**
 * The problems, as rows of `problemsSheet`, and warnings of `check` for a program; values are whole.
 * `unlisted`: how many more problems there are, which were too many to keep.
 */
export function problemsJson(
  { columns, rows }: Sheet,
  warnings: readonly Warning[],
  unlisted: number,
): string {
  return jsonText({
    problems: rows.map((row) => rowObject(columns, row)),
    ...(unlisted > 0 && { unlisted_problems: unlisted }),
    warnings: warnings.map(warningObject),
  });
}
