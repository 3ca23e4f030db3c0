import type { Decimal } from '../domain/decimal.ts';
import type { Instant } from '../domain/instant.ts';
import type { Region } from '../domain/region.ts';
import type { Tier } from '../domain/tier.ts';

/** What AWS's files show, whichever files they are, before it meets a data directory. */
export interface Findings {
  readonly profiles: readonly FoundProfile[];
  readonly users: readonly FoundUser[];
  readonly seats: readonly FoundSeat[];
  /** Given where every seat that was charged is in the files: what they are, and of which time. */
  readonly allSeatsOf?: { readonly name: string; readonly from: Instant; readonly to: Instant };
  /** What the files cannot tell, in plain words, a line each. */
  readonly unknown: readonly string[];
}

export interface FoundProfile {
  readonly accountId: string;
  readonly region: Region;
  /** The id for a profile that the data directory lacks. */
  readonly profileId: string;
  /** The start of the first day or month of which the files have anything of the profile. */
  readonly since: Instant;
  /** In the order of time. */
  readonly overage: readonly FoundOverage[];
  readonly inferredFrom: string;
}

/** Overage was so in `[from, to)`. */
export interface FoundOverage {
  readonly from: Instant;
  readonly to: Instant;
  readonly on: boolean;
  /** Missing where the files do not tell. */
  readonly capCredits?: Decimal | 'none';
  readonly inferredFrom: string;
}

export interface FoundUser {
  readonly userId: string;
  /** Blank where no file has one. */
  readonly email: string;
  readonly inferredFrom: string;
}

/** A user who holds a tier in a profile. */
export interface FoundSeat {
  readonly accountId: string;
  readonly region: Region;
  readonly userId: string;
  /** Stretches of time without a gap, in their order. */
  readonly lives: readonly FoundLife[];
}

export interface FoundLife {
  readonly start: Instant;
  /** Missing where no file shows an end. */
  readonly end?: Instant;
  /** At least one, in the order of time; the first holds from the start. */
  readonly tiers: readonly FoundTier[];
  readonly inferredFrom: string;
}

/**
 * A tier seen in `[from, to)`. Where it changes, the new one is taken to hold from `since`
 * on, which is as early as the files allow.
 */
export interface FoundTier {
  readonly since: Instant;
  readonly from: Instant;
  readonly to: Instant;
  readonly tier: Tier;
  readonly inferredFrom: string;
}
