import { type Instant, instantAfter } from '../../domain/instant.ts';
import { dayText } from '../../domain/usage-days.ts';
import { UNWANTED } from '../sums/profile-usage.ts';
import { KIND_BITS, type SeatSums } from '../sums/seat-sums.ts';
import { type Amount, AmountSums, decimalOf } from './amount.ts';
import type { ReportedFacts } from './report-notes.ts';
import type { CountedRow, ReportTable } from './report-table.ts';
import type { CreditsVerdict } from './reported-credits.ts';
import { TupleTable } from './tuple-table.ts';

/** The day, client and profile of rows, and where they are added up. */
interface Group {
  readonly day: number;
  readonly date: string;
  readonly at: Instant;
  readonly profileId: string;
  /** The numbers of these in the sums of usage. */
  readonly profile: number;
  readonly window: number;
}

/** The facts shared by rows of one group, besides their credits. */
interface SameFacts {
  readonly group: number;
  readonly facts: number;
  /** The place of the first row by path. */
  unit: number;
  line: number;
}

/** Adds the credits of the report rows that count to the sums of all usage (R1, R2); returns what else the rows say. */
export function addReports(
  table: ReportTable,
  sums: SeatSums,
  verdict: CreditsVerdict,
): ReportedFacts[] {
  const totals = new ReportTotals(table, sums, verdict);
  table.eachCounted((row) => totals.add(row));
  return totals.facts();
}

/** The totals of report rows that count. */
class ReportTotals {
  readonly #table: ReportTable;
  readonly #sums: SeatSums;
  readonly #verdict: CreditsVerdict;
  readonly #groups: (Group | undefined)[] = [];
  /** By user the number in the sums, or 0. */
  readonly #users: Int32Array;
  /** The group, the facts, and whether there are overage credits. */
  readonly #keys = new TupleTable();
  readonly #same: SameFacts[] = [];
  readonly #overage: AmountSums;

  constructor(table: ReportTable, sums: SeatSums, verdict: CreditsVerdict) {
    this.#table = table;
    this.#sums = sums;
    this.#verdict = verdict;
    this.#overage = new AmountSums(table.words.credits);
    this.#users = new Int32Array(table.words.users.texts.length);
  }

  /** Adds a row, its credits to the sums of all usage. */
  add(row: CountedRow): void {
    const { unit, line, facts, overage, isRepeated } = row;
    const group = this.#groupOf(row.group);
    this.#sums.nameProfile(group.profile, { unit, line });
    const hasCredits = overage !== 0 && !isRepeated;
    const key = this.#keys.numberOf(row.group, facts, hasCredits ? 1 : 0);
    this.#note(key, row);
    if (hasCredits) this.#overage.add(key, this.#table.overageOf(overage));
    if (group.window !== UNWANTED && !isRepeated) this.#addCredits(group, row);
  }

  #groupOf(group: number): Group {
    const known = this.#groups[group];
    if (known !== undefined) return known;
    const day = this.#table.dayOf(group);
    const at = instantAfter(day, 0, 0);
    const profileId = this.#table.profileIdOf(group);
    const profile = this.#sums.profileNumber(profileId);
    const window = this.#sums.noteUsageAt(profile, at, KIND_BITS.reports);
    const made = { day, date: dayText(day), at, profileId, profile, window };
    this.#groups[group] = made;
    return made;
  }

  #note(key: number, { group, facts, unit, line }: CountedRow): void {
    const known = this.#same[key];
    if (known === undefined) this.#same.push({ group, facts, unit, line });
    else if (this.#isBefore(unit, line, known)) {
      known.unit = unit;
      known.line = line;
    }
  }

  #isBefore(unit: number, line: number, known: SameFacts): boolean {
    if (unit === known.unit) return line < known.line;
    const { byPath } = this.#table.order;
    return (byPath[unit] as number) < (byPath[known.unit] as number);
  }

  #addCredits({ window, profileId, date, day }: Group, row: CountedRow): void {
    const { user, used, overage, isFirst } = row;
    const cell = this.#sums.cellOf(window, this.#userOf(user));
    this.#addAmount(cell, used, isFirst ? 1 : 0, day);
    if (overage === 0) return;
    const userId = this.#table.words.users.textOf(user);
    const meaning = this.#verdict.meaningOf({ profileId, userId, month: date.slice(0, 7) });
    if (meaning === 'beside') this.#addAmount(cell, this.#table.overageOf(overage), 0, day);
  }

  #userOf(user: number): number {
    const known = this.#users[user] as number;
    if (known !== 0) return known;
    const number = this.#sums.userNumber(this.#table.words.users.textOf(user));
    this.#users[user] = number;
    return number;
  }

  #addAmount(cell: number, amount: Amount, requests: number, day: number): void {
    if (amount[0] >= 0) this.#sums.addLimbs(cell, amount, requests, KIND_BITS.reports, day);
    else {
      const credits = decimalOf(amount, this.#table.words.credits);
      this.#sums.addDecimal(cell, credits, requests, KIND_BITS.reports, day);
    }
  }

  /** What the rows say besides their credits, which are only those of their overage. */
  facts(): ReportedFacts[] {
    const table = this.#table;
    return this.#same.map((same, key) => {
      const { profileId, date, at } = this.#groupOf(same.group);
      const limitCredits = table.limitOf(same.facts);
      return {
        profileId,
        date,
        at,
        client: table.clientOf(same.group),
        ...(table.hasTier(same.facts) && { tier: table.tierOf(same.facts) }),
        ...(limitCredits && { limitCredits }),
        ...table.overageOfFacts(same.facts),
        overageCredits: this.#overage.total(key),
        place: table.placeOf(same),
      };
    });
  }
}
