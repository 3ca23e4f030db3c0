import { PAGE_BITS, PAGE_MASK } from '../bytes/int-pages.ts';
import { PairTable, STEP, slotOf } from '../bytes/pair-table.ts';
import type { FirstNamed as RowPlace } from '../sums/first-named.ts';
import { type Amount, Amounts } from './amounts.ts';
import {
  DAY_CLIENT,
  FACTS,
  LINE,
  NEXT,
  newRowFigures,
  OVERAGE,
  type PackedRows,
  ROW_INTS,
  type RowFigures,
  SEAT,
  USED,
} from './report-rows.ts';
import type { ReportSeats } from './report-seats.ts';
import { ReportWords, SWITCHES } from './report-words.ts';
import type { UnitOrder } from './unit-order.ts';
import type { Words } from './words.ts';

/** A row of the delivery that counts. */
export interface CountedRow extends RowFigures {
  /** Its key: the day with the client, and the seat, which says the profile. */
  dayClient: number;
  seat: number;
  unit: number;
  /** Whether it is the first row of its key. */
  isFirst: boolean;
  /** Whether a row of the same delivery has its figures, so that its credits are counted already. */
  isRepeated: boolean;
}

/** The first row of a key in the delivery that counts, and in the newest one that says otherwise. */
export interface Redelivery {
  readonly counted: RowPlace;
  readonly differing: RowPlace;
}

/**
 * The rows of all activity reports of a run, one after another as they were read, with one
 * index by key (day, client, seat). All deliveries of a key are kept, so that what counts does
 * not depend on the order in which threads read them (R2).
 */
export class ReportTable {
  readonly words = new ReportWords();
  /** A user in a profile. */
  readonly seats: ReportSeats;
  readonly amounts = new Amounts();
  readonly #order: UnitOrder;
  readonly #dayClients = new PairTable();
  readonly #traits = new PairTable();
  readonly #facts = new PairTable();
  readonly #pages: Int32Array[] = [];
  /** How many rows of each page there are. */
  readonly #counts: number[] = [];
  /** The units in the order of their rows, and the first row of each. */
  readonly #units: number[] = [];
  readonly #unitRows: number[] = [];
  /** The first row that came of the key of a slot, plus 1; 0 for an empty slot. */
  readonly #slots: Int32Array;
  freeRows = 0;
  #redeliveries: Redelivery[] = [];

  constructor(packs: readonly PackedRows[], order: UnitOrder, seats: ReportSeats) {
    this.#order = order;
    this.seats = seats;
    const rows = packs.reduce((sum, { rows: { size } }) => sum + size, 0);
    // At most three of four slots are taken.
    this.#slots = new Int32Array(2 ** Math.ceil(Math.log2(Math.max(64, (rows * 4) / 3))));
    for (const pack of packs) this.#insert(pack);
  }

  #insert(pack: PackedRows): void {
    const firstPage = this.#pages.length;
    this.freeRows += pack.freeRows;
    for (const [index, unit] of pack.units.entries()) {
      this.#units.push(unit);
      this.#unitRows.push((firstPage << PAGE_BITS) + (pack.unitRows[index] as number));
    }
    const ours = this.#numbersOf(pack);
    const amounts = Amounts.of(pack.amounts);
    const amount = newRowFigures().overage;
    for (const [index, page] of pack.rows.pages.entries()) {
      const count = Math.min(PAGE_MASK + 1, pack.rows.size - (index << PAGE_BITS));
      this.#pages.push(page);
      this.#counts.push(count);
      const firstRow = (firstPage + index) << PAGE_BITS;
      for (let row = 0, at = 0; row < count; row += 1, at += ROW_INTS) {
        page[at + DAY_CLIENT] = ours.dayClients[page[at + DAY_CLIENT] as number] as number;
        page[at + SEAT] = ours.seats[page[at + SEAT] as number] as number;
        page[at + FACTS] = ours.facts[page[at + FACTS] as number] as number;
        if ((page[at + USED] as number) < 0) {
          const beyond = { whole: page[at + USED] as number, billionths: 0, rest: 0 };
          this.amounts.takeOver(beyond, amounts);
          page[at + USED] = beyond.whole;
        }
        if (page[at + OVERAGE] !== 0) {
          amounts.read(page[at + OVERAGE] as number, amount);
          this.amounts.takeOver(amount, amounts);
          page[at + OVERAGE] = this.amounts.keep(amount, 0);
        }
        this.#index(firstRow + row, page, at);
      }
    }
  }

  /** By the numbers of a pack, ours. */
  #numbersOf(pack: PackedRows): Record<'dayClients' | 'seats' | 'facts', Int32Array> {
    const numbersOf = (texts: readonly string[], words: Words): number[] =>
      texts.map((text) => words.numberOf(text));
    const clients = numbersOf(pack.clients, this.words.clients);
    const profiles = numbersOf(pack.profiles, this.words.profiles);
    const tiers = numbersOf(pack.tiers, this.words.tiers);
    const caps = numbersOf(pack.caps, this.words.caps);
    const limits = numbersOf(pack.limits, this.words.limits);
    const { userEnds, userIds } = pack.seats;
    const dayClients = pack.dayClients.map(([day, client]) =>
      this.#dayClients.numberOf(day, clients[client] as number),
    );
    const seats = pack.seatProfiles.map((profile, seat) => {
      const userId = userIds.subarray(userEnds[seat - 1] ?? 0, userEnds[seat]);
      return this.seats.numberOf(this.seats.users.userNumber(userId), profiles[profile] as number);
    });
    const traits = pack.traits.map(([overage, tier]) => {
      const cap = caps[Math.floor(overage / SWITCHES)] as number;
      return this.#traits.numberOf(cap * SWITCHES + switchOf(overage), tiers[tier] as number);
    });
    const facts = pack.facts.map(([trait, limit]) =>
      this.#facts.numberOf(traits[trait] as number, limits[limit] as number),
    );
    return {
      dayClients: Int32Array.from(dayClients),
      seats: Int32Array.from(seats),
      facts: Int32Array.from(facts),
    };
  }

  /** Puts a row with those of its key: the first one that came has 0 or the next row plus 1, the others the complement of it. */
  #index(row: number, page: Int32Array, at: number): void {
    const slots = this.#slots;
    const mask = slots.length - 1;
    const dayClient = page[at + DAY_CLIENT] as number;
    const seat = page[at + SEAT] as number;
    let slot = slotOf(dayClient, seat) & mask;
    for (; slots[slot] !== 0; slot = (slot + STEP) & mask) {
      const first = (slots[slot] as number) - 1;
      const firstPage = this.#pages[first >>> PAGE_BITS] as Int32Array;
      const firstAt = (first & PAGE_MASK) * ROW_INTS;
      if (firstPage[firstAt + DAY_CLIENT] !== dayClient || firstPage[firstAt + SEAT] !== seat) {
        continue;
      }
      page[at + NEXT] = ~(firstPage[firstAt + NEXT] as number);
      firstPage[firstAt + NEXT] = row + 1;
      return;
    }
    slots[slot] = row + 1;
    page[at + NEXT] = 0;
  }

  /** Gives each row of the deliveries that count, those of one key together; the row is only good until the next. Rule R2. */
  eachCounted(add: (row: CountedRow) => void): void {
    this.#redeliveries = [];
    const row: CountedRow = {
      ...newRowFigures(),
      ...{ dayClient: 0, seat: 0, unit: 0, isFirst: true, isRepeated: false },
    };
    let unitIndex = 0;
    for (const [index, page] of this.#pages.entries()) {
      const count = this.#counts[index] as number;
      for (let offset = 0, at = 0; offset < count; offset += 1, at += ROW_INTS) {
        const next = page[at + NEXT] as number;
        if (next < 0) continue;
        if (next > 0) {
          this.#addAll((index << PAGE_BITS) + offset, row, add);
          continue;
        }
        const id = (index << PAGE_BITS) + offset;
        while (id >= (this.#unitRows[unitIndex + 1] ?? Infinity)) unitIndex += 1;
        this.#read(page, at, row);
        row.unit = this.#units[unitIndex] as number;
        row.isFirst = true;
        row.isRepeated = false;
        add(row);
      }
    }
  }

  /** The same for the rows of a key of which there are several. */
  #addAll(first: number, row: CountedRow, add: (row: CountedRow) => void): void {
    const deliveries = this.#deliveriesOf(first);
    const [counted = [], ...older] = deliveries;
    const seen = new Set<string>();
    for (const [index, id] of counted.entries()) {
      this.#readRow(id, row);
      const figures = this.#figuresOf(row);
      row.isFirst = index === 0;
      row.isRepeated = seen.has(figures);
      seen.add(figures);
      add(row);
    }
    const said = this.#saidBy(counted);
    const differing = older.find((delivery) => this.#saidBy(delivery) !== said);
    if (differing === undefined) return;
    this.#redeliveries.push({
      counted: this.#placeOf(counted[0] as number),
      differing: this.#placeOf(differing[0] as number),
    });
  }

  /** The rows of a key by delivery, the newest first; those of one delivery in the order of path and line. */
  #deliveriesOf(first: number): number[][] {
    const ids: number[] = [];
    for (let id = first + 1; id !== 0; ) {
      ids.push(id - 1);
      const next = this.#int(id - 1, NEXT);
      id = next < 0 ? ~next : next;
    }
    const { byDelivery, byPath } = this.#order;
    const known = ids.map((id) => ({ id, unit: this.#unitOf(id), line: this.#int(id, LINE) }));
    const rank = (ranks: Int32Array, { unit }: { unit: number }): number => ranks[unit] as number;
    known.sort(
      (a, b) =>
        rank(byDelivery, b) - rank(byDelivery, a) ||
        rank(byPath, a) - rank(byPath, b) ||
        a.line - b.line,
    );
    const deliveries: number[][] = [];
    let newest = -1;
    for (const one of known) {
      if (rank(byDelivery, one) !== newest) deliveries.push([]);
      newest = rank(byDelivery, one);
      deliveries.at(-1)?.push(one.id);
    }
    return deliveries;
  }

  /** What the rows of one delivery say, however often and in whatever order they say it. */
  #saidBy(ids: readonly number[]): string {
    const row = newRowFigures();
    const said = ids.map((id) => {
      this.#readFigures(id, row);
      return `${this.#figuresOf(row)} ${this.#facts.firstOf(row.facts)}`;
    });
    return [...new Set(said)].sort().join(' ');
  }

  #figuresOf({ used, overage }: RowFigures): string {
    return `${this.amounts.textOf(used)} ${this.amounts.textOf(overage)}`;
  }

  #placeOf(id: number): RowPlace {
    return { unit: this.#unitOf(id), line: this.#int(id, LINE) };
  }

  #unitOf(id: number): number {
    const starts = this.#unitRows;
    let [low, high] = [0, starts.length];
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((starts[middle] as number) <= id) low = middle;
      else high = middle;
    }
    return this.#units[low] as number;
  }

  #int(id: number, field: number): number {
    const page = this.#pages[id >>> PAGE_BITS] as Int32Array;
    return page[(id & PAGE_MASK) * ROW_INTS + field] as number;
  }

  #readRow(id: number, row: CountedRow): void {
    this.#read(this.#pages[id >>> PAGE_BITS] as Int32Array, (id & PAGE_MASK) * ROW_INTS, row);
    row.unit = this.#unitOf(id);
  }

  #read(page: Int32Array, at: number, row: CountedRow): void {
    row.dayClient = page[at + DAY_CLIENT] as number;
    row.seat = page[at + SEAT] as number;
    this.#readInto(page, at, row);
  }

  #readFigures(id: number, row: RowFigures): void {
    this.#readInto(this.#pages[id >>> PAGE_BITS] as Int32Array, (id & PAGE_MASK) * ROW_INTS, row);
  }

  #readInto(page: Int32Array, at: number, row: RowFigures): void {
    const { used, overage } = row;
    used.whole = page[at + USED] as number;
    used.billionths = page[at + USED + 1] as number;
    used.rest = page[at + USED + 2] as number;
    readAmount(this.amounts, page[at + OVERAGE] as number, overage);
    row.facts = page[at + FACTS] as number;
    row.line = page[at + LINE] as number;
  }

  /** The keys that were delivered again with other figures, of the last `eachCounted`. */
  get redeliveries(): readonly Redelivery[] {
    return this.#redeliveries;
  }

  /** The UTC day since 1970, of a day with a client. */
  dayOf(dayClient: number): number {
    return this.#dayClients.firstOf(dayClient);
  }

  clientOf(dayClient: number): number {
    return this.#dayClients.secondOf(dayClient);
  }

  tierOf(facts: number): number {
    return this.#traits.secondOf(this.#facts.firstOf(facts));
  }

  limitOf(facts: number): number {
    return this.#facts.secondOf(facts);
  }

  /** The overage switch and cap, as one number. */
  overageOf(facts: number): number {
    return this.#traits.firstOf(this.#facts.firstOf(facts));
  }

  capOf(overage: number): string {
    return this.words.caps.textOf(Math.floor(overage / SWITCHES));
  }
}

function readAmount(amounts: Amounts, number: number, into: Amount): void {
  if (number !== 0) amounts.read(number, into);
  else {
    into.whole = 0;
    into.billionths = 0;
    into.rest = 0;
  }
}

/** The overage switch, of the number that stands for it and the cap. */
export function switchOf(overage: number): number {
  return overage % SWITCHES;
}
