import type { ReadingProgress } from './plan.ts';

/** Tells progress once, also where reading has to begin again. */
export class ToldProgress implements ReadingProgress {
  readonly #progress: ReadingProgress;
  #bytes = 0;
  #rows = 0;
  #toldBytes = 0;
  #toldRows = 0;

  constructor(progress: ReadingProgress) {
    this.#progress = progress;
  }

  /** From here on what was told already is read again. */
  beginAgain(): void {
    this.#bytes = 0;
    this.#rows = 0;
  }

  readonly onBytes = (count: number): void => {
    this.#bytes += count;
    const news = this.#bytes - this.#toldBytes;
    if (news <= 0) return;
    this.#toldBytes = this.#bytes;
    this.#progress.onBytes?.(news);
  };

  readonly onRows = (count: number): void => {
    this.#rows += count;
    const news = this.#rows - this.#toldRows;
    if (news <= 0) return;
    this.#toldRows = this.#rows;
    this.#progress.onRows?.(news);
  };
}
