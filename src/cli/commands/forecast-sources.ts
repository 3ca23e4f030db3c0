import { WrongUsage } from '../../domain/problem.ts';
import type { ByteSource } from '../../input/byte-source.ts';
import type { InputFiles } from '../../input/data-directory.ts';
import { sortSources } from '../../usage/files/sort-sources.ts';

/**
 * The files, with usage from standard input buffered so that its start, or with `keep` all of it,
 * can be read again.
 */
export function replayable(files: InputFiles, keep: boolean): InputFiles {
  const usage = files.usage.map((source) =>
    source.stream === undefined
      ? source
      : { ...source, stream: new ReplayedStream(source.stream, keep) },
  );
  return { ...files, usage };
}

/** A stream that starts over with each iteration. */
class ReplayedStream implements AsyncIterable<Buffer> {
  readonly #rest: AsyncIterator<Buffer>;
  readonly #keep: boolean;
  readonly #kept: Buffer[] = [];
  #iterations = 0;

  constructor(stream: AsyncIterable<Buffer>, keep: boolean) {
    this.#rest = stream[Symbol.asyncIterator]();
    this.#keep = keep;
  }

  /** The first iteration reads only the header; a later one keeps its chunks if asked to. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    this.#iterations += 1;
    const isKept = this.#keep || this.#iterations === 1;
    for (const chunk of this.#kept) yield chunk;
    for (;;) {
      const { done, value } = await this.#rest.next();
      if (done) return;
      if (isKept) this.#kept.push(value);
      yield value;
    }
  }
}

/** A usage summary has sums of whole stretches of a month, and no days: `WrongUsage`. */
export async function refuseSummaries(sources: readonly ByteSource[]): Promise<void> {
  const [summary] = (await sortSources(sources)).summaries;
  if (summary === undefined) return;
  throw new WrongUsage(
    `${summary.file} is a usage summary, which has no days left in it to forecast from: give the usage that it was made of`,
  );
}
