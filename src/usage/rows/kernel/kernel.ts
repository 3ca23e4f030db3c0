/*
 * The hot loop of reading rows, in AssemblyScript: TypeScript with the integers of the
 * machine, compiled to WebAssembly when the program is built. It knows columns only as
 * skipped, key, text, instant and decimal.
 *
 * Plain TypeScript over a `Uint8Array` takes more than twice as long for the same rows: it
 * has no vectors of bytes and no 64-bit integers, and each thread must compile it anew.
 */

export { setDecimalMark } from './decimals';
export { newDictionary, putEntries } from './dictionaries';
export { entryOf, findEntry, newSpace } from './keys';
export { putNumbers } from './numbers';
export {
  indexRows,
  keyOf,
  nextLine,
  readValues,
  scan,
  setColumn,
  setFormat,
  setLine,
  setLines,
  takenRows,
} from './rows';
export {
  addCell,
  addRows,
  cellCount,
  cellOf,
  earliestSecond,
  isSeen,
  knownCell,
  latestSecond,
  pageOf,
  setWindowSeconds,
  startSpan,
} from './sums';

import { rows, unquoted } from './rows';
import { text } from './text';

/** The address of the text to read. */
export function textStart(): usize {
  return text;
}

/** Memory for a text that is not a field. */
export function scratchStart(): usize {
  return unquoted;
}

export function rowsStart(): usize {
  return rows;
}
