import { BadInput, inFileOrder, type Problem } from '../domain/problem.ts';

/** How many problems are kept for display; the others are only counted. */
const KEPT_PROBLEMS = 10_000;

/** All problems of a run, in the order in which they are found; memory is bounded. */
export class ProblemLog {
  readonly #kept: Problem[] = [];
  #total = 0;

  add(problem: Problem): void {
    this.#total += 1;
    if (this.#kept.length < KEPT_PROBLEMS) this.#kept.push(problem);
  }

  /** Takes over the problems of another log. */
  takeOver(other: ProblemLog): void {
    for (const problem of other.#kept) this.add(problem);
    this.#total += other.#total - other.#kept.length;
  }

  /** Takes over the problems of a `BadInput`; any other error is thrown again. */
  addFailure(error: unknown): void {
    if (!(error instanceof BadInput)) throw error;
    for (const problem of error.problems) this.add(problem);
  }

  get total(): number {
    return this.#total;
  }

  /** At most the first 10,000, file by file as they were read, and by line in each. */
  get kept(): readonly Problem[] {
    return inFileOrder(this.#kept);
  }
}
