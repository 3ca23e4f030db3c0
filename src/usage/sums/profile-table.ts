import { NO_IDENTITIES, profileIdFor } from '../../domain/identities.ts';
import { id } from '../../input/fields.ts';
import { ByteTable, type KeyColumn } from '../bytes/byte-table.ts';
import { fieldText } from '../bytes/field-text.ts';
import type { ScanText } from '../bytes/scan-text.ts';
import type { ReductionPlan } from '../plan.ts';
import { ROWS_AT_ONCE } from '../scan/row-scanner.ts';
import type { UsageWindow } from '../usage-window.ts';
import { type KnownWindow, ProfileWindows } from './profile-windows.ts';
import { type FieldColumn, LEFT_OUT, type RowBatch } from './row-batch.ts';

const FIRST_PROFILES = 64;
const SECONDS_PER_DAY = 86_400;
const NO_SPACES = new Int32Array(ROWS_AT_ONCE);

/** The row that named a profile first: the unit of the reading in which it stands, and its line in there. */
export interface FirstNamed {
  readonly unit: number;
  readonly line: number;
}

/** The profiles that usage names, by number, and the windows of time in which they have usage. */
export class ProfileTable {
  /** The unit that is being read: a file, or a part of one. */
  unit = 0;
  /** The windows that are wanted, by id. */
  readonly windows: KnownWindow[] = [];
  readonly #plan: ReductionPlan;
  /** From the bytes of a field to the number of the profile that it names. */
  readonly #fields = new ByteTable();
  readonly #numbers = new Map<string, number>();
  readonly #ids: string[] = [];
  readonly #windowsOf: ProfileWindows[] = [];
  readonly #firstNamed = new Map<string, FirstNamed>();
  /** Those that are not, the first with the id -1; and whether rows that count lie in them. */
  readonly #unwanted: KnownWindow[] = [];
  readonly #isMet: boolean[] = [];
  /** By profile: whether a row that counts has named it. */
  #isNamed = new Uint8Array(FIRST_PROFILES);
  /** By profile the window of its latest row, in which the next row mostly lies, too. */
  #latestFrom = new Float64Array(FIRST_PROFILES);
  #latestTo = new Float64Array(FIRST_PROFILES);
  #latestId = new Int32Array(FIRST_PROFILES);

  constructor(plan: ReductionPlan) {
    this.#plan = plan;
  }

  /**
   * Finds the profile that each row's key names. The batch then ends before the first row
   * whose key is no id, or names a profile that usage must not name.
   */
  findAll(text: ScanText, keys: KeyColumn, batch: RowBatch): void {
    const { profiles, first } = batch;
    this.#fields.findAll(text.view, keys, first, batch.end, NO_SPACES, profiles);
    for (let row = first; row < batch.end; row += 1) {
      if ((profiles[row] as number) >= 0) continue;
      const at = row * keys.stride + keys.offset;
      const profile = this.#meet(text, keys.values[at] as number, keys.values[at + 1] as number);
      profiles[row] = profile;
      if (profile < 0) batch.end = row;
    }
  }

  #meet(text: ScanText, start: number, end: number): number {
    // Another row may have met it just before.
    const known = this.#fields.find(text.view, start, end, 0);
    if (known >= 0) return known;
    const parsed = id(fieldText(text, start, end));
    if ('wrong' in parsed || parsed.value === '') return -1;
    const profileId = profileIdFor(this.#plan.identities ?? NO_IDENTITIES, parsed.value);
    if (this.#plan.profileIds?.has(profileId) === false) return -1;
    const profile = this.numberOf(profileId);
    this.#fields.add(text.view, start, end, 0, profile);
    return profile;
  }

  numberOf(profileId: string): number {
    const known = this.#numbers.get(profileId);
    if (known !== undefined) return known;
    const profile = this.#ids.length;
    if (profile === this.#isNamed.length) this.#grow();
    this.#numbers.set(profileId, profile);
    this.#ids.push(profileId);
    this.#windowsOf.push(new ProfileWindows(profileId, this.#plan, this.#newId));
    return profile;
  }

  /** Finds the window in which each row's instant lies: from 0, or below 0 for those that are not wanted. */
  findWindows({ values, stride, offset }: FieldColumn, batch: RowBatch): void {
    const { profiles, windows, first, end } = batch;
    const latestFrom = this.#latestFrom;
    const latestTo = this.#latestTo;
    const latestId = this.#latestId;
    for (let row = first, at = first * stride + offset; row < end; row += 1, at += stride) {
      const profile = profiles[row] as number;
      const second = (values[at] as number) * SECONDS_PER_DAY + (values[at + 1] as number);
      const isInLatest =
        second >= (latestFrom[profile] as number) && second < (latestTo[profile] as number);
      windows[row] = isInLatest
        ? (latestId[profile] as number)
        : this.windowAt(profile, second, values[at + 2] as number);
    }
  }

  /** The id of the window of a profile in which an instant lies. */
  windowAt(profile: number, seconds: number, nanos: number): number {
    const window = (this.#windowsOf[profile] as ProfileWindows).at(seconds, nanos);
    if (window.id === this.windows.length) this.windows.push(window);
    if (window.id === -this.#unwanted.length - 1) this.#unwanted.push(window);
    this.#latestFrom[profile] = window.fromSecond;
    this.#latestTo[profile] = window.toSecond;
    this.#latestId[profile] = window.id;
    return window.id;
  }

  readonly #newId = ({ isWanted }: UsageWindow): number =>
    isWanted ? this.windows.length : -this.#unwanted.length - 1;

  /** A window by its id. */
  window(id: number): KnownWindow {
    return (id < 0 ? this.#unwanted[-id - 1] : this.windows[id]) as KnownWindow;
  }

  /** Takes note of a row that counts, in a window that is not wanted. */
  meetUnwanted(window: number): void {
    this.#isMet[-window - 1] = true;
  }

  /** Takes note of the rows that count; `lineOf` gives the line of each. */
  nameAll({ profiles, cells, first, end }: RowBatch, lineOf: (row: number) => number): void {
    const isNamed = this.#isNamed;
    for (let row = first; row < end; row += 1) {
      const profile = profiles[row] as number;
      if (isNamed[profile] === 0 && cells[row] !== LEFT_OUT) this.name(profile, lineOf(row));
    }
  }

  /** Takes note of a row that counts; rows come in their order. */
  name(profile: number, line: number): void {
    if (this.#isNamed[profile] === 0) this.nameAt(profile, { unit: this.unit, line });
  }

  /** The same for a row that may stand before the one that is known, or behind it. */
  nameAt(profile: number, row: FirstNamed): void {
    const profileId = this.#ids[profile] as string;
    const known = this.#firstNamed.get(profileId);
    if (known === undefined || isBefore(row, known)) this.#firstNamed.set(profileId, row);
    this.#isNamed[profile] = 1;
  }

  /** By profile the first row that counts and names it. */
  get firstNamed(): ReadonlyMap<string, FirstNamed> {
    return this.#firstNamed;
  }

  /** Whether there are windows that are not wanted. */
  get hasUnwanted(): boolean {
    return this.#unwanted.length > 0;
  }

  /** The months that are not wanted and have rows that count. */
  get unwantedMonths(): Set<string> {
    const met = this.#unwanted.filter((_, index) => this.#isMet[index] === true);
    return new Set(met.map(({ month }) => month));
  }

  #grow(): void {
    const length = this.#isNamed.length * 2;
    this.#isNamed = grown(this.#isNamed, new Uint8Array(length));
    this.#latestFrom = grown(this.#latestFrom, new Float64Array(length));
    this.#latestTo = grown(this.#latestTo, new Float64Array(length));
    this.#latestId = grown(this.#latestId, new Int32Array(length));
  }
}

export function isBefore(a: FirstNamed, b: FirstNamed): boolean {
  return a.unit < b.unit || (a.unit === b.unit && a.line < b.line);
}

function grown<Numbers extends { set(values: ArrayLike<number>): void } & ArrayLike<number>>(
  old: Numbers,
  bigger: Numbers,
): Numbers {
  bigger.set(old);
  return bigger;
}
