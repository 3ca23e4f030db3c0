import { DATA_FILES } from './data-files.ts';
import { GROUP_COLUMNS, MEMBER_COLUMNS, USER_COLUMNS } from './people.ts';
import { PROFILE_COLUMNS } from './profiles.ts';
import { SUBSCRIPTION_COLUMNS, TIER_CHANGE_COLUMNS } from './subscriptions.ts';
import { ACTIVATION_COLUMNS, OVERAGE_COLUMNS } from './switches.ts';
import type { TableColumns } from './table.ts';

/** The columns of the tables of a data directory, by the names of their files. */
export const TABLE_COLUMNS: readonly (readonly [name: string, columns: TableColumns])[] = [
  [DATA_FILES.profiles, PROFILE_COLUMNS],
  [DATA_FILES.users, USER_COLUMNS],
  [DATA_FILES.groups, GROUP_COLUMNS],
  [DATA_FILES.groupMembers, MEMBER_COLUMNS],
  [DATA_FILES.subscriptions, SUBSCRIPTION_COLUMNS],
  [DATA_FILES.tierChanges, TIER_CHANGE_COLUMNS],
  [DATA_FILES.activations, ACTIVATION_COLUMNS],
  [DATA_FILES.overageChanges, OVERAGE_COLUMNS],
];
