import type { Header } from '../../input/table.ts';
import type { RowConsumer } from '../rows/row-consumer.ts';
import type { RowKernel, WantedColumn } from '../rows/row-kernel.ts';
import { MARKS_OF } from '../sums/seat-sums.ts';
import type { ReadingState } from './reading-state.ts';

/** The wanted columns by their index. */
const FIELDS = { instant: 0, profile: 1, user: 2, credits: 3 };
const REQUEST = 4;

/** Adds rows of request usage: the kernel does all of it. */
export class RequestRows implements RowConsumer {
  readonly wanted: readonly WantedColumn[];
  readonly #state: ReadingState;
  readonly #leavesOutDuplicates: boolean;

  constructor({ indexOf }: Header, state: ReadingState) {
    const { profileKeys, userKeys, requestKeys } = state.sums;
    const columnOf = (name: string): number => indexOf.get(name) ?? -1;
    const wanted: WantedColumn[] = [
      { column: columnOf('timestamp'), as: 'instant' },
      { column: columnOf('profile_id'), as: 'key', space: profileKeys },
      { column: columnOf('user_id'), as: 'key', space: userKeys },
      { column: columnOf('credits'), as: 'decimal' },
    ];
    this.#leavesOutDuplicates = state.plan.dedupe && columnOf('request_id') >= 0;
    if (this.#leavesOutDuplicates) {
      wanted.push({ column: columnOf('request_id'), as: 'text', space: requestKeys });
    }
    this.wanted = wanted;
    this.#state = state;
  }

  add(kernel: RowKernel): number {
    const request = this.#leavesOutDuplicates ? REQUEST : undefined;
    kernel.setRequestFields({ ...FIELDS, request }, MARKS_OF.requests);
    this.#state.duplicates += this.#state.sums.addRows();
    return kernel.count;
  }
}
