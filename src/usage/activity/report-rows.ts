import { decimalText } from '../../domain/decimal.ts';
import { tierKey } from '../../domain/tier.ts';
import { epochDayAt } from '../../domain/usage-days.ts';
import { IntPages, type PackedPages } from '../bytes/int-pages.ts';
import { PairTable } from '../bytes/pair-table.ts';
import type { ReportRows } from './activity-reports.ts';
import type { ActivityRow } from './activity-row.ts';
import { type Amount, Amounts, type PackedAmounts } from './amounts.ts';
import type { ProfileMatch } from './profile-match.ts';
import { type ReportColumns, reportColumns } from './report-columns.ts';
import type { PackedUsers, ReportSeats } from './report-seats.ts';
import { NO_CAP, NO_LIMIT, OFF, ON, ReportWords, SWITCHES, UNTOLD } from './report-words.ts';

/**
 * The ints of a row: its key (the day with the client, and the seat), `Credits_Used`, the
 * number of its overage credits, the number of what else it says, its line, and what a
 * `ReportTable` needs to find the other rows of its key.
 */
export const DAY_CLIENT = 0;
export const SEAT = 1;
export const USED = 2;
export const OVERAGE = 5;
export const FACTS = 6;
export const LINE = 7;
export const NEXT = 8;
export const ROW_INTS = 9;

/** The figures of a row, and what else it says, by numbers. */
export interface RowFigures {
  readonly used: Amount;
  readonly overage: Amount;
  facts: number;
  line: number;
}

export function newRowFigures(): RowFigures {
  return { used: newAmount(), overage: newAmount(), facts: 0, line: 0 };
}

function newAmount(): Amount {
  return { whole: 0, billionths: 0, rest: 0 };
}

/** The rows of activity reports that one thread reads, as numbers; a `ReportTable` says which count. */
export class CollectedRows implements ReportRows {
  readonly words = new ReportWords();
  /** Find these words in files. */
  readonly columns: ReportColumns;
  /** A user in a profile. */
  readonly seats: ReportSeats;
  /** The UTC day since 1970 and the client. */
  readonly #dayClients = new PairTable();
  /** The cap and the switch, and the tier; these and the limit. */
  readonly #traits = new PairTable();
  readonly #facts = new PairTable();
  readonly #rows = new IntPages(ROW_INTS);
  readonly #amounts = new Amounts();
  /** The units that have been read, and the first row of each. */
  readonly #units: number[] = [];
  readonly #unitRows: number[] = [];
  #freeRows = 0;
  readonly #match: ProfileMatch;
  /** The day and client of the latest row, which are mostly those of the next one, too. */
  #day = -1;
  #client = -1;
  #dayClient = -1;

  constructor(match: ProfileMatch, seats: ReportSeats) {
    this.#match = match;
    this.columns = reportColumns(this.words, (reported) => this.#matchProfile(reported));
    this.seats = seats;
  }

  /** The unit that is read from now on: a file, or a part of one. */
  set unit(unit: number) {
    this.#units.push(unit);
    this.#unitRows.push(this.#rows.size);
  }

  /** The number of the profile that a report means; nothing where it is none of ours. */
  #matchProfile(reportedProfileId: string): number | undefined {
    const profileId = this.#match(reportedProfileId);
    return profileId === undefined ? undefined : this.words.profiles.numberOf(profileId);
  }

  addFreeRow(): void {
    this.#freeRows += 1;
  }

  add(row: ActivityRow): boolean {
    const profile = this.#matchProfile(row.reportedProfileId);
    if (profile === undefined) return false;
    const { overageOn, capCredits = 'none', limitCredits } = row;
    const { caps, limits, tiers, clients } = this.words;
    const facts = this.factsOf(
      overageOn === undefined ? UNTOLD : overageOn ? ON : OFF,
      capCredits === 'none' ? NO_CAP : caps.numberOf(decimalText(capCredits, 0)),
      tiers.numberOf(tierKey(row.tier)),
      limitCredits === undefined ? NO_LIMIT : limits.numberOf(decimalText(limitCredits, 0)),
    );
    this.put(
      epochDayAt(row.at),
      clients.numberOf(row.client.toUpperCase()),
      this.seats.numberOf(this.seats.users.userNumberOf(row.userId), profile),
      {
        used: this.#amounts.amountOf(row.creditsUsed),
        overage: this.#amounts.amountOf(row.overageCredits),
        facts,
        line: row.place.line,
      },
    );
    return true;
  }

  /** The number of what a row says beside its credits; a cap counts only while overage is on. */
  factsOf(overageSwitch: number, cap: number, tier: number, limit: number): number {
    const capCredits = overageSwitch === ON ? cap : NO_CAP;
    const traits = this.#traits.numberOf(capCredits * SWITCHES + overageSwitch, tier);
    return this.#facts.numberOf(traits, limit);
  }

  put(day: number, client: number, seat: number, { used, overage, facts, line }: RowFigures): void {
    if (day !== this.#day || client !== this.#client) {
      this.#dayClient = this.#dayClients.numberOf(day, client);
      this.#day = day;
      this.#client = client;
    }
    const row = this.#rows.push();
    const page = this.#rows.page(row);
    const at = this.#rows.at(row);
    page[at + DAY_CLIENT] = this.#dayClient;
    page[at + SEAT] = seat;
    page[at + USED] = used.whole;
    page[at + USED + 1] = used.billionths;
    page[at + USED + 2] = used.rest;
    page[at + OVERAGE] = this.#amounts.keep(overage, 0);
    page[at + FACTS] = facts;
    page[at + LINE] = line;
  }

  /** All of it, in a form that can go to another thread; it must not be used after it. */
  pack(): PackedRows {
    const { clients, profiles, tiers, caps, limits } = this.words;
    return {
      clients: clients.texts,
      profiles: profiles.texts,
      tiers: tiers.texts,
      caps: caps.texts,
      limits: limits.texts,
      seats: this.seats.pack(),
      seatProfiles: this.seats.profiles,
      dayClients: pairsOf(this.#dayClients),
      traits: pairsOf(this.#traits),
      facts: pairsOf(this.#facts),
      rows: this.#rows.pack(),
      amounts: this.#amounts.pack(),
      units: this.#units,
      unitRows: this.#unitRows,
      freeRows: this.#freeRows,
    };
  }
}

function pairsOf(table: PairTable): (readonly [number, number])[] {
  return Array.from({ length: table.size }, (_, number) => [
    table.firstOf(number),
    table.secondOf(number),
  ]);
}

/** `CollectedRows` as plain arrays. */
export interface PackedRows {
  readonly clients: readonly string[];
  readonly profiles: readonly string[];
  readonly tiers: readonly string[];
  readonly caps: readonly string[];
  readonly limits: readonly string[];
  readonly seats: PackedUsers;
  readonly seatProfiles: readonly number[];
  readonly dayClients: readonly (readonly [number, number])[];
  readonly traits: readonly (readonly [number, number])[];
  readonly facts: readonly (readonly [number, number])[];
  readonly rows: PackedPages;
  readonly amounts: PackedAmounts;
  readonly units: readonly number[];
  readonly unitRows: readonly number[];
  readonly freeRows: number;
}
