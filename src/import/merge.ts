/**
 * Findings meet a data directory: only what it lacks is added, what stands there stays. A
 * finding that what stands there contradicts is told, and not written.
 */

import { SeatLives } from '../billing/seat-lives.ts';
import { type Decimal, decimalText } from '../domain/decimal.ts';
import { type Instant, instantText, utcDate } from '../domain/instant.ts';
import type { BillingRecords, Subscription } from '../domain/records.ts';
import type {
  Findings,
  FoundLife,
  FoundOverage,
  FoundProfile,
  FoundSeat,
  FoundTier,
} from './findings.ts';
import { firstOverage, OverageTimeline, overageState } from './overage-timeline.ts';
import { TierTimeline } from './tier-timeline.ts';

/** The files that an import writes. */
export const IMPORTED_FILES = [
  'profiles',
  'users',
  'subscriptions',
  'tierChanges',
  'overageChanges',
] as const;

export type ImportedFile = (typeof IMPORTED_FILES)[number];

/** A row by its column names. */
export type NewRow = Readonly<Record<string, string>>;

/** What an import adds, and what it could not. */
export interface Additions {
  readonly rows: Readonly<Record<ImportedFile, readonly NewRow[]>>;
  /** Where the files contradict what stands in the directory, in plain words. */
  readonly contradictions: readonly string[];
}

/** What the directory lacks of the findings. */
export function additionsTo(records: BillingRecords, findings: Findings): Additions {
  return new Merger(records).merge(findings);
}

class Merger {
  readonly #records: BillingRecords;
  readonly #lives: SeatLives;
  readonly #profileIds = new Map<string, string>();
  readonly #rows: Record<ImportedFile, NewRow[]> = {
    profiles: [],
    users: [],
    subscriptions: [],
    tierChanges: [],
    overageChanges: [],
  };
  readonly #contradictions: string[] = [];

  constructor(records: BillingRecords) {
    this.#records = records;
    this.#lives = new SeatLives(records);
    for (const { profileId, accountId, region } of records.profiles.values()) {
      this.#profileIds.set(placeKey({ accountId, region }), profileId);
    }
  }

  merge(findings: Findings): Additions {
    const { profiles, users, seats } = findings;
    for (const profile of profiles) this.#addProfile(profile);
    for (const { userId, email, inferredFrom } of users) {
      if (this.#records.users.has(userId)) continue;
      this.#rows.users.push({ user_id: userId, name: email, email, inferred_from: inferredFrom });
    }
    for (const seat of seats) for (const life of seat.lives) this.#addLife(seat, life);
    this.#tellUncharged(findings);
    return { rows: this.#rows, contradictions: this.#contradictions };
  }

  /** Seats that stand here and that files with every charged seat do not have. */
  #tellUncharged({ seats, allSeatsOf }: Findings): void {
    if (allSeatsOf === undefined) return;
    const { name, from, to } = allSeatsOf;
    const charged = new Set(
      seats.map((seat) => `${this.#profileIds.get(placeKey(seat))} ${seat.userId}`),
    );
    const billed = new Set(seats.map((seat) => this.#profileIds.get(placeKey(seat))));
    for (const subscription of this.#records.subscriptions) {
      const { profileId, principalType, principalId } = subscription;
      if (principalType !== 'user' || !billed.has(profileId)) continue;
      if (charged.has(`${profileId} ${principalId}`) || !isAliveIn(subscription, from, to))
        continue;
      this.#contradictions.push(
        `${principalId} in ${profileId}: a seat stands here, and ${name} has no fee for it.`,
      );
    }
  }

  #addProfile(found: FoundProfile): void {
    const key = placeKey(found);
    const profileId = this.#profileIds.get(key) ?? found.profileId;
    const known = this.#records.profiles.get(profileId);
    this.#profileIds.set(key, profileId);
    if (known !== undefined) {
      const changes = this.#records.overageChanges.filter((one) => one.profileId === profileId);
      const state = overageState(known.overageOn, known.capCredits);
      this.#addOverage(profileId, new OverageTimeline(state, changes), found.overage);
      return;
    }
    const state = firstOverage(found);
    this.#rows.profiles.push({
      profile_id: profileId,
      account_id: found.accountId,
      region: found.region,
      overage: state.on ? 'enabled' : 'disabled',
      overage_cap: capText(state.capCredits),
      inferred_from: found.inferredFrom,
    });
    this.#addOverage(profileId, new OverageTimeline(state, []), found.overage);
  }

  #addOverage(profileId: string, timeline: OverageTimeline, found: readonly FoundOverage[]): void {
    for (const one of found) {
      if (timeline.agrees(one)) continue;
      if (!timeline.canChangeAt(one.from)) {
        this.#contradictions.push(
          `Overage of ${profileId}: ${one.inferredFrom} has it ${overageText(one)} on ${utcDate(one.from)}, overage_changes.csv does not.`,
        );
        continue;
      }
      timeline.change(one);
      this.#rows.overageChanges.push({
        profile_id: profileId,
        changed_at: instantText(one.from),
        overage: one.on ? 'enabled' : 'disabled',
        overage_cap: capText(one.capCredits),
        inferred_from: one.inferredFrom,
      });
    }
  }

  #addLife(seat: FoundSeat, found: FoundLife): void {
    const { userId } = seat;
    const profileId = this.#profileIds.get(placeKey(seat)) ?? '';
    const standing = this.#lives
      .of(profileId, userId)
      .filter(
        ({ from, until }) =>
          (found.end === undefined || from < found.end) &&
          (until === undefined || until > found.start),
      );
    if (standing.length === 0) {
      this.#addSubscription(profileId, userId, found);
      return;
    }
    const last = standing.at(-1);
    if (found.end !== undefined && (last?.until === undefined || last.until > found.end)) {
      this.#contradictions.push(
        `${userId} in ${profileId}: AWS charges nothing from ${utcDate(found.end)} on, and the seat has no such end here: add unsubscribed_at.`,
      );
    }
    this.#checkTiers(profileId, userId, found.tiers);
  }

  #addSubscription(profileId: string, userId: string, found: FoundLife): void {
    const [first] = found.tiers;
    if (first === undefined) return;
    const timeline = new TierTimeline(found.start, found.end, [
      { at: found.start, tier: first.tier },
    ]);
    this.#rows.subscriptions.push({
      profile_id: profileId,
      principal_type: 'user',
      principal_id: userId,
      tier: first.tier,
      subscribed_at: instantText(found.start),
      unsubscribed_at: found.end === undefined ? '' : instantText(found.end),
      inferred_from: found.inferredFrom,
    });
    this.#addTiers(profileId, userId, timeline, found.tiers);
  }

  /** The seat stands there: its tiers are those of the user's own subscription, where it has one alone. */
  #checkTiers(profileId: string, userId: string, tiers: readonly FoundTier[]): void {
    const own = this.#lives.own(profileId, userId);
    const covering = tiers.map((tier) => ({
      tier,
      subscription: own.find((one) => isAliveIn(one, tier.from, tier.to)),
    }));
    const hasOthers = this.#lives.of(profileId, userId).length > own.length;
    if (hasOthers) return;
    for (const subscription of own) {
      const ofIt = covering.filter((one) => one.subscription === subscription);
      const timeline = TierTimeline.of(subscription);
      this.#addTiers(
        profileId,
        userId,
        timeline,
        ofIt.map(({ tier }) => tier),
      );
    }
  }

  #addTiers(
    profileId: string,
    userId: string,
    timeline: TierTimeline,
    tiers: readonly FoundTier[],
  ): void {
    for (const found of tiers) {
      if (timeline.agrees(found)) continue;
      if (!timeline.canChangeAt(found.since)) {
        this.#contradictions.push(
          `${userId} in ${profileId}: ${found.inferredFrom}, and the rows here have ${timeline.tierAt(found.from)} then.`,
        );
        continue;
      }
      const fromTier = timeline.tierAt(found.since);
      timeline.change(found.since, found.tier);
      this.#rows.tierChanges.push({
        profile_id: profileId,
        principal_type: 'user',
        principal_id: userId,
        changed_at: instantText(found.since),
        from_tier: fromTier,
        tier: found.tier,
        inferred_from: found.inferredFrom,
      });
    }
  }
}

function placeKey({ accountId, region }: Pick<FoundProfile, 'accountId' | 'region'>): string {
  return `${accountId} ${region}`;
}

function isAliveIn({ subscribedAt, unsubscribedAt }: Subscription, from: Instant, to: Instant) {
  return subscribedAt < to && (unsubscribedAt === undefined || unsubscribedAt > from);
}

function capText(capCredits: Decimal | 'none' | undefined): string {
  if (capCredits === undefined || capCredits === 'none') return capCredits ?? '';
  return decimalText(capCredits, 0);
}

function overageText({ on, capCredits }: FoundOverage): string {
  const cap = capCredits === undefined ? '' : ` with the cap ${capText(capCredits)}`;
  return `${on ? 'enabled' : 'disabled'}${cap}`;
}
