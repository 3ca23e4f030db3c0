import type { ByteSource } from '../../input/byte-source.ts';
import type { Header } from '../../input/table.ts';
import { FileReader } from '../files/file-reader.ts';
import type { UsageFile } from '../files/usage-file.ts';
import { ReadingState } from '../kinds/reading-state.ts';
import type { ReductionPlan } from '../plan.ts';
import type { RowConsumer, RowsLeft } from '../rows/row-consumer.ts';
import { fieldAt, type RowKernel, type WantedColumn } from '../rows/row-kernel.ts';

/** So many rows of a file are looked for in others. */
const FIRST_ROWS = 100;
const INSTANT = fieldAt(0);
const PROFILE = fieldAt(1);
const USER = fieldAt(2);
const CREDITS = fieldAt(3);
const REQUEST = fieldAt(4);
const SECONDS_PER_DAY = 86_400;

/** Rows that csv-parse would have to read are not looked for. */
const LEAVE_ALL: RowsLeft = {
  count: 0,
  addLeft: () => {},
  read: async () => {},
  readRest: async () => {},
  end: async () => {},
};
const SILENT = { onBadRow: () => {}, onProblem: () => {}, keepsBytes: false };

/**
 * Pairs of files of request usage, by their indexes, of which one holds some of the first
 * rows of the other: the same request id, or where a row has none the same instant, seat and
 * credits.
 */
export async function sharedRows(
  sources: readonly ByteSource[],
  plan: ReductionPlan,
): Promise<(readonly [number, number])[]> {
  const state = new ReadingState(plan, SILENT, {});
  const known = new KnownRows();
  const read = (source: ByteSource, rowsOf: (header: Header) => RowConsumer): Promise<void> => {
    const rows = ({ header }: UsageFile) => ({ rows: rowsOf(header), left: LEAVE_ALL });
    return new FileReader(state, { rowsOf: rows }).readSource(source);
  };
  for (const [index, source] of sources.entries()) {
    await read(source, (header) => new FirstRows(header, state, known, index));
  }
  const pairs = new Map<string, readonly [number, number]>();
  for (const [index, source] of sources.entries()) {
    const onFound = (owner: number): void => {
      const pair = [Math.min(owner, index), Math.max(owner, index)] as const;
      if (owner !== index) pairs.set(pair.join(' '), pair);
    };
    await read(source, (header) => new SoughtRows(header, state, known, onFound));
  }
  return [...pairs.values()];
}

/** The first rows of all files, with the indexes of the files whose they are. */
class KnownRows {
  /** By the entry of a request id. */
  readonly #byRequest = new Map<number, Set<number>>();
  /** By the second, then by all of the row: of rows without a request id. */
  readonly #bySecond = new Map<number, Map<string, Set<number>>>();

  add(values: Int32Array, at: number, request: number, owner: number): void {
    if (request !== NO_REQUEST) {
      ownersOf(this.#byRequest, request).add(owner);
      return;
    }
    const second = secondOf(values, at);
    const rows = this.#bySecond.get(second) ?? new Map<string, Set<number>>();
    this.#bySecond.set(second, rows);
    ownersOf(rows, rowText(values, at)).add(owner);
  }

  /** Reports each file that has this row, or one without a request id that is the same, among its first ones. */
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

function ownersOf<Key>(rows: Map<Key, Set<number>>, key: Key): Set<number> {
  const known = rows.get(key) ?? new Set<number>();
  rows.set(key, known);
  return known;
}

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

/** The columns by which rows differ; the last one is missing where the file has no request ids. */
function columnsOf(
  { indexOf }: Header,
  { sums }: ReadingState,
  requestsAs: 'text' | 'known text',
): WantedColumn[] {
  const columnOf = (name: string): number => indexOf.get(name) ?? -1;
  const columns: WantedColumn[] = [
    { column: columnOf('timestamp'), as: 'instant' },
    { column: columnOf('profile_id'), as: 'key', space: sums.profileKeys },
    { column: columnOf('user_id'), as: 'key', space: sums.userKeys },
    { column: columnOf('credits'), as: 'decimal' },
  ];
  const request = columnOf('request_id');
  if (request >= 0) columns.push({ column: request, as: requestsAs, space: sums.requestKeys });
  return columns;
}

/** Takes note of the first rows of a file. */
class FirstRows implements RowConsumer {
  readonly wanted: readonly WantedColumn[];
  readonly #known: KnownRows;
  readonly #owner: number;
  #count = 0;

  constructor(header: Header, state: ReadingState, known: KnownRows, owner: number) {
    this.wanted = columnsOf(header, state, 'text');
    this.#known = known;
    this.#owner = owner;
  }

  get isDone(): boolean {
    return this.#count >= FIRST_ROWS;
  }

  add(kernel: RowKernel): number {
    const { values, stride, count } = kernel;
    for (let row = 0; row < count && !this.isDone; row += 1) {
      const at = row * stride;
      const entry = this.wanted.length > 4 ? (values[at + REQUEST] as number) : NO_REQUEST;
      const isBlank = entry === NO_REQUEST || kernel.lengthOf(entry) === 0;
      this.#known.add(values, at, isBlank ? NO_REQUEST : entry, this.#owner);
      this.#count += 1;
    }
    return count;
  }
}

/** Looks for the first rows of other files in a file. */
class SoughtRows implements RowConsumer {
  readonly wanted: readonly WantedColumn[];
  readonly #known: KnownRows;
  readonly #onFound: (owner: number) => void;

  constructor(
    header: Header,
    state: ReadingState,
    known: KnownRows,
    onFound: (owner: number) => void,
  ) {
    this.wanted = columnsOf(header, state, 'known text');
    this.#known = known;
    this.#onFound = onFound;
  }

  add({ values, stride, count }: RowKernel): number {
    const hasRequests = this.wanted.length > 4;
    for (let row = 0, at = 0; row < count; row += 1, at += stride) {
      const request = hasRequests ? (values[at + REQUEST] as number) : NO_REQUEST;
      this.#known.findOwners(values, at, request, this.#onFound);
    }
    return count;
  }
}
