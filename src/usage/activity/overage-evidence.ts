import type { Decimal } from '../../domain/decimal.ts';
import { decimalText } from '../../domain/decimal.ts';
import { valueAt } from '../../domain/grouping.ts';
import type { RankedCreditsAt } from '../../domain/rate-card.ts';
import { compareBytes } from '../../domain/text-order.ts';
import { dayText } from '../../domain/usage-days.ts';
import { AmountSums } from './amount.ts';
import type { CountedRow, ReportTable } from './report-table.ts';
import type { ReportedSeatMonth } from './reported-credits.ts';
import { TupleTable } from './tuple-table.ts';
import { Words } from './words.ts';

const HAS_OVERAGE = 1;
const HAS_BLANK_TIER = 2;

/** The tiers and limits of a seat in a month. */
type Terms = Pick<ReportedSeatMonth, 'tiers' | 'limits'>;

/** What the reports say about each seat and month, for users with overage credits, over all months read (R1). */
export class OverageEvidence {
  readonly #table: ReportTable;
  /** By user, flags of what any of the rows have. */
  readonly #marks: Uint8Array;
  /** The profile, month and user of each cell. */
  readonly #cells = new TupleTable();
  readonly #used: AmountSums;
  readonly #overage: AmountSums;
  /** By cell, the facts of its rows, and the days of rows without a tier. */
  readonly #facts: number[][] = [];
  readonly #blankDays = new Map<number, Set<number>>();
  /** By seat and day the tiers of that day, for users with a row that has no tier. */
  readonly #tierDays = new Map<string, Map<number, Set<string>>>();
  readonly #months = new Words();
  /** By group the number of its month. */
  readonly #monthOf: readonly number[];

  constructor(table: ReportTable) {
    this.#table = table;
    this.#marks = new Uint8Array(table.words.users.texts.length);
    this.#used = new AmountSums(table.words.credits);
    this.#overage = new AmountSums(table.words.credits);
    this.#monthOf = Array.from({ length: table.groupCount }, (_, group) =>
      this.#months.numberOf(dayText(table.dayOf(group)).slice(0, 7)),
    );
  }

  /**
   * The seats of users with overage credits, month by month. `termsAt` decides which of several
   * tiers of a day is the highest.
   */
  seatMonths(termsAt: RankedCreditsAt): ReportedSeatMonth[] {
    this.#table.eachCounted((row) => this.#mark(row));
    if (!this.#marks.some((mark) => (mark & HAS_OVERAGE) !== 0)) return [];
    this.#table.eachCounted((row) => this.#add(row));
    const { profiles, users } = this.#table.words;
    // Most seats have the terms of many others.
    const shared = new Map<string, Terms>();
    return this.#facts.map((facts, cell) => {
      const profileId = profiles.textOf(this.#cells.at(cell, 0));
      const month = this.#months.textOf(this.#cells.at(cell, 2));
      const terms = (): Terms => ({
        tiers: this.#tiersOf(cell, (tier) => termsAt(profileId, month, tier)?.rank ?? -Infinity),
        limits: this.#limitsOf(facts),
      });
      return {
        profileId,
        userId: users.textOf(this.#cells.at(cell, 1)),
        month,
        creditsUsed: this.#used.total(cell),
        overageCredits: this.#overage.total(cell),
        ...(this.#blankDays.has(cell) ? terms() : valueAt(shared, facts.join(), terms)),
      };
    });
  }

  #mark({ user, facts, overage }: CountedRow): void {
    if (overage !== 0) this.#setMark(user, HAS_OVERAGE);
    if (!this.#table.hasTier(facts)) this.#setMark(user, HAS_BLANK_TIER);
  }

  #setMark(user: number, mark: number): void {
    this.#marks[user] = (this.#marks[user] as number) | mark;
  }

  #add({ group, user, facts, used, overage, isRepeated }: CountedRow): void {
    const mark = this.#marks[user] as number;
    if ((mark & HAS_OVERAGE) === 0) return;
    const profile = this.#table.profileOf(group);
    const cell = this.#cells.numberOf(profile, user, this.#monthOf[group] as number);
    if (cell === this.#facts.length) this.#facts.push([]);
    const ofCell = this.#facts[cell] as number[];
    if (!ofCell.includes(facts)) ofCell.push(facts);
    if ((mark & HAS_BLANK_TIER) !== 0) this.#noteTier(cell, this.#table.dayOf(group), facts);
    if (isRepeated) return;
    this.#used.add(cell, used);
    if (overage !== 0) this.#overage.add(cell, this.#table.overageOf(overage));
  }

  #noteTier(cell: number, day: number, facts: number): void {
    if (!this.#table.hasTier(facts)) {
      valueAt(this.#blankDays, cell, () => new Set()).add(day);
      return;
    }
    const seat = this.#seatOf(cell);
    const days = valueAt(this.#tierDays, seat, () => new Map<number, Set<string>>());
    valueAt(days, day, () => new Set()).add(this.#table.tierOf(facts));
  }

  #seatOf(cell: number): string {
    return `${this.#cells.at(cell, 0)} ${this.#cells.at(cell, 1)}`;
  }

  #tiersOf(cell: number, rankOf: (tier: string) => number): Set<string> {
    const known = (this.#facts[cell] ?? []).filter((facts) => this.#table.hasTier(facts));
    const found = new Set(known.map((facts) => this.#table.tierOf(facts)));
    for (const day of this.#blankDays.get(cell) ?? []) {
      const nearest = nearestDay(this.#tierDays.get(this.#seatOf(cell)), day);
      const [highest] = [...(nearest ?? [])].sort(
        (a, b) => rankOf(b) - rankOf(a) || compareBytes(a, b),
      );
      if (highest !== undefined) found.add(highest);
    }
    return found;
  }

  #limitsOf(facts: readonly number[]): Decimal[] {
    const limits = facts.map((one) => this.#table.limitOf(one));
    const known = limits.filter((limit) => limit !== undefined);
    return [...new Map(known.map((limit) => [decimalText(limit), limit])).values()];
  }
}

/** The value of the nearest day; of two at the same distance the earlier (R2). */
function nearestDay<Known>(
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
