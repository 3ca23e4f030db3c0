import type { Table } from '../input/known-columns.ts';
import type { Inference } from './infer.ts';
import { field, instantIn, isOfGroup, type TextRow } from './table-rows.ts';

/** The columns that say what a row is about: of a subscription its principal, whatever its dates. */
const KEY_COLUMNS: Readonly<Record<Table, readonly string[]>> = {
  profiles: ['profile_id'],
  users: ['user_id'],
  groups: ['group_id'],
  groupMembers: ['group_id', 'user_id'],
  subscriptions: ['profile_id', 'principal_id'],
  tierChanges: ['profile_id', 'principal_id', 'changed_at'],
  activations: ['profile_id', 'user_id'],
  overageChanges: ['profile_id', 'changed_at'],
};

/** The keys of rows: equal for two rows of a table that an import cannot both write. */
export class RowKeys {
  readonly #known: Pick<Inference, 'users' | 'profileKeyOf'>;

  constructor(known: Pick<Inference, 'users' | 'profileKeyOf'>) {
    this.#known = known;
  }

  /** The key of a row, whatever forms of ids and instants it has. */
  of(table: Table, row: TextRow): string {
    return KEY_COLUMNS[table].map((column) => this.#value(row, column)).join('\n');
  }

  /** The key with the start of a subscription, as imports write it. */
  withStart(table: Table, row: TextRow): string {
    return `${this.of(table, row)}\n${field(row, 'subscribed_at')}`;
  }

  /** The profile and principal of a subscription or tier change: that of a user is the key of the user's activation. */
  principal(row: TextRow): string {
    return this.of('subscriptions', row);
  }

  /** The account and Region of the profile that a row names; its id if that is unknown. */
  profileKeyOf(row: TextRow): string {
    const id = field(row, 'profile_id');
    return this.#known.profileKeyOf(id) ?? id;
  }

  userId(id: string): string {
    return this.#known.users.canonical(id);
  }

  #value(row: TextRow, column: string): string {
    const text = field(row, column);
    switch (column) {
      case 'profile_id':
        return this.profileKeyOf(row);
      case 'user_id':
        return this.userId(text);
      case 'principal_id':
        return isOfGroup(row) ? `group\n${text}` : this.userId(text);
      case 'changed_at':
        return String(instantIn(row, column) ?? text);
      default:
        return text;
    }
  }
}
