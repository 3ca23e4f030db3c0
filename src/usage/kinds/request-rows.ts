import type { Header } from '../../input/table.ts';
import { REQUEST_FIELD } from '../rows/kernel/layout.ts';
import type { RowConsumer } from '../rows/row-consumer.ts';
import type { RowKernel } from '../rows/row-kernel.ts';
import type { WantedColumn } from '../rows/typed-rows.ts';
import type { SeatSums } from '../sums/seat-sums.ts';
import type { ReadingState } from './reading-state.ts';

/** How request ids are read: see `WantedColumn`. */
export type RequestsAs = 'text' | 'known text';

/** The columns of request usage in the order of their fields, as `RowKernel.addRows` adds them; that of request ids only if it is wanted and exists. */
export function requestColumns(
  { indexOf }: Header,
  { profileKeys, userKeys, requestKeys }: SeatSums,
  requestsAs: RequestsAs | undefined,
): WantedColumn[] {
  const columnOf = (name: string): number => indexOf.get(name) ?? -1;
  const wanted: WantedColumn[] = [
    { column: columnOf('timestamp'), as: 'instant' },
    { column: columnOf('profile_id'), as: 'key', space: profileKeys },
    { column: columnOf('user_id'), as: 'key', space: userKeys },
    { column: columnOf('credits'), as: 'decimal' },
  ];
  const request = columnOf('request_id');
  if (requestsAs === undefined || request < 0) return wanted;
  return [...wanted, { column: request, as: requestsAs, space: requestKeys }];
}

/** Adds rows of request usage: the kernel does all of it. */
export class RequestRows implements RowConsumer {
  readonly wanted: readonly WantedColumn[];
  readonly #state: ReadingState;

  constructor(header: Header, state: ReadingState) {
    this.wanted = requestColumns(header, state.sums, state.plan.dedupe ? 'text' : undefined);
    this.#state = state;
  }

  add(kernel: RowKernel): number {
    const dedupes = this.wanted.length > REQUEST_FIELD;
    this.#state.duplicates += this.#state.sums.addRows(dedupes);
    return kernel.count;
  }
}
