import { type Decimal, isPositive, ZERO } from '../domain/decimal.ts';
import { groupBy } from '../domain/grouping.ts';
import { shortProfileId } from '../domain/ids.ts';
import type { MonthInvoice } from '../domain/invoice.ts';
import type { Group } from '../domain/records.ts';
import type { Row, RowSource } from '../domain/sheet.ts';
import { countShown, wholeCreditsShown } from './amounts.ts';
import { drawnTable, type TableBlock, type TablePage, type TotalsRow } from './block-table.ts';
import { type InvoiceColumn, invoiceColumns, type TableContext } from './invoice-columns.ts';
import { type InvoiceRow, invoiceRowsOf } from './invoice-row.ts';
import { labelsOf } from './labels.ts';
import { type Look, paletteOf } from './palette.ts';
import { visible } from './terminal.ts';
import { UNBILLED_FLAG } from './usage-bar.ts';
import { chunksOfLines, displayWidth, shortened, truncate, wrapped } from './width.ts';

/** What the table for people shows, and how. */
export interface InvoiceTable extends Look {
  readonly months: readonly TableMonth[];
  /** The sums of all months; missing for a single month. */
  readonly allMonths?: ArrangedRows | undefined;
  /** Rows were filtered or cut away: the totals say that they are of what is shown. */
  readonly partial: boolean;
  /** By id, for the view by group. */
  readonly groups: ReadonlyMap<string, Group>;
}

interface TableMonth extends ArrangedRows {
  readonly invoice: MonthInvoice;
}

interface ArrangedRows {
  /** The rows as arranged, of any view. */
  readonly sheet: RowSource;
  /** Its rows of a profile, if they are not those of the sheet in its order. */
  readonly rowsOf?: (profileId: string) => Iterable<Row>;
  /**
   * The by-profile sheet of the same seats. With it the views by user and by line group
   * their rows by profile, in the order of its rows, each with a heading and a subtotal.
   * Without it they are a flat list.
   */
  readonly subtotals?: RowSource | undefined;
}

/**
 * The invoice as a table, every line ending in LF: money with its currency's sign, whole
 * credits, zeros as a dash, used credits as a bar against the allowance (O1), unbilled ones
 * flagged (O5); after several months the sums of all. Lines are at most `width` columns wide
 * as `drawnTable` says: key, tier and total stay.
 */
export function invoiceTable(table: InvoiceTable): Iterable<string> {
  const context = contextOf(table);
  const pages = [
    ...table.months.map((month) => pageOf(month, context)),
    ...(table.allMonths === undefined ? [] : [allMonthsPage(table.allMonths, context)]),
  ];
  return chunksOfLines(tableLines(pages, context));
}

function* tableLines(pages: readonly Page[], context: PageContext): Generator<string> {
  const drawn = drawnTable(context.columns, pages, context);
  for (const [index, page] of pages.entries()) {
    if (index > 0) yield '';
    yield* pageLines(page, drawn.pages[index] ?? [], context);
  }
  if (pages.some(({ isEmpty }) => !isEmpty)) yield* drawn.leftOut;
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
    groups: table.groups,
    grouped: hasUsers && table.months.every(({ subtotals }) => subtotals !== undefined),
    barCells: barCells(table.width),
  };
  return {
    ...context,
    columns: invoiceColumns(columns, context),
    partial: table.partial,
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
    isEmpty: isEmpty(sheet.rows),
    blocks: context.grouped
      ? profileBlocks(arrangedRows, context)
      : [{ rows: Array.from(sheet.rows, invoiceRowsOf(sheet)) }],
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
    blocks: page.blocks.filter(({ rows }) => !isEmpty(rows)),
    total: { label, shortLabel: 'Total', totals },
    unbilledCredits: ZERO,
  };
}

function isEmpty(items: Iterable<unknown>): boolean {
  for (const _ of items) return false;
  return true;
}

/** A block per profile, with a subtotal where there is more than one. */
function profileBlocks(
  { sheet, subtotals, rowsOf = rowsByProfile(sheet) }: ArrangedRows,
  context: PageContext,
): TableBlock<InvoiceRow>[] {
  const profiles = subtotals ? Array.from(subtotals.rows, invoiceRowsOf(subtotals)) : [];
  return profiles.flatMap((profile) => {
    const { profile_id: profileId = '' } = profile;
    const rows = rowsOf(profileId);
    if (isEmpty(rows)) return [];
    return {
      heading: [profileHeading(profileId, context)],
      rows: markedRows(rows, sheet),
      ...(profiles.length > 1 ? { subtotal: subtotalRow(profile) } : {}),
    };
  });
}

function rowsByProfile({ columns, rows }: RowSource): (profileId: string) => readonly Row[] {
  const index = columns.findIndex(({ name }) => name === 'profile_id');
  const ofProfiles = groupBy(rows, (row) => row[index]);
  return (profileId) => ofProfiles.get(profileId) ?? [];
}

/** Rows of a profile; of several lines of one user all but the first are marked. */
function markedRows(rows: Iterable<Row>, sheet: RowSource): Iterable<InvoiceRow> {
  const rowOf = invoiceRowsOf(sheet);
  return {
    *[Symbol.iterator]() {
      let before: string | undefined;
      for (const cells of rows) {
        const row = rowOf(cells);
        yield row.user_id === before ? { ...row, isFurther: true } : row;
        before = row.user_id;
      }
    },
  };
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
  { rows }: RowSource,
  { partial, grouped }: PageContext,
): { label: string; shortLabel: string } {
  const what = grouped && seats !== undefined ? `, ${countShown(seats, 'seat')}` : '';
  if (!partial) return { label: `Total${what}`, shortLabel: 'Total' };
  const label = grouped
    ? `Total shown${what}`
    : `Total of ${countShown([...rows].length, 'row')} shown`;
  return { label, shortLabel: 'Total shown' };
}

function* pageLines(page: Page, lines: Iterable<string>, context: PageContext): Generator<string> {
  const { palette, width } = context;
  const { month, currency } = page;
  yield palette.strong(truncate(`Kiro invoice · ${month} · ${visible(currency)}`, width));
  if (page.isEmpty) {
    const whose = context.partial ? ' of those asked for' : '';
    yield truncate(`No seats and no usage${whose} in ${month}.`, width);
    return;
  }
  yield '';
  yield* lines;
  for (const text of unbilledNote(page)) yield* wrapped(text, width).map(palette.alarm);
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
