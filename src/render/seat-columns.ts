import { groupBy } from '../domain/grouping.ts';
import type { TableCell, TableColumn } from './block-table.ts';
import type { Labels } from './labels.ts';
import type { Palette } from './palette.ts';
import type { RowView } from './row-view.ts';
import { visible } from './terminal.ts';
import { truncate, wrapped } from './width.ts';

/** Below this width profiles have no column. */
export const NARROW = 100;

/** The columns that say whose seat a row is, and what tells apart those that they do not. */
export interface SeatColumns {
  readonly columns: readonly TableColumn<RowView>[];
  readonly below: (row: RowView) => readonly string[];
}

/** What seats are called; see `Labels`. */
type SeatLabels = Pick<Labels, 'userLabel' | 'profileLabel' | 'profilesAreDistinct'>;

interface Look {
  readonly width: number;
  readonly palette: Palette;
}

/** The user and, where there is room, the profile. */
export function seatColumns(rows: readonly RowView[], labels: Labels, look: Look): SeatColumns {
  const isNarrow = look.width < NARROW;
  const user: TableColumn<RowView> = {
    name: 'user_name',
    kind: 'name',
    heading: 'User',
    shrink: { comfort: isNarrow ? NAME_WIDTH : 20, minimum: 12 },
    cell: (row) => labelCell(labels.userLabel(userOf(row)), userOf(row)),
  };
  if (labels.profiles.size < 2 || isNarrow) {
    return { columns: [user], below: belowAlike(rows, labels, look) };
  }
  const areUnlike = groupBy(rows, (row) => lookOf(row, labels)).size === rows.length;
  const profile: TableColumn<RowView> = {
    name: 'profile_id',
    kind: 'name',
    heading: 'Profile',
    shrink: { comfort: 15, minimum: 6, ...(areUnlike && { drop: 5 }) },
    cell: (row) => labelCell(labels.profileLabel(profileOf(row)), profileOf(row)),
  };
  const below = belowAlike(rows, labels, { ...look, hasProfiles: true });
  return { columns: [user, profile], below };
}

/** Down to this width names are shown before a column has to go. */
const NAME_WIDTH = 19;

function lookOf(row: RowView, labels: SeatLabels): string {
  return truncate(labels.userLabel(userOf(row)), NAME_WIDTH);
}

/**
 * Below rows whose names look alike: the profile if they are of several and it has no column, the
 * id if they are of several users.
 */
export function belowAlike(
  rows: readonly RowView[],
  labels: SeatLabels,
  { width, palette, hasProfiles = false }: Look & { readonly hasProfiles?: boolean },
): SeatColumns['below'] {
  const differences = new Map(
    [...groupBy(rows, (row) => lookOf(row, labels))].map(([name, alike]) => [
      name,
      { inProfile: areSeveral(alike, profileOf), inUser: areSeveral(alike, userOf) },
    ]),
  );
  return (row) => {
    const { inProfile, inUser } = differences.get(lookOf(row, labels)) ?? {};
    const parts = [
      ...(inProfile && !hasProfiles ? [profileText(profileOf(row), labels)] : []),
      ...(inUser ? [visible(userOf(row))] : []),
    ];
    return wrapped(parts.join(', '), width - INDENT.length).map((line) =>
      palette.faint(`${INDENT}${line}`),
    );
  };
}

const INDENT = '  ';

function areSeveral(rows: readonly RowView[], idOf: (row: RowView) => string): boolean {
  return new Set(rows.map(idOf)).size > 1;
}

function profileText(profileId: string, labels: SeatLabels): string {
  return labels.profilesAreDistinct ? labels.profileLabel(profileId) : visible(profileId);
}

function userOf({ cellOf }: RowView): string {
  return cellOf('user_id') as string;
}

function profileOf({ cellOf }: RowView): string {
  return cellOf('profile_id') as string;
}

/** A name is cut at its end, an id in place of one in its middle. */
export function labelCell(label: string, id: string): TableCell {
  return label === visible(id) ? { text: label, kind: 'id' } : { text: label };
}
