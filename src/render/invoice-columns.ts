import { type Decimal, isPositive, ZERO } from '../domain/decimal.ts';
import type { Cents } from '../domain/money.ts';
import type { Group } from '../domain/records.ts';
import type { Column } from '../domain/sheet.ts';
import { grouped, moneyShown, priceShown, wholeCreditsShown } from './amounts.ts';
import {
  BLANK,
  type Shrink,
  type TableCell,
  type TableColumn,
  type TableColumnKind,
  zeroCell,
} from './block-table.ts';
import type { InvoiceCells, InvoiceRow } from './invoice-row.ts';
import type { Labels } from './labels.ts';
import type { Paint, Palette } from './palette.ts';
import { labelCell, teamCell } from './seat-columns.ts';
import { visible } from './terminal.ts';
import { usageCell } from './usage-bar.ts';
import { capitalized } from './width.ts';

/** A column of the invoice. */
export interface InvoiceColumn extends TableColumn<InvoiceRow> {
  /** Says who it is: comes first, and is left blank in further lines of the same user. */
  readonly isUser?: boolean;
}

/** What the cells of a run are made with. */
export interface TableContext {
  readonly palette: Palette;
  readonly labels: Labels;
  /** By id. */
  readonly groups: ReadonlyMap<string, Group>;
  /** Rows are under a heading of their profile. */
  readonly grouped: boolean;
  /** Cells of the usage bars. */
  readonly barCells: number;
}

/** How the cells of a column are drawn. */
interface Drawn<Value> {
  readonly kind: TableColumnKind;
  readonly heading: string;
  readonly shrink: Shrink;
  readonly cell: (value: Value, palette: Palette, row: InvoiceRow) => TableCell;
}

type PaintOf = (palette: Palette) => Paint | undefined;

/** A text that is never cut. */
function mark(heading: string, drop: number, paintOf?: (text: string) => PaintOf): Drawn<string> {
  const cell = (value: string, palette: Palette): TableCell => {
    const text = visible(value);
    return { text, paint: paintOf?.(text)(palette) };
  };
  return { kind: 'mark', heading, shrink: { drop }, cell };
}

function id(heading: string, shrink: Shrink): Drawn<string> {
  const cell = (value: string, { faint }: Palette): TableCell => ({
    text: visible(value),
    paint: faint,
  });
  return { kind: 'id', heading, shrink: { comfort: 13, ...shrink }, cell };
}

function figure<Value>(heading: string, drop: number, cell: Drawn<Value>['cell']): Drawn<Value> {
  return { kind: 'figure', heading, shrink: { drop }, cell };
}

/** Whole credits, and a dash for none. */
function credits(heading: string, drop: number, paintOf?: PaintOf): Drawn<Decimal> {
  return figure(heading, drop, (value, palette) =>
    isPositive(value)
      ? { text: wholeCreditsShown(value), paint: paintOf?.(palette) }
      : zeroCell(palette),
  );
}

/** A charge that is part of a total, and a dash for none. */
function charge(heading: string, drop: number, paintOf?: PaintOf): Drawn<Cents> {
  return figure(heading, drop, (value, palette, { currency }) => {
    if (value === 0n) return zeroCell(palette);
    const paint = value < 0n ? palette.refund : paintOf?.(palette);
    return { text: moneyShown(value, currency), paint };
  });
}

/** An amount that every row has. */
function total(heading: string): Drawn<Cents> {
  const cell = (value: Cents, palette: Palette, { currency }: InvoiceRow): TableCell => {
    const paint = value < 0n ? palette.refund : value === 0n ? palette.faint : undefined;
    return { text: moneyShown(value, currency), paint };
  };
  return { kind: 'figure', heading, shrink: {}, cell };
}

function name(heading: string, blank: string, paintOf?: PaintOf): Drawn<string> {
  const cell = (value: string, palette: Palette): TableCell => {
    const text = visible(value);
    return text === '' ? { text: blank, paint: paintOf?.(palette) } : { text };
  };
  return { kind: 'name', heading, shrink: { comfort: 16, minimum: 6 }, cell };
}

const LINE_PAINTS: Readonly<Record<string, PaintOf>> = {
  refund: ({ refund }) => refund,
  overage: ({ overage }) => overage,
};

/**
 * The columns, and the order in which they are dropped where a line is too narrow (`drop`, from
 * the lowest): ids beside names, what is implied by other columns, places of profiles, then the
 * amounts that make up the total. Columns without `drop` always stay.
 */
const COLUMNS: { readonly [Name in keyof InvoiceCells]: Drawn<InvoiceCells[Name]> } = {
  credits_included: credits('Allowance', 1),
  overage_credits: credits('Over credits', 2, ({ overage }) => overage),
  user_id: id('User id', { drop: 3 }),
  profile_id: id('Profile id', { drop: 3 }),
  group_id: id('Group id', { minimum: 6, drop: 3 }),
  unit_price: figure('Unit price', 4, (price, _, { currency }) => ({
    text: priceShown(price, currency),
  })),
  region: mark('Region', 5),
  account_id: mark('Account', 6),
  credits_used: credits('Credits', 7),
  unbilled_credits: credits('Unbilled', 8, ({ alarm }) => alarm),
  subscription_charge: charge('Subscription', 9),
  rule: mark(
    'Rule',
    9,
    () =>
      ({ faint }) =>
        faint,
  ),
  quantity: figure('Quantity', 10, (text, _, { line_type: type }) => ({
    text: grouped(type === 'overage' ? twoDecimals(text) : text),
  })),
  date: mark('Date', 11),
  line_type: mark('Charge', 13, (type) => LINE_PAINTS[type] ?? (() => undefined)),
  seats: figure('Seats', 13, (count) => ({ text: grouped(count) })),
  overage_charge: charge('Overage', 14, ({ overage }) => overage),
  tier: name('Tier', 'no seat', ({ alarm }) => alarm),
  cost_center: name('Cost center', ''),
  amount: total('Amount'),
  total_charge: total('Total'),
};

const USAGE_DROP = 12;

/** Credits of a charge line: enough decimals for its amount to be seen in it. */
function twoDecimals(text: string): string {
  const [whole = '', decimals = ''] = text.split('.');
  return `${whole}.${decimals.slice(0, 2).padEnd(2, '0')}`;
}

/** The columns that a table can be by. */
type KeyName = 'tier' | 'group_id' | 'cost_center' | 'account_id' | 'region';

/** What a blank key means to a reader. */
const BLANK_KEYS: Readonly<Record<KeyName, string>> = {
  tier: 'no seat',
  group_id: 'no group',
  cost_center: 'none',
  account_id: 'unknown',
  region: 'unknown',
};

/** The columns of the table for a sheet's, in their order, except that the user comes before the profile. */
export function invoiceColumns(columns: readonly Column[], context: TableContext): InvoiceColumn[] {
  const shown = shownColumns(new Set(columns.map((column) => column.name)), context);
  return [...shown.filter(({ isUser }) => isUser), ...shown.filter(({ isUser }) => !isUser)];
}

function shownColumns(names: ReadonlySet<string>, context: TableContext): InvoiceColumn[] {
  const ofUsers = names.has('user_id');
  const drawn = [...names].filter((one): one is keyof InvoiceCells => one in COLUMNS);
  const [key] = drawn;
  return drawn.flatMap((one) => {
    if (one === 'profile_id') return profileColumns(!ofUsers, context);
    if (ofUsers && (one === 'account_id' || one === 'region')) return [];
    if (one === 'user_id') return userColumns(context);
    if (one === 'group_id') return groupColumns(context);
    if (one === key) return [keyColumn(one as KeyName, context)];
    return one === 'credits_used' && names.has('credits_included')
      ? [plainColumn(one, context), usageColumn(context)]
      : [plainColumn(one, context)];
  });
}

function plainColumn<Name extends keyof InvoiceCells>(
  column: Name,
  { palette }: TableContext,
): InvoiceColumn {
  const { kind, heading, shrink, cell } = COLUMNS[column];
  const ofRow = (row: InvoiceRow): TableCell => {
    const cells: Partial<InvoiceCells> = row;
    const value = cells[column];
    return value === undefined ? BLANK : cell(value, palette, row);
  };
  const drawn = { name: column, kind, heading, shrink, cell: ofRow };
  return kind === 'figure' ? { ...drawn, total: ofRow } : drawn;
}

/** In a table by profile (`isKey`), its name and its id; else the name, where no heading says it. */
function profileColumns(isKey: boolean, context: TableContext): InvoiceColumn[] {
  const { labels, grouped: isGrouped } = context;
  if (isGrouped && !isKey) return [];
  const label = nameColumn('profile', { comfort: 14, minimum: 6 }, ({ profile_id = '' }) =>
    teamCell(labels.profileLabel(profile_id)),
  );
  if (!labels.profilesHaveNames || (!isKey && labels.profilesAreDistinct)) return [label];
  return [label, idColumn('profile_id', labels.profilesAreDistinct, context)];
}

/** The user's name, and the id beside it; ids alone where there are no names. */
function userColumns(context: TableContext): InvoiceColumn[] {
  const { labels, grouped: isGrouped } = context;
  const indent = isGrouped ? '  ' : '';
  const label = nameColumn('user', { comfort: 18, minimum: 6 }, ({ user_id = '' }) => {
    const cell = labelCell(labels.userLabel(user_id), user_id);
    return { ...cell, text: `${indent}${cell.text}` };
  });
  const ids = idColumn('user_id', labels.usersAreDistinct, context);
  const columns = labels.usersHaveNames ? [label, ids] : [label];
  return columns.map(({ cell, ...column }) => ({
    ...column,
    cell: (row) => (row.isFurther ? BLANK : cell(row)),
    isUser: true,
  }));
}

/** The group's name, and the id beside it; ids alone where there are no names. */
function groupColumns(context: TableContext): InvoiceColumn[] {
  const { groups } = context;
  const nameOf = (group: string): string => visible(groups.get(group)?.name ?? '').trim();
  const named = [...groups.keys()].map(nameOf).filter((one) => one !== '');
  const key = keyColumn('group_id', context);
  if (named.length === 0) return [key];
  const label = nameColumn('group', { comfort: 18, minimum: 6 }, (row) => {
    const text = nameOf(row.group_id ?? '');
    return text === '' ? key.cell(row) : teamCell(text);
  });
  return [label, idColumn('group_id', new Set(named).size === named.length, context)];
}

function nameColumn(
  what: 'user' | 'profile' | 'group',
  shrink: Shrink,
  cell: (row: InvoiceRow) => TableCell,
): InvoiceColumn {
  return { name: `${what}_name`, kind: 'name', heading: capitalized(what), shrink, cell };
}

/** An id beside a name; where names do not distinguish all, it cannot be dropped. */
function idColumn(
  column: 'user_id' | 'profile_id' | 'group_id',
  isDroppable: boolean,
  context: TableContext,
): InvoiceColumn {
  const drawn = plainColumn(column, context);
  if (isDroppable) return drawn;
  return { ...drawn, shrink: { ...drawn.shrink, minimum: 6, drop: undefined } };
}

/** The column that a table is by; it always stays. */
function keyColumn(key: KeyName, { palette }: TableContext): InvoiceColumn {
  const { kind, heading, shrink } = COLUMNS[key];
  return {
    name: key,
    kind: kind === 'mark' ? 'name' : kind,
    heading,
    shrink: { minimum: 6, ...shrink, drop: undefined },
    cell: (row) => {
      const text = visible(row[key] ?? '');
      return text === '' ? { text: BLANK_KEYS[key], paint: palette.faint } : teamCell(text);
    },
  };
}

function usageColumn({ palette, barCells: cells }: TableContext): InvoiceColumn {
  return {
    kind: 'mark',
    heading: 'Of allowance',
    shrink: { drop: USAGE_DROP },
    cell: ({ credits_used: used = ZERO, credits_included: included = ZERO, unbilled_credits }) =>
      usageCell(used, included, unbilled_credits ?? ZERO, { cells, palette }),
  };
}
