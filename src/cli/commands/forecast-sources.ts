import { BadInput, WrongUsage } from '../../domain/problem.ts';
import { type ByteSource, readBytes } from '../../input/byte-source.ts';
import { csvEntries, isBadRow } from '../../input/csv.ts';
import type { InputFiles } from '../../input/data-directory.ts';
import { trimmed } from '../../input/fields.ts';

/** The files, with usage from standard input such that its start, or with `keep` all of it, can be read again. */
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

  /** The first iteration looks at the header only; chunks of a later one are kept where asked. */
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
  for (const source of sources) {
    const names = await headerNames(source);
    if (!names.includes('stretch_from')) continue;
    throw new WrongUsage(
      `${source.file} is a usage summary, which has no days left in it to forecast from: give the usage that it was made of`,
    );
  }
}

/** None where there is no header that can be read: reading the rows finds out why. */
async function headerNames(source: ByteSource): Promise<string[]> {
  try {
    for await (const [header] of csvEntries(readBytes(source))) {
      if (header === undefined || isBadRow(header)) return [];
      return header.fields.map((name) => trimmed(name).toLowerCase());
    }
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
  }
  return [];
}
