import { decimal } from '../../domain/decimal.ts';
import { NANOS_PER_DAY, utcDate } from '../../domain/instant.ts';
import type { Place } from '../../domain/problem.ts';
import { PairTable } from '../bytes/pair-table.ts';
import type { ReductionPlan } from '../plan.ts';
import { ExactSums, totalOf } from '../sums/exact-sums.ts';
import type { PackedSeats } from '../sums/packed-seats.ts';
import { type FirstNamed, ProfileTable } from '../sums/profile-table.ts';
import type { PackedUsers } from '../sums/user-table.ts';
import type { OverageTold } from './activity-reports.ts';
import { type Amount, isZero } from './amounts.ts';
import { newReportRow, type ReportTable, switchOf } from './report-table.ts';
import { ON, UNTOLD } from './report-words.ts';
import type { UnitOrder } from './unit-order.ts';

const SECONDS_PER_DAY = 86_400;

/** What the rows of reports that count come to. */
export class ReportTotals {
  readonly profiles: ProfileTable;
  readonly #table: ReportTable;
  /** The day and the profile; by their number the window. */
  readonly #dayProfiles = new PairTable();
  readonly #windows: number[] = [];
  readonly #usage: UsageTotals;
  readonly #overage: OverageTotals;

  constructor(table: ReportTable, plan: ReductionPlan, order: UnitOrder) {
    this.#table = table;
    this.profiles = new ProfileTable(plan);
    this.#usage = new UsageTotals(table);
    this.#overage = new OverageTotals(table, this.#dayProfiles, order);
    const profiles = table.words.profiles.texts.map((id) => this.profiles.numberOf(id));
    const row = newReportRow();
    for (let key = 0; key < table.size; key += 1) {
      table.read(key, row);
      const profile = profiles[table.profileOf(key)] as number;
      const place = { unit: table.unitOf(row.told), line: row.line };
      this.profiles.nameAt(profile, place);
      const dayProfile = this.#dayProfileOf(key, profile);
      const window = this.#windows[dayProfile] as number;
      if (window < 0) this.profiles.meetUnwanted(window);
      else this.#usage.add(window, table.seatOf(key), row.credits, row.overage);
      this.#overage.add(dayProfile, table.overageOf(row.told), row.overage, place);
    }
  }

  #dayProfileOf(key: number, profile: number): number {
    const day = this.#table.dayOf(key);
    const dayProfile = this.#dayProfiles.numberOf(day, this.#table.profileOf(key));
    if (dayProfile === this.#windows.length) {
      this.#windows.push(this.profiles.windowAt(profile, day * SECONDS_PER_DAY, 0));
    }
    return dayProfile;
  }

  /** The credits of each seat in each window that is wanted. */
  seats(): PackedSeats {
    return { windows: this.profiles.windows, ...this.#usage.pack() };
  }

  /** What they tell of overage. `placeOf` gives the place of a line of a unit. */
  overage(placeOf: (unit: number, line: number) => Place): OverageTold[] {
    return this.#overage.told(placeOf);
  }
}

/** Exact sums of credits per window and seat. */
class UsageTotals {
  readonly #table: ReportTable;
  /** The window and the seat of each sum. */
  readonly #cells = new PairTable();
  readonly #sums = new ExactSums();

  constructor(table: ReportTable) {
    this.#table = table;
  }

  add(window: number, seat: number, credits: Amount, overage: Amount): void {
    const cell = this.#cells.numberOf(window, seat);
    if (cell === this.#sums.size) this.#sums.newCell();
    const { amounts } = this.#table;
    amounts.addTo(this.#sums, cell, credits, 1);
    if (!isZero(overage)) amounts.addTo(this.#sums, cell, overage, 0);
  }

  pack(): Omit<PackedSeats, 'windows'> {
    const cells = [...Array(this.#cells.size).keys()];
    return {
      cellWindows: Int32Array.from(cells, (cell) => this.#cells.firstOf(cell)),
      ...this.#users(cells.map((cell) => this.#cells.secondOf(cell))),
      sums: this.#sums.pack(),
    };
  }

  /** The users of seats, one after another. */
  #users(seats: readonly number[]): PackedUsers {
    const { userEnds: ends, userIds: ids } = this.#table.seats.pack();
    const userEnds = new Int32Array(seats.length);
    let length = 0;
    for (const [cell, seat] of seats.entries()) {
      length += (ends[seat] as number) - (ends[seat - 1] ?? 0);
      userEnds[cell] = length;
    }
    const userIds = new Uint8Array(length);
    for (const [cell, seat] of seats.entries()) {
      userIds.set(ids.subarray(ends[seat - 1] ?? 0, ends[seat]), userEnds[cell - 1] ?? 0);
    }
    return { userEnds, userIds };
  }
}

/** Overage as reports tell it: rows that tell the same of one day in one profile are put together. */
class OverageTotals {
  readonly #table: ReportTable;
  readonly #order: UnitOrder;
  readonly #dayProfiles: PairTable;
  /** The day and profile, and the switch and cap with whether there were overage credits. */
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

  add(dayProfile: number, overage: number, credits: Amount, { unit, line }: FirstNamed): void {
    const hasCredits = isZero(credits) ? 0 : 1;
    const key = this.#keys.numberOf(dayProfile, overage * 2 + hasCredits);
    if (key === this.#sums.size) {
      this.#sums.newCell();
      this.#units.push(unit);
      this.#lines.push(line);
    } else if (this.#isBefore(unit, line, key)) {
      this.#units[key] = unit;
      this.#lines[key] = line;
    }
    if (hasCredits === 1) this.#table.amounts.addTo(this.#sums, key, credits, 1);
  }

  #isBefore(unit: number, line: number, key: number): boolean {
    const knownUnit = this.#units[key] as number;
    if (unit === knownUnit) return line < (this.#lines[key] as number);
    const { byPath } = this.#order;
    return (byPath[unit] as number) < (byPath[knownUnit] as number);
  }

  told(placeOf: (unit: number, line: number) => Place): OverageTold[] {
    const sums = this.#sums.pack();
    return this.#units.map((unit, key) => {
      const place = placeOf(unit, this.#lines[key] as number);
      return { ...this.#keyTold(key), overageCredits: totalOf(sums, key), place };
    });
  }

  #keyTold(key: number): Omit<OverageTold, 'overageCredits' | 'place'> {
    const dayProfile = this.#keys.firstOf(key);
    const at = BigInt(this.#dayProfiles.firstOf(dayProfile)) * NANOS_PER_DAY;
    const profileId = this.#table.words.profiles.textOf(this.#dayProfiles.secondOf(dayProfile));
    const overage = Math.floor(this.#keys.secondOf(key) / 2);
    return { profileId, date: utcDate(at), at, ...this.#switchTold(overage) };
  }

  #switchTold(overage: number): Pick<OverageTold, 'overageOn' | 'capCredits'> {
    const overageSwitch = switchOf(overage);
    if (overageSwitch === UNTOLD) return {};
    if (overageSwitch !== ON) return { overageOn: false };
    const cap = this.#table.capOf(overage);
    return { overageOn: true, capCredits: cap === '' ? 'none' : decimal(cap) };
  }
}
