import { decimal } from '../../domain/decimal.ts';
import { NANOS_PER_DAY, utcDate } from '../../domain/instant.ts';
import type { Place } from '../../domain/problem.ts';
import type { ReportedOverage } from '../../domain/records.ts';
import { PairTable } from '../bytes/pair-table.ts';
import type { FirstNamed } from '../sums/first-named.ts';
import { UNWANTED } from '../sums/profile-usage.ts';
import { MARKS_OF, type SeatSums } from '../sums/seat-sums.ts';
import { type Amount, isZero } from './amounts.ts';
import { ExactSums, totalOf } from './exact-sums.ts';
import type { ReportedFacts } from './report-notes.ts';
import { type CountedRow, type ReportTable, switchOf } from './report-table.ts';
import { NO_LIMIT, NO_TIER, ON, UNTOLD } from './report-words.ts';
import type { UnitOrder } from './unit-order.ts';

/** Whether the overage credits of a seat in a month are beside those that the plan covers (R1). */
export type IsBeside = (seat: number, month: string) => boolean;

/** What the rows of reports that count come to: adds their credits to the sums of all usage. */
export class ReportTotals {
  readonly #table: ReportTable;
  readonly #sums: SeatSums;
  readonly #isBeside: IsBeside;
  /** The day with the client, and the profile; by their number the window. */
  readonly #dayProfiles = new PairTable();
  readonly #windows: number[] = [];
  readonly #months: string[] = [];
  readonly #facts: FactTotals;
  readonly #profiles: number[];
  /** The numbers of the latest row's, which are mostly those of the next one, too. */
  #latest = { dayClient: -1, profile: -1, dayProfile: -1 };

  constructor(table: ReportTable, sums: SeatSums, order: UnitOrder, isBeside: IsBeside) {
    this.#table = table;
    this.#sums = sums;
    this.#isBeside = isBeside;
    this.#facts = new FactTotals(table, this.#dayProfiles, order);
    this.#profiles = table.words.profiles.texts.map((id) => sums.profileNumber(id));
    table.eachCounted((row) => this.#add(row));
  }

  #add(row: CountedRow): void {
    const profile = this.#table.seats.profileOf(row.seat);
    const place = { unit: row.unit, line: row.line };
    this.#sums.nameProfile(this.#profiles[profile] as number, place);
    const dayProfile = this.#dayProfileOf(row.dayClient, profile);
    this.#facts.add(dayProfile, row);
    const window = this.#windows[dayProfile] as number;
    if (window !== UNWANTED && !row.isRepeated) this.#addCredits(window, dayProfile, row);
  }

  #dayProfileOf(dayClient: number, profile: number): number {
    const latest = this.#latest;
    if (dayClient === latest.dayClient && profile === latest.profile) return latest.dayProfile;
    const dayProfile = this.#dayProfiles.numberOf(dayClient, profile);
    if (dayProfile === this.#windows.length) {
      const at = BigInt(this.#table.dayOf(dayClient)) * NANOS_PER_DAY;
      const number = this.#profiles[profile] as number;
      this.#windows.push(this.#sums.windowAt(number, at, MARKS_OF.reports));
      this.#months.push(utcDate(at).slice(0, 7));
    }
    this.#latest = { dayClient, profile, dayProfile };
    return dayProfile;
  }

  #addCredits(
    window: number,
    dayProfile: number,
    { seat, used, overage, isFirst, dayClient }: CountedRow,
  ): void {
    const cell = this.#sums.cellOf(window, this.#table.seats.userOf(seat));
    const day = this.#table.dayOf(dayClient);
    this.#addAmount(cell, used, isFirst ? 1 : 0, day);
    if (!isZero(overage) && this.#isBeside(seat, this.#months[dayProfile] as string)) {
      this.#addAmount(cell, overage, 0, day);
    }
  }

  #addAmount(cell: number, amount: Amount, requests: number, day: number): void {
    const { whole, billionths, rest } = amount;
    if (whole >= 0)
      this.#sums.addLimbs(cell, [whole, billionths, rest], requests, MARKS_OF.reports, day);
    else {
      const credits = this.#table.amounts.beyondOf(whole);
      this.#sums.addDecimal(cell, credits, requests, MARKS_OF.reports, day);
    }
  }

  /** What they say of overage. `placeOf` gives the place of a line of a unit. */
  overage(placeOf: (unit: number, line: number) => Place): ReportedOverage[] {
    return this.#facts.overage(placeOf);
  }

  /** The days, clients, tiers and limits that they have. `placeOf` as above. */
  reportedFacts(placeOf: (unit: number, line: number) => Place): ReportedFacts[] {
    return this.#facts.reportedFacts(placeOf);
  }
}

/** Rows that say the same beside their credits, of one day, client and profile, put together. */
class FactTotals {
  readonly #table: ReportTable;
  readonly #order: UnitOrder;
  readonly #dayProfiles: PairTable;
  /** The day, client and profile; and what rows say, with whether there were overage credits. */
  readonly #keys = new PairTable();
  readonly #sums = new ExactSums();
  /** By key the place of the first row by path. */
  readonly #units: number[] = [];
  readonly #lines: number[] = [];

  constructor(table: ReportTable, dayProfiles: PairTable, order: UnitOrder) {
    this.#table = table;
    this.#dayProfiles = dayProfiles;
    this.#order = order;
  }

  add(dayProfile: number, row: CountedRow): void {
    const { facts, overage, unit, line, isRepeated } = row;
    const hasCredits = isRepeated || isZero(overage) ? 0 : 1;
    const key = this.#keys.numberOf(dayProfile, facts * 2 + hasCredits);
    if (key === this.#sums.size) {
      this.#sums.newCell();
      this.#units.push(unit);
      this.#lines.push(line);
    } else if (this.#isBefore({ unit, line }, key)) {
      this.#units[key] = unit;
      this.#lines[key] = line;
    }
    if (hasCredits === 1) this.#table.amounts.addTo(this.#sums, key, overage);
  }

  #isBefore({ unit, line }: FirstNamed, key: number): boolean {
    const knownUnit = this.#units[key] as number;
    if (unit === knownUnit) return line < (this.#lines[key] as number);
    const { byPath } = this.#order;
    return (byPath[unit] as number) < (byPath[knownUnit] as number);
  }

  overage(placeOf: (unit: number, line: number) => Place): ReportedOverage[] {
    const sums = this.#sums.pack();
    return this.#units.map((unit, key) => {
      const { at, date, profileId, facts } = this.#where(key);
      return {
        ...{ profileId, date, at, ...this.#reportedSwitch(this.#table.overageOf(facts)) },
        overageCredits: totalOf(sums, key),
        place: placeOf(unit, this.#lines[key] as number),
      };
    });
  }

  reportedFacts(placeOf: (unit: number, line: number) => Place): ReportedFacts[] {
    const { clients, tiers, limits } = this.#table.words;
    return this.#units.map((unit, key) => {
      const { dayClient, date, profileId, facts } = this.#where(key);
      const [tier, limit] = [this.#table.tierOf(facts), this.#table.limitOf(facts)];
      return {
        ...{ profileId, date, client: clients.textOf(this.#table.clientOf(dayClient)) },
        ...(tier === NO_TIER ? {} : { tier: tiers.textOf(tier) }),
        ...(limit === NO_LIMIT ? {} : { limitCredits: decimal(limits.textOf(limit)) }),
        place: placeOf(unit, this.#lines[key] as number),
      };
    });
  }

  #where(key: number) {
    const dayProfile = this.#keys.firstOf(key);
    const dayClient = this.#dayProfiles.firstOf(dayProfile);
    const at = BigInt(this.#table.dayOf(dayClient)) * NANOS_PER_DAY;
    const profileId = this.#table.words.profiles.textOf(this.#dayProfiles.secondOf(dayProfile));
    const facts = Math.floor(this.#keys.secondOf(key) / 2);
    return { dayClient, at, date: utcDate(at), profileId, facts };
  }

  #reportedSwitch(overage: number): Pick<ReportedOverage, 'overageOn' | 'capCredits'> {
    const overageSwitch = switchOf(overage);
    if (overageSwitch === UNTOLD) return {};
    if (overageSwitch !== ON) return { overageOn: false };
    const cap = this.#table.capOf(overage);
    return { overageOn: true, capCredits: cap === '' ? 'none' : decimal(cap) };
  }
}
