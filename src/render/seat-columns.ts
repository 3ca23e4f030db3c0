import type { GridCell, GridColumn } from './grid.ts';
import type { Labels } from './labels.ts';
import type { RowView } from './table-columns.ts';
import { visible } from './terminal.ts';

/** The columns that tell whose seat a row is. */
export interface SeatColumns {
  readonly columns: readonly GridColumn[];
  readonly cells: (row: RowView) => readonly GridCell[];
}

const NARROW = 100;

/**
 * The user and, where there is room, the profile. In a narrow table the profile stands
 * beside the names that more than one row has, and nowhere else.
 */
export function seatColumns(rows: readonly RowView[], labels: Labels, width: number): SeatColumns {
  const names = rows.map((row) => labels.userLabel(userOf(row)));
  const isNarrow = width < NARROW;
  const user: GridColumn = {
    heading: 'User',
    align: 'left',
    cut: 'end',
    comfort: isNarrow ? 19 : 20,
    minimum: 6,
  };
  if (labels.profiles.size < 2) return { columns: [user], cells: (row) => [userCell(row, labels)] };
  const twice = repeated(names);
  if (isNarrow) {
    return {
      columns: [user],
      cells: (row) => [
        twice.has(labels.userLabel(userOf(row))) ? fullCell(row, labels) : userCell(row, labels),
      ],
    };
  }
  const profile: GridColumn = {
    heading: 'Profile',
    align: 'left',
    cut: 'end',
    comfort: 15,
    minimum: 6,
    ...(twice.size === 0 ? { drop: 4 } : {}),
  };
  return {
    columns: [user, profile],
    cells: (row) => [userCell(row, labels), profileCell(row, labels)],
  };
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

function userCell(row: RowView, labels: Labels): GridCell {
  return labelCell(labels.userLabel(userOf(row)), userOf(row));
}

function profileCell(row: RowView, labels: Labels): GridCell {
  return labelCell(labels.profileLabel(profileOf(row)), profileOf(row));
}

/** Cut in its middle, so that the profile's end is seen. */
function fullCell(row: RowView, labels: Labels): GridCell {
  const text = `${labels.userLabel(userOf(row))}, ${labels.profileLabel(profileOf(row))}`;
  return { text, cut: 'middle' };
}

/** A name is cut at its end, an id that stands for one in its middle. */
function labelCell(label: string, id: string): GridCell {
  return label === visible(id) ? { text: label, cut: 'middle' } : { text: label };
}
