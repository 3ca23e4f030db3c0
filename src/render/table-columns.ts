import { type Decimal, isPositive } from '../domain/decimal.ts';
import type { Cents } from '../domain/money.ts';
import { seatKey } from '../domain/seat-key.ts';
import type { Cell, Column, Row, Sheet } from '../domain/sheet.ts';
import { creditsShown, cutDecimals, grouped, moneyShown, priceShown } from './amounts.ts';
import { BLANK, type GridCell, type GridColumn, ZERO_MARK } from './grid.ts';
import type { Labels } from './labels.ts';
import type { Paint, Palette } from './palette.ts';
import { visible } from './terminal.ts';
import { type Usage, usageBar, usageOf } from './usage-bar.ts';

/** A row of a sheet: its cells by the names of their columns. */
export interface RowView {
  /** `undefined` for what the sheet lacks. */
  readonly cellOf: (name: string) => Cell;
  readonly currency: string;
}

/** Gives the rows of one sheet their names. */
export function rowViewsOf({ columns, currency }: Sheet): (row: Row) => RowView {
  const indexes = new Map(columns.map(({ name }, index) => [name, index]));
  const cellIn = (row: Row, index: number | undefined): Cell =>
    index === undefined ? undefined : row[index];
  return (row) => ({ cellOf: (name) => cellIn(row, indexes.get(name)), currency });
}

/** The `seatKey` of a row about a seat. */
export function seatKeyOfRow({ cellOf }: RowView): string {
  return seatKey(cellOf('profile_id') as string, cellOf('user_id') as string);
}

/** A column of the table: how it fits, and what it shows of a row. */
export interface TableColumn extends GridColumn {
  readonly cell: (row: RowView) => GridCell;
  /** In rows of totals. The label of those stands in the first column. */
  readonly total: (row: RowView) => GridCell;
  /** Says who it is: left blank in further lines of the same user. */
  readonly namesUser?: boolean;
}

/** What the cells of a run are made with. */
export interface TableContext {
  readonly palette: Palette;
  readonly labels: Labels;
  /** Names of groups by id. */
  readonly groupNames: ReadonlyMap<string, string>;
  /** Rows stand under a heading of their profile. */
  readonly grouped: boolean;
  /** Cells of the usage bars. */
  readonly barCells: number;
}

type Look = Omit<GridColumn, 'align'>;

/**
 * How each column looks, by its name in the sheet, and the order in which columns are
 * dropped where a line is too narrow (`drop`, from the lowest): ids beside names, what
 * is implied by other columns, places of profiles, then the parts of the total.
 * Columns without `drop` always stay.
 */
const LOOKS: ReadonlyMap<string, Look> = new Map<string, Look>([
  ['credits_included', { heading: 'Allowance', drop: 1 }],
  ['overage_credits', { heading: 'Overage credits', shortHeading: 'Over cr.', drop: 2 }],
  ['user_id', { heading: 'User id', cut: 'middle', comfort: 13, drop: 3 }],
  ['profile_id', { heading: 'Profile id', cut: 'middle', comfort: 13, drop: 3 }],
  ['group_id', { heading: 'Group id', cut: 'middle', comfort: 13, minimum: 6, drop: 3 }],
  ['unit_price', { heading: 'Unit price', shortHeading: 'Price', drop: 4 }],
  ['region', { heading: 'Region', drop: 5 }],
  ['account_id', { heading: 'Account', drop: 6 }],
  ['credits_used', { heading: 'Credits used', shortHeading: 'Credits', drop: 7 }],
  ['unbilled_credits', { heading: 'Unbilled', drop: 8 }],
  ['subscription_charge', { heading: 'Subscription', shortHeading: 'Subscr.', drop: 9 }],
  ['rule', { heading: 'Rule', drop: 9 }],
  ['quantity', { heading: 'Quantity', drop: 10 }],
  ['date', { heading: 'Date', drop: 11 }],
  ['usage_bar', { heading: 'Of allowance', shortHeading: 'Used', drop: 12 }],
  ['line_type', { heading: 'Charge', drop: 13 }],
  ['seats', { heading: 'Seats', drop: 13 }],
  ['overage_charge', { heading: 'Overage', drop: 14 }],
  ['tier', { heading: 'Tier', cut: 'end', comfort: 16, minimum: 6 }],
  ['cost_center', { heading: 'Cost center', cut: 'end', comfort: 16, minimum: 6 }],
  ['amount', { heading: 'Amount' }],
  ['total_charge', { heading: 'Total' }],
]);

const USER_LOOK: Look = { heading: 'User', cut: 'end', comfort: 18, minimum: 6 };
const GROUP_LOOK: Look = { heading: 'Group', cut: 'end', comfort: 18, minimum: 6 };
const PROFILE_LOOK: Look = { heading: 'Profile', cut: 'end', comfort: 14, minimum: 6 };

/** What a blank key means to a reader. */
const BLANK_KEYS: Readonly<Record<string, string>> = {
  tier: 'no seat',
  group_id: 'no group',
  cost_center: 'none',
  account_id: 'unknown',
  region: 'unknown',
};

/** The columns of the table for a sheet's, in their order. */
export function tableColumns(columns: readonly Column[], context: TableContext): TableColumn[] {
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
function profileColumns(names: readonly string[], context: TableContext): TableColumn[] {
  const { labels, grouped } = context;
  const isKey = !names.includes('user_id');
  if (grouped && !isKey) return [];
  const label = textColumn(PROFILE_LOOK, ({ cellOf }) => {
    const id = cellOf('profile_id') as string;
    return labelCell(labels.profileLabel(id), id);
  });
  if (!labels.profilesHaveNames || (!isKey && labels.profilesAreDistinct)) return [label];
  return [label, idColumn('profile_id', labels.profilesAreDistinct, context)];
}

/** The user's name, and the id beside it; ids alone where there are no names. */
function userColumns(context: TableContext): TableColumn[] {
  const { labels, grouped } = context;
  const indent = grouped ? '  ' : '';
  const label = textColumn(USER_LOOK, ({ cellOf }) => {
    const id = cellOf('user_id') as string;
    const cell = labelCell(labels.userLabel(id), id);
    return { ...cell, text: `${indent}${cell.text}` };
  });
  const id = idColumn('user_id', labels.usersAreDistinct, context);
  const columns = labels.usersHaveNames ? [label, id] : [label];
  return columns.map((column) => ({ ...column, namesUser: true }));
}

/** The group's name, and the id beside it; ids alone where there are no names. */
function groupColumns(column: Column, context: TableContext): TableColumn[] {
  const { groupNames } = context;
  const nameOf = (id: string): string => visible(groupNames.get(id) ?? '').trim();
  const named = [...groupNames.keys()].map(nameOf).filter((name) => name !== '');
  const key = keyColumn(column, context);
  if (named.length === 0) return [key];
  const label = textColumn(GROUP_LOOK, (row) => {
    const text = nameOf(row.cellOf('group_id') as string);
    return text === '' ? key.cell(row) : { text };
  });
  return [label, idColumn('group_id', new Set(named).size === named.length, context)];
}

/** A name is cut at its end, an id that stands for one in its middle. */
function labelCell(label: string, id: string): GridCell {
  return label === visible(id) ? { text: label, cut: 'middle' } : { text: label };
}

/** An id beside a name; where names do not tell all apart, it cannot be dropped. */
function idColumn(name: string, isDroppable: boolean, { palette }: TableContext): TableColumn {
  const { drop, ...look } = lookOf(name);
  return textColumn(
    isDroppable && drop !== undefined ? { ...look, drop } : { ...look, minimum: 6 },
    ({ cellOf }) => ({ text: visible(cellOf(name) as string), paint: palette.faint }),
  );
}

function keyColumn({ name }: Column, { palette }: TableContext): TableColumn {
  const { drop: _, ...look } = lookOf(name);
  return textColumn({ cut: 'end', minimum: 6, ...look }, ({ cellOf }) => {
    const text = visible(cellOf(name) as string);
    return text === '' ? { text: BLANK_KEYS[name] ?? 'none', paint: palette.faint } : { text };
  });
}

function textColumn(look: Look, cell: (row: RowView) => GridCell): TableColumn {
  return { align: 'left', ...look, cell, total: () => BLANK };
}

function sheetColumn({ name, kind }: Column, context: TableContext): TableColumn {
  const { palette } = context;
  if (kind === 'text' || kind === 'date') {
    return textColumn(lookOf(name), ({ cellOf }) =>
      textCell(name, cellOf(name) as string, palette),
    );
  }
  const figure = (row: RowView): GridCell => figureCell(name, kind, row, palette);
  return {
    align: 'right',
    ...lookOf(name),
    cell: figure,
    total: (row) => {
      const cell = figure(row);
      return cell.text === ZERO_MARK ? cell : { ...cell, paint: palette.strong };
    },
  };
}

function lookOf(name: string): Look {
  return LOOKS.get(name) ?? { heading: name.replaceAll('_', ' ') };
}

function textCell(name: string, cell: string, palette: Palette): GridCell {
  const text = visible(cell);
  if (name === 'tier' && text === '') return { text: 'no seat', paint: palette.alarm };
  if (name === 'rule') return { text, paint: palette.faint };
  if (text === 'refund') return { text, paint: palette.refund };
  if (text === 'overage') return { text, paint: palette.overage };
  return { text };
}

/** Decimals of credits in a table; the CSV has them all. */
export const CREDIT_PLACES = 2;
/** A prorated fraction has six. */
const QUANTITY_PLACES = 6;

function figureCell(name: string, kind: Column['kind'], row: RowView, palette: Palette): GridCell {
  const cell = row.cellOf(name) ?? (name === 'amount' ? row.cellOf('total_charge') : undefined);
  if (cell === undefined) return BLANK;
  if (kind === 'money') return moneyCell(name, cell as Cents, row.currency, palette);
  if (kind === 'credits') return creditsCell(name, cell as Decimal, palette);
  if (kind === 'price') return { text: priceShown(cell as Decimal, row.currency) };
  if (kind === 'count') return { text: grouped(String(cell)) };
  const places = row.cellOf('line_type') === 'overage' ? CREDIT_PLACES : QUANTITY_PLACES;
  return { text: cutDecimals(grouped(cell as string), places) };
}

function moneyCell(name: string, amount: Cents, currency: string, palette: Palette): GridCell {
  const isTotal = name === 'total_charge' || name === 'amount';
  if (amount === 0n && !isTotal) return { text: ZERO_MARK, paint: palette.faint };
  const text = moneyShown(amount, currency);
  if (amount === 0n) return { text, paint: palette.faint };
  if (amount < 0n) return { text, paint: palette.refund };
  return name === 'overage_charge' ? { text, paint: palette.overage } : { text };
}

const CREDIT_PAINTS: Readonly<Record<string, (palette: Palette) => Paint>> = {
  overage_credits: ({ overage }) => overage,
  unbilled_credits: ({ alarm }) => alarm,
};

function creditsCell(name: string, credits: Decimal, palette: Palette): GridCell {
  if (!isPositive(credits)) return { text: ZERO_MARK, paint: palette.faint };
  const text = cutDecimals(creditsShown(credits), CREDIT_PLACES);
  const paint = CREDIT_PAINTS[name]?.(palette);
  return paint === undefined ? { text } : { text, paint };
}

/** Stands at a usage bar where credits are unbilled, so that it is seen without color too. */
export const UNBILLED_FLAG = '!';

function usageColumn({ palette, barCells }: TableContext): TableColumn {
  const cell = ({ cellOf }: RowView): GridCell => {
    const usage = usageOf(cellOf('credits_used') as Decimal, cellOf('credits_included') as Decimal);
    const isUnbilled = isPositive(cellOf('unbilled_credits') as Decimal);
    const flag = isUnbilled ? ` ${UNBILLED_FLAG}` : '';
    if (usage === undefined) return { text: `${ZERO_MARK}${flag}`, paint: palette.alarm };
    const paint = usagePaint(usage, isUnbilled, palette);
    return { text: `${usageBar(usage, barCells)}${flag}`, paint };
  };
  return textColumn(lookOf('usage_bar'), cell);
}

function usagePaint(usage: Usage, isUnbilled: boolean, palette: Palette): Paint {
  if (isUnbilled) return palette.alarm;
  if (usage.text === '0%') return palette.faint;
  return usage.level === 'low' ? palette.good : palette.overage;
}
