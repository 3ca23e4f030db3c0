import { decimal } from '../../domain/decimal.ts';
import { NANOS_PER_DAY, utcDate } from '../../domain/instant.ts';
import { PairTable } from '../bytes/pair-table.ts';
import type { TierTermsAt } from '../plan.ts';
import { isZero } from './amounts.ts';
import { ExactSums, totalOf } from './exact-sums.ts';
import type { CountedRow, ReportTable } from './report-table.ts';
import { NO_LIMIT, NO_TIER } from './report-words.ts';
import type { ReportedSeatMonth } from './reported-credits.ts';

const HAS_OVERAGE = 1;
const HAS_BLANK_TIER = 2;

/** A seat in a month with overage credits, as the table knows the seat. */
export interface SeatMonthEvidence extends ReportedSeatMonth {
  readonly seat: number;
}

/**
 * What the reports say of each seat and month, of the seats that have overage credits in any
 * month: of all months that were read (R1, R2).
 */
export class ReportEvidence {
  readonly #table: ReportTable;
  readonly #marks: Uint8Array;
  /** The seat and the month of each cell. */
  readonly #cells = new PairTable();
  readonly #used = new ExactSums();
  readonly #overage = new ExactSums();
  /** By cell the facts of its rows, and the days of those without a tier. */
  readonly #facts: Set<number>[] = [];
  readonly #blankDays = new Map<number, Set<number>>();
  /** By seat and day the tiers there, of seats that lack one somewhere. */
  readonly #tierDays = new Map<number, Map<number, Set<number>>>();
  readonly #months = new MonthsOfDays();

  constructor(table: ReportTable) {
    this.#table = table;
    this.#marks = new Uint8Array(table.seats.size);
  }

  /** The seats with overage credits, month by month. `termsAt` says which of several tiers of a day is the highest. */
  seatMonths(termsAt: TierTermsAt): SeatMonthEvidence[] {
    this.#table.eachCounted((row) => this.#mark(row));
    if (!this.#marks.some((mark) => (mark & HAS_OVERAGE) !== 0)) return [];
    this.#table.eachCounted((row) => this.#add(row));
    const [used, overage] = [this.#used.pack(), this.#overage.pack()];
    return Array.from({ length: this.#cells.size }, (_, cell) => {
      const seat = this.#cells.firstOf(cell);
      const where = {
        profileId: this.#table.words.profiles.textOf(this.#table.seats.profileOf(seat)),
        userId: this.#table.seats.userIdOf(seat),
        month: this.#months.textOf(this.#cells.secondOf(cell)),
      };
      return {
        seat,
        ...where,
        creditsUsed: totalOf(used, cell),
        overageCredits: totalOf(overage, cell),
        tiers: this.#tiersOf(cell, seat, (tier) => termsAt(where.profileId, where.month, tier)),
        limits: this.#limitsOf(cell),
      };
    });
  }

  #mark({ seat, facts, overage }: CountedRow): void {
    const marks = this.#marks;
    if (!isZero(overage)) marks[seat] = (marks[seat] as number) | HAS_OVERAGE;
    if (this.#table.tierOf(facts) === NO_TIER)
      marks[seat] = (marks[seat] as number) | HAS_BLANK_TIER;
  }

  #add({ seat, dayClient, facts, used, overage, isRepeated }: CountedRow): void {
    const mark = this.#marks[seat] as number;
    if ((mark & HAS_OVERAGE) === 0) return;
    const day = this.#table.dayOf(dayClient);
    const cell = this.#cells.numberOf(seat, this.#months.numberOf(day));
    if (cell === this.#facts.length) {
      this.#facts.push(new Set());
      this.#used.newCell();
      this.#overage.newCell();
    }
    this.#facts[cell]?.add(facts);
    if ((mark & HAS_BLANK_TIER) !== 0) this.#noteTier(seat, cell, day, this.#table.tierOf(facts));
    if (isRepeated) return;
    this.#table.amounts.addTo(this.#used, cell, used);
    if (!isZero(overage)) this.#table.amounts.addTo(this.#overage, cell, overage);
  }

  #noteTier(seat: number, cell: number, day: number, tier: number): void {
    if (tier === NO_TIER) {
      const days = this.#blankDays.get(cell) ?? new Set();
      this.#blankDays.set(cell, days.add(day));
      return;
    }
    const days = this.#tierDays.get(seat) ?? new Map<number, Set<number>>();
    this.#tierDays.set(seat, days.set(day, (days.get(day) ?? new Set<number>()).add(tier)));
  }

  #tiersOf(
    cell: number,
    seat: number,
    termsOf: (tier: string) => { readonly rank: number } | undefined,
  ): Set<string> {
    const { tiers } = this.#table.words;
    const found = new Set<string>();
    for (const facts of this.#facts[cell] ?? []) {
      const tier = this.#table.tierOf(facts);
      if (tier !== NO_TIER) found.add(tiers.textOf(tier));
    }
    for (const day of this.#blankDays.get(cell) ?? []) {
      const nearest = nearestDay(this.#tierDays.get(seat), day);
      const rankOf = (tier: string): number => termsOf(tier)?.rank ?? -Infinity;
      const [highest] = [...(nearest ?? [])]
        .map((tier) => tiers.textOf(tier))
        .sort((a, b) => rankOf(b) - rankOf(a) || (a < b ? -1 : 1));
      if (highest !== undefined) found.add(highest);
    }
    return found;
  }

  #limitsOf(cell: number): ReportedSeatMonth['limits'] {
    const limits = new Set(
      [...(this.#facts[cell] ?? [])].map((facts) => this.#table.limitOf(facts)),
    );
    limits.delete(NO_LIMIT);
    return [...limits].map((limit) => decimal(this.#table.words.limits.textOf(limit)));
  }
}

/** What is known of the nearest day, of two at one distance the earlier (R2). */
export function nearestDay<Known>(
  days: ReadonlyMap<number, Known> | undefined,
  day: number,
): Known | undefined {
  let nearest: number | undefined;
  for (const known of days?.keys() ?? []) {
    const [distance, best] = [Math.abs(known - day), Math.abs((nearest ?? Infinity) - day)];
    if (distance < best || (distance === best && known < (nearest ?? Infinity))) nearest = known;
  }
  return nearest === undefined ? undefined : days?.get(nearest);
}

/** The months of UTC days since 1970, by number. */
class MonthsOfDays {
  readonly #numbers = new Map<number, number>();
  readonly #texts: string[] = [];

  numberOf(day: number): number {
    const known = this.#numbers.get(day);
    if (known !== undefined) return known;
    const text = utcDate(BigInt(day) * NANOS_PER_DAY).slice(0, 7);
    const index = this.#texts.indexOf(text);
    const number = index < 0 ? this.#texts.push(text) - 1 : index;
    this.#numbers.set(day, number);
    return number;
  }

  textOf(month: number): string {
    return this.#texts[month] as string;
  }
}
