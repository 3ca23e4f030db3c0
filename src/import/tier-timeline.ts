import type { Instant } from '../domain/instant.ts';
import type { Subscription } from '../domain/records.ts';
import type { Tier } from '../domain/tier.ts';
import type { FoundTier } from './findings.ts';
import { rankOf } from './tier-order.ts';

/** The tiers of one subscription through time. Rule H2. */
export class TierTimeline {
  readonly #start: Instant;
  readonly #end: Instant | undefined;
  readonly #steps: { at: Instant; tier: Tier }[];

  constructor(start: Instant, end: Instant | undefined, steps: { at: Instant; tier: Tier }[]) {
    this.#start = start;
    this.#end = end;
    this.#steps = steps;
  }

  static of({ subscribedAt, unsubscribedAt, tier, tierChanges }: Subscription): TierTimeline {
    return new TierTimeline(subscribedAt, unsubscribedAt, [
      { at: subscribedAt, tier },
      ...tierChanges.map(({ changedAt, tier: to }) => ({ at: changedAt, tier: to })),
    ]);
  }

  /** The tier at an instant; before the subscription's begin, the one it begins with. */
  tierAt(at: Instant): Tier {
    return (this.#steps.findLast((step) => step.at <= at) ?? this.#steps[0])?.tier ?? '';
  }

  /** Whether the tier is the highest of those selected in the stretch, or the last of them. */
  agrees({ from, to, tier }: FoundTier): boolean {
    const within = this.#steps.filter(({ at }) => at > from && at < to).map((step) => step.tier);
    const selected = [this.tierAt(from), ...within];
    const highest = selected.reduce((a, b) => (rankOf(b) > rankOf(a) ? b : a));
    return highest === tier || selected.at(-1) === tier;
  }

  /** Whether a change fits there: inside the subscription, behind all others. */
  canChangeAt(at: Instant): boolean {
    const isInside = at > this.#start && (this.#end === undefined || at < this.#end);
    return isInside && this.#steps.every((step) => step.at < at);
  }

  change(at: Instant, tier: Tier): void {
    this.#steps.push({ at, tier });
  }
}
