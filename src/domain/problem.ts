import { groupBy } from './grouping.ts';
import { compareBytes } from './text-order.ts';

/** Where a row of an input begins. */
export interface Place {
  /** The path as given or found; `-` for standard input. */
  readonly file: string;
  /** The physical line, from 1. */
  readonly line: number;
}

/** A piece of bad input: nothing is billed while there is one. */
export interface Problem {
  readonly file: string;
  /** Missing for a problem of a whole file. */
  readonly line?: number;
  /** The column's name, or `row`; of settings, which have no `line`, the key. */
  readonly column?: string;
  /** What is wrong and what would be right. */
  readonly what: string;
  /** What problems like this one share, where `what` says what would be right for this value. */
  readonly kind?: string;
  /** The offending text, where there is one. */
  readonly value?: string;
}

/** The problems file by file, as the files come, and by line in each. */
export function inFileOrder(problems: Iterable<Problem>): Problem[] {
  const byFile = groupBy(problems, ({ file }) => file);
  return [...byFile.values()].flatMap((ofFile) =>
    ofFile.sort((a, b) => (a.line ?? 0) - (b.line ?? 0)),
  );
}

/** The problems by the paths of the files, and by line in each: for those found in no order of files. */
export function byFileAndLine(problems: Iterable<Problem>): Problem[] {
  return inFileOrder([...problems].sort((a, b) => compareBytes(a.file, b.file)));
}

/** Thrown by a reader or the engine that has found bad input; the command shows all problems. */
export class BadInput extends Error {
  /** The first of them, where they are too many to keep. */
  readonly problems: readonly Problem[];
  readonly total: number;

  constructor(problems: readonly Problem[], total = problems.length) {
    super(`${total} problems in the input`);
    this.problems = problems;
    this.total = total;
  }
}

/** Thrown for a command line that asks for what cannot be; the message says what can. */
export class WrongUsage extends Error {}
