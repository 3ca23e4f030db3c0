import { groupBy } from './grouping.ts';
import { compareBytes } from './text-order.ts';
import type { Warning } from './warning.ts';

/** Where a row of an input begins. */
export interface Place {
  /** The path as given or found; `-` for standard input. */
  readonly file: string;
  /** The physical line, from 1. */
  readonly line: number;
}

/** Places by the bytes of their paths, and by line in each file. */
export function comparePlaces(a: Place, b: Place): number {
  return compareBytes(a.file, b.file) || a.line - b.line;
}

/** A piece of bad input: nothing is billed if there is one. */
export interface Problem {
  readonly file: string;
  /** Missing for a problem of a whole file. */
  readonly line?: number;
  /** The column's name, or `row`; of settings, which have no `line`, the key. */
  readonly column?: string;
  /** What is wrong and how to correct it. */
  readonly what: string;
  /** The text shared by problems of this kind, if `what` contains a correction for this value. */
  readonly kind?: string;
  /** The offending text, if any. */
  readonly value?: string;
}

/** The same for problems of one file that differ only in line and value. */
export function problemKind({ file, column = '', what, kind = what }: Problem): string {
  return JSON.stringify([file, column, kind]);
}

/** Lines that follow one another, both included. */
export interface LineRange {
  readonly from: number;
  readonly to: number;
}

/** Adds a range; one that follows or overlaps the last one, and does not begin before it, is merged into it. */
export function addRange(ranges: LineRange[], { from, to }: LineRange): void {
  const last = ranges.at(-1);
  if (last === undefined || from < last.from || from > last.to + 1) ranges.push({ from, to });
  else ranges[ranges.length - 1] = { from: last.from, to: Math.max(to, last.to) };
}

/** Problems of one kind that are not stored individually. */
export interface UnkeptProblems {
  readonly count: number;
  /** The first of their lines. */
  readonly ranges: readonly LineRange[];
}

/** The problems by file, in order of appearance, and by line in each. */
export function inFileOrder(problems: Iterable<Problem>): Problem[] {
  const byFile = groupBy(problems, ({ file }) => file);
  return [...byFile.values()].flatMap((ofFile) =>
    ofFile.sort((a, b) => (a.line ?? 0) - (b.line ?? 0)),
  );
}

/** The problems by the paths of the files, and by line in each: for problems not found in file order. */
export function byFileAndLine(problems: Iterable<Problem>): Problem[] {
  return inFileOrder([...problems].sort((a, b) => compareBytes(a.file, b.file)));
}

/** Thrown by a reader or the engine that has found bad input; the command shows all problems. */
export class BadInput extends Error {
  /** The first ones, if there are too many to keep. */
  readonly problems: readonly Problem[];
  readonly total: number;
  /** Those that are only counted, by `problemKind`. */
  readonly unkept: ReadonlyMap<string, UnkeptProblems>;
  /** Their possible cause: files that are not read. */
  readonly warnings: readonly Warning[];

  constructor(
    problems: readonly Problem[],
    total = problems.length,
    unkept: ReadonlyMap<string, UnkeptProblems> = new Map(),
    warnings: readonly Warning[] = [],
  ) {
    super(`${total} problems in the input`);
    this.problems = problems;
    this.total = total;
    this.unkept = unkept;
    this.warnings = warnings;
  }
}

/** Thrown for an impossible command line; the message says what is possible. */
export class WrongUsage extends Error {}
