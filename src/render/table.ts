import { type Decimal, isPositive, ZERO } from '../domain/decimal.ts';
import { profileArn } from '../domain/ids.ts';
import type { MonthInvoice } from '../domain/invoice.ts';
import type { Sheet } from '../domain/sheet.ts';
import { countShown, creditsShown, cutDecimals } from './amounts.ts';
import { BLANK, Grid, type GridCell, type GridRow } from './grid.ts';
import { labelsOf } from './labels.ts';
import { paletteOf } from './palette.ts';
import {
  CREDIT_PLACES,
  type RowView,
  rowViewsOf,
  type TableColumn,
  type TableContext,
  tableColumns,
  UNBILLED_FLAG,
} from './table-columns.ts';
import { visible } from './terminal.ts';
import { displayWidth, shortened, truncate } from './width.ts';

/** What the table for people shows, and how. */
export interface InvoiceTable {
  readonly months: readonly TableMonth[];
  /** The columns of the terminal or page. */
  readonly width: number;
  readonly color: boolean;
  /** Rows were filtered or cut away: the totals say that they are of what is shown. */
  readonly partial?: boolean;
  /** Names of groups by id, for the view by group. */
  readonly groupNames?: ReadonlyMap<string, string>;
}

export interface TableMonth {
  readonly invoice: MonthInvoice;
  /** The rows as arranged, of any view. */
  readonly sheet: Sheet;
  /**
   * The by-profile sheet of the same seats. With it the views by user and by line group
   * their rows by profile, each with a heading and a subtotal; so give it only while the
   * rows are in the order of their keys. Without it they are a flat list.
   */
  readonly subtotals?: Sheet;
}

/**
 * The invoice as a table, every line ending in LF: money with its currency's sign, credits
 * with two true decimals (`…` where more follow), zeros as a dash, used credits as a bar
 * against the allowance (O1), unbilled ones flagged (O5).
 *
 * Lines are at most `width` columns wide. What does not fit is cut and dropped as
 * `Grid` says, in the order that table-columns.ts lists; key, tier and total stay.
 */
export function invoiceTable(table: InvoiceTable): string {
  const context = contextOf(table);
  const pages = table.months.map((month) => pageOf(month, context));
  const grid = new Grid(context.columns, pages.flatMap(rowsOf), table.width);
  const lines = pages.flatMap((page, index) => [
    ...(index > 0 ? [''] : []),
    ...drawnPage(page, grid, context),
  ]);
  return lines.map((line) => `${line}\n`).join('');
}

interface PageContext extends TableContext {
  readonly columns: readonly TableColumn[];
  readonly partial: boolean;
  readonly width: number;
}

/** One month of the table, not yet drawn. */
interface Page {
  readonly month: string;
  readonly currency: string;
  readonly blocks: readonly Block[];
  readonly footer: readonly GridRow[];
  /** What nobody is charged for, where the view tells. */
  readonly unbilledCredits: Decimal;
}

/** Rows that stand together: those of a profile, or all. */
interface Block {
  /** Given where the block has a heading. */
  readonly profileId?: string;
  readonly rows: readonly GridRow[];
  readonly footer: readonly GridRow[];
}

function rowsOf({ blocks, footer }: Page): GridRow[] {
  return [...blocks.flatMap((block) => [...block.rows, ...block.footer]), ...footer];
}

function contextOf(table: InvoiceTable): PageContext {
  const [first] = table.months;
  const columns = first?.sheet.columns ?? [];
  const hasUsers = columns.some(({ name }) => name === 'user_id');
  const context: TableContext = {
    palette: paletteOf(table.color),
    labels: labelsOf(table.months.map(({ invoice }) => invoice)),
    groupNames: table.groupNames ?? new Map(),
    grouped: hasUsers && table.months.every(({ subtotals }) => subtotals !== undefined),
    barCells: barCells(table.width),
  };
  return {
    ...context,
    columns: tableColumns(columns, context),
    partial: table.partial ?? false,
    width: table.width,
  };
}

function barCells(width: number): number {
  if (width < 100) return 6;
  return width < 140 ? 8 : 12;
}

function pageOf(month: TableMonth, context: PageContext): Page {
  const { sheet, subtotals } = month;
  const total = rowViewsOf(sheet)(sheet.totals);
  const profiles = subtotals === undefined ? undefined : rowViewsOf(subtotals)(subtotals.totals);
  const label = totalLabel(profiles?.cellOf('seats') as number | undefined, sheet, context);
  return {
    month: sheet.month,
    currency: sheet.currency,
    blocks: context.grouped ? profileBlocks(month, context) : [flatBlock(sheet, context)],
    footer: [totalRow(label, total, context)],
    unbilledCredits: (total.cellOf('unbilled_credits') as Decimal | undefined) ?? ZERO,
  };
}

function flatBlock(sheet: Sheet, { columns }: PageContext): Block {
  const views = sheet.rows.map(rowViewsOf(sheet));
  return { rows: views.map((view) => columns.map(({ cell }) => cell(view))), footer: [] };
}

/** A block per profile, with a subtotal where there is more than one. */
function profileBlocks({ sheet, subtotals }: TableMonth, context: PageContext): Block[] {
  const totals = new Map<string, RowView>();
  for (const view of subtotals?.rows.map(rowViewsOf(subtotals)) ?? []) {
    totals.set(view.cellOf('profile_id') as string, view);
  }
  const blocks: Block[] = [];
  for (const [profileId, views] of viewsByProfile(sheet)) {
    const total = totals.get(profileId);
    const hasFooter = total !== undefined && totals.size > 1;
    const footer = hasFooter ? [subtotalRow(total, context)] : [];
    blocks.push({ profileId, rows: userRows(views, context), footer });
  }
  return blocks;
}

function viewsByProfile(sheet: Sheet): Map<string, RowView[]> {
  const views = new Map<string, RowView[]>();
  for (const view of sheet.rows.map(rowViewsOf(sheet))) {
    const profileId = view.cellOf('profile_id') as string;
    const known = views.get(profileId);
    if (known === undefined) views.set(profileId, [view]);
    else known.push(view);
  }
  return views;
}

/** The rows of one profile; of several lines of one user only the first names the user. */
function userRows(views: readonly RowView[], { columns }: PageContext): GridRow[] {
  let userId: string | undefined;
  return views.map((view) => {
    const isSame = userId === view.cellOf('user_id');
    userId = view.cellOf('user_id') as string;
    return columns.map(({ cell, namesUser }) => (isSame && namesUser ? BLANK : cell(view)));
  });
}

function subtotalRow(view: RowView, context: PageContext): GridRow {
  const seats = countShown(view.cellOf('seats') as number, 'seat');
  return totalRow({ text: `  Subtotal, ${seats}`, shortText: '  Subtotal' }, view, context);
}

/** What a row of totals is called, and what where that does not fit. */
type Label = Required<Pick<GridCell, 'text' | 'shortText'>>;

function totalLabel(
  seats: number | undefined,
  { rows }: Sheet,
  { partial, grouped }: PageContext,
): Label {
  const what = grouped && seats !== undefined ? `, ${countShown(seats, 'seat')}` : '';
  if (!partial) return { text: `Total${what}`, shortText: 'Total' };
  const text = grouped ? `Total shown${what}` : `Total of ${countShown(rows.length, 'row')} shown`;
  return { text, shortText: 'Total shown' };
}

function totalRow(label: Label, view: RowView, { columns, palette }: PageContext): GridRow {
  const first: GridCell = { ...label, paint: palette.strong, spansBlanks: true };
  return columns.map(({ total }, index) => (index === 0 ? first : total(view)));
}

function drawnPage(page: Page, grid: Grid, context: PageContext): string[] {
  const { palette, width } = context;
  const { month, currency, blocks, footer } = page;
  const title = palette.strong(truncate(`Kiro invoice · ${month} · ${visible(currency)}`, width));
  if (blocks.every(({ rows }) => rows.length === 0)) {
    const whose = context.partial ? ' of those asked for' : '';
    return [title, truncate(`No seats and no usage${whose} in ${month}.`, width)];
  }
  const rule = palette.faint('─'.repeat(grid.width));
  return [
    title,
    '',
    grid.headings(palette.strong),
    rule,
    ...blocks.flatMap((block, index) => [
      ...(index > 0 ? [''] : []),
      ...drawnBlock(block, grid, context),
    ]),
    rule,
    ...grid.lines(footer),
    ...unbilledNote(page).map((note) => palette.alarm(truncate(note, width))),
  ];
}

/** Says what the flags mean; also where the columns that show it had no room. Rule O5. */
function unbilledNote({ unbilledCredits }: Page): string[] {
  if (!isPositive(unbilledCredits)) return [];
  const credits = cutDecimals(creditsShown(unbilledCredits), CREDIT_PLACES);
  return [
    `${UNBILLED_FLAG} ${credits} credits unbilled (O5): beyond the allowance and not charged`,
  ];
}

function drawnBlock(
  { profileId, rows, footer }: Block,
  grid: Grid,
  context: PageContext,
): string[] {
  const lines = grid.lines([...rows, ...footer]);
  return profileId === undefined ? lines : [profileHeading(profileId, context), ...lines];
}

/**
 * The profile's name, then in what is left of the line its account, Region and id; of an
 * ARN only the id proper, as the rest of it is said before.
 */
function profileHeading(profileId: string, { labels, palette, width }: PageContext): string {
  const name = truncate(labels.profileLabel(profileId), width);
  const profile = labels.profiles.get(profileId);
  let rest = '';
  let left = width - displayWidth(name);
  for (const text of [profile?.accountId ?? '', profile?.region ?? '', ownId(profileId)]) {
    const shown = shortened(visible(text), Math.min(left - SEPARATOR.length, MAX_HEADING_PART));
    if (shown === '' || shown === name || left < MIN_HEADING_PART) continue;
    rest += `${SEPARATOR}${shown}`;
    left -= SEPARATOR.length + displayWidth(shown);
  }
  return palette.strong(name) + palette.faint(rest);
}

function ownId(profileId: string): string {
  return profileArn(profileId)?.id ?? profileId;
}

const SEPARATOR = ' · ';
const MIN_HEADING_PART = 16;
const MAX_HEADING_PART = 48;
