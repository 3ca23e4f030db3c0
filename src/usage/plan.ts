import type { Identities } from '../domain/identities.ts';
import type { Instant } from '../domain/instant.ts';
import type { Place, Problem } from '../domain/problem.ts';
import type { RankedCreditsAt } from '../domain/rate-card.ts';
import type {
  Profile,
  ReportedOverage,
  ReportedTiers,
  SeatUsage,
  StretchUsage,
} from '../domain/records.ts';
import type { LastUse, UsageDays } from '../domain/usage-days.ts';
import type { Warning } from '../domain/warning.ts';
import type { UsageCuts } from './usage-window.ts';

/** How to reduce usage: the readers know no tier and no price. */
export interface ReductionPlan {
  /** The profiles that usage may name; missing if profiles are inferred from the data. */
  readonly profileIds?: ReadonlySet<string>;
  /** The profiles that activity reports may mean; missing if their ids are used unchanged. */
  readonly reportProfiles?: readonly KnownProfile[];
  /** Other ids by which usage may name users and profiles. */
  readonly identities: Identities;
  /** The months (`YYYY-MM`) that are wanted; missing for all. */
  readonly months?: ReadonlySet<string>;
  /** Where stretches end. */
  readonly cuts: UsageCuts;
  /** How to read reports; the edition's terms are a function, so that usage knows no price (R1). */
  readonly reported?: {
    /** Missing if it is to be determined from the reports' figures. */
    readonly meaning?: ReportedMeaning;
    readonly termsAt: RankedCreditsAt;
    /** The display name of a profile. */
    readonly profileTitle: (profileId: string) => string;
  };
  /**
   * Whether what activity reports say about people is also wanted: e-mail address, new users,
   * tiers as spelled.
   */
  readonly wantsPeople?: boolean;
  /** Whether `stretches` are not wanted, and millions of seats should use little memory. */
  readonly onlyInOrder?: boolean;
  /** Whether rows with a repeated `request_id` are left out. */
  readonly dedupe: boolean;
}

/** What activity reports may name a profile by; the name is what people may have written instead. */
type KnownProfile = Pick<Profile, 'profileId' | 'accountId' | 'region' | 'name'>;

/** Whether the overage credits of a report are beside its `Credits_Used`, or included in it. */
export type ReportedMeaning = 'beside' | 'inside';

/** The result of a reduction. */
export interface UsageReduction {
  /**
   * The usage of each seat that has usage rows in a wanted month. A stretch ends at each change of
   * its profile's overage, and with the month.
   */
  readonly stretches: SeatUsage;
  /**
   * The same in the order of a usage summary, computed anew at each iteration; missing if the plan
   * cuts time for all profiles alike.
   */
  readonly inOrder?: Iterable<StretchUsage>;
  /** The instants at which parts with usage begin: at a change of overage, or where the plan cuts time for all profiles. */
  readonly starts: readonly Instant[];
  /** `stretches` up to one of the plan's cuts for all profiles: none begins at or after it, or ends after it. */
  readonly upTo: (end: Instant) => SeatUsage;
  /** Which days have usage, and which usage seems to be present twice. */
  readonly coverage: UsageDays;
  /** Finds the last day with credits in the wanted months; for a summary's stretch its last day. */
  readonly lastUse: LastUse;
  /** All months (`YYYY-MM`) that have usage rows, wanted or not. */
  readonly months: ReadonlySet<string>;
  /** Every profile that usage names, with the first row that names it, in the order of these rows. */
  readonly profiles: ReadonlyMap<string, Place>;
  /** Rows read, without header rows. */
  readonly rows: number;
  /** Rows left out because their `request_id` is repeated. */
  readonly duplicates: number;
  /** Rows left out because they are bad input. */
  readonly badRows: number;
  /** The physical lines that these occupy. */
  readonly badLines: number;
  /** Files beside activity reports that were skipped, as nothing in them looks like usage. */
  readonly unrecognizedFiles: readonly string[];
  /** What activity reports say beyond usage, if there are any. */
  readonly reports?: ReportFindings;
}

/** What activity reports say beyond usage. */
export interface ReportFindings {
  /** What the rows that count say about overage. */
  readonly overage: Iterable<ReportedOverage>;
  /** The tiers that these rows show in the wanted months. */
  readonly tiers: ReportedTiers;
  /** What the reader of an invoice may want to know about how rows were chosen. */
  readonly notes: readonly string[];
  /** Contradictions between their figures (R1). */
  readonly warnings: readonly Warning[];
  /** The days (`YYYY-MM-DD`) of rows that count, ascending. */
  readonly dates: readonly string[];
}

/** A row that is bad input, as it was read, for users who want to bill without it. */
export interface BadUsageRow {
  readonly place: Place;
  readonly problems: readonly Problem[];
  readonly bytes: Buffer;
}

/** Called with the numbers of rows and bytes while they are read; below 0 for those that will be read again. */
export interface ReadingProgress {
  readonly onBytes?: (count: number) => void;
  readonly onRows?: (count: number) => void;
}

/** Work that has nothing to do with usage. */
export type Work = () => Promise<unknown>;
