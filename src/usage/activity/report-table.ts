import { decimalText, subtract } from '../../domain/decimal.ts';
import { NANOS_PER_DAY } from '../../domain/instant.ts';
import type { Place } from '../../domain/problem.ts';
import { tierKey } from '../../domain/tier.ts';
import { IntPages, type PackedPages } from '../bytes/int-pages.ts';
import { type PackedPairs, PairTable } from '../bytes/pair-table.ts';
import type { ReportRows } from './activity-reports.ts';
import type { ActivityRow } from './activity-row.ts';
import { type Amount, Amounts, type PackedAmounts } from './amounts.ts';
import type { ProfileMatch } from './profile-match.ts';
import { type ReportColumns, reportColumns } from './report-columns.ts';
import type { DifferingDelivery } from './report-notes.ts';
import type { PackedUsers, ReportSeats } from './report-seats.ts';
import { NO_CAP, OFF, ON, ReportWords, SWITCHES, UNTOLD } from './report-words.ts';
import type { UnitOrder } from './unit-order.ts';
import type { Words } from './words.ts';

/** The ints of a row: its credits of the plan, the number of those of overage, what else it tells, its line. */
const WHOLE = 0;
const BILLIONTHS = 1;
const REST = 2;
const OVERAGE = 3;
const TOLD = 4;
const LINE = 5;
const ROW_INTS = 6;

/** A row by numbers; the table's own until it is put. */
export interface ReportRow {
  readonly credits: Amount;
  readonly overage: Amount;
  told: number;
  line: number;
}

export function newReportRow(): ReportRow {
  return {
    credits: { whole: 0, billionths: 0, rest: 0 },
    overage: { whole: 0, billionths: 0, rest: 0 },
    told: 0,
    line: 0,
  };
}

/** Where a row stands: the unit of the reading, and the line in there. */
export interface RowPlace {
  readonly unit: number;
  readonly line: number;
}

/**
 * Takes the rows of all activity reports of a run, in any order, and finds those that
 * count: one per date, user, client and profile, the one from the newest file. It keeps
 * numbers alone, some forty bytes of a row that counts, and nothing of the others.
 */
export class ReportTable implements ReportRows {
  /** The unit that is being read: a file, or a part of one. */
  unit = 0;
  readonly words = new ReportWords();
  /** Find these words in files. */
  readonly columns: ReportColumns;
  /** A user in a profile. */
  readonly seats: ReportSeats;
  /** The UTC day since 1970 and the client; these and the seat, which says the profile. */
  #dayClients = new PairTable();
  #keys = new PairTable();
  /** The cap and the switch, and the tier; the unit, and all of these. */
  #traits = new PairTable();
  #tolds = new PairTable();
  /** Of each key the row that counts. */
  #rows = new IntPages(ROW_INTS);
  #amounts = new Amounts();
  /** By key: the newest delivery that says otherwise than the row that counts. */
  #differing = new Map<number, RowPlace>();
  freeRows = 0;
  readonly #order: UnitOrder;
  readonly #match: ProfileMatch;
  readonly #known = newReportRow();
  /** The day and client of the latest row, which are mostly those of the next one, too. */
  #day = -1;
  #client = -1;
  #dayClient = -1;

  constructor(order: UnitOrder, match: ProfileMatch, seats: ReportSeats) {
    this.#order = order;
    this.#match = match;
    this.columns = reportColumns(this.words, (reported) => this.#matchProfile(reported));
    this.seats = seats;
  }

  /** The number of the profile that a report means; nothing where it is none of ours. */
  #matchProfile(reportedProfileId: string): number | undefined {
    const profileId = this.#match(reportedProfileId);
    return profileId === undefined ? undefined : this.words.profiles.numberOf(profileId);
  }

  addFreeRow(): void {
    this.freeRows += 1;
  }

  add(row: ActivityRow): boolean {
    const profile = this.#matchProfile(row.reportedProfileId);
    if (profile === undefined) return false;
    const day = Number(row.at / NANOS_PER_DAY);
    const client = this.words.clients.numberOf(row.client.toUpperCase());
    const seat = this.seats.numberOf(this.seats.users.userNumberOf(row.userId), profile);
    const { overageOn, capCredits = 'none' } = row;
    const told = this.toldOf(
      overageOn === undefined ? UNTOLD : overageOn ? ON : OFF,
      capCredits === 'none' ? NO_CAP : this.words.caps.numberOf(decimalText(capCredits, 0)),
      this.words.tiers.numberOf(tierKey(row.tier)),
    );
    const fresh = {
      credits: this.#amounts.amountOf(subtract(row.credits, row.overageCredits)),
      overage: this.#amounts.amountOf(row.overageCredits),
      told,
      line: row.place.line,
    };
    this.put(this.keyOf(day, client, seat), fresh);
    return true;
  }

  /** The number of a row's key. */
  keyOf(day: number, client: number, seat: number): number {
    if (day !== this.#day || client !== this.#client) {
      this.#dayClient = this.#dayClients.numberOf(day, client);
      this.#day = day;
      this.#client = client;
    }
    return this.#keys.numberOf(this.#dayClient, seat);
  }

  /** The number of what a row of the unit at hand tells beside its credits; a cap counts only while overage is on. */
  toldOf(overageSwitch: number, cap: number, tier: number): number {
    const capCredits = overageSwitch === ON ? cap : NO_CAP;
    const traits = this.#traits.numberOf(capCredits * SWITCHES + overageSwitch, tier);
    return this.#tolds.numberOf(this.unit, traits);
  }

  /** Takes a row in, whose key must be known or the next one. */
  put(key: number, row: ReportRow): void {
    if (key === this.#rows.size) {
      this.#rows.push();
      this.#write(key, row);
      return;
    }
    const known = this.#known;
    this.read(key, known);
    const isSame = this.#sayTheSame(known, row);
    const place = this.#placeOf(row);
    if (this.#isNewer(place, this.#placeOf(known))) {
      // All others are older than the one that has counted until now.
      if (!isSame) this.#differing.set(key, this.#placeOf(known));
      this.#write(key, row);
    } else if (!isSame) this.#meetDiffering(key, place);
  }

  #meetDiffering(key: number, place: RowPlace): void {
    const known = this.#differing.get(key);
    if (known === undefined || this.#isNewer(place, known)) this.#differing.set(key, place);
  }

  #sayTheSame(a: ReportRow, b: ReportRow): boolean {
    return (
      this.#tolds.secondOf(a.told) === this.#tolds.secondOf(b.told) &&
      this.#amounts.areEqual(a.credits, b.credits) &&
      this.#amounts.areEqual(a.overage, b.overage)
    );
  }

  #isNewer(a: RowPlace, b: RowPlace): boolean {
    const { byDelivery } = this.#order;
    const [rankA, rankB] = [byDelivery[a.unit] as number, byDelivery[b.unit] as number];
    return rankA === rankB ? a.line > b.line : rankA > rankB;
  }

  #placeOf({ told, line }: ReportRow): RowPlace {
    return { unit: this.unitOf(told), line };
  }

  #write(key: number, { credits, overage, told, line }: ReportRow): void {
    const page = this.#rows.page(key);
    const at = this.#rows.at(key);
    page[at + WHOLE] = credits.whole;
    page[at + BILLIONTHS] = credits.billionths;
    page[at + REST] = credits.rest;
    page[at + OVERAGE] = this.#amounts.keep(overage, page[at + OVERAGE] as number);
    page[at + TOLD] = told;
    page[at + LINE] = line;
  }

  /** Puts the row of a key that counts into `into`. */
  read(key: number, into: ReportRow): void {
    const page = this.#rows.page(key);
    const at = this.#rows.at(key);
    const { credits } = into;
    credits.whole = page[at + WHOLE] as number;
    credits.billionths = page[at + BILLIONTHS] as number;
    credits.rest = page[at + REST] as number;
    this.#amounts.read(page[at + OVERAGE] as number, into.overage);
    into.told = page[at + TOLD] as number;
    into.line = page[at + LINE] as number;
  }

  /** How many rows count. */
  get size(): number {
    return this.#rows.size;
  }

  seatOf(key: number): number {
    return this.#keys.secondOf(key);
  }

  dayOf(key: number): number {
    return this.#dayClients.firstOf(this.#keys.firstOf(key));
  }

  profileOf(key: number): number {
    return this.seats.profileOf(this.seatOf(key));
  }

  unitOf(told: number): number {
    return this.#tolds.firstOf(told);
  }

  /** The overage switch and cap, as one number. */
  overageOf(told: number): number {
    return this.#traits.firstOf(this.#tolds.secondOf(told));
  }

  capOf(overage: number): string {
    return this.words.caps.textOf(Math.floor(overage / SWITCHES));
  }

  get amounts(): Amounts {
    return this.#amounts;
  }

  /** The rows that were delivered again with other figures. `placeOf` gives the place of a line of a unit. */
  differingDeliveries(placeOf: (unit: number, line: number) => Place): DifferingDelivery[] {
    const row = newReportRow();
    return [...this.#differing].map(([key, { unit, line }]) => {
      this.read(key, row);
      const counted = placeOf(this.unitOf(row.told), row.line);
      return { counted, passedOver: placeOf(unit, line) };
    });
  }

  /** All of it, in a form that can go to another thread; the table must not be used after it. */
  pack(): PackedReports {
    return {
      clients: this.words.clients.texts,
      profiles: this.words.profiles.texts,
      tiers: this.words.tiers.texts,
      caps: this.words.caps.texts,
      seats: this.seats.pack(),
      seatProfiles: this.seats.profiles,
      dayClients: this.#dayClients.pack(),
      keys: this.#keys.pack(),
      traits: this.#traits.pack(),
      tolds: this.#tolds.pack(),
      rows: this.#rows.pack(),
      amounts: this.#amounts.pack(),
      differing: this.#differing,
      freeRows: this.freeRows,
    };
  }

  /** The rows of all packs, of which there must be one, together. */
  static of(
    [first, ...others]: readonly PackedReports[],
    order: UnitOrder,
    seatsOfNew: () => ReportSeats,
  ): ReportTable {
    const table = new ReportTable(order, (profileId) => profileId, seatsOfNew());
    if (first !== undefined) table.#adopt(first);
    for (const other of others) table.#merge(other, seatsOfNew());
    return table;
  }

  /** Takes over the memory of a pack; the table is empty. */
  #adopt(pack: PackedReports): void {
    for (const text of pack.clients) this.words.clients.numberOf(text);
    for (const text of pack.profiles) this.words.profiles.numberOf(text);
    for (const text of pack.tiers) this.words.tiers.numberOf(text);
    for (const text of pack.caps) this.words.caps.numberOf(text);
    this.#takeSeats(pack, [...pack.profiles.keys()]);
    this.#dayClients = PairTable.of(pack.dayClients);
    this.#keys = PairTable.of(pack.keys);
    this.#traits = PairTable.of(pack.traits);
    this.#tolds = PairTable.of(pack.tolds);
    this.#rows = IntPages.of(pack.rows, ROW_INTS);
    this.#amounts = Amounts.of(pack.amounts);
    this.#differing = new Map(pack.differing);
    this.freeRows = pack.freeRows;
  }

  #merge(pack: PackedReports, theirSeats: ReportSeats): void {
    const other = new ReportTable(this.#order, this.#match, theirSeats);
    other.#adopt(pack);
    const numbersOf = (texts: readonly string[], words: Words): number[] =>
      texts.map((text) => words.numberOf(text));
    const clients = numbersOf(pack.clients, this.words.clients);
    const profiles = numbersOf(pack.profiles, this.words.profiles);
    const seats = this.#takeSeats(pack, profiles);
    const dayClients = Array.from({ length: other.#dayClients.size }, (_, number) => {
      const client = clients[other.#dayClients.secondOf(number)] as number;
      return this.#dayClients.numberOf(other.#dayClients.firstOf(number), client);
    });
    const tolds = this.#takeTolds(other, {
      caps: numbersOf(pack.caps, this.words.caps),
      tiers: numbersOf(pack.tiers, this.words.tiers),
    });
    const row = newReportRow();
    for (let key = 0; key < other.size; key += 1) {
      other.read(key, row);
      row.told = tolds[row.told] as number;
      this.#amounts.takeOver(row.credits, other.#amounts);
      this.#amounts.takeOver(row.overage, other.#amounts);
      const dayClient = dayClients[other.#keys.firstOf(key)] as number;
      const ours = this.#keys.numberOf(dayClient, seats[other.seatOf(key)] as number);
      this.put(ours, row);
      const differing = other.#differing.get(key);
      if (differing !== undefined) this.#meetDiffering(ours, differing);
    }
    this.freeRows += other.freeRows;
  }

  /** By the numbers of the seats in a pack, ours; `profiles`: the same of profiles. */
  #takeSeats({ seats, seatProfiles }: PackedReports, profiles: readonly number[]): number[] {
    const { userEnds, userIds } = seats;
    return seatProfiles.map((profile, seat) => {
      const userId = userIds.subarray(userEnds[seat - 1] ?? 0, userEnds[seat]);
      return this.seats.numberOf(this.seats.users.userNumber(userId), profiles[profile] as number);
    });
  }

  #takeTolds(
    other: ReportTable,
    { caps, tiers }: { readonly caps: readonly number[]; readonly tiers: readonly number[] },
  ): number[] {
    return Array.from({ length: other.#tolds.size }, (_, told) => {
      const overage = other.overageOf(told);
      const cap = caps[Math.floor(overage / SWITCHES)] as number;
      const tier = tiers[other.#traits.secondOf(other.#tolds.secondOf(told))] as number;
      this.unit = other.unitOf(told);
      return this.toldOf(switchOf(overage), cap, tier);
    });
  }
}

/** The overage switch, of the number that stands for it and the cap. */
export function switchOf(overage: number): number {
  return overage % SWITCHES;
}

/** A `ReportTable` as plain arrays. */
export interface PackedReports {
  readonly clients: readonly string[];
  readonly profiles: readonly string[];
  readonly tiers: readonly string[];
  readonly caps: readonly string[];
  readonly seats: PackedUsers;
  readonly seatProfiles: readonly number[];
  readonly dayClients: PackedPairs;
  readonly keys: PackedPairs;
  readonly traits: PackedPairs;
  readonly tolds: PackedPairs;
  readonly rows: PackedPages;
  readonly amounts: PackedAmounts;
  readonly differing: ReadonlyMap<number, RowPlace>;
  readonly freeRows: number;
}
