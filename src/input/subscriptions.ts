import { valueAt } from '../domain/grouping.ts';
import { compareInstants } from '../domain/instant.ts';
import type { PrincipalType, Subscription, TierChange } from '../domain/records.ts';
import type { Tier } from '../domain/tier.ts';
import type { ByteSource } from './byte-source.ts';
import { type FieldParser, id, instantField, principalType } from './fields.ts';
import { overlaps } from './intervals.ts';
import { TABLE_COLUMNS } from './known-columns.ts';
import type { GroupRegister, UserRegister } from './people.ts';
import type { ProblemLog } from './problem-log.ts';
import type { ProfileRegister } from './profiles.ts';
import { readTable, type TableRow } from './table.ts';

/** What subscriptions and their changes refer to. */
interface SubscriptionContext {
  readonly profiles: ProfileRegister;
  readonly users: UserRegister;
  readonly groups: GroupRegister;
  readonly tier: FieldParser<Tier>;
  readonly log: ProblemLog;
}

/** Whose subscription a row is about. */
interface Principal {
  readonly profileId: string;
  readonly principalType: PrincipalType;
  readonly principalId: string;
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
  const isComplete = await readTable(source, TABLE_COLUMNS.subscriptions, context.log, (row) =>
    subscriptions.add(row, context),
  );
  subscriptions.refuseOverlaps(context.log);
  const changes = new Map<Subscription, ChangeRow[]>();
  if (changeSource !== undefined) {
    await readTable(changeSource, TABLE_COLUMNS.tierChanges, context.log, (row) => {
      const principal = principalOf(row, context);
      const change = changeOf(row, context);
      if (change === undefined || principal === undefined || !isComplete) return;
      const changed = subscriptions.changedBy(change, principal, context);
      if (changed !== undefined) valueAt(changes, changed, () => []).push(change);
    });
  }
  return subscriptions.rows.map((subscription) => {
    const own = changes.get(subscription);
    return own === undefined ? subscription : withChanges(subscription, own);
  });
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

/** Whom the row of a subscription may be about, if its problems leave several possibilities. */
function possiblePrincipals(
  row: TableRow,
  principal: Principal | undefined,
  { profiles, users }: SubscriptionContext,
): Principal[] {
  if (principal !== undefined) return [principal];
  const read = <Value>(column: string, parse: FieldParser<Value>): Value | undefined => {
    const parsed = parse(row.text(column));
    return 'value' in parsed ? parsed.value : undefined;
  };
  return (['user', 'group'] as const).flatMap((type) => {
    const profileId = read('profile_id', profiles.id);
    const principalId = read('principal_id', type === 'user' ? users.id : id);
    if (profileId === undefined || principalId === undefined) return [];
    return [{ profileId, principalType: type, principalId }];
  });
}

/** Ids have no control characters, so nothing else gives the same key. */
function keyOf({ profileId, principalType, principalId }: Principal): string {
  return `${profileId}\n${principalType}\n${principalId}`;
}

const NO_CHANGES: readonly TierChange[] = [];

class SubscriptionRows {
  /** In the order of the file, without their changes of tier. */
  readonly rows: Subscription[] = [];
  /** By type, profile and id of their principal. */
  readonly #known = {
    user: new Map<string, Map<string, Subscription[]>>(),
    group: new Map<string, Map<string, Subscription[]>>(),
  };
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
      groups.refer(row, 'principal_id', principal.principalId);
    }
    if (from !== undefined && to !== undefined && to <= from) {
      row.problem('unsubscribed_at', 'must be after subscribed_at', row.text('unsubscribed_at'));
    }
    if (!row.isGood || principal === undefined || selected === undefined || from === undefined) {
      for (const one of possiblePrincipals(row, principal, context)) {
        this.#doubtful.add(keyOf(one));
      }
      return;
    }
    this.#add({
      profileId: principal.profileId,
      principalType: principal.principalType,
      principalId: principal.principalId,
      tier: selected,
      subscribedAt: from,
      unsubscribedAt: to,
      tierChanges: NO_CHANGES,
      place: row.place,
    });
  }

  #add(subscription: Subscription): void {
    this.rows.push(subscription);
    const { principalType, profileId, principalId } = subscription;
    const ofProfile = valueAt(this.#known[principalType], profileId, () => new Map());
    valueAt(ofProfile, principalId, () => []).push(subscription);
  }

  /** Call once all rows have been added. */
  refuseOverlaps(log: ProblemLog): void {
    const ofProfiles = Object.values(this.#known).flatMap((ofType) => [...ofType.values()]);
    const ofPrincipals = ofProfiles.flatMap((ofProfile) => [...ofProfile.values()]);
    for (const rows of ofPrincipals.filter(({ length }) => length > 1)) {
      const lives = rows.map((row) => ({ ...row, from: row.subscribedAt, to: row.unsubscribedAt }));
      for (const { earlier, later } of overlaps(lives)) {
        const { principalType: type, profileId, principalId } = later;
        const what = `the ${type} is subscribed in this profile already at that time, by line ${earlier.place.line}`;
        const value = `${profileId}, ${principalId}`;
        log.add({ ...later.place, column: 'row', what, value });
      }
    }
  }

  /** The subscription that is active at the change; if there is none, the row has a problem. */
  changedBy(
    { changedAt, row }: ChangeRow,
    principal: Principal,
    { profiles }: SubscriptionContext,
  ): Subscription | undefined {
    const { principalType: type, profileId, principalId } = principal;
    const ofPrincipal = this.#known[type].get(profileId)?.get(principalId) ?? [];
    const alive = ofPrincipal.find(
      ({ subscribedAt, unsubscribedAt }) =>
        subscribedAt <= changedAt && (unsubscribedAt === undefined || changedAt < unsubscribedAt),
    );
    if (alive !== undefined || this.#doubtful.has(keyOf(principal))) return alive;
    profiles.refer(row, principal.profileId);
    if (!row.isGood) return undefined;
    if (ofPrincipal.length === 0) {
      const what = `the ${type} has no subscription in this profile`;
      row.problem('principal_id', what, row.text('principal_id'));
    } else {
      const what = `the ${type} has no subscription in this profile at that time`;
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

/** The subscription with its changes in time order; an impossible change is a problem of its row. */
function withChanges(subscription: Subscription, changes: readonly ChangeRow[]): Subscription {
  const inTime = [...changes].sort(
    (a, b) => compareInstants(a.changedAt, b.changedAt) || a.place.line - b.place.line,
  );
  let before: TierChange | undefined;
  for (const change of inTime) {
    refuseChange(change, before, before?.tier ?? subscription.tier);
    before = change;
  }
  const tierChanges = inTime.map(({ changedAt, tier, place }) => ({ changedAt, tier, place }));
  return { ...subscription, tierChanges };
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
