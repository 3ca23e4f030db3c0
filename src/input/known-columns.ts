import type { DataFile } from './data-files.ts';
import type { TableColumns } from './table.ts';

/** A table of a data directory. */
export type Table = Exclude<DataFile, 'rates'>;

/** The columns of the tables of a data directory. */
export const TABLE_COLUMNS: Readonly<Record<Table, TableColumns>> = {
  profiles: {
    required: ['profile_id', 'account_id', 'region'],
    optional: ['name', 'overage', 'overage_cap', 'aliases'],
    numbers: ['overage_cap'],
  },
  users: { required: ['user_id'], optional: ['name', 'email', 'cost_center', 'aliases'] },
  groups: { required: ['group_id'], optional: ['name'] },
  groupMembers: { required: ['group_id', 'user_id'], optional: ['joined_at', 'left_at'] },
  subscriptions: {
    required: ['profile_id', 'principal_type', 'principal_id', 'tier', 'subscribed_at'],
    optional: ['unsubscribed_at'],
  },
  tierChanges: {
    required: ['profile_id', 'principal_type', 'principal_id', 'changed_at', 'tier'],
    optional: ['from_tier'],
  },
  activations: { required: ['profile_id', 'user_id', 'activated_at'], optional: [] },
  overageChanges: {
    required: ['profile_id', 'changed_at', 'overage'],
    optional: ['overage_cap'],
    numbers: ['overage_cap'],
  },
};

export const TABLES = Object.keys(TABLE_COLUMNS) as readonly Table[];
