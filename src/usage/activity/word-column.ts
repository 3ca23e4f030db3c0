import { ByteTable, type KeyColumn } from '../bytes/byte-table.ts';
import { fieldText } from '../bytes/field-text.ts';
import type { ScanText } from '../bytes/scan-text.ts';
import { ROWS_AT_ONCE } from '../scan/row-scanner.ts';
import type { RowBatch } from '../sums/row-batch.ts';

const NO_SPACES = new Int32Array(ROWS_AT_ONCE);

/** A column whose fields hold few different texts: each is read once, into a number. */
export class WordColumn {
  /** The number of each row of the batch. */
  readonly numbers = new Int32Array(ROWS_AT_ONCE);
  readonly #known = new ByteTable();
  readonly #read: (text: string) => number | undefined;

  /** `read` gives a number from 0 for a trimmed text, or nothing for one that is not as it must be. */
  constructor(read: (text: string) => number | undefined) {
    this.#read = read;
  }

  /** Takes all fields to be blank, as a file has no such column. */
  readBlanks(): void {
    this.numbers.fill(this.#read('') ?? -1);
  }

  /** Reads the field of each row. The batch then ends before the first row whose field is not as it must be. */
  readAll(text: ScanText, keys: KeyColumn, batch: RowBatch): void {
    const { numbers } = this;
    const { first } = batch;
    this.#known.findAll(text.view, keys, first, batch.end, NO_SPACES, numbers);
    for (let row = first; row < batch.end; row += 1) {
      if ((numbers[row] as number) >= 0) continue;
      const at = row * keys.stride + keys.offset;
      const number = this.#meet(text, keys.values[at] as number, keys.values[at + 1] as number);
      if (number === undefined) batch.end = row;
      else numbers[row] = number;
    }
  }

  #meet(text: ScanText, start: number, end: number): number | undefined {
    // Another row may have met it just before.
    const known = this.#known.find(text.view, start, end, 0);
    if (known >= 0) return known;
    const number = this.#read(fieldText(text, start, end));
    if (number !== undefined) this.#known.add(text.view, start, end, 0, number);
    return number;
  }
}
