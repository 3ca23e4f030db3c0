import { placeKey, placeOfRow } from './evidence.ts';
import type { Inference } from './infer.ts';
import { field, instantIn, isOfGroup, type Table, type TextRow } from './table-rows.ts';

/** What rows are about: equal for two rows of a table that cannot both be there. */
export class RowKeys {
  readonly #known: Pick<Inference, 'users' | 'placeOf'>;

  constructor(known: Pick<Inference, 'users' | 'placeOf'>) {
    this.#known = known;
  }

  /** The place of the profile that a row names; its id if that is unknown. */
  placeOf(row: TextRow): string {
    const id = field(row, 'profile_id');
    return this.#known.placeOf(id) ?? id;
  }

  userId(id: string): string {
    return this.#known.users.canonical(id);
  }

  /** The seat of a user in the profile of a row. */
  seat(row: TextRow, userId: string): string {
    return `${this.placeOf(row)}\n${this.userId(userId)}`;
  }

  /** The profile and principal of a subscription or tier change. */
  principal(row: TextRow): string {
    const id = field(row, 'principal_id');
    return isOfGroup(row) ? `${this.placeOf(row)}\ngroup\n${id}` : this.seat(row, id);
  }

  /** The key of a row: of a subscription its principal, whatever its dates. */
  of(table: Table, row: TextRow): string {
    switch (table) {
      case 'profiles':
        return placeOfRow(row).map(placeKey)[0] ?? field(row, 'profile_id');
      case 'users':
        return this.userId(field(row, 'user_id'));
      case 'groups':
        return field(row, 'group_id');
      case 'groupMembers':
        return `${field(row, 'group_id')}\n${this.userId(field(row, 'user_id'))}`;
      case 'subscriptions':
        return this.principal(row);
      case 'tierChanges':
        return `${this.principal(row)}\n${instantKey(row, 'changed_at')}`;
      case 'activations':
        return this.seat(row, field(row, 'user_id'));
      case 'overageChanges':
        return `${this.placeOf(row)}\n${instantKey(row, 'changed_at')}`;
    }
  }

  /** The key with the dates of a subscription. */
  withDates(table: Table, row: TextRow): string {
    const key = this.of(table, row);
    return table === 'subscriptions' ? `${key}\n${instantKey(row, 'subscribed_at')}` : key;
  }
}

/** An instant in whatever form it is written. */
function instantKey(row: TextRow, column: string): string {
  return String(instantIn(row, column) ?? field(row, column));
}
