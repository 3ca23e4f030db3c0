import type { ByteSource } from '../input/byte-source.ts';
import { uptimeMs } from '../input/clock.ts';
import { countShown, grouped } from '../render/amounts.ts';
import type { ReadingProgress } from '../usage/plan.ts';
import type { Context } from './context.ts';
import type { Host } from './host.ts';

const FIRST_SHOWN_MS = 500;
const INTERVAL_MS = 100;
/** Rate and time left are meaningless before this, as starting to read takes time, too. */
const STEADY_MS = 1500;
/** The time left is meaningless before this share of the bytes is read. */
const STEADY_SHARE = 0.02;
const DEFAULT_COLUMNS = 80;
const ERASE_LINE = '\r\x1b[K';

/**
 * One line on a terminal's standard error about what is being read (`usage`, where not
 * said): bytes, rows, rate and time left. It comes when reading takes longer than half a
 * second, and goes when `stop` is called.
 */
export class UsageProgress implements ReadingProgress {
  readonly #host: Host;
  readonly #what: string;
  readonly #totalBytes: number | undefined;
  readonly #isShown: boolean;
  readonly #startedMs = uptimeMs();
  #lastShownMs: number | undefined;
  #bytes = 0;
  #rows = 0;

  constructor(sources: readonly ByteSource[], host: Host, isWanted: boolean, what = 'usage') {
    this.#host = host;
    this.#what = what;
    this.#isShown = isWanted && host.stderr.isTTY === true;
    const sizes = sources.map(({ sizeBytes }) => sizeBytes);
    const isKnown = sizes.every((size) => size !== undefined);
    this.#totalBytes = isKnown ? sizes.reduce((total, size) => total + size, 0) : undefined;
  }

  readonly onBytes = (count: number): void => {
    this.#bytes += count;
  };

  readonly onRows = (count: number): void => {
    this.#rows += count;
    if (!this.#isShown) return;
    const nowMs = uptimeMs();
    const dueMs =
      this.#lastShownMs === undefined
        ? this.#startedMs + FIRST_SHOWN_MS
        : this.#lastShownMs + INTERVAL_MS;
    if (nowMs < dueMs) return;
    this.#lastShownMs = nowMs;
    const line = progressLine(this.#bytes, this.#totalBytes, this.#rows, nowMs - this.#startedMs);
    // A line that is wrapped could not be erased.
    const room = (this.#host.stderr.columns ?? DEFAULT_COLUMNS) - 1;
    const text = `reading ${this.#what}: ${line}`;
    this.#host.stderr.write(`${ERASE_LINE}${text.slice(0, room)}`);
  };

  get bytesRead(): number {
    return this.#bytes;
  }

  /** All that was read so far, and how fast: `AWS's bill: 2,139 rows, 0.1 MB, 98,000 rows/s`. */
  get summary(): string {
    const perSecond = Math.round(this.#rows / ((uptimeMs() - this.#startedMs) / 1000));
    return `${this.#what}: ${countShown(this.#rows, 'row')}, ${(this.#bytes / 1e6).toFixed(1)} MB, ${grouped(perSecond)} rows/s`;
  }

  stop(): void {
    if (this.#lastShownMs !== undefined) this.#host.stderr.write(ERASE_LINE);
  }
}

/** Shows how far the reading of something besides usage is; `--timings` says it, too. */
export async function withProgress<Result>(
  what: string,
  sources: readonly ByteSource[],
  { host, stopwatch, progress: isWanted }: Context,
  read: (progress: ReadingProgress) => Promise<Result>,
): Promise<Result> {
  const progress = new UsageProgress(sources, host, isWanted, what);
  const result = await read(progress).finally(() => progress.stop());
  stopwatch.alsoRead.push(progress.summary);
  return result;
}

/** `412 of 1,650 MB (25%), 5,012,345 rows, 6,500,000 rows/s, 12 s left`; rate and time left once they are steady. */
export function progressLine(
  bytes: number,
  totalBytes: number | undefined,
  rows: number,
  elapsedMs: number,
): string {
  const perSecond = Math.round(rows / (elapsedMs / 1000));
  const parts = [
    totalBytes === undefined ? megabytes(bytes) : shareText(bytes, totalBytes),
    countShown(rows, 'row'),
  ];
  if (elapsedMs < STEADY_MS) return parts.join(', ');
  parts.push(`${grouped(perSecond)} rows/s`);
  if (totalBytes !== undefined && bytes >= totalBytes * STEADY_SHARE) {
    const leftMs = (elapsedMs / bytes) * Math.max(0, totalBytes - bytes);
    parts.push(`${Math.ceil(leftMs / 1000)} s left`);
  }
  return parts.join(', ');
}

function shareText(bytes: number, totalBytes: number): string {
  const percent = Math.floor((100 * bytes) / Math.max(1, totalBytes));
  return `${grouped(Math.round(bytes / 1e6))} of ${megabytes(totalBytes)} (${percent}%)`;
}

function megabytes(bytes: number): string {
  return `${grouped(Math.round(bytes / 1e6))} MB`;
}
