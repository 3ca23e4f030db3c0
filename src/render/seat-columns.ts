import type { TableCell, TableColumn } from './block-table.ts';
import type { Labels } from './labels.ts';
import type { RowView } from './row-view.ts';
import { visible } from './terminal.ts';

const NARROW = 100;

/**
 * The columns that say whose seat a row is: the user and, where there is room, the profile. In
 * a narrow table the profile follows the names that more than one row has, and no others.
 */
export function seatColumns(
  rows: readonly RowView[],
  labels: Labels,
  width: number,
): TableColumn<RowView>[] {
  const names = rows.map((row) => labels.userLabel(userOf(row)));
  const isNarrow = width < NARROW;
  const user: TableColumn<RowView> = {
    name: 'user_name',
    kind: 'name',
    heading: 'User',
    shrink: { comfort: isNarrow ? 19 : 20, minimum: 12 },
    cell: (row) => userCell(row, labels),
  };
  if (labels.profiles.size < 2) return [user];
  const twice = repeated(names);
  if (isNarrow) {
    const cell = (row: RowView): TableCell =>
      twice.has(labels.userLabel(userOf(row))) ? fullCell(row, labels) : userCell(row, labels);
    return [{ ...user, cell }];
  }
  return [
    user,
    {
      name: 'profile_id',
      kind: 'name',
      heading: 'Profile',
      shrink: { comfort: 15, minimum: 6, ...(twice.size === 0 ? { drop: 5 } : {}) },
      cell: (row) => profileCell(row, labels),
    },
  ];
}

function repeated(names: readonly string[]): Set<string> {
  const once = new Set<string>();
  const twice = new Set<string>();
  for (const name of names) (once.has(name) ? twice : once).add(name);
  return twice;
}

function userOf({ cellOf }: RowView): string {
  return cellOf('user_id') as string;
}

function profileOf({ cellOf }: RowView): string {
  return cellOf('profile_id') as string;
}

function userCell(row: RowView, labels: Labels): TableCell {
  return labelCell(labels.userLabel(userOf(row)), userOf(row));
}

function profileCell(row: RowView, labels: Labels): TableCell {
  return labelCell(labels.profileLabel(profileOf(row)), profileOf(row));
}

/** Cut in its middle, so that the profile's end is visible. */
function fullCell(row: RowView, labels: Labels): TableCell {
  const text = `${labels.userLabel(userOf(row))}, ${labels.profileLabel(profileOf(row))}`;
  return { text, kind: 'id' };
}

/** A name is cut at its end, an id in place of one in its middle. */
export function labelCell(label: string, id: string): TableCell {
  return label === visible(id) ? { text: label, kind: 'id' } : { text: label };
}
