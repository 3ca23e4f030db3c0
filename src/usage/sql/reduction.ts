import type { Instant } from '../../domain/instant.ts';
import type { Profile } from '../../domain/records.ts';
import type { SqlSource } from './choices.ts';
import type { KnownStretch } from './known-stretches.ts';

/** What a statement reads: a table with typed columns, a table of texts, or CSV files with a header each. */
export type SqlInput =
  | { readonly table: readonly string[]; readonly isText: boolean }
  | { readonly path: string };

/** A range of whole months: `[start, end)`. */
export interface MonthRange {
  readonly start: Instant;
  readonly end: Instant;
}

/** What a statement computes, and what it needs from the data directory. */
export interface Reduction {
  readonly source: SqlSource;
  readonly input: SqlInput;
  /** The months wanted; missing for all. */
  readonly months?: MonthRange;
  readonly stretches: readonly KnownStretch[];
  /** The profiles with which the profile ids of activity reports are matched. */
  readonly profiles: readonly Profile[];
  /** Whether `Credits_Used` of a report includes the overage or excludes it (R1). */
  readonly reportedCredits: 'beside' | 'inside';
  /** The column with the path of a row's file; missing for the engine's own. */
  readonly fileColumn?: string;
}
