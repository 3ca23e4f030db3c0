import type { Instant } from '../domain/instant.ts';
import type { RateEdition } from '../domain/rate-card.ts';
import type { Profile, SeatUsage, User } from '../domain/records.ts';
import type { CreditRules } from './overage.ts';
import type { ProfileTerms } from './rates.ts';
import type { Seat } from './seats.ts';

/** What the seats of one profile are billed from in one month, and by which rules. */
export interface ProfileMonth extends CreditRules {
  readonly profile: Profile;
  readonly edition: RateEdition;
  /** Missing if the edition does not price the profile's partition. */
  readonly terms: ProfileTerms | undefined;
  /** Also those that are not active in the month. */
  readonly seats: ReadonlyMap<string, Seat>;
  /** The first activations, also of users who never had a seat. */
  readonly activations: ReadonlyMap<string, Instant> | undefined;
  readonly users: ReadonlyMap<string, User>;
  readonly usage: SeatUsage;
}
