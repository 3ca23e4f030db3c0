import { valueAt } from '../domain/grouping.ts';
import { type MonthInvoice, sheetMonth } from '../domain/invoice.ts';
import type { Cents } from '../domain/money.ts';
import type { SeatIds } from '../domain/seat-key.ts';
import type { SheetMonth } from '../domain/sheet.ts';
import { moneyShown } from './amounts.ts';
import {
  type DrawnTable,
  drawnTable,
  type TableBlock,
  type TableCell,
  type TableColumn,
  type TotalsRow,
  zeroCell,
} from './block-table.ts';
import { type Labels, labelsOf } from './labels.ts';
import { type Look, type PaintedLook, type Palette, paletteOf } from './palette.ts';
import { visible } from './terminal.ts';
import { truncate, wrapped } from './width.ts';

/** Below this width profiles have no column. */
export const NARROW = 100;

interface SeatRow {
  readonly seat: SeatIds;
}

/** How a table of seats is drawn. */
export interface SeatTable extends Look {
  /** Rows are in an order that was asked for, and so are not grouped. */
  readonly isArranged: boolean;
  /** Some seats are not shown. */
  readonly isPartial: boolean;
}

/** What the cells of a table of seats are made with. */
export interface SeatView extends SheetMonth {
  readonly palette: Palette;
  readonly labels: Labels;
}

/** The table with what its cells need of the invoice, which knows the names. */
export function seatView<Table extends SeatTable>(
  table: Table,
  invoice: MonthInvoice,
): Table & SeatView {
  return {
    ...table,
    ...sheetMonth(invoice),
    palette: paletteOf(table.color),
    labels: labelsOf(invoice.seats),
  };
}

/** Seats with a heading where they are not in an order that was asked for. */
export type SeatGroup<Row> = Pick<TableBlock<Row>, 'heading' | 'rows'>;

/**
 * The table of seats: the user and, where there is room, the profile, then these columns. Below a
 * seat is what distinguishes it from others that look alike.
 */
export function drawnSeats<Row extends SeatRow, Totals>(
  columns: readonly TableColumn<Row, Totals>[],
  groups: readonly SeatGroup<Row>[],
  total: TotalsRow<Totals>,
  view: SeatTable & SeatView,
): DrawnTable<Row, Totals> {
  const seats = groups.flatMap(({ rows }) => Array.from(rows, ({ seat }) => seat));
  const labeled = labelColumns(seats, view);
  const blocks = groups.map((group) => ({ ...group, below: labeled.below }));
  return drawnTable([...labeled.columns, ...columns], [{ blocks, total }], view);
}

function labelColumns(seats: readonly SeatIds[], { labels, ...look }: SeatTable & SeatView) {
  const isNarrow = look.width < NARROW;
  const hasProfiles = labels.profiles.size > 1 && !isNarrow;
  const { areAlike, below } = belowAlike(seats, labels, { ...look, hasProfiles });
  const user: TableColumn<SeatRow, unknown> = {
    name: 'user_name',
    kind: 'name',
    heading: 'User',
    shrink: { comfort: isNarrow ? NAME_WIDTH : 20, minimum: 12 },
    cell: ({ seat }) => labelCell(labels.userLabel(seat.userId), seat.userId),
  };
  const profile: TableColumn<SeatRow, unknown> = {
    name: 'profile_id',
    kind: 'name',
    heading: 'Profile',
    shrink: { comfort: 15, minimum: 6, ...(!areAlike && { drop: 5 }) },
    cell: ({ seat }) => teamCell(labels.profileLabel(profileOf(seat))),
  };
  return {
    columns: hasProfiles ? [user, profile] : [user],
    below: ({ seat }: SeatRow) => below(seat),
  };
}

/** Down to this width names are shown before a column has to go. */
const NAME_WIDTH = 19;

function lookOf({ userId }: SeatIds, labels: Labels): string {
  return truncate(labels.userLabel(userId), NAME_WIDTH);
}

/**
 * What is below seats whose names look alike, if there are any: the profile if they are of several
 * and it has no column, the id if they are of several users.
 */
export function belowAlike(
  seats: readonly SeatIds[],
  labels: Labels,
  { width, palette, hasProfiles }: PaintedLook & { readonly hasProfiles: boolean },
): { readonly areAlike: boolean; readonly below: (seat: SeatIds) => readonly string[] } {
  const alike = alikeSeats(seats, labels);
  const below = (seat: SeatIds): string[] => {
    const { inProfile = false, inUser = false } = alike.get(lookOf(seat, labels)) ?? {};
    const parts = [
      ...(inProfile && !hasProfiles ? [profileText(profileOf(seat), labels)] : []),
      ...(inUser ? [visible(seat.userId)] : []),
    ];
    return wrapped(parts.join(', '), width - INDENT.length).map((line) =>
      palette.faint(`${INDENT}${line}`),
    );
  };
  return { areAlike: alike.size > 0, below };
}

const INDENT = '  ';

/** In what several seats differ that look alike. */
interface Alike {
  inProfile: boolean;
  inUser: boolean;
}

/** By how seats look: in what those differ that look like another one. */
function alikeSeats(seats: readonly SeatIds[], labels: Labels): Map<string, Alike> {
  const firsts = new Map<string, SeatIds>();
  const alike = new Map<string, Alike>();
  for (const seat of seats) {
    const look = lookOf(seat, labels);
    const first = valueAt(firsts, look, () => seat);
    if (first === seat) continue;
    const differences = valueAt(alike, look, () => ({ inProfile: false, inUser: false }));
    differences.inProfile ||= profileOf(seat) !== profileOf(first);
    differences.inUser ||= seat.userId !== first.userId;
  }
  return alike;
}

function profileText(profileId: string, labels: Labels): string {
  return labels.profilesAreDistinct ? labels.profileLabel(profileId) : visible(profileId);
}

function profileOf({ profile }: SeatIds): string {
  return profile.profileId;
}

/** An amount, and a dash for none. */
export function moneyCell(amount: Cents, currency: string, palette: Palette): TableCell {
  return amount === 0n ? zeroCell(palette) : { text: moneyShown(amount, currency) };
}

/** The name of a profile or team: these often differ in their ends alone, so it is cut in its middle, as an id is. */
export function teamCell(text: string): TableCell {
  return { text, kind: 'id' };
}

/** A person's name is cut at its end, an id in place of one in its middle. */
export function labelCell(label: string, id: string): TableCell {
  return label === visible(id) ? { text: label, kind: 'id' } : { text: label };
}
