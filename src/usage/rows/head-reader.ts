import type { Problem } from '../../domain/problem.ts';
import {
  type CsvOpening,
  FORMAT_BYTES,
  misplacedProblem,
  openingOf,
  type TableColumns,
} from '../../input/csv-opening.ts';
import { otherFormat } from '../../input/file-format.ts';
import { lineFeeds, rowEnd } from '../../input/row-end.ts';
import type { SlidingText } from './sliding-text.ts';

/** The header of a file; the text is positioned after it. */
export interface Head {
  readonly opening: CsvOpening;
  /** The header row with its line end. */
  readonly bytes: Buffer;
  /** The line on which the next row begins. */
  readonly bodyLine: number;
}

/**
 * Moves past the header of a file, from the beginning of `text`. `too long`, with nothing read, if
 * its end is not near; `empty` if there is no row; else the problem of the file as a whole.
 * `firstLine`: the line on which the text begins. May throw `BadInput`.
 */
export async function readHead(
  file: string,
  text: SlidingText,
  candidates: readonly TableColumns[],
  firstLine = 1,
): Promise<Head | Problem | 'too long' | 'empty'> {
  for (let isWhole = false; ; ) {
    if (text.isFull) return 'too long';
    isWhole = !(await text.fill());
    const bytes = text.bytes.subarray(0, text.end);
    if (bytes.length < FORMAT_BYTES && !isWhole) continue;
    const problem = otherFormat(file, bytes);
    if (problem !== undefined) return problem;
    const found = openingOf(bytes, isWhole, candidates);
    const opening = found && { ...found, headerLine: found.headerLine + firstLine - 1 };
    if (opening === undefined && isWhole) return 'empty';
    const misplaced = opening && misplacedProblem(file, opening);
    if (misplaced !== undefined) return misplaced;
    const head = opening && takenHead(text, opening);
    if (head !== undefined) return head;
    if (isWhole) return 'too long';
  }
}

/** The header, after which the text is positioned then; `undefined` if the row does not end in the buffered text. */
function takenHead(text: SlidingText, opening: CsvOpening): Head | undefined {
  const { headerAt, headerLine, delimiter } = opening;
  const { bytes } = text;
  const end = rowEnd(bytes, headerAt, text.end, delimiter.charCodeAt(0));
  if (end < 0) return undefined;
  text.position = end;
  const bodyLine = headerLine + lineFeeds(bytes, headerAt, end);
  return { opening, bytes: text.copy(headerAt, end), bodyLine };
}
