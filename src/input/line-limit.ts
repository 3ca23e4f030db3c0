import { BadInput } from '../domain/problem.ts';
import { LF, lineFeeds } from './row-end.ts';

/** No line of rows with fields of at most 64 KiB is longer, except one made to be. */
const LONGEST_LINE_BYTES = 16 * 1024 * 1024;

/**
 * The same chunks, up to an endless line: then `BadInput`, so that no run waits for its end.
 * `firstLine`: the line of the file on which the chunks begin.
 */
export async function* limitedLines(
  file: string,
  chunks: AsyncIterable<Buffer>,
  firstLine: number,
): AsyncGenerator<Buffer> {
  let line = firstLine;
  let length = 0;
  for await (const chunk of chunks) {
    const lastEnd = chunk.lastIndexOf(LF);
    length = lastEnd < 0 ? length + chunk.length : chunk.length - lastEnd - 1;
    if (length > LONGEST_LINE_BYTES) {
      throw new BadInput([{ file, line, column: 'row', what: 'a field over 64 KiB' }]);
    }
    line += lineFeeds(chunk, 0, chunk.length);
    yield chunk;
  }
}
