import { type Decimal, decimal } from '../../domain/decimal.ts';
import type { Place } from '../../domain/problem.ts';
import type { ReportedOverage } from '../../domain/records.ts';
import { tierKey } from '../../domain/tier.ts';
import type { PlaceOf } from '../sums/row-place.ts';
import type { Amount, AmountBuffer } from './amount.ts';
import { ON, UNKNOWN } from './report-columns.ts';
import type { DifferingDelivery } from './report-notes.ts';
import {
  type CollectedRows,
  FACTS,
  GROUP,
  LINE,
  OVERAGE,
  PAGE_BITS,
  PAGE_MASK,
  ROW_INTS,
  STATUS,
  switchOf,
  USED,
  USER,
} from './report-rows.ts';
import { STEP, slotOf } from './tuple-table.ts';
import type { UnitOrder } from './unit-order.ts';
import { NO_CAP, NO_LIMIT, NO_TIER, type ReportWords } from './words.ts';

/** A row of the delivery that counts. */
export interface CountedRow {
  /** Its key: the group (day, client and profile), and the user. */
  group: number;
  user: number;
  readonly used: Amount;
  /** The number of its overage credits; 0 for none. */
  overage: number;
  facts: number;
  unit: number;
  line: number;
  /** Whether it is the first row of its key. */
  isFirst: boolean;
  /** Whether another row of the same delivery has its figures, so that its credits are already counted. */
  isRepeated: boolean;
}

/** The status of a row: the last two do not count. */
const FIRST = 0;
const FURTHER = -1;
const REPEATED = -2;
const REPLACED = -3;

/**
 * The rows of all activity reports of a run, with one index by key. All deliveries of a key are kept
 * until all are known, so that what counts does not depend on the order in which threads read them.
 */
export class ReportTable {
  readonly words: ReportWords;
  readonly freeRows: number;
  /** Of the units that rows come from. */
  readonly order: UnitOrder;
  readonly placeOf: PlaceOf;
  /** The keys that were delivered again with other figures, each with the first row that says so. */
  readonly redeliveries: DifferingDelivery[] = [];
  readonly #rows: CollectedRows;

  constructor(rows: CollectedRows, order: UnitOrder, placeOf: PlaceOf) {
    this.words = rows.words;
    this.freeRows = rows.freeRows;
    this.order = order;
    this.placeOf = placeOf;
    this.#rows = rows;
    this.#indexAll();
    this.#settleAll();
  }

  #indexAll(): void {
    const { pages, counts } = this.#rows;
    const rows = counts.reduce((sum, count) => sum + count, 0);
    // By slot, the first row read with its key, plus 1. At most three of four slots are used.
    const slots = new Int32Array(2 ** Math.ceil(Math.log2(Math.max(64, (rows * 4) / 3))));
    for (const [index, page] of pages.entries()) {
      const count = counts[index] as number;
      for (let row = 0, at = 0; row < count; row += 1, at += ROW_INTS) {
        this.#index((index << PAGE_BITS) + row, page, at, slots);
      }
    }
    free(slots);
  }

  /**
   * Links a row with the others of its key: in the first one read, the int is 0 or the next row
   * plus 1; in the others, the complement of that.
   */
  #index(row: number, page: Int32Array, at: number, slots: Int32Array): void {
    const mask = slots.length - 1;
    const group = page[at + GROUP] as number;
    const user = page[at + USER] as number;
    let slot = slotOf(group, user) & mask;
    for (; slots[slot] !== 0; slot = (slot + STEP) & mask) {
      const first = (slots[slot] as number) - 1;
      const firstPage = this.#rows.pages[first >>> PAGE_BITS] as Int32Array;
      const firstAt = (first & PAGE_MASK) * ROW_INTS;
      if (firstPage[firstAt + GROUP] !== group || firstPage[firstAt + USER] !== user) continue;
      page[at + STATUS] = ~(firstPage[firstAt + STATUS] as number);
      firstPage[firstAt + STATUS] = row + 1;
      return;
    }
    slots[slot] = row + 1;
    page[at + STATUS] = FIRST;
  }

  #settleAll(): void {
    for (const [index, page] of this.#rows.pages.entries()) {
      const count = this.#rows.counts[index] as number;
      for (let row = 0, at = STATUS; row < count; row += 1, at += ROW_INTS) {
        if ((page[at] as number) > 0) this.#settle((index << PAGE_BITS) + row);
      }
    }
  }

  /**
   * Sets the status of the rows of a key that has several, given the first one read: those of the
   * newest delivery count, the credits of equal figures once. Rule R2.
   */
  #settle(firstRow: number): void {
    const [counted = [], ...older] = this.#deliveriesOf(firstRow);
    const figures = new Set<string>();
    for (const [index, row] of counted.entries()) {
      const text = this.#figuresOf(row);
      this.#setStatus(row, index === 0 ? FIRST : figures.has(text) ? REPEATED : FURTHER);
      figures.add(text);
    }
    for (const row of older.flat()) this.#setStatus(row, REPLACED);
    const said = this.#saidBy(counted);
    const differing = older.find((delivery) => this.#saidBy(delivery) !== said);
    if (differing === undefined) return;
    this.redeliveries.push({
      counted: this.#placeOfRow(counted[0] as number),
      uncounted: this.#placeOfRow(differing[0] as number),
    });
  }

  /** The rows of a key by delivery, the newest first; those of one delivery in the order of path and line. */
  #deliveriesOf(firstRow: number): number[][] {
    const rows: { row: number; delivery: number; path: number; line: number }[] = [];
    for (let next = firstRow + 1; next !== 0; ) {
      const row = next - 1;
      const unit = this.#unitOf(row);
      const delivery = this.order.byDelivery[unit] as number;
      const path = this.order.byPath[unit] as number;
      rows.push({ row, delivery, path, line: this.#int(row, LINE) });
      const status = this.#int(row, STATUS);
      next = status < 0 ? ~status : status;
    }
    rows.sort((a, b) => b.delivery - a.delivery || a.path - b.path || a.line - b.line);
    const deliveries: number[][] = [];
    for (const [index, { row, delivery }] of rows.entries()) {
      if (delivery === rows[index - 1]?.delivery) deliveries.at(-1)?.push(row);
      else deliveries.push([row]);
    }
    return deliveries;
  }

  #figuresOf(row: number): string {
    return [USED, USED + 1, USED + 2, OVERAGE].map((field) => this.#int(row, field)).join(' ');
  }

  /** The content of one delivery's rows, regardless of repetition and order; a limit says nothing about usage. */
  #saidBy(rows: readonly number[]): string {
    const said = rows.map((row) => {
      const facts = this.#int(row, FACTS);
      const [cap, flags] = [this.#rows.facts.at(facts, 1), this.#rows.facts.at(facts, 3)];
      return `${this.#figuresOf(row)} ${tierKey(this.tierOf(facts))} ${cap} ${switchOf(flags)}`;
    });
    return [...new Set(said)].sort().join(' ');
  }

  #placeOfRow(row: number): Place {
    return this.placeOf({ unit: this.#unitOf(row), line: this.#int(row, LINE) });
  }

  #unitOf(row: number): number {
    const starts = this.#rows.unitRows;
    let [low, high] = [0, starts.length];
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((starts[middle] as number) <= row) low = middle;
      else high = middle;
    }
    return this.#rows.units[low] as number;
  }

  #int(row: number, field: number): number {
    const page = this.#rows.pages[row >>> PAGE_BITS] as Int32Array;
    return page[(row & PAGE_MASK) * ROW_INTS + field] as number;
  }

  #setStatus(row: number, status: number): void {
    const page = this.#rows.pages[row >>> PAGE_BITS] as Int32Array;
    page[(row & PAGE_MASK) * ROW_INTS + STATUS] = status;
  }

  /** Passes on each row that counts; the object is valid only until the next call. */
  eachCounted(add: (row: CountedRow) => void): void {
    const used: AmountBuffer = [0, 0, 0];
    const row = { group: 0, user: 0, used, overage: 0, facts: 0, unit: 0, line: 0 };
    const counted: CountedRow = Object.assign(row, { isFirst: true, isRepeated: false });
    let unitIndex = 0;
    for (const [index, page] of this.#rows.pages.entries()) {
      const count = this.#rows.counts[index] as number;
      for (let offset = 0, at = 0; offset < count; offset += 1, at += ROW_INTS) {
        const status = page[at + STATUS] as number;
        if (status === REPLACED) continue;
        const id = (index << PAGE_BITS) + offset;
        while (id >= (this.#rows.unitRows[unitIndex + 1] ?? Infinity)) unitIndex += 1;
        counted.group = page[at + GROUP] as number;
        counted.user = page[at + USER] as number;
        used[0] = page[at + USED] as number;
        used[1] = page[at + USED + 1] as number;
        used[2] = page[at + USED + 2] as number;
        counted.overage = page[at + OVERAGE] as number;
        counted.facts = page[at + FACTS] as number;
        counted.unit = this.#rows.units[unitIndex] as number;
        counted.line = page[at + LINE] as number;
        counted.isFirst = status === FIRST;
        counted.isRepeated = status === REPEATED;
        add(counted);
      }
    }
  }

  /** Gives up the rows, once all are added up. */
  dropRows(): void {
    for (const page of this.#rows.pages.splice(0)) free(page);
  }

  /** The UTC day since 1970 of a group. */
  dayOf(group: number): number {
    return this.#rows.groups.at(group, 0);
  }

  clientOf(group: number): string {
    return this.words.clients.textOf(this.#rows.groups.at(group, 1));
  }

  /** The number of the profile of a group. */
  profileOf(group: number): number {
    return this.#rows.groups.at(group, 2);
  }

  profileIdOf(group: number): string {
    return this.words.profiles.textOf(this.profileOf(group));
  }

  /** The number of groups. */
  get groupCount(): number {
    return this.#rows.groups.size;
  }

  hasTier(facts: number): boolean {
    return this.#rows.facts.at(facts, 0) !== NO_TIER;
  }

  /** Blank if the rows have none. */
  tierOf(facts: number): string {
    return this.words.tiers.textOf(this.#rows.facts.at(facts, 0));
  }

  limitOf(facts: number): Decimal | undefined {
    const limit = this.#rows.facts.at(facts, 2);
    return limit === NO_LIMIT ? undefined : decimal(this.words.limits.textOf(limit));
  }

  /** The overage switch and cap in facts. */
  overageOfFacts(facts: number): Pick<ReportedOverage, 'overageOn' | 'capCredits'> {
    const overageSwitch = switchOf(this.#rows.facts.at(facts, 3));
    if (overageSwitch === UNKNOWN) return {};
    if (overageSwitch !== ON) return { overageOn: false };
    const cap = this.#rows.facts.at(facts, 1);
    const capCredits = cap === NO_CAP ? 'none' : decimal(this.words.caps.textOf(cap));
    return { overageOn: true, capCredits };
  }

  /** The flags in facts: see `packedFlags`. */
  flagsOf(facts: number): number {
    return this.#rows.facts.at(facts, 3);
  }

  /** The overage credits of a number. */
  overageOf(overage: number): Amount {
    const overages = this.#rows.overages;
    return [overages.at(overage, 0), overages.at(overage, 1), overages.at(overage, 2)];
  }
}

/**
 * Frees the memory of large arrays, which are most of a run's. V8 looks through all objects when the
 * small ones have grown; what has been transferred is young, and goes with the first of them.
 */
function free({ buffer }: Int32Array): void {
  structuredClone(undefined, { transfer: [buffer as ArrayBuffer] });
}
