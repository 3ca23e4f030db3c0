import { groupBy } from '../domain/grouping.ts';
import type { Instant } from '../domain/instant.ts';
import type { Activation, OverageChange } from '../domain/records.ts';
import type { ByteSource } from './byte-source.ts';
import { cap, instantField, overageSwitch } from './fields.ts';
import { TABLE_COLUMNS } from './known-columns.ts';
import type { UserRegister } from './people.ts';
import type { ProblemLog } from './problem-log.ts';
import type { ProfileRegister } from './profiles.ts';
import { type RowRecord, readRowRecords, type TableRow } from './table.ts';

/** Reads `activations.csv`; nothing without the file, which differs from a file without rows (H3). */
export async function readActivations(
  source: ByteSource | undefined,
  profiles: ProfileRegister,
  users: UserRegister,
  log: ProblemLog,
): Promise<Activation[] | undefined> {
  if (source === undefined) return undefined;
  const read = await readRowRecords(source, TABLE_COLUMNS.activations, log, (row) =>
    activationOf(row, profiles, users),
  );
  return read.map(({ record }) => record);
}

function activationOf(
  row: TableRow,
  profiles: ProfileRegister,
  users: UserRegister,
): Activation | undefined {
  const profileId = row.required('profile_id', profiles.id);
  const user = row.required('user_id', users.id);
  const activatedAt = row.required('activated_at', instantField);
  profiles.refer(row, profileId);
  if (!row.isGood || !profileId || !user || activatedAt === undefined) return undefined;
  return { profileId, userId: user, activatedAt };
}

/** Reads `overage_changes.csv`: one profile changes at most once at one instant (O2, O3). */
export async function readOverageChanges(
  source: ByteSource | undefined,
  profiles: ProfileRegister,
  log: ProblemLog,
): Promise<OverageChange[]> {
  if (source === undefined) return [];
  const read = await readRowRecords(source, TABLE_COLUMNS.overageChanges, log, (row) =>
    overageChangeOf(row, profiles),
  );
  for (const ofProfile of groupBy(read, ({ record }) => record.profileId).values()) {
    refuseSameInstant(ofProfile);
  }
  return read.map(({ record }) => record);
}

function overageChangeOf(row: TableRow, profiles: ProfileRegister): OverageChange | undefined {
  const profileId = row.required('profile_id', profiles.id);
  const changedAt = row.required('changed_at', instantField);
  const on = row.required('overage', overageSwitch);
  const capCredits = row.optional('overage_cap', cap);
  profiles.refer(row, profileId);
  if (!row.isGood || !profileId || changedAt === undefined || on === undefined) return undefined;
  const change = { profileId, changedAt, on };
  return capCredits === undefined ? change : { ...change, capCredits };
}

function refuseSameInstant(rows: readonly RowRecord<OverageChange>[]): void {
  const lines = new Map<Instant, number>();
  for (const { row, record } of rows) {
    const { changedAt } = record;
    const first = lines.get(changedAt);
    if (first === undefined) {
      lines.set(changedAt, row.place.line);
      continue;
    }
    const what = `the profile's overage changes at this instant already, in line ${first}`;
    row.problem('changed_at', what, row.text('changed_at'));
  }
}
