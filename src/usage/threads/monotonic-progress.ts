import type { ReadingProgress } from '../plan.ts';

/** Reports each byte and row once, also where reading has to begin again. */
export class MonotonicProgress implements ReadingProgress {
  readonly #progress: ReadingProgress;
  #bytes = 0;
  #rows = 0;
  #reportedBytes = 0;
  #reportedRows = 0;

  constructor(progress: ReadingProgress) {
    this.#progress = progress;
  }

  /** From here on what was reported already is read again. */
  beginAgain(): void {
    this.#bytes = 0;
    this.#rows = 0;
  }

  readonly onBytes = (count: number): void => {
    this.#bytes += count;
    const news = this.#bytes - this.#reportedBytes;
    if (news <= 0) return;
    this.#reportedBytes = this.#bytes;
    this.#progress.onBytes?.(news);
  };

  readonly onRows = (count: number): void => {
    this.#rows += count;
    const news = this.#rows - this.#reportedRows;
    if (news <= 0) return;
    this.#reportedRows = this.#rows;
    this.#progress.onRows?.(news);
  };
}
