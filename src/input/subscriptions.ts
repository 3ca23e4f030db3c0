import type { Instant } from '../domain/instant.ts';
import type { Place } from '../domain/problem.ts';
import type { PrincipalType, Subscription, TierChange } from '../domain/records.ts';
import type { Tier } from '../domain/tier.ts';
import type { ByteSource } from './byte-source.ts';
import { type FieldParser, id, instantField, principalType } from './fields.ts';
import { overlaps } from './intervals.ts';
import { type GroupRegister, referToGroup, type UserRegister } from './people.ts';
import type { ProblemLog } from './problem-log.ts';
import type { ProfileRegister } from './profiles.ts';
import { readTable, type TableColumns, type TableRow } from './table.ts';

export const SUBSCRIPTION_COLUMNS: TableColumns = {
  required: ['profile_id', 'principal_type', 'principal_id', 'tier', 'subscribed_at'],
  optional: ['unsubscribed_at'],
};
export const TIER_CHANGE_COLUMNS: TableColumns = {
  required: ['profile_id', 'principal_type', 'principal_id', 'changed_at', 'tier'],
  optional: ['from_tier'],
};

/** What subscriptions and their changes refer to. */
export interface SubscriptionContext {
  readonly profiles: ProfileRegister;
  readonly users: UserRegister;
  readonly groups: GroupRegister;
  readonly tier: FieldParser<Tier>;
  readonly log: ProblemLog;
}

/** Whose subscription a row speaks of. */
interface Principal {
  readonly profileId: string;
  readonly principalType: PrincipalType;
  readonly principalId: string;
}

interface SubscriptionRow extends Principal {
  readonly row: TableRow;
  readonly place: Place;
  readonly tier: Tier;
  readonly from: Instant;
  readonly to?: Instant;
}

interface ChangeRow extends TierChange {
  readonly row: TableRow;
  readonly fromTier?: Tier;
}

/** Reads `subscriptions.csv` and `tier_changes.csv` into subscriptions with their changes. */
export async function readSubscriptions(
  source: ByteSource,
  changeSource: ByteSource | undefined,
  context: SubscriptionContext,
): Promise<Subscription[]> {
  const subscriptions = new SubscriptionRows();
  const isComplete = await readTable(source, SUBSCRIPTION_COLUMNS, context.log, (row) =>
    subscriptions.add(row, context),
  );
  subscriptions.refuseOverlaps();
  const changes = new Map<SubscriptionRow, ChangeRow[]>();
  if (changeSource !== undefined) {
    await readTable(changeSource, TIER_CHANGE_COLUMNS, context.log, (row) => {
      const principal = principalOf(row, context);
      const change = changeOf(row, context);
      if (change === undefined || principal === undefined || !isComplete) return;
      const changed = subscriptions.changedBy(change, principal, context);
      if (changed === undefined) return;
      const known = changes.get(changed);
      if (known === undefined) changes.set(changed, [change]);
      else known.push(change);
    });
  }
  return subscriptions.rows.map((row) => subscriptionOf(row, changes.get(row) ?? []));
}

function principalOf(
  row: TableRow,
  { profiles, users }: SubscriptionContext,
): Principal | undefined {
  const profileId = row.required('profile_id', profiles.id);
  const type = row.required('principal_type', principalType);
  const principalId = row.required('principal_id', type === 'user' ? users.id : id);
  if (profileId === undefined || type === undefined || principalId === undefined) return undefined;
  return { profileId, principalType: type, principalId };
}

function keyOf({ profileId, principalType, principalId }: Principal): string {
  return JSON.stringify([profileId, principalType, principalId]);
}

class SubscriptionRows {
  readonly rows: SubscriptionRow[] = [];
  readonly #byPrincipal = new Map<string, SubscriptionRow[]>();
  /** Principals with a row that has a problem: their changes cannot be judged. */
  readonly #doubtful = new Set<string>();

  add(row: TableRow, context: SubscriptionContext): void {
    const { profiles, groups, tier } = context;
    const principal = principalOf(row, context);
    const selected = row.required('tier', tier);
    const from = row.required('subscribed_at', instantField);
    const to = row.optional('unsubscribed_at', instantField);
    profiles.refer(row, principal?.profileId);
    if (principal?.principalType === 'group') {
      referToGroup(row, 'principal_id', principal.principalId, groups);
    }
    if (from !== undefined && to !== undefined && to <= from) {
      row.problem('unsubscribed_at', 'must be after subscribed_at', row.text('unsubscribed_at'));
    }
    if (principal === undefined) return;
    if (!row.isGood || selected === undefined || from === undefined) {
      this.#doubtful.add(keyOf(principal));
      return;
    }
    const subscription = { ...principal, row, place: row.place, tier: selected, from };
    this.#keep(to === undefined ? subscription : { ...subscription, to });
  }

  #keep(subscription: SubscriptionRow): void {
    this.rows.push(subscription);
    const key = keyOf(subscription);
    const known = this.#byPrincipal.get(key);
    if (known === undefined) this.#byPrincipal.set(key, [subscription]);
    else known.push(subscription);
  }

  refuseOverlaps(): void {
    for (const rows of this.#byPrincipal.values()) {
      for (const { earlier, later } of overlaps(rows)) {
        const what = `the ${later.principalType} is subscribed in this profile already at that time, by line ${earlier.place.line}`;
        later.row.problem('row', what, `${later.profileId}, ${later.principalId}`);
      }
    }
  }

  /** The subscription that is alive at the change; where there is none, that is a problem of the row. */
  changedBy(
    { changedAt, row }: ChangeRow,
    principal: Principal,
    { profiles }: SubscriptionContext,
  ): SubscriptionRow | undefined {
    const key = keyOf(principal);
    const ofPrincipal = this.#byPrincipal.get(key) ?? [];
    const alive = ofPrincipal.find(
      ({ from, to }) => from <= changedAt && (to === undefined || changedAt < to),
    );
    if (alive !== undefined || this.#doubtful.has(key)) return alive;
    profiles.refer(row, principal.profileId);
    if (!row.isGood) return undefined;
    if (ofPrincipal.length === 0) {
      const what = `the ${principal.principalType} has no subscription in this profile`;
      row.problem('principal_id', what, row.text('principal_id'));
    } else {
      const what = `the ${principal.principalType} has no subscription in this profile at that time`;
      row.problem('changed_at', what, row.text('changed_at'));
    }
    return undefined;
  }
}

function changeOf(row: TableRow, { tier }: SubscriptionContext): ChangeRow | undefined {
  const changedAt = row.required('changed_at', instantField);
  const selected = row.required('tier', tier);
  const fromTier = row.optional('from_tier', tier);
  if (!row.isGood || changedAt === undefined || selected === undefined) return undefined;
  const change = { row, place: row.place, changedAt, tier: selected };
  return fromTier === undefined ? change : { ...change, fromTier };
}

/** The subscription with its changes in the order of time; what cannot follow is a problem of its row. */
function subscriptionOf(row: SubscriptionRow, changes: readonly ChangeRow[]): Subscription {
  const inTime = [...changes].sort(byInstantThenLine);
  let before: TierChange | undefined;
  for (const change of inTime) {
    refuseChange(change, before, before?.tier ?? row.tier);
    before = change;
  }
  const { profileId, principalType, principalId, tier, from, to, place } = row;
  return {
    profileId,
    principalType,
    principalId,
    tier,
    subscribedAt: from,
    ...(to === undefined ? {} : { unsubscribedAt: to }),
    tierChanges: inTime.map(({ changedAt, tier: selected, place: changePlace }) => ({
      changedAt,
      tier: selected,
      place: changePlace,
    })),
    place,
  };
}

function byInstantThenLine(a: ChangeRow, b: ChangeRow): number {
  if (a.changedAt !== b.changedAt) return a.changedAt < b.changedAt ? -1 : 1;
  return a.place.line - b.place.line;
}

function refuseChange(
  { row, changedAt, fromTier }: ChangeRow,
  before: TierChange | undefined,
  tierBefore: Tier,
): void {
  if (before?.changedAt === changedAt) {
    const what = `the subscription changes at this instant already, in line ${before.place.line}`;
    row.problem('changed_at', what, row.text('changed_at'));
  } else if (fromTier !== undefined && fromTier !== tierBefore) {
    const what = `the subscription itself had ${tierBefore} just before (H2)`;
    row.problem('from_tier', what, row.text('from_tier'));
  }
}
