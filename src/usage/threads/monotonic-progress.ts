import type { ReadingProgress } from '../plan.ts';

/** Reports each byte and row once, even if reading has to start over. */
export class MonotonicProgress implements ReadingProgress {
  readonly #bytes: Counter;
  readonly #rows: Counter;

  constructor({ onBytes, onRows }: ReadingProgress) {
    this.#bytes = new Counter(onBytes);
    this.#rows = new Counter(onRows);
  }

  /** Starts over: what was reported already will be read again. */
  beginAgain(): void {
    this.#bytes.count = 0;
    this.#rows.count = 0;
  }

  readonly onBytes = (count: number): void => this.#bytes.add(count);

  readonly onRows = (count: number): void => this.#rows.add(count);
}

/** Reports increases beyond the previous maximum. */
class Counter {
  count = 0;
  #reported = 0;
  readonly #report: ((count: number) => void) | undefined;

  constructor(report: ((count: number) => void) | undefined) {
    this.#report = report;
  }

  add(count: number): void {
    this.count += count;
    if (this.count <= this.#reported) return;
    this.#report?.(this.count - this.#reported);
    this.#reported = this.count;
  }
}
