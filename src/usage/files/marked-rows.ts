import { decimalFromText } from '../../domain/decimal.ts';
import {
  ambiguousMark,
  type DecimalMark,
  DecimalMarks,
  type MarkedNumber,
  type MarkFinding,
  type ShownMark,
  shownMark,
  withPoint,
} from '../../domain/decimal-mark.ts';
import type { CsvRow } from '../../input/csv.ts';
import { trimmed } from '../../input/fields.ts';
import type { Header } from '../../input/table.ts';

/** A row whose numbers can be read, or why it is bad input. */
export interface MarkedRow {
  readonly row: CsvRow;
  readonly finding?: MarkFinding;
}

/** A row with a number that may have thousands separators, until another shows the decimal mark. */
interface WaitingRow {
  readonly row: CsvRow;
  readonly number: MarkedNumber;
  readonly mark: DecimalMark;
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

  /** The decimal mark that the file has shown so far, if any. */
  get mark(): DecimalMark | undefined {
    const shown = ([',', '.'] as const).filter((mark) => this.#marks.isProven(mark));
    return shown.length === 1 ? shown[0] : undefined;
  }

  /** Whether rows are waiting until the file shows their decimal mark. */
  get isWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** The rows that can be read now: this one, unless it has to wait, and those that waited for it. */
  take(row: CsvRow): MarkedRow[] {
    const numbers = this.#numbersOf(row);
    const before = this.mark;
    for (const { number, shown } of numbers) if (shown.isCertain) this.#marks.add(number);
    const finding =
      before !== undefined && this.mark === undefined ? this.#marks.findings[0] : undefined;
    const isOwn = finding !== undefined && numbers.some(({ number }) => number === finding.number);
    const open = numbers.find(({ shown }) => !this.#marks.isProven(shown.mark));
    if (isOwn) return [{ row, finding }];
    if (open !== undefined) {
      this.#waiting.push({ row, number: open.number, mark: open.shown.mark });
      return [];
    }
    return [...(before === this.mark ? [] : this.#released()), { row }];
  }

  /** The rows still waiting after all have been read: nothing shows what their numbers mean. */
  end(): MarkedRow[] {
    return this.#waiting.map(({ row, number }) => ({
      row,
      finding: ambiguousMark(number, this.mark),
    }));
  }

  #released(): MarkedRow[] {
    const [free, waiting] = [true, false].map((isProven) =>
      this.#waiting.filter(({ mark }) => this.#marks.isProven(mark) === isProven),
    ) as [WaitingRow[], WaitingRow[]];
    this.#waiting = waiting;
    return free.map(({ row }) => ({ row }));
  }

  #numbersOf({ line, fields }: CsvRow): { number: MarkedNumber; shown: ShownMark }[] {
    return this.#columns.flatMap(({ name, index }) => {
      const text = trimmed(fields[index] ?? '');
      const shown = isNumber(text) ? shownMark(text) : undefined;
      return shown === undefined ? [] : [{ number: { line, column: name, text }, shown }];
    });
  }
}

function isNumber(text: string): boolean {
  return decimalFromText(withPoint(text)) !== undefined;
}
