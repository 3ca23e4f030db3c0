import type { Header } from '../input/table.ts';
import type { ScanText } from './bytes/scan-text.ts';
import type { RequestKernel } from './kernel/request-kernel.ts';
import type { ReadingState } from './reading-state.ts';
import type { RowTaker } from './row-taker.ts';
import { fieldAt, type RowScanner, type WantedField } from './scan/row-scanner.ts';
import { type FieldColumn, LEFT_OUT, RowBatch } from './sums/row-batch.ts';

const TIMESTAMP = fieldAt(0);
const PROFILE = fieldAt(1);
const USER = fieldAt(2);
const CREDITS = fieldAt(3);
const REQUEST = fieldAt(4);

/** The columns that the kernel knows. */
const KINDS = [
  ['timestamp', 'instant'],
  ['profile_id', 'profile'],
  ['user_id', 'user'],
  ['credits', 'credits'],
] as const;
/** When more rows than this come at once, what keeps the kernel from them is nothing that it could learn. */
const MOST_LEARNED = 16;

/**
 * Takes rows of request usage in, column by column: each step is a loop over all rows, small
 * enough to be compiled in one piece.
 */
export class RequestTaker implements RowTaker {
  readonly wanted: readonly WantedField[];
  readonly isOrdered: boolean;
  readonly #state: ReadingState;
  readonly ahead: RequestKernel | undefined;
  readonly #batch = new RowBatch();

  constructor({ names, indexOf }: Header, state: ReadingState) {
    const columnOf = (name: string): number => indexOf.get(name) ?? -1;
    const wanted: WantedField[] = [
      { column: columnOf('timestamp'), as: 'instant' },
      { column: columnOf('profile_id'), as: 'key' },
      { column: columnOf('user_id'), as: 'key' },
      { column: columnOf('credits'), as: 'credits' },
    ];
    this.isOrdered = state.plan.dedupe && columnOf('request_id') >= 0;
    if (this.isOrdered) wanted.push({ column: columnOf('request_id'), as: 'key' });
    this.wanted = wanted;
    this.#state = state;
    const kinds = new Map(KINDS.map(([name, kind]) => [columnOf(name), kind]));
    this.ahead = state.kernel?.setColumns(names.length, kinds) === true ? state.kernel : undefined;
  }

  take(text: ScanText, rows: RowScanner, first: number): number {
    const { values, stride } = rows;
    const { sums } = this.#state;
    const batch = this.#batch;
    const fieldsAt = (offset: number): FieldColumn => ({ values, stride, offset });
    batch.first = first;
    batch.end = rows.nextLeft(first);
    sums.profiles.findAll(text, fieldsAt(PROFILE), batch);
    sums.profiles.findWindows(fieldsAt(TIMESTAMP), batch);
    sums.findCells(text, fieldsAt(USER), batch);
    if (this.isOrdered) this.#leaveOutDuplicates(text, fieldsAt(REQUEST), batch);
    sums.addAll(fieldsAt(CREDITS), batch, (row) => rows.lineOf(row));
    if (this.ahead !== undefined && rows.count <= MOST_LEARNED) this.#teach(this.ahead, text, rows);
    return batch.end;
  }

  /** Lets the kernel learn from the batch, so that it takes such rows itself from then on. */
  #teach(kernel: RequestKernel, text: ScanText, { values, stride }: RowScanner): void {
    const { profiles, windows, first, end } = this.#batch;
    const keyAt = (at: number) => ({ start: values[at] as number, end: values[at + 1] as number });
    for (let row = first; row < end; row += 1) {
      kernel.learn(text, {
        profile: profiles[row] as number,
        profileKey: keyAt(row * stride + PROFILE),
        window: this.#state.sums.profiles.window(windows[row] as number),
        userKey: keyAt(row * stride + USER),
      });
    }
  }

  #leaveOutDuplicates(
    text: ScanText,
    { values, stride, offset }: FieldColumn,
    batch: RowBatch,
  ): void {
    const { requestIds } = this.#state;
    for (let row = batch.first; row < batch.end; row += 1) {
      if (!requestIds.meetField(text, values, row * stride + offset)) continue;
      batch.cells[row] = LEFT_OUT;
      this.#state.duplicates += 1;
    }
  }
}
