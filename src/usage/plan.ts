import type { Decimal } from '../domain/decimal.ts';
import type { Identities } from '../domain/identities.ts';
import type { Place, Problem } from '../domain/problem.ts';
import type { Profile, ReportedOverage, StretchUsage } from '../domain/records.ts';
import type { LastUses, UsageDays } from '../domain/usage-days.ts';
import type { Warning } from '../domain/warning.ts';
import type { UsageCuts } from './usage-window.ts';

/** What usage is reduced to: the readers know no tier and no price. */
export interface ReductionPlan {
  /** The profiles that usage may name; missing where profiles are taken as met. */
  readonly profileIds?: ReadonlySet<string>;
  /** The profiles that activity reports may mean; missing where their ids are taken as they are. */
  readonly reportProfiles?: readonly KnownProfile[];
  /** By which other ids usage may name users and profiles. */
  readonly identities?: Identities;
  /** The months (`YYYY-MM`) that are wanted; missing for all. */
  readonly months?: ReadonlySet<string>;
  /** Where stretches end. */
  readonly cuts: UsageCuts;
  /** By what reports are read; the edition's terms are a function, so that usage knows no price (R1). */
  readonly reported?: {
    /** Missing where the figures of the reports are to show it. */
    readonly meaning?: ReportedMeaning;
    readonly termsAt: TierTermsAt;
    /** What people call a profile; its short id where missing. */
    readonly profileTitle?: (profileId: string) => string;
  };
  /** Whether what activity reports say of people is asked for, too: e-mail, new users, tiers as spelled. */
  readonly wantsPeople?: boolean;
  /** Whether the last day of use is asked for, see `UsageReduction.lastUses`. */
  readonly lastUses?: boolean;
  /** Whether no `stretches` are asked for, and little memory is to be taken by millions of seats. */
  readonly onlyInOrder?: boolean;
  /** Whether a `request_id` that was met before is left out. */
  readonly dedupe: boolean;
}

/** What of a profile activity reports may name. */
export type KnownProfile = Pick<Profile, 'profileId' | 'accountId' | 'region'>;

/** Whether the overage credits of a report lie beside its `Credits_Used`, or inside of them. */
export type ReportedMeaning = 'beside' | 'inside';

/** A tier's place among the tiers and its monthly credits, by a profile's prices in a month. */
export interface ReportedTierTerms {
  readonly rank: number;
  readonly credits: Decimal;
}

/** The terms of a tier by its `tierKey`; nothing where the edition in force lacks it. */
export type TierTermsAt = (
  profileId: string,
  month: string,
  tier: string,
) => ReportedTierTerms | undefined;

/** What a reduction found. */
export interface UsageReduction {
  /**
   * One per seat and stretch that has usage rows in a wanted month, in no particular order. A
   * stretch ends where the overage of its profile changes, and with the month.
   */
  readonly stretches: readonly StretchUsage[];
  /**
   * Where the plan cuts time for all profiles alike: the same sums between those cuts, too, made
   * anew at each iteration.
   */
  readonly parts?: Iterable<StretchUsage>;
  /**
   * The same in the order of a usage summary, made anew at each iteration; missing where the
   * plan cuts time for all profiles alike.
   */
  readonly inOrder?: Iterable<StretchUsage>;
  /** On which days usage lies, and what of it seems to be there twice. */
  readonly coverage: UsageDays;
  /**
   * Where the plan asks for it: by profile and user the last day with credits in the wanted
   * months; of a summary's stretch its last day.
   */
  readonly lastUses?: LastUses;
  /** All months (`YYYY-MM`) that have usage rows, wanted or not. */
  readonly months: ReadonlySet<string>;
  /** Every profile that usage names, with the row that named it first, in the order of these rows. */
  readonly profiles: ReadonlyMap<string, Place>;
  /** Rows read, the header rows not counted. */
  readonly rows: number;
  /** Rows left out because their `request_id` was met before. */
  readonly duplicates: number;
  /** Rows left out because they are bad input. */
  readonly badRows: number;
  /** The physical lines that these take. */
  readonly badLines: number;
  /** Files beside activity reports that were passed over, as nothing in them looks like usage. */
  readonly unrecognizedFiles?: readonly string[];
  /** What activity reports say beyond usage, where there are any. */
  readonly reports?: ReportFindings;
}

/** What activity reports say beyond usage. */
export interface ReportFindings {
  /** What the rows that count say of overage. */
  readonly overage: Iterable<ReportedOverage>;
  /** What a reader of the invoice may want to know of how rows were chosen. */
  readonly notes: readonly string[];
  /** What its figures say of one another (R1). */
  readonly warnings: readonly Warning[];
  /** The days (`YYYY-MM-DD`) of rows that count, ascending. */
  readonly dates: readonly string[];
}

/** A row that is bad input, as it stood, for the one who wants to bill without it. */
export interface BadUsageRow {
  readonly place: Place;
  readonly problems: readonly Problem[];
  readonly bytes: Buffer;
}

/** Hears about rows and bytes while they are read. */
export interface ReadingProgress {
  readonly onBytes?: (count: number) => void;
  readonly onRows?: (count: number) => void;
}

/** Work that has nothing to do with usage. */
export type Work = () => Promise<unknown>;
