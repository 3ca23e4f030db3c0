import { type Identities, NO_IDENTITIES, userIdFor } from '../../domain/identities.ts';
import { MAX_ID_BYTES } from '../../domain/ids.ts';
import { userId } from '../../input/fields.ts';
import { ByteTable, type KeyColumn } from '../bytes/byte-table.ts';
import { fieldText } from '../bytes/field-text.ts';
import { type ScanText, scanText } from '../bytes/scan-text.ts';
import type { RowBatch } from './row-batch.ts';

const SPACE = 0x20;
const QUOTE = 0x22;
const LOWER_A = 0x61;
const LOWER_D = 0x64;
const DELETE = 0x7f;

/** The ids of users by number: where in `userIds` each ends. */
export interface PackedUsers {
  readonly userEnds: Int32Array;
  readonly userIds: Uint8Array;
}

/**
 * Numbers users, each in a space of its own: a profile, or a window of one. A user has one
 * number in a space, however fields write the id.
 */
export class UserTable {
  /** An entry for each way in which fields write an id, and one for the id itself. */
  readonly #numbers = new ByteTable();
  readonly #newNumber: (space: number) => number;
  readonly #identities: Identities;
  /** By number the entry and the bytes of the id. */
  readonly #idEntries: number[] = [];
  readonly #idLengths: number[] = [];
  /** An id that does not stand in the text that is read. */
  readonly #id: ScanText = scanText(MAX_ID_BYTES);

  /** `newNumber` gives the number of a user met for the first time in a space: the next one, or one that several share. */
  constructor(newNumber: (space: number) => number, identities: Identities = NO_IDENTITIES) {
    this.#newNumber = newNumber;
    this.#identities = identities;
  }

  /** Takes the next number for users whom nobody asks for. */
  skipNumber(): void {
    this.#idEntries.push(0);
    this.#idLengths.push(0);
  }

  /**
   * Finds the number of the user whom each row's key names. The batch then ends before the
   * first row whose key is no user id.
   */
  findAll(
    text: ScanText,
    keys: KeyColumn,
    batch: RowBatch,
    spaces: Int32Array,
    found: Int32Array,
  ): void {
    const { first } = batch;
    this.#numbers.findAll(text.view, keys, first, batch.end, spaces, found);
    for (let row = first; row < batch.end; row += 1) {
      if ((found[row] as number) >= 0) continue;
      const at = row * keys.stride + keys.offset;
      const [start, end] = [keys.values[at] as number, keys.values[at + 1] as number];
      const number = this.#meet(text, start, end, spaces[row] as number);
      found[row] = number;
      if (number < 0) batch.end = row;
    }
  }

  /** The number of a user by the bare id. */
  numberOf(bareId: string, space: number): number {
    const length = this.#id.buffer.write(userIdFor(this.#identities, bareId));
    return this.#numberOfId(this.#id.view, 0, length, space);
  }

  /** The number of the user whom a field names, which the table does not know, or only since another row. */
  #meet(text: ScanText, start: number, end: number, space: number): number {
    const known = this.#numbers.find(text.view, start, end, space);
    if (known >= 0) return known;
    const hasOneId = this.#identities.userNames.size + this.#identities.emails.size === 0;
    if (hasOneId && isBareUserId(text.bytes, start, end))
      return this.#add(text.view, start, end, space, space);
    const parsed = userId(fieldText(text, start, end));
    if ('wrong' in parsed || parsed.value === '') return -1;
    const length = this.#id.buffer.write(userIdFor(this.#identities, parsed.value));
    const number = this.#numberOfId(this.#id.view, 0, length, space);
    if (this.#numbers.find(text.view, start, end, space) < 0)
      this.#numbers.add(text.view, start, end, space, number);
    return number;
  }

  /** The number of the user whose id stands at `[start, end)`. */
  #numberOfId(view: DataView, start: number, end: number, space: number): number {
    // An id may begin with a quote, but a field that begins with one stands for another id.
    const idSpace = end > start && view.getUint8(start) === QUOTE ? -3 - space : space;
    const known = this.#numbers.find(view, start, end, idSpace);
    return known >= 0 ? known : this.#add(view, start, end, idSpace, space);
  }

  /** A number for a user whose id is not in the table yet. */
  #add(view: DataView, start: number, end: number, idSpace: number, space: number): number {
    const number = this.#newNumber(space);
    const entry = this.#numbers.add(view, start, end, idSpace, number);
    if (number !== this.#idEntries.length) return number;
    this.#idEntries.push(entry);
    this.#idLengths.push(end - start);
    return number;
  }

  /** The ids of all users, by their numbers. */
  pack(): PackedUsers {
    const userEnds = new Int32Array(this.#idLengths.length);
    let end = 0;
    for (const [number, length] of this.#idLengths.entries()) {
      end += length;
      userEnds[number] = end;
    }
    const userIds = new Uint8Array(end);
    for (const [number, entry] of this.#idEntries.entries()) {
      const length = this.#idLengths[number] as number;
      this.#numbers.copyTo(userIds, (userEnds[number] as number) - length, entry, length);
    }
    return { userEnds, userIds };
  }
}

/** The id of a user by number. */
export function userIdOf({ userEnds, userIds }: PackedUsers, user: number): string {
  const ids = Buffer.from(userIds.buffer, userIds.byteOffset, userIds.length);
  return ids.toString('utf8', userEnds[user - 1] ?? 0, userEnds[user]);
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
