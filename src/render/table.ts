import { type Decimal, isPositive, ZERO } from '../domain/decimal.ts';
import { groupBy } from '../domain/grouping.ts';
import { shortProfileId } from '../domain/ids.ts';
import type { MonthInvoice } from '../domain/invoice.ts';
import type { Sheet } from '../domain/sheet.ts';
import { countShown, wholeCreditsShown } from './amounts.ts';
import { drawnTable, type TableBlock, type TablePage, type TotalsRow } from './block-table.ts';
import { type InvoiceColumn, invoiceColumns, type TableContext } from './invoice-columns.ts';
import { type InvoiceRow, invoiceRowsOf } from './invoice-row.ts';
import { labelsOf } from './labels.ts';
import { paletteOf } from './palette.ts';
import { visible } from './terminal.ts';
import { UNBILLED_FLAG } from './usage-bar.ts';
import { displayWidth, shortened, textOfLines, truncate, wrapped } from './width.ts';

/** What the table for people shows, and how. */
export interface InvoiceTable {
  readonly months: readonly TableMonth[];
  /** The sums of all months; missing for a single month. */
  readonly allMonths?: ArrangedRows | undefined;
  /** The columns of the terminal or page. */
  readonly width: number;
  readonly color: boolean;
  /** Rows were filtered or cut away: the totals say that they are of what is shown. */
  readonly partial?: boolean;
  /** Names of groups by id, for the view by group. */
  readonly groupNames?: ReadonlyMap<string, string>;
}

export interface TableMonth extends ArrangedRows {
  readonly invoice: MonthInvoice;
}

export interface ArrangedRows {
  /** The rows as arranged, of any view. */
  readonly sheet: Sheet;
  /**
   * The by-profile sheet of the same seats. With it the views by user and by line group
   * their rows by profile, in the order of its rows, each with a heading and a subtotal.
   * Without it they are a flat list.
   */
  readonly subtotals?: Sheet | undefined;
}

/**
 * The invoice as a table, every line ending in LF: money with its currency's sign, whole
 * credits, zeros as a dash, used credits as a bar against the allowance (O1), unbilled ones
 * flagged (O5); after several months the sums of all. Lines are at most `width` columns wide
 * as `drawnTable` says: key, tier and total stay.
 */
export function invoiceTable(table: InvoiceTable): string {
  const context = contextOf(table);
  const pages = [
    ...table.months.map((month) => pageOf(month, context)),
    ...(table.allMonths === undefined ? [] : [allMonthsPage(table.allMonths, context)]),
  ];
  const drawn = drawnTable(context.columns, pages, context);
  const lines = pages.flatMap((page, index) => [
    ...(index > 0 ? [''] : []),
    ...pageLines(page, drawn.pages[index] ?? [], context),
  ]);
  const isEmpty = pages.every(({ isEmpty }) => isEmpty);
  return textOfLines([...lines, ...(isEmpty ? [] : drawn.leftOut)]);
}

interface PageContext extends TableContext {
  readonly columns: readonly InvoiceColumn[];
  readonly partial: boolean;
  readonly width: number;
}

/** One month of the table, not yet drawn. */
interface Page extends TablePage<InvoiceRow> {
  readonly month: string;
  readonly currency: string;
  readonly isEmpty: boolean;
  /** Credits that are not charged, where the view has them. */
  readonly unbilledCredits: Decimal;
}

function contextOf(table: InvoiceTable): PageContext {
  const [first] = table.months;
  const columns = first?.sheet.columns ?? [];
  const hasUsers = columns.some(({ name }) => name === 'user_id');
  const context: TableContext = {
    palette: paletteOf(table.color),
    labels: labelsOf(table.months.flatMap(({ invoice }) => invoice.seats)),
    groupNames: table.groupNames ?? new Map(),
    grouped: hasUsers && table.months.every(({ subtotals }) => subtotals !== undefined),
    barCells: barCells(table.width),
  };
  return {
    ...context,
    columns: invoiceColumns(columns, context),
    partial: table.partial ?? false,
    width: table.width,
  };
}

function barCells(width: number): number {
  if (width < 100) return 6;
  return width < 140 ? 8 : 12;
}

function pageOf(arrangedRows: ArrangedRows, context: PageContext): Page {
  const { sheet, subtotals } = arrangedRows;
  const totals = invoiceRowsOf(sheet)(sheet.totals);
  const seats = subtotals && invoiceRowsOf(subtotals)(subtotals.totals).seats;
  return {
    month: sheet.month,
    currency: sheet.currency,
    isEmpty: sheet.rows.length === 0,
    blocks: context.grouped
      ? profileBlocks(arrangedRows, context)
      : [{ rows: sheet.rows.map(invoiceRowsOf(sheet)) }],
    total: { ...totalLabel(seats, sheet, context), totals },
    unbilledCredits: totals.unbilled_credits ?? ZERO,
  };
}

function allMonthsPage(allMonths: ArrangedRows, context: PageContext): Page {
  const { sheet } = allMonths;
  const page = pageOf(allMonths, context);
  const totals = invoiceRowsOf(sheet)(sheet.totals);
  const label = `Total ${context.partial ? 'shown ' : ''}of all months`;
  return {
    ...page,
    isEmpty: false,
    blocks: page.blocks.filter(({ rows }) => rows.length > 0),
    total: { label, shortLabel: 'Total', totals },
    unbilledCredits: ZERO,
  };
}

/** A block per profile, with a subtotal where there is more than one. */
function profileBlocks(
  { sheet, subtotals }: ArrangedRows,
  context: PageContext,
): TableBlock<InvoiceRow>[] {
  const rowsOf = rowsByProfile(sheet);
  const profiles = subtotals?.rows.map(invoiceRowsOf(subtotals)) ?? [];
  return profiles.flatMap((profile) => {
    const { profile_id: profileId = '' } = profile;
    const rows = rowsOf.get(profileId);
    if (rows === undefined) return [];
    return {
      heading: [profileHeading(profileId, context)],
      rows,
      ...(profiles.length > 1 ? { subtotal: subtotalRow(profile) } : {}),
    };
  });
}

/** The rows of each profile; of several lines of one user all but the first are marked. */
function rowsByProfile(sheet: Sheet): Map<string, InvoiceRow[]> {
  const rows = sheet.rows.map(invoiceRowsOf(sheet));
  return new Map(
    [...groupBy(rows, ({ profile_id: id = '' }) => id)].map(([id, ofProfile]) => [
      id,
      ofProfile.map((row, index) =>
        row.user_id === ofProfile[index - 1]?.user_id ? { ...row, isFurther: true } : row,
      ),
    ]),
  );
}

/** The amounts of lines add up to the charge. */
function subtotalRow(profile: InvoiceRow): TotalsRow<InvoiceRow> {
  const { seats, total_charge: amount = 0n } = profile;
  const shortLabel = '  Subtotal';
  const label = seats === undefined ? shortLabel : `${shortLabel}, ${countShown(seats, 'seat')}`;
  return { label, shortLabel, totals: { ...profile, amount } };
}

function totalLabel(
  seats: number | undefined,
  { rows }: Sheet,
  { partial, grouped }: PageContext,
): { label: string; shortLabel: string } {
  const what = grouped && seats !== undefined ? `, ${countShown(seats, 'seat')}` : '';
  if (!partial) return { label: `Total${what}`, shortLabel: 'Total' };
  const label = grouped ? `Total shown${what}` : `Total of ${countShown(rows.length, 'row')} shown`;
  return { label, shortLabel: 'Total shown' };
}

function pageLines(page: Page, lines: readonly string[], context: PageContext): string[] {
  const { palette, width } = context;
  const { month, currency, isEmpty } = page;
  const title = palette.strong(truncate(`Kiro invoice · ${month} · ${visible(currency)}`, width));
  if (isEmpty) {
    const whose = context.partial ? ' of those asked for' : '';
    return [title, truncate(`No seats and no usage${whose} in ${month}.`, width)];
  }
  const note = unbilledNote(page).flatMap((text) => wrapped(text, width).map(palette.alarm));
  return [title, '', ...lines, ...note];
}

/** Says what the flags mean; also where the columns that show it had no room (O5). */
function unbilledNote({ unbilledCredits }: Page): string[] {
  if (!isPositive(unbilledCredits)) return [];
  const credits = wholeCreditsShown(unbilledCredits);
  return [
    `${UNBILLED_FLAG} ${credits} credits unbilled (O5, O6): beyond the allowance or without a seat, and not charged`,
  ];
}

/**
 * The profile's name, then as far as the line has room its account, Region and id; of an
 * ARN only the last component, as the rest repeats the account and Region.
 */
function profileHeading(profileId: string, { labels, palette, width }: PageContext): string {
  const name = truncate(labels.profileLabel(profileId), width);
  const profile = labels.profiles.get(profileId);
  let rest = '';
  let left = width - displayWidth(name);
  for (const text of [profile?.accountId ?? '', profile?.region ?? '', shortProfileId(profileId)]) {
    const shown = shortened(visible(text), Math.min(left - SEPARATOR.length, MAX_HEADING_PART));
    if (shown === '' || shown === name || left < MIN_HEADING_PART) continue;
    rest += `${SEPARATOR}${shown}`;
    left -= SEPARATOR.length + displayWidth(shown);
  }
  return palette.strong(name) + palette.faint(rest);
}

const SEPARATOR = ' · ';
const MIN_HEADING_PART = 16;
const MAX_HEADING_PART = 48;
