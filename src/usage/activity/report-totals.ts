import { decimal } from '../../domain/decimal.ts';
import { NANOS_PER_DAY, utcDate } from '../../domain/instant.ts';
import type { Place } from '../../domain/problem.ts';
import { PairTable } from '../bytes/pair-table.ts';
import type { FirstNamed } from '../sums/first-named.ts';
import { UNWANTED } from '../sums/profile-usage.ts';
import { MARKS_OF, type SeatSums } from '../sums/seat-sums.ts';
import type { OverageTold } from './activity-reports.ts';
import { type Amount, type Amounts, isZero } from './amounts.ts';
import { ExactSums, totalOf } from './exact-sums.ts';
import { newReportRow, type ReportRow, type ReportTable, switchOf } from './report-table.ts';
import { ON, UNTOLD } from './report-words.ts';
import type { UnitOrder } from './unit-order.ts';

/** What the rows of reports that count come to: adds their credits to the sums of all usage. */
export class ReportTotals {
  readonly #table: ReportTable;
  readonly #sums: SeatSums;
  /** The day and the profile; by their number the window. */
  readonly #dayProfiles = new PairTable();
  readonly #windows: number[] = [];
  readonly #overage: OverageTotals;

  constructor(table: ReportTable, sums: SeatSums, order: UnitOrder) {
    this.#table = table;
    this.#sums = sums;
    this.#overage = new OverageTotals(table, this.#dayProfiles, order);
    const profiles = table.words.profiles.texts.map((id) => sums.profileNumber(id));
    const row = newReportRow();
    for (let key = 0; key < table.size; key += 1) {
      table.read(key, row);
      const profile = profiles[table.profileOf(key)] as number;
      const place = { unit: table.unitOf(row.told), line: row.line };
      sums.nameProfile(profile, place);
      const dayProfile = this.#dayProfileOf(key, profile);
      const window = this.#windows[dayProfile] as number;
      if (window !== UNWANTED) this.#add(window, key, row);
      this.#overage.add(dayProfile, table.overageOf(row.told), row.overage, place);
    }
  }

  #dayProfileOf(key: number, profile: number): number {
    const day = this.#table.dayOf(key);
    const dayProfile = this.#dayProfiles.numberOf(day, this.#table.profileOf(key));
    if (dayProfile === this.#windows.length) {
      this.#windows.push(
        this.#sums.windowAt(profile, BigInt(day) * NANOS_PER_DAY, MARKS_OF.reports),
      );
    }
    return dayProfile;
  }

  #add(window: number, key: number, { credits, overage }: ReportRow): void {
    const { amounts, seats } = this.#table;
    const cell = this.#sums.cellOf(window, seats.userOf(this.#table.seatOf(key)));
    this.#addAmount(cell, credits, 1, amounts);
    if (!isZero(overage)) this.#addAmount(cell, overage, 0, amounts);
  }

  #addAmount(cell: number, amount: Amount, requests: number, amounts: Amounts): void {
    const { whole, billionths, rest } = amount;
    if (whole >= 0)
      this.#sums.addLimbs(cell, [whole, billionths, rest], requests, MARKS_OF.reports);
    else this.#sums.addDecimal(cell, amounts.beyondOf(whole), requests, MARKS_OF.reports);
  }

  /** What they say of overage. `placeOf` gives the place of a line of a unit. */
  overage(placeOf: (unit: number, line: number) => Place): OverageTold[] {
    return this.#overage.told(placeOf);
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
