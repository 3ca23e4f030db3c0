import { countsOf } from '../domain/counts.ts';
import {
  addRange,
  BadInput,
  inFileOrder,
  type LineRange,
  type Problem,
  problemKind,
  type UnkeptProblems,
} from '../domain/problem.ts';

/** How many problems are stored individually; the others are only counted, by kind. */
const KEPT_PROBLEMS = 10_000;
/** This many of each kind are always kept: more than three of a kind are shown together. */
const KEPT_OF_KIND = 4;
const MOST_KINDS = 10_000;
/** More than are shown. */
const KEPT_RANGES = 11;

/** All problems of a run, in the order in which they are found; memory is bounded. */
export class ProblemLog {
  readonly #kept: Problem[] = [];
  /** How many of each kind are kept; counted from the first problem that may be dropped. */
  #keptOfKind: Map<string, number> | undefined;
  readonly #unkept = new Map<string, { count: number; ranges: LineRange[] }>();
  #total = 0;
  /** Not problems, but possibly not what was meant. */
  readonly notes: string[] = [];

  add(problem: Problem): void {
    this.#total += 1;
    if (this.#kept.length < KEPT_PROBLEMS) this.#kept.push(problem);
    else this.#addToKind(problem);
  }

  #addToKind(problem: Problem): void {
    this.#keptOfKind ??= countsOf(this.#kept.map(problemKind));
    const kind = problemKind(problem);
    const kept = this.#keptOfKind.get(kind) ?? 0;
    if (kept === 0 && this.#keptOfKind.size >= MOST_KINDS) return;
    if (kept < KEPT_OF_KIND) {
      this.#keptOfKind.set(kind, kept + 1);
      this.#kept.push(problem);
      return;
    }
    const { line = 0 } = problem;
    this.#addUnkept(kind, { count: 1, ranges: [{ from: line, to: line }] });
  }

  #addUnkept(kind: string, { count, ranges }: UnkeptProblems): void {
    const known = this.#unkept.get(kind) ?? { count: 0, ranges: [] };
    this.#unkept.set(kind, known);
    known.count += count;
    for (const range of ranges) {
      addRange(known.ranges, range);
      known.ranges.length = Math.min(known.ranges.length, KEPT_RANGES);
    }
  }

  /** Takes over the problems and notes of another log. */
  takeOver(other: ProblemLog): void {
    this.notes.push(...other.notes);
    this.#takeOver(other.failure);
  }

  /** Takes over the problems of a `BadInput`; any other error is thrown again. */
  addFailure(error: unknown): void {
    if (!(error instanceof BadInput)) throw error;
    this.#takeOver(error);
  }

  #takeOver({ problems, total, unkept }: BadInput): void {
    for (const problem of problems) this.add(problem);
    for (const [kind, more] of unkept) this.#addUnkept(kind, more);
    this.#total += total - problems.length;
  }

  get total(): number {
    return this.#total;
  }

  /** The first 10,000, and some of each kind, by file in reading order, and by line in each. */
  get kept(): readonly Problem[] {
    return inFileOrder(this.#kept);
  }

  /** The error to throw if there are problems. */
  get failure(): BadInput {
    return new BadInput(this.kept, this.#total, this.#unkept);
  }
}
