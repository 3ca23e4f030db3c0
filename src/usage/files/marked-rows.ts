import { decimalFromText } from '../../domain/decimal.ts';
import {
  type DecimalMark,
  DecimalMarks,
  type MarkedNumber,
  type MarkFinding,
  withPoint,
} from '../../domain/decimal-mark.ts';
import type { CsvRow } from '../../input/csv.ts';
import { trimmed } from '../../input/fields.ts';
import type { Header } from '../../input/table.ts';

/** A row, and which of its numbers are bad input. */
export interface MarkedRow {
  readonly row: CsvRow;
  readonly findings: readonly MarkFinding[];
}

/** A row with a number that may have thousands separators, until another shows the decimal mark. */
interface WaitingRow {
  readonly row: CsvRow;
  readonly numbers: readonly MarkedNumber[];
}

/** The rows of a file separated by semicolons or tabs, whose numbers may have a decimal comma. */
export class MarkedRows {
  readonly #columns: readonly { readonly name: string; readonly index: number }[];
  readonly #marks = new DecimalMarks();
  #waiting: WaitingRow[] = [];

  /** `mark`: the decimal mark, if it is known already. */
  constructor({ indexOf, numbers }: Header, mark?: DecimalMark) {
    if (mark !== undefined) this.#marks.add({ line: 0, column: '', text: `0${mark}5` });
    this.#columns = numbers
      .map((name) => ({ name, index: indexOf.get(name) ?? -1 }))
      .filter(({ index }) => index >= 0);
  }

  /** The decimal mark that the file has shown so far, if it is only one. */
  get mark(): DecimalMark | undefined {
    const [mark, ...others] = this.#marks.proven;
    return others.length === 0 ? mark : undefined;
  }

  /** Whether rows are waiting until the file shows their decimal mark. */
  get isWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** The rows that are decided now: this one, unless it has to wait, and those that waited for it. */
  take(row: CsvRow): MarkedRow[] {
    const before = this.#marks.proven.length;
    const numbers = this.#numbersOf(row);
    for (const number of numbers) this.#marks.add(number);
    const known = this.#marks.proven.length;
    let asked: readonly WaitingRow[] = [{ row, numbers }];
    if (known > before) {
      asked = [...this.#waiting, ...asked];
      this.#waiting = [];
    }
    return asked.flatMap((one) => {
      const marked = this.#marked(one);
      if (marked.findings.length === 0 || known === 2) return [marked];
      this.#waiting.push(one);
      return [];
    });
  }

  /** The rows still waiting after all have been read: nothing shows what their numbers mean. */
  end(): MarkedRow[] {
    return this.#waiting.map((one) => this.#marked(one));
  }

  #marked({ row, numbers }: WaitingRow): MarkedRow {
    return { row, findings: this.#marks.findingsAmong(numbers) };
  }

  #numbersOf({ line, fields }: CsvRow): MarkedNumber[] {
    return this.#columns.flatMap(({ name, index }) => {
      const text = trimmed(fields[index] ?? '');
      const isNumber = decimalFromText(withPoint(text)) !== undefined;
      return isNumber ? [{ line, column: name, text }] : [];
    });
  }
}
