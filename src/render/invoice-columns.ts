import { type Decimal, isPositive } from '../domain/decimal.ts';
import type { Cents } from '../domain/money.ts';
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
import type { Labels } from './labels.ts';
import type { Paint, Palette } from './palette.ts';
import type { RowView } from './row-view.ts';
import { labelCell } from './seat-columns.ts';
import { visible } from './terminal.ts';
import { type Usage, type UsageLevel, usageBar, usageOf } from './usage-bar.ts';

/** A column of the invoice. */
export interface InvoiceColumn extends TableColumn<RowView> {
  /** Says who it is: comes first, and is left blank in further lines of the same user. */
  readonly isUser?: boolean;
}

/** What the cells of a run are made with. */
export interface TableContext {
  readonly palette: Palette;
  readonly labels: Labels;
  /** Names of groups by id. */
  readonly groupNames: ReadonlyMap<string, string>;
  /** Rows are under a heading of their profile. */
  readonly grouped: boolean;
  /** Cells of the usage bars. */
  readonly barCells: number;
}

/** How a column looks. Those that hold figures have their kind from the sheet. */
interface Look extends Shrink {
  readonly heading: string;
  readonly kind?: TableColumnKind;
}

/**
 * How each column looks, by its name in the sheet, and the order in which columns are
 * dropped where a line is too narrow (`drop`, from the lowest): ids beside names, what
 * is implied by other columns, places of profiles, then the amounts that make up the total.
 * Columns without `drop` always stay.
 */
const LOOKS = {
  credits_included: { heading: 'Allowance', drop: 1 },
  overage_credits: { heading: 'Over credits', drop: 2 },
  user_id: { heading: 'User id', kind: 'id', comfort: 13, drop: 3 },
  profile_id: { heading: 'Profile id', kind: 'id', comfort: 13, drop: 3 },
  group_id: { heading: 'Group id', kind: 'id', comfort: 13, minimum: 6, drop: 3 },
  unit_price: { heading: 'Unit price', drop: 4 },
  region: { heading: 'Region', drop: 5 },
  account_id: { heading: 'Account', drop: 6 },
  credits_used: { heading: 'Credits', drop: 7 },
  unbilled_credits: { heading: 'Unbilled', drop: 8 },
  subscription_charge: { heading: 'Subscription', drop: 9 },
  rule: { heading: 'Rule', drop: 9 },
  quantity: { heading: 'Quantity', drop: 10 },
  date: { heading: 'Date', drop: 11 },
  usage_bar: { heading: 'Of allowance', kind: 'mark', drop: 12 },
  line_type: { heading: 'Charge', drop: 13 },
  seats: { heading: 'Seats', drop: 13 },
  overage_charge: { heading: 'Overage', drop: 14 },
  tier: { heading: 'Tier', kind: 'name', comfort: 16, minimum: 6 },
  cost_center: { heading: 'Cost center', kind: 'name', comfort: 16, minimum: 6 },
  amount: { heading: 'Amount' },
  total_charge: { heading: 'Total' },
} as const satisfies Readonly<Record<string, Look>>;

const USER_LOOK: Look = { heading: 'User', kind: 'name', comfort: 18, minimum: 6 };
const GROUP_LOOK: Look = { heading: 'Group', kind: 'name', comfort: 18, minimum: 6 };
const PROFILE_LOOK: Look = { heading: 'Profile', kind: 'name', comfort: 14, minimum: 6 };

/** What a blank key means to a reader. */
const BLANK_KEYS: Readonly<Record<string, string>> = {
  tier: 'no seat',
  group_id: 'no group',
  cost_center: 'none',
  account_id: 'unknown',
  region: 'unknown',
};

/** The columns of the table for a sheet's, in their order, except that the user comes before the profile. */
export function invoiceColumns(columns: readonly Column[], context: TableContext): InvoiceColumn[] {
  const shown = shownColumns(columns, context);
  return [...shown.filter(({ isUser }) => isUser), ...shown.filter(({ isUser }) => !isUser)];
}

function shownColumns(columns: readonly Column[], context: TableContext): InvoiceColumn[] {
  const names = columns.map(({ name }) => name);
  const key = columns.find(({ name }) => name !== 'month')?.name ?? '';
  return columns.flatMap((column) => {
    const { name } = column;
    if (name === 'month' || name === 'currency' || name.endsWith('_name')) return [];
    if (name === 'profile_id') return profileColumns(names, context);
    if (names.includes('user_id') && (name === 'account_id' || name === 'region')) return [];
    if (name === 'user_id') return userColumns(context);
    if (name === 'group_id') return groupColumns(column, context);
    const own = name === key ? keyColumn(column, context) : sheetColumn(column, context);
    return name === 'credits_used' && names.includes('credits_included')
      ? [own, usageColumn(context)]
      : [own];
  });
}

/** In a table by profile, its name and its id; else the name, where no heading says it. */
function profileColumns(names: readonly string[], context: TableContext): InvoiceColumn[] {
  const { labels, grouped } = context;
  const isKey = !names.includes('user_id');
  if (grouped && !isKey) return [];
  const label = textColumn('profile_name', PROFILE_LOOK, ({ cellOf }) => {
    const id = cellOf('profile_id') as string;
    return labelCell(labels.profileLabel(id), id);
  });
  if (!labels.profilesHaveNames || (!isKey && labels.profilesAreDistinct)) return [label];
  return [label, idColumn('profile_id', labels.profilesAreDistinct, context)];
}

/** The user's name, and the id beside it; ids alone where there are no names. */
function userColumns(context: TableContext): InvoiceColumn[] {
  const { labels, grouped } = context;
  const indent = grouped ? '  ' : '';
  const label = textColumn('user_name', USER_LOOK, ({ cellOf }) => {
    const id = cellOf('user_id') as string;
    const cell = labelCell(labels.userLabel(id), id);
    return { ...cell, text: `${indent}${cell.text}` };
  });
  const id = idColumn('user_id', labels.usersAreDistinct, context);
  const columns = labels.usersHaveNames ? [label, id] : [label];
  return columns.map(({ cell, ...column }) => ({
    ...column,
    cell: (row) => (row.isFurther ? BLANK : cell(row)),
    isUser: true,
  }));
}

/** The group's name, and the id beside it; ids alone where there are no names. */
function groupColumns(column: Column, context: TableContext): InvoiceColumn[] {
  const { groupNames } = context;
  const nameOf = (id: string): string => visible(groupNames.get(id) ?? '').trim();
  const named = [...groupNames.keys()].map(nameOf).filter((name) => name !== '');
  const key = keyColumn(column, context);
  if (named.length === 0) return [key];
  const label = textColumn('group_name', GROUP_LOOK, (row) => {
    const text = nameOf(row.cellOf('group_id') as string);
    return text === '' ? key.cell(row) : { text };
  });
  return [label, idColumn('group_id', new Set(named).size === named.length, context)];
}

/** An id beside a name; where names do not tell all apart, it cannot be dropped. */
function idColumn(
  name: 'user_id' | 'profile_id' | 'group_id',
  isDroppable: boolean,
  { palette }: TableContext,
): InvoiceColumn {
  const { drop, ...look } = lookOf(name);
  return textColumn(
    name,
    isDroppable && drop !== undefined ? { ...look, drop } : { ...look, minimum: 6 },
    ({ cellOf }) => ({ text: visible(cellOf(name) as string), paint: palette.faint }),
  );
}

function keyColumn({ name }: Column, { palette }: TableContext): InvoiceColumn {
  const { drop: _, ...look } = lookOf(name);
  return textColumn(name, { kind: 'name', minimum: 6, ...look }, ({ cellOf }) => {
    const text = visible(cellOf(name) as string);
    return text === '' ? { text: BLANK_KEYS[name] ?? 'none', paint: palette.faint } : { text };
  });
}

function textColumn(
  name: string,
  { heading, kind = 'mark', ...shrink }: Look,
  cell: (row: RowView) => TableCell,
): InvoiceColumn {
  return { name, kind, heading, shrink, cell };
}

function sheetColumn({ name, kind }: Column, context: TableContext): InvoiceColumn {
  const { palette } = context;
  if (kind === 'text' || kind === 'date') {
    return textColumn(name, lookOf(name), ({ cellOf }) =>
      textCell(name, cellOf(name) as string, palette),
    );
  }
  const figure = (row: RowView): TableCell => figureCell(name, kind, row, palette);
  const { heading, ...shrink } = lookOf(name);
  return { name, kind: 'figure', heading, shrink, cell: figure, total: figure };
}

function lookOf(name: string): Look {
  const looks: Readonly<Record<string, Look>> = LOOKS;
  return looks[name] ?? { heading: name.replaceAll('_', ' ') };
}

function textCell(name: string, cell: string, palette: Palette): TableCell {
  const text = visible(cell);
  if (name === 'tier' && text === '') return { text: 'no seat', paint: palette.alarm };
  if (name === 'rule') return { text, paint: palette.faint };
  if (text === 'refund') return { text, paint: palette.refund };
  if (text === 'overage') return { text, paint: palette.overage };
  return { text };
}

function figureCell(name: string, kind: Column['kind'], row: RowView, palette: Palette): TableCell {
  const cell = row.cellOf(name) ?? (name === 'amount' ? row.cellOf('total_charge') : undefined);
  if (cell === undefined) return BLANK;
  if (kind === 'money') return moneyCell(name, cell as Cents, row.currency, palette);
  if (kind === 'credits') return creditsCell(name, cell as Decimal, palette);
  if (kind === 'price') return { text: priceShown(cell as Decimal, row.currency) };
  if (kind === 'count') return { text: grouped(String(cell)) };
  const text = cell as string;
  return { text: grouped(row.cellOf('line_type') === 'overage' ? twoDecimals(text) : text) };
}

/** Credits of a charge line: enough decimals for its amount to be seen in it. */
function twoDecimals(credits: string): string {
  const [whole = '', decimals = ''] = credits.split('.');
  return `${whole}.${decimals.slice(0, 2).padEnd(2, '0')}`;
}

function moneyCell(name: string, amount: Cents, currency: string, palette: Palette): TableCell {
  const isTotal = name === 'total_charge' || name === 'amount';
  if (amount === 0n && !isTotal) return zeroCell(palette);
  const text = moneyShown(amount, currency);
  if (amount === 0n) return { text, paint: palette.faint };
  if (amount < 0n) return { text, paint: palette.refund };
  return name === 'overage_charge' ? { text, paint: palette.overage } : { text };
}

const CREDIT_PAINTS: Readonly<Record<string, (palette: Palette) => Paint>> = {
  overage_credits: ({ overage }) => overage,
  unbilled_credits: ({ alarm }) => alarm,
};

function creditsCell(name: string, credits: Decimal, palette: Palette): TableCell {
  if (!isPositive(credits)) return zeroCell(palette);
  const text = wholeCreditsShown(credits);
  const paint = CREDIT_PAINTS[name]?.(palette);
  return paint === undefined ? { text } : { text, paint };
}

/** Near the allowance and beyond it; the rest is neutral. */
const LEVEL_PAINTS: Readonly<Partial<Record<UsageLevel, (palette: Palette) => Paint>>> = {
  high: ({ near }) => near,
  over: ({ overage }) => overage,
};

/** Marks a usage bar with unbilled credits, so that they are seen without color too. */
export const UNBILLED_FLAG = '!';

function usageColumn({ palette, barCells }: TableContext): InvoiceColumn {
  const cell = ({ cellOf }: RowView): TableCell => {
    const usage = usageOf(cellOf('credits_used') as Decimal, cellOf('credits_included') as Decimal);
    const isUnbilled = isPositive(cellOf('unbilled_credits') as Decimal);
    const flag = isUnbilled ? ` ${UNBILLED_FLAG}` : '';
    if (usage === undefined) return { text: `–${flag}`, paint: palette.alarm };
    const paint = usagePaint(usage, isUnbilled, palette);
    const text = `${usageBar(usage, barCells)}${flag}`;
    return paint === undefined ? { text } : { text, paint };
  };
  const { name: _, ...column } = textColumn('usage_bar', lookOf('usage_bar'), cell);
  return column;
}

/** Nothing where there is nothing to look at. */
export function usagePaint(usage: Usage, isUnbilled: boolean, palette: Palette): Paint | undefined {
  if (isUnbilled) return palette.alarm;
  if (usage.isNone) return palette.idle;
  return LEVEL_PAINTS[usage.level]?.(palette);
}
