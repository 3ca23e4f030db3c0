import type { Problem } from '../../domain/problem.ts';
import {
  type CsvOpening,
  misplacedProblem,
  openingOf,
  type TableColumns,
} from '../../input/csv-opening.ts';
import { otherFormat } from '../../input/file-format.ts';
import { lineFeeds, rowEnd } from './row-end.ts';
import type { SlidingText } from './sliding-text.ts';

/** What a file is shows in so many bytes. */
const FORMAT_BYTES = 256;

/** The header of a file, which the text is after now. */
export interface Head {
  readonly opening: CsvOpening;
  /** The header row with its line end. */
  readonly bytes: Buffer;
  /** The line on which the next row begins. */
  readonly bodyLine: number;
}

/**
 * Goes after the header of a file, at whose beginning `text` is. `too long`, with nothing
 * read, where its end is not near; `empty` where there is no row; else what is wrong with the
 * file as a whole. `firstLine`: the line that the text begins on. May throw `BadInput`.
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
    const head = opening && headOf(text, opening);
    if (head !== undefined) return head;
    if (isWhole) return 'too long';
  }
}

/** Nothing where the header row does not end in the text at hand. */
function headOf(text: SlidingText, opening: CsvOpening): Head | undefined {
  const { headerAt, headerLine, delimiter } = opening;
  const { bytes } = text;
  const end = rowEnd(bytes, headerAt, text.end, delimiter.charCodeAt(0));
  if (end < 0) return undefined;
  text.position = end;
  const bodyLine = headerLine + lineFeeds(bytes, headerAt, end);
  return { opening, bytes: text.copy(headerAt, end), bodyLine };
}
