import type { Header } from '../../input/table.ts';
import type { ScanText } from '../bytes/scan-text.ts';
import type { RowTaker } from '../row-taker.ts';
import { fieldAt, ROWS_AT_ONCE, type RowScanner, type WantedField } from '../scan/row-scanner.ts';
import { type FieldColumn, RowBatch } from '../sums/row-batch.ts';
import type { Amount } from './amounts.ts';
import type { ReportColumns } from './report-columns.ts';
import { newReportRow, type ReportTable } from './report-table.ts';
import { FREE_TIER } from './report-words.ts';

/** The amounts and the user stand first of all wanted fields, before the columns of words. */
const CREDITS = 'credits_used';
const OVERAGE = 'overage_credits_used';
const USER = 'userid';

/** Takes rows of activity reports in, column by column, into a `ReportTable`. */
export class ActivityTaker implements RowTaker {
  readonly wanted: readonly WantedField[];
  readonly isOrdered = false;
  readonly #reports: ReportTable;
  /** Where in a row's ints the fields of a column begin; missing for a column that the file has not. */
  readonly #offsets: ReadonlyMap<string, number>;
  readonly #columns: ReportColumns;
  readonly #seats = new Int32Array(ROWS_AT_ONCE);
  readonly #batch = new RowBatch();
  readonly #row = newReportRow();

  constructor({ indexOf }: Header, reports: ReportTable) {
    this.#reports = reports;
    this.#columns = reports.columns;
    const fields = [
      { name: CREDITS, as: 'credits' },
      { name: OVERAGE, as: 'optional credits' },
      { name: USER, as: 'key' },
      ...this.#columns.named.map(([name]) => ({ name, as: 'key' }) as const),
    ] as const;
    const present = fields.filter(({ name }) => (indexOf.get(name) ?? -1) >= 0);
    this.wanted = present.map(({ name, as }) => ({ column: indexOf.get(name) as number, as }));
    this.#offsets = new Map(present.map(({ name }, index) => [name, fieldAt(index)]));
    for (const [name, column] of this.#columns.named)
      if (!this.#offsets.has(name)) column.readBlanks();
  }

  take(text: ScanText, rows: RowScanner, first: number): number {
    const batch = this.#batch;
    batch.first = first;
    batch.end = rows.nextLeft(first);
    for (const [name, column] of this.#columns.named) {
      const fields = this.#fields(rows, name);
      if (fields !== undefined) column.readAll(text, fields, batch);
    }
    const users = this.#fields(rows, USER) as FieldColumn;
    this.#reports.seats.findAll(text, users, batch, this.#columns.profiles.numbers, this.#seats);
    this.#put(rows);
    return batch.end;
  }

  #fields({ values, stride }: RowScanner, name: string): FieldColumn | undefined {
    const offset = this.#offsets.get(name);
    return offset === undefined ? undefined : { values, stride, offset };
  }

  #put(rows: RowScanner): void {
    const reports = this.#reports;
    const { first, end } = this.#batch;
    const used = this.#fields(rows, CREDITS) as FieldColumn;
    const overage = this.#fields(rows, OVERAGE);
    const row = this.#row;
    for (let index = first; index < end; index += 1) {
      const tier = this.#columns.tiers.numbers[index] as number;
      if (tier === FREE_TIER) {
        reports.addFreeRow();
        continue;
      }
      readAmount(used, index, row.credits);
      if (overage !== undefined) readAmount(overage, index, row.overage);
      row.told = reports.toldOf(
        this.#columns.switches.numbers[index] as number,
        this.#columns.caps.numbers[index] as number,
        tier,
      );
      row.line = rows.lineOf(index);
      const key = reports.keyOf(
        this.#columns.days.numbers[index] as number,
        this.#columns.clients.numbers[index] as number,
        this.#seats[index] as number,
      );
      reports.put(key, row);
    }
  }
}

function readAmount({ values, stride, offset }: FieldColumn, row: number, into: Amount): void {
  const at = row * stride + offset;
  into.whole = values[at] as number;
  into.billionths = values[at + 1] as number;
  into.rest = values[at + 2] as number;
}
