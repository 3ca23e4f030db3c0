/** The rows of a well-formed data directory as facts with instants and exact credits in them. */
import { type Names, namesOf } from './names.ts';
import { parseDecimal, type Rational } from './rational.ts';
import { isEnabled, placeInProfileId, regionCode, tierKey, trimmed, userKey } from './spelling.ts';
import { type Nanoseconds, parseInstant } from './time.ts';

export type Row = Readonly<Record<string, string>>;

/** The rows of each file, as the texts of their fields; all that begins with `usage` is usage. */
export type DataDirectory = Readonly<Record<string, readonly Row[]>>;

export interface Profile {
  readonly profileId: string;
  readonly accountId: string;
  readonly region: string;
  readonly name: string;
  readonly isOverageOn: boolean;
  readonly capCredits: Rational | null;
  /** More ids of it. */
  readonly aliases: readonly string[];
}

export interface Principal {
  readonly profileId: string;
  readonly type: 'user' | 'group';
  readonly id: string;
}

export interface Subscription extends Principal {
  readonly tier: string;
  readonly start: Nanoseconds;
  readonly end: Nanoseconds;
}

export interface TierChange extends Principal {
  readonly at: Nanoseconds;
  readonly tier: string;
}

export interface Membership {
  readonly groupId: string;
  readonly userId: string;
  readonly start: Nanoseconds;
  readonly end: Nanoseconds;
}

export interface Seat {
  readonly profileId: string;
  readonly userId: string;
}

export interface Activation extends Seat {
  readonly at: Nanoseconds;
}

export interface OverageChange {
  readonly profileId: string;
  readonly at: Nanoseconds;
  readonly isOverageOn: boolean;
  /** `null` removes the cap, `as it was` leaves it. */
  readonly capCredits: Rational | null | 'as it was';
}

export interface Usage extends Seat {
  readonly at: Nanoseconds;
  readonly credits: Rational;
}

export interface User {
  readonly userId: string;
  readonly name: string;
  readonly costCenter: string;
}

export interface Facts {
  readonly profiles: readonly Profile[];
  readonly users: readonly User[];
  readonly memberships: readonly Membership[];
  readonly subscriptions: readonly Subscription[];
  readonly tierChanges: readonly TierChange[];
  /** `null` without the file: every seat is active from its start. Rule H3. */
  readonly activations: readonly Activation[] | null;
  readonly overageChanges: readonly OverageChange[];
  readonly usage: readonly Usage[];
}

/** Before and after all instants that a file may hold. */
const SINCE_EVER = parseInstant('1900-01-01');
const STILL = parseInstant('2300-01-01');

function rowsOf(directory: DataDirectory, file: string): readonly Row[] {
  return directory[file] ?? [];
}

function field(row: Row, column: string): string {
  return trimmed(row[column] ?? '');
}

function start(row: Row, column: string): Nanoseconds {
  return field(row, column) === '' ? SINCE_EVER : parseInstant(field(row, column));
}

function end(row: Row, column: string): Nanoseconds {
  return field(row, column) === '' ? STILL : parseInstant(field(row, column));
}

function cap(text: string): Rational | null {
  return text === '' || text.toLowerCase() === 'none' ? null : parseDecimal(text);
}

function profileOf(row: Row): Profile {
  return {
    profileId: field(row, 'profile_id'),
    accountId: field(row, 'account_id'),
    region: regionCode(field(row, 'region')),
    name: row.name ?? '',
    isOverageOn: isEnabled(field(row, 'overage')),
    capCredits: cap(field(row, 'overage_cap')),
    aliases: field(row, 'aliases').split(/[ \t]+/),
  };
}

/** A profile that the directory has no row for, since it has no `profiles.csv`. */
function profileAsMet(profileId: string): Profile {
  const place = placeInProfileId(profileId);
  return { profileId, ...place, name: '', isOverageOn: false, capCredits: null, aliases: [] };
}

function principalOf(row: Row, names: Names): Principal {
  const type = field(row, 'principal_type').toLowerCase() === 'group' ? 'group' : 'user';
  const id = field(row, 'principal_id');
  return {
    profileId: names.profileIdOf(field(row, 'profile_id')),
    type,
    id: type === 'user' ? names.userIdOf(id) : id,
  };
}

function seatOf(row: Row, names: Names): Seat {
  return {
    profileId: names.profileIdOf(field(row, 'profile_id')),
    userId: names.userIdOf(field(row, 'user_id')),
  };
}

function overageChangeOf(row: Row, names: Names): OverageChange {
  const capText = field(row, 'overage_cap');
  return {
    profileId: names.profileIdOf(field(row, 'profile_id')),
    at: parseInstant(field(row, 'changed_at')),
    isOverageOn: isEnabled(field(row, 'overage')),
    capCredits: capText === '' ? 'as it was' : cap(capText),
  };
}

function usageRows(directory: DataDirectory): Row[] {
  const files = Object.keys(directory).filter((file) => /^usage(\.csv$|\/)/.test(file));
  return files.flatMap((file) => rowsOf(directory, file));
}

function profilesOf(directory: DataDirectory, met: readonly string[]): Profile[] {
  const rows = directory['profiles.csv'];
  return rows === undefined ? [...new Set(met)].map(profileAsMet) : rows.map(profileOf);
}

export function factsOf(directory: DataDirectory): Facts {
  const names = namesOf(directory);
  const subscriptions = rowsOf(directory, 'subscriptions.csv').map((row) => ({
    ...principalOf(row, names),
    tier: tierKey(field(row, 'tier')),
    start: start(row, 'subscribed_at'),
    end: end(row, 'unsubscribed_at'),
  }));
  const usage = usageRows(directory).map((row) => ({
    ...seatOf(row, names),
    at: parseInstant(field(row, 'timestamp')),
    credits: parseDecimal(field(row, 'credits')),
  }));
  return {
    subscriptions,
    usage,
    profiles: profilesOf(
      directory,
      [...subscriptions, ...usage].map(({ profileId }) => profileId),
    ),
    users: rowsOf(directory, 'users.csv').map((row) => ({
      userId: userKey(field(row, 'user_id')),
      name: row.name ?? '',
      costCenter: row.cost_center ?? '',
    })),
    memberships: rowsOf(directory, 'group_members.csv').map((row) => ({
      groupId: field(row, 'group_id'),
      userId: names.userIdOf(field(row, 'user_id')),
      start: start(row, 'joined_at'),
      end: end(row, 'left_at'),
    })),
    tierChanges: rowsOf(directory, 'tier_changes.csv').map((row) => ({
      ...principalOf(row, names),
      at: parseInstant(field(row, 'changed_at')),
      tier: tierKey(field(row, 'tier')),
    })),
    activations:
      directory['activations.csv']?.map((row) => ({
        ...seatOf(row, names),
        at: parseInstant(field(row, 'activated_at')),
      })) ?? null,
    overageChanges: rowsOf(directory, 'overage_changes.csv').map((row) =>
      overageChangeOf(row, names),
    ),
  };
}
