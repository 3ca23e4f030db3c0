import { ZERO } from '../../domain/decimal.ts';
import { type Identities, userIdFor } from '../../domain/identities.ts';
import { credits } from '../../input/fields.ts';
import type { TableRow } from '../../input/table.ts';
import type { ReductionPlan } from '../plan.ts';
import type { RowReader } from '../rows/row-consumer.ts';
import { type Amount, amountOf } from './amount.ts';
import { reportMatch } from './profile-match.ts';
import { NO_PROFILE, NONE, ON, type ReportColumns, reportColumns } from './report-columns.ts';
import { renumbered, TupleTable } from './tuple-table.ts';
import { FREE_TIER, NO_CAP, type PackedWords, ReportWords, type WordNumbers } from './words.ts';

/**
 * The ints of a row: its key, which is the group (day, client and profile) and the user; then
 * `Credits_Used`, the number of its overage credits, the number of its other facts, its line, and
 * one int for the `ReportTable`.
 */
export const GROUP = 0;
export const USER = 1;
export const USED = 2;
export const OVERAGE = 5;
export const FACTS = 6;
export const LINE = 7;
export const STATUS = 8;
export const ROW_INTS = 9;

/** Rows are stored in pages of so many, so that nothing is copied as they grow. */
export const PAGE_BITS = 16;
const PAGE_ROWS = 2 ** PAGE_BITS;
export const PAGE_MASK = PAGE_ROWS - 1;

/**
 * The flags in the last int of a row's facts: the overage switch, whether it is a new user, and
 * the e-mail address.
 */
const SWITCHES = 3;
const FLAGS = 2 * SWITCHES;

export function packedFlags(overageSwitch: number, isNewUser: number, email: number): number {
  return email * FLAGS + isNewUser * SWITCHES + overageSwitch;
}

export function switchOf(flags: number): number {
  return flags % SWITCHES;
}

export function isNewUser(flags: number): boolean {
  return flags % FLAGS >= SWITCHES;
}

export function emailOf(flags: number): number {
  return Math.floor(flags / FLAGS);
}

/** The same flags with another number for the e-mail address. */
function withEmail(flags: number, email: number): number {
  return email * FLAGS + (flags % FLAGS);
}

/**
 * The rows of activity reports that one thread reads, as numbers, in reading order; a `ReportTable`
 * decides which count.
 */
export class CollectedRows implements RowReader {
  readonly words = new ReportWords();
  /** Find these words in files. */
  readonly columns: ReportColumns;
  /** The UTC day since 1970, the client and the profile. */
  readonly groups = new TupleTable();
  /** The tier, the cap, the limit, and the flags. */
  readonly facts = new TupleTable();
  /** Overage credits, of which the first are none. */
  readonly overages = new TupleTable();
  readonly pages: Int32Array[] = [];
  /** The number of rows of each page. */
  readonly counts: number[] = [];
  /** The units in the order of their rows, with the first row of each: its page and its place there. */
  readonly units: number[] = [];
  readonly unitRows: number[] = [];
  freeRows = 0;
  readonly #identities: Identities;
  /** The group of the latest row, usually also that of the next one. */
  #latest = { day: -1, client: -1, profile: -1, group: -1 };

  constructor(plan: ReductionPlan) {
    this.columns = reportColumns(this.words, reportMatch(plan), plan);
    this.#identities = plan.identities;
    this.overages.numberOf(0, 0);
  }

  /** The unit from which the next rows come: a file, or a part of one. */
  set unit(unit: number) {
    this.units.push(unit);
    const last = Math.max(0, this.pages.length - 1);
    this.unitRows.push((last << PAGE_BITS) + (this.counts[last] ?? 0));
  }

  addFreeRow(): void {
    this.freeRows += 1;
  }

  read(row: TableRow): void {
    const { columns, words } = this;
    const tier = columns.subscription_tier.ofRow(row);
    if (tier === FREE_TIER) {
      this.addFreeRow();
      return;
    }
    const day = columns.date.ofRow(row);
    const user = columns.userid.ofRow(row);
    const profile = columns.profileid.ofRow(row);
    const used = row.required('credits_used', credits);
    const overage = row.optional('overage_credits_used', credits) ?? ZERO;
    const overageSwitch = columns.overage_enabled.ofRow(row);
    const cap = columns.overage_cap.ofRow(row);
    const limit = columns.usage_limit.ofRow(row);
    const isNew = columns.new_user.ofRow(row);
    const client = columns.client_type.ofRow(row);
    const email = columns.user_email?.ofRow(row) ?? 0;
    if (!row.isGood || used === undefined) return;
    if (profile === NONE) {
      row.problem('profileid', NO_PROFILE, row.text('profileid'));
      return;
    }
    this.put(
      this.groupOf(day, client, profile),
      user,
      amountOf(used, words.credits),
      amountOf(overage, words.credits),
      this.factsOf(tier, cap, limit, packedFlags(overageSwitch, isNew, email)),
      row.place.line,
    );
  }

  groupOf(day: number, client: number, profile: number): number {
    const latest = this.#latest;
    const isLatest = day === latest.day && client === latest.client && profile === latest.profile;
    if (!isLatest) {
      const group = this.groups.numberOf(day, client, profile);
      this.#latest = { day, client, profile, group };
    }
    return this.#latest.group;
  }

  /** The number of a row's facts other than its credits; a cap counts only while overage is on. */
  factsOf(tier: number, cap: number, limit: number, flags: number): number {
    return this.facts.numberOf(tier, switchOf(flags) === ON ? cap : NO_CAP, limit, flags);
  }

  put(
    group: number,
    user: number,
    used: Amount,
    overage: Amount,
    facts: number,
    line: number,
  ): void {
    if ((this.counts.at(-1) ?? PAGE_ROWS) === PAGE_ROWS) {
      this.pages.push(new Int32Array(PAGE_ROWS * ROW_INTS));
      this.counts.push(0);
    }
    const last = this.pages.length - 1;
    const page = this.pages[last] as Int32Array;
    const row = this.counts[last] as number;
    this.counts[last] = row + 1;
    const at = row * ROW_INTS;
    page[at + GROUP] = group;
    page[at + USER] = user;
    page[at + USED] = used[0];
    page[at + USED + 1] = used[1];
    page[at + USED + 2] = used[2];
    const [whole, billionths, rest] = overage;
    const hasOverage = (whole | billionths | rest) !== 0;
    page[at + OVERAGE] = hasOverage ? this.overages.numberOf(whole, billionths, rest) : 0;
    page[at + FACTS] = facts;
    page[at + LINE] = line;
  }

  /** All rows, in a form that can be sent to another thread; this object must not be used afterwards. */
  pack(): PackedRows {
    const { pages, counts, units, unitRows, freeRows } = this;
    return {
      words: this.words.pack(),
      groups: this.groups.ints,
      facts: this.facts.ints,
      overages: this.overages.ints,
      pages,
      counts,
      units,
      unitRows,
      freeRows,
    };
  }

  /** Adds what another thread has read, whose users are bare ids: see `PackedReading`. */
  absorb(pack: PackedRows): void {
    const users = pack.words.users.map((bareId) => userIdFor(this.#identities, bareId));
    const words = this.words.numbersOf({ ...pack.words, users });
    const { groups, facts, overages } = this.#numbersOf(pack, words);
    for (const [index, page] of pack.pages.entries()) {
      const end = (pack.counts[index] as number) * ROW_INTS;
      for (let at = 0; at < end; at += ROW_INTS) {
        page[at + GROUP] = groups[page[at + GROUP] as number] as number;
        page[at + USER] = words.users[page[at + USER] as number] as number;
        page[at + USED] = ourWhole(page[at + USED] as number, words.credits);
        page[at + OVERAGE] = overages[page[at + OVERAGE] as number] as number;
        page[at + FACTS] = facts[page[at + FACTS] as number] as number;
      }
    }
    const firstRow = this.pages.length << PAGE_BITS;
    this.unitRows.push(...pack.unitRows.map((row) => firstRow + row));
    this.units.push(...pack.units);
    this.pages.push(...pack.pages);
    this.counts.push(...pack.counts);
    this.freeRows += pack.freeRows;
  }

  /** Maps the numbers of a pack to ours; `words`: those of its words. */
  #numbersOf(pack: PackedRows, words: WordNumbers) {
    const of = (numbers: readonly number[], number: number): number => numbers[number] as number;
    return {
      groups: renumbered(pack.groups, (day, client, profile) =>
        this.groups.numberOf(day, of(words.clients, client), of(words.profiles, profile)),
      ),
      facts: renumbered(pack.facts, (tier, cap, limit, flags) =>
        this.facts.numberOf(
          of(words.tiers, tier),
          of(words.caps, cap),
          of(words.limits, limit),
          withEmail(flags, of(words.emails, emailOf(flags))),
        ),
      ),
      overages: renumbered(pack.overages, (whole, billionths, rest) =>
        this.overages.numberOf(ourWhole(whole, words.credits), billionths, rest),
      ),
    };
  }
}

/** The first int of an amount of a pack, converted to ours. */
function ourWhole(whole: number, credits: readonly number[]): number {
  return whole < 0 ? -1 - (credits[-1 - whole] as number) : whole;
}

/** `CollectedRows` as plain arrays. */
export type PackedRows = Readonly<
  Record<'groups' | 'facts' | 'overages', Int32Array> & { words: PackedWords }
> &
  Pick<CollectedRows, 'pages' | 'counts' | 'units' | 'unitRows' | 'freeRows'>;
