import type { DataFile } from './data-files.ts';
import { GROUP_COLUMNS, MEMBER_COLUMNS, USER_COLUMNS } from './people.ts';
import { PROFILE_COLUMNS } from './profiles.ts';
import { SUBSCRIPTION_COLUMNS, TIER_CHANGE_COLUMNS } from './subscriptions.ts';
import { ACTIVATION_COLUMNS, OVERAGE_COLUMNS } from './switches.ts';
import type { TableColumns } from './table.ts';

/** A table of a data directory. */
export type Table = Exclude<DataFile, 'rates'>;

/** The columns of the tables of a data directory. */
export const TABLE_COLUMNS: Readonly<Record<Table, TableColumns>> = {
  profiles: PROFILE_COLUMNS,
  users: USER_COLUMNS,
  groups: GROUP_COLUMNS,
  groupMembers: MEMBER_COLUMNS,
  subscriptions: SUBSCRIPTION_COLUMNS,
  tierChanges: TIER_CHANGE_COLUMNS,
  activations: ACTIVATION_COLUMNS,
  overageChanges: OVERAGE_COLUMNS,
};

export const TABLES = Object.keys(TABLE_COLUMNS) as readonly Table[];
