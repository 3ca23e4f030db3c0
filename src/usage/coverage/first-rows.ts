import { valueAt } from '../../domain/grouping.ts';
import { type ByteSource, following } from '../../input/byte-source.ts';
import { LF } from '../../input/row-end.ts';
import type { Header } from '../../input/table.ts';
import { FileReader } from '../files/file-reader.ts';
import type { UsageFile } from '../files/usage-file.ts';
import { ReadingState, SILENT } from '../kinds/reading-state.ts';
import { type RequestsAs, requestColumns } from '../kinds/request-rows.ts';
import type { ReductionPlan } from '../plan.ts';
import {
  CREDITS_FIELD,
  INSTANT_FIELD,
  PROFILE_FIELD,
  REQUEST_FIELD,
  USER_FIELD,
} from '../rows/kernel/layout.ts';
import type { RowConsumer, RowsLeft } from '../rows/row-consumer.ts';
import type { RowKernel } from '../rows/row-kernel.ts';
import { fieldAt, type WantedColumn } from '../rows/typed-rows.ts';

/** How many rows of a file are searched for in others. */
const FIRST_ROWS = 100;
/** Where the fields are in a row's ints. */
const INSTANT = fieldAt(INSTANT_FIELD);
const PROFILE = fieldAt(PROFILE_FIELD);
const USER = fieldAt(USER_FIELD);
const CREDITS = fieldAt(CREDITS_FIELD);
const REQUEST = fieldAt(REQUEST_FIELD);
const SECONDS_PER_DAY = 86_400;

/** Rows that need csv-parse are not searched for. */
const LEAVE_ALL: RowsLeft = {
  count: 0,
  addLeft: () => {},
  read: async () => {},
  readRest: async () => {},
  end: async () => {},
};

/**
 * Pairs of request usage files, by index, where one file contains some of the first rows of the
 * other: the same request id, or for a row without one the same instant, seat and credits.
 */
export async function sharedRows(
  sources: readonly ByteSource[],
  plan: ReductionPlan,
): Promise<(readonly [number, number])[]> {
  const state = new ReadingState(plan, SILENT, {});
  const known = new KnownRows();
  const read = (source: ByteSource, requestsAs: RequestsAs, onRow: OnRow): Promise<void> => {
    const rowsOf = ({ header }: UsageFile) => ({
      rows: new EachRow(header, state, requestsAs, onRow),
      left: LEAVE_ALL,
    });
    return new FileReader(state, rowsOf).readSource(readAgain(source));
  };
  for (const [index, source] of sources.entries()) {
    let count = 0;
    await read(source, 'text', (values, at, request) => {
      known.add(values, at, request, index);
      count += 1;
      return count < FIRST_ROWS;
    });
  }
  const pairs = new Map<string, readonly [number, number]>();
  for (const [index, source] of sources.entries()) {
    const onFound = (owner: number): void => {
      const pair = [Math.min(owner, index), Math.max(owner, index)] as const;
      if (owner !== index) pairs.set(pair.join(' '), pair);
    };
    await read(source, 'known text', (values, at, request) => {
      known.findOwners(values, at, request, onFound);
      return true;
    });
  }
  return [...pairs.values()];
}

/** A source as it can be read again: of a stream the whole rows at its start. */
function readAgain(source: ByteSource): ByteSource {
  const { file, start } = source;
  if (start === undefined) return source;
  const rows = start.subarray(0, start.lastIndexOf(LF) + 1);
  return { file, stream: following(rows, []) };
}

/** The first rows of all files, with the indexes of the files that they come from. */
class KnownRows {
  /** By the entry of a request id. */
  readonly #byRequest = new Map<number, Set<number>>();
  /** For rows without a request id: by second, then by the whole row. */
  readonly #bySecond = new Map<number, Map<string, Set<number>>>();

  add(values: Int32Array, at: number, request: number, owner: number): void {
    if (request !== NO_REQUEST) {
      valueAt(this.#byRequest, request, () => new Set()).add(owner);
      return;
    }
    const rows = valueAt(
      this.#bySecond,
      secondOf(values, at),
      () => new Map<string, Set<number>>(),
    );
    valueAt(rows, rowText(values, at), () => new Set()).add(owner);
  }

  /** Reports each file whose first rows include this row, or an identical one without a request id. */
  findOwners(
    values: Int32Array,
    at: number,
    request: number,
    onFound: (owner: number) => void,
  ): void {
    this.#byRequest.get(request)?.forEach(onFound);
    const rows = this.#bySecond.get(secondOf(values, at));
    rows?.get(rowText(values, at))?.forEach(onFound);
  }
}

const NO_REQUEST = 0;

function secondOf(values: Int32Array, at: number): number {
  return (values[at + INSTANT] as number) * SECONDS_PER_DAY + (values[at + INSTANT + 1] as number);
}

/** The instant, the seat and the credits of a row, by the kernel's numbers. */
function rowText(values: Int32Array, at: number): string {
  const seat = [values[at + PROFILE], values[at + USER]];
  const figures = [
    ...values.subarray(at + INSTANT, at + INSTANT + 3),
    ...values.subarray(at + CREDITS, at + CREDITS + 3),
  ];
  return [...seat, ...figures].join(' ');
}

/** Passes on the rows of a file of request usage, with the entry of their request id or NO_REQUEST. */
class EachRow implements RowConsumer {
  readonly wanted: readonly WantedColumn[];
  isDone = false;
  readonly #onRow: OnRow;

  constructor(header: Header, { sums }: ReadingState, requestsAs: RequestsAs, onRow: OnRow) {
    this.wanted = requestColumns(header, sums, requestsAs);
    this.#onRow = onRow;
  }

  add(kernel: RowKernel): number {
    const { values, stride, count } = kernel;
    const hasRequests = this.wanted.length > REQUEST_FIELD;
    for (let row = 0, at = 0; row < count && !this.isDone; row += 1, at += stride) {
      const entry = hasRequests ? (values[at + REQUEST] as number) : NO_REQUEST;
      const isBlank = entry === NO_REQUEST || kernel.lengthOf(entry) === 0;
      this.isDone = !this.#onRow(values, at, isBlank ? NO_REQUEST : entry);
    }
    return count;
  }
}

/** Receives a row, whose ints begin at `at`; returns whether more are wanted. */
type OnRow = (values: Int32Array, at: number, request: number) => boolean;
