import type { Decimal } from '../../domain/decimal.ts';
import { MAX_ID_BYTES } from '../../domain/ids.ts';
import { type Instant, NANOS_PER_SECOND } from '../../domain/instant.ts';
import { userId } from '../../input/fields.ts';
import { ByteTable, type KeyColumn } from '../bytes/byte-table.ts';
import { fieldText } from '../bytes/field-text.ts';
import { type ScanText, scanText } from '../bytes/scan-text.ts';
import type { ReductionPlan } from '../plan.ts';
import { ExactSums } from './exact-sums.ts';
import type { PackedSeats } from './packed-seats.ts';
import { ProfileTable } from './profile-table.ts';
import type { FieldColumn, RowBatch } from './row-batch.ts';

const SPACE = 0x20;
const QUOTE = 0x22;
const LOWER_A = 0x61;
const LOWER_D = 0x64;
const DELETE = 0x7f;
/** All usage in windows that are not wanted goes to one cell, whose sum stays 0. */
const UNWANTED_CELL = 0;
const UNWANTED_SPACE = -1;

/** A user in a profile, at an instant. */
export interface SeatAt {
  readonly profileId: string;
  readonly userId: string;
  readonly at: Instant;
}

/** Adds usage up: per seat and window of time, exactly. Rules M1, O2. */
export class SeatSums {
  readonly profiles: ProfileTable;
  readonly #sums = new ExactSums();
  /**
   * From a user's field in a window to the cell of its sum: an entry for each way in which
   * fields write the user's id, and one for the id itself.
   */
  readonly #cells = new ByteTable();
  /** By cell: its window, and the entry and the bytes of its user's id. */
  readonly #cellWindows: number[] = [];
  readonly #idEntries: number[] = [];
  readonly #idLengths: number[] = [];
  /** An id that does not stand in the text that is read. */
  readonly #id: ScanText = scanText(MAX_ID_BYTES);

  constructor(plan: ReductionPlan) {
    this.profiles = new ProfileTable(plan);
    this.#newCell(UNWANTED_SPACE, 0, 0);
  }

  /**
   * Finds the cell of each row, by its window and the user whom its key names. The batch
   * then ends before the first row whose key is no user id.
   */
  findCells(text: ScanText, keys: KeyColumn, batch: RowBatch): void {
    const { windows, cells, first } = batch;
    const spaces = this.profiles.hasUnwanted ? spacesOf(batch) : windows;
    this.#cells.findAll(text.view, keys, first, batch.end, spaces, cells);
    for (let row = first; row < batch.end; row += 1) {
      if ((cells[row] as number) >= 0) continue;
      const at = row * keys.stride + keys.offset;
      const [start, end] = [keys.values[at] as number, keys.values[at + 1] as number];
      const cell = this.#meet(text, start, end, spaces[row] as number);
      cells[row] = cell;
      if (cell < 0) batch.end = row;
    }
  }

  /** Adds the `credits` field of each row, save of those left out; `lineOf` gives the line of each. */
  addAll(credits: FieldColumn, batch: RowBatch, lineOf: (row: number) => number): void {
    this.profiles.nameAll(batch, lineOf);
    this.#sums.addAll(credits, batch, UNWANTED_CELL + 1);
    if (this.profiles.hasUnwanted) this.#meetUnwanted(batch);
  }

  #meetUnwanted({ windows, cells, first, end }: RowBatch): void {
    for (let row = first; row < end; row += 1) {
      if (cells[row] === UNWANTED_CELL) this.profiles.meetUnwanted(windows[row] as number);
    }
  }

  /** Adds usage that has been read from text: that of `requests` rows. */
  addUsage(seat: SeatAt, credits: Decimal, requests: number, line: number): void {
    const profile = this.profiles.numberOf(seat.profileId);
    const window = this.#windowAt(profile, seat.at);
    const length = this.#id.buffer.write(seat.userId);
    const cell = this.#cellOfId(this.#id.view, 0, length, window < 0 ? UNWANTED_SPACE : window);
    if (cell === UNWANTED_CELL) this.profiles.meetUnwanted(window);
    else this.#sums.addDecimal(cell, credits, requests);
    // Rows that the hot path leaves come after rows behind them.
    this.profiles.nameAt(profile, { unit: this.profiles.unit, line });
  }

  #windowAt(profile: number, at: Instant): number {
    const seconds = Number(at / NANOS_PER_SECOND);
    return this.profiles.windowAt(profile, seconds, Number(at % NANOS_PER_SECOND));
  }

  /** The cell of the user whom a field names, which the table does not know, or only since another row. */
  #meet(text: ScanText, start: number, end: number, space: number): number {
    const known = this.#cells.find(text.view, start, end, space);
    if (known >= 0) return known;
    if (isBareUserId(text.bytes, start, end))
      return this.#addCell(text.view, start, end, space, space);
    const parsed = userId(fieldText(text, start, end));
    if ('wrong' in parsed || parsed.value === '') return -1;
    const length = this.#id.buffer.write(parsed.value);
    const cell = this.#cellOfId(this.#id.view, 0, length, space);
    // A field that is not the id itself is longer by what was taken off it.
    if (length < end - start) this.#cells.add(text.view, start, end, space, cell);
    return cell;
  }

  /** The cell of the user whose id stands at `[start, end)`. */
  #cellOfId(view: DataView, start: number, end: number, space: number): number {
    // An id may begin with a quote, but a field that begins with one stands for another id.
    const idSpace = end > start && view.getUint8(start) === QUOTE ? -3 - space : space;
    const known = this.#cells.find(view, start, end, idSpace);
    return known >= 0 ? known : this.#addCell(view, start, end, idSpace, space);
  }

  /** A cell for a user whose id is not in the table yet. */
  #addCell(view: DataView, start: number, end: number, idSpace: number, space: number): number {
    const isWanted = space !== UNWANTED_SPACE;
    const cell = isWanted ? this.#sums.size : UNWANTED_CELL;
    const entry = this.#cells.add(view, start, end, idSpace, cell);
    if (isWanted) this.#newCell(space, entry, end - start);
    return cell;
  }

  #newCell(window: number, idEntry: number, idLength: number): void {
    this.#sums.newCell();
    this.#cellWindows.push(window);
    this.#idEntries.push(idEntry);
    this.#idLengths.push(idLength);
  }

  /** All sums. */
  pack(): PackedSeats {
    const userEnds = new Int32Array(this.#sums.size);
    let end = 0;
    for (const [cell, length] of this.#idLengths.entries()) {
      end += length;
      userEnds[cell] = end;
    }
    const userIds = new Uint8Array(end);
    for (const [cell, entry] of this.#idEntries.entries()) {
      const length = this.#idLengths[cell] as number;
      this.#cells.copyTo(userIds, (userEnds[cell] as number) - length, entry, length);
    }
    const cellWindows = Int32Array.from(this.#cellWindows);
    const { windows } = this.profiles;
    return { windows, cellWindows, userEnds, userIds, sums: this.#sums.pack() };
  }
}

/**
 * Whether a field is the bare id of a user as it stands, as is told by its bytes alone; most
 * are, and no text has to be made of them.
 */
function isBareUserId(bytes: Uint8Array, start: number, end: number): boolean {
  if (end === start || end - start > MAX_ID_BYTES || bytes[start] === QUOTE) return false;
  // What is around a user id in its other forms begins with `d-` or `arn:`.
  if (bytes[start] === LOWER_A || bytes[start] === LOWER_D) return false;
  for (let position = start; position < end; position += 1) {
    const byte = bytes[position] as number;
    if (byte <= SPACE || byte >= DELETE) return false;
  }
  return true;
}

/** The spaces of a batch's rows in the table of cells. */
function spacesOf({ windows, first, end }: RowBatch): Int32Array {
  const spaces = new Int32Array(windows.length);
  for (let row = first; row < end; row += 1) {
    spaces[row] = Math.max(UNWANTED_SPACE, windows[row] as number);
  }
  return spaces;
}
