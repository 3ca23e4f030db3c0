import { compare, type Decimal, isPositive } from '../domain/decimal.ts';
import type { MonthInvoice } from '../domain/invoice.ts';
import type { Cents } from '../domain/money.ts';
import type { Sheet } from '../domain/sheet.ts';
import { countShown, moneyShown, priceShown, wholeCreditsShown } from './amounts.ts';
import { drawnTable, type TableCell, type TableColumn, zeroCell } from './block-table.ts';
import { UNBILLED_FLAG, usagePaint } from './invoice-columns.ts';
import { labelsOf } from './labels.ts';
import { type Paint, type Palette, paletteOf } from './palette.ts';
import { type RowView, rowViewsOf, seatKeyOfRow } from './row-view.ts';
import { type SeatColumns, seatColumns } from './seat-columns.ts';
import { visible } from './terminal.ts';
import { usageBar, usageOf } from './usage-bar.ts';
import { truncate, wrapped } from './width.ts';

/** What the table for people shows, and how. */
export interface ForecastTable {
  /** The rows as arranged. */
  readonly sheet: Sheet;
  /** The bill to date, which knows the names. */
  readonly toDate: MonthInvoice;
  /** How far the forecast goes, in words, and its date. */
  readonly asOf: string;
  readonly asOfDate: string;
  /** `will end`, `would end`, `ended`. */
  readonly ending: string;
  /** Credits that the middle forecast leaves unbilled, by `seatKey`. */
  readonly unbilled: ReadonlyMap<string, Decimal>;
  /** Sums over all seats that the filters let through. */
  readonly subscriptionCharge: Cents;
  readonly low: Cents;
  readonly forecast: Cents;
  readonly high: Cents;
  readonly budget?: Decimal;
  /** Rows are in an order that was asked for, and so are not grouped. */
  readonly isArranged: boolean;
  /** Filters left seats out, and so the sums are not of the whole month. */
  readonly isFiltered: boolean;
  /** Some seats are not shown. */
  readonly isPartial: boolean;
  readonly width: number;
  readonly color: boolean;
}

interface View extends ForecastTable, SeatColumns {
  readonly palette: Palette;
  readonly rows: readonly RowView[];
}

/**
 * The forecast as a table: first the seats whose allowance is used up, then those that will
 * use it up and when, those that could, and the rest; then the month's total with its
 * range, against the budget where there is one, and how the figures come about.
 */
export function forecastTable(table: ForecastTable): string {
  const rows = table.sheet.rows.map(rowViewsOf(table.sheet));
  const palette = paletteOf(table.color);
  const { width } = table;
  const seats = seatColumns(rows, labelsOf([table.toDate]), { width, palette });
  const columns = [...seats.columns, ...forecastColumns(table, palette)];
  const view: View = { ...table, ...seats, palette, columns, rows };
  const { sheet } = view;
  const title = `Kiro forecast · ${sheet.month} · ${visible(sheet.currency)} · as of ${table.asOf}`;
  const lines = [...wrapped(title, width).map(palette.strong), ...bodyLines(view)];
  return lines.map((line) => `${line}\n`).join('');
}

function bodyLines(view: View): string[] {
  const { sheet, rows, palette, width } = view;
  if (rows.length === 0) return [truncate(`No seats and no usage in ${sheet.month}.`, width)];
  const blocks = view.isArranged ? [{ heading: undefined, rows }] : outlookBlocks(view);
  const page = {
    blocks: blocks.map(({ heading, rows: ofBlock }) => ({
      ...(heading === undefined ? {} : { heading: wrapped(heading, width).map(palette.strong) }),
      rows: ofBlock,
      below: view.below,
    })),
    total: {
      label: view.isPartial ? 'Total shown' : 'Total',
      totals: rowViewsOf(sheet)(sheet.totals),
    },
  };
  const { pages, leftOut } = drawnTable(view.columns, [page], { width, palette });
  return ['', ...pages.flat(), ...unbilledNote(view), ...leftOut, '', ...summary(view)];
}

interface Block {
  readonly heading: string | undefined;
  readonly rows: readonly RowView[];
}

/** Groups of seats, from the one to look at first. */
function outlookBlocks({ rows, asOfDate }: View): Block[] {
  const blocks: readonly (readonly [heading: string, outlook: Outlook])[] = [
    ['Allowance used up', 'used up'],
    ['Will use up the allowance', 'will'],
    ['Could use up the allowance: the high end does', 'could'],
    ['Within the allowance', 'within'],
    ['Usage without a seat', 'no seat'],
  ];
  return blocks.flatMap(([heading, outlook]) => {
    const ofBlock = rows.filter((row) => outlookOf(row, asOfDate) === outlook).sort(byDate);
    if (ofBlock.length === 0) return [];
    return [{ heading: `${heading} (${countShown(ofBlock.length, 'seat')})`, rows: ofBlock }];
  });
}

type Outlook = 'used up' | 'will' | 'could' | 'within' | 'no seat';

function outlookOf({ cellOf }: RowView, asOfDate: string): Outlook {
  const reachedOn = cellOf('allowance_reached_on') as string;
  if (cellOf('tier') === '') return 'no seat';
  if (reachedOn !== '') {
    const used = cellOf('credits_to_date') as Decimal;
    const isReached = compare(used, cellOf('credits_included') as Decimal) >= 0;
    return isReached && reachedOn <= asOfDate ? 'used up' : 'will';
  }
  const high = cellOf('credits_high') as Decimal;
  return compare(high, cellOf('credits_included') as Decimal) >= 0 ? 'could' : 'within';
}

/** By the day on which the allowance is used up, then by the charge from the highest. */
function byDate(a: RowView, b: RowView): number {
  const [left, right] = [a, b].map(({ cellOf }) => cellOf('allowance_reached_on') as string);
  if (left !== right) return (left as string) < (right as string) ? -1 : 1;
  return Number((b.cellOf('charge_forecast') as Cents) - (a.cellOf('charge_forecast') as Cents));
}

function forecastColumns(table: ForecastTable, palette: Palette): TableColumn<RowView>[] {
  const credits = (cell: unknown): string => wholeCreditsShown(cell as Decimal);
  return [
    {
      name: 'tier',
      kind: 'name',
      heading: 'Tier',
      shrink: { comfort: 10, minimum: 4, drop: 6 },
      cell: ({ cellOf }) => tierCell(cellOf('tier') as string, palette),
    },
    figureColumn('credits_to_date', 'To date', 2, ({ cellOf }) => ({
      text: credits(cellOf('credits_to_date')),
    })),
    figureColumn('credits_forecast', 'Forecast', 5, ({ cellOf }) => ({
      text: credits(cellOf('credits_forecast')),
    })),
    figureColumn('credits_low', 'Credits, low to high', 1, ({ cellOf }) =>
      rangeCell(credits(cellOf('credits_low')), credits(cellOf('credits_high')), palette),
    ),
    {
      kind: 'mark',
      heading: 'Of allowance',
      shrink: { drop: 7 },
      cell: (row) => barCell(row, table, palette),
    },
    {
      name: 'allowance_reached_on',
      kind: 'mark',
      heading: 'Used up on',
      cell: (row) => reachedCell(row, table, palette),
    },
    figureColumn('charge_forecast', 'Charge', undefined, ({ cellOf, currency }) => ({
      text: money(cellOf('charge_forecast'), currency),
    })),
    figureColumn('charge_low', 'Charge, low to high', 3, ({ cellOf, currency }) =>
      rangeCell(
        money(cellOf('charge_low'), currency),
        money(cellOf('charge_high'), currency),
        palette,
      ),
    ),
  ];
}

/** A figure that rows of totals have, too. */
function figureColumn(
  name: string,
  heading: string,
  drop: number | undefined,
  cell: (row: RowView) => TableCell,
): TableColumn<RowView> {
  const shrink = drop === undefined ? {} : { drop };
  return { name, kind: 'figure', heading, shrink, cell, total: cell };
}

function reachedCell(row: RowView, { asOfDate }: ForecastTable, palette: Palette): TableCell {
  const text = row.cellOf('allowance_reached_on') as string;
  const paint = OUTLOOK_PAINTS[outlookOf(row, asOfDate)]?.(palette);
  return paint === undefined ? { text } : { text, paint };
}

const OUTLOOK_PAINTS: Readonly<Partial<Record<Outlook, (palette: Palette) => Paint>>> = {
  'used up': ({ alarm }) => alarm,
  will: ({ overage }) => overage,
};

function tierCell(tier: string, { alarm }: Palette): TableCell {
  return tier === '' ? { text: 'no seat', paint: alarm } : { text: visible(tier) };
}

function money(cell: unknown, currency: string): string {
  return moneyShown(cell as Cents, currency);
}

/** A dash where there is nothing between low and high. */
function rangeCell(low: string, high: string, palette: Palette): TableCell {
  return low === high ? zeroCell(palette) : { text: `${low} to ${high}` };
}

/** The middle forecast against the allowance, flagged where some of it is not charged. */
function barCell(row: RowView, table: ForecastTable, palette: Palette): TableCell {
  const { cellOf } = row;
  const isUnbilled = hasUnbilled(row, table);
  const flag = isUnbilled ? ` ${UNBILLED_FLAG}` : '';
  const usage = usageOf(
    cellOf('credits_forecast') as Decimal,
    cellOf('credits_included') as Decimal,
  );
  if (usage === undefined) return { text: `–${flag}`, paint: palette.alarm };
  const text = `${usageBar(usage, table.width < 100 ? 6 : 8)}${flag}`;
  const paint = usagePaint(usage, isUnbilled, palette);
  return paint === undefined ? { text } : { text, paint };
}

function hasUnbilled(row: RowView, { unbilled }: ForecastTable): boolean {
  return isPositive(unbilled.get(seatKeyOfRow(row)) as Decimal);
}

function unbilledNote(view: View): string[] {
  const { rows, width, palette } = view;
  if (!rows.some((row) => hasUnbilled(row, view))) return [];
  const note = `${UNBILLED_FLAG} some of it is beyond the allowance and not charged, as overage is off or capped: the vendor blocks it (O5)`;
  return wrapped(note, width).map((line) => palette.alarm(line));
}

/** The month in sentences: the total, what of it is certain, the budget, the method. */
function summary(view: View): string[] {
  const { subscriptionCharge, low, forecast, high, sheet, palette, width } = view;
  const what = view.isFiltered ? `For the seats asked for, ${sheet.month}` : sheet.month;
  const shown = (amount: Cents): string => moneyShown(amount, sheet.currency);
  const range =
    low === high ? '' : `, from ${shown(low)} (every seat low) to ${shown(high)} (every seat high)`;
  const whole = `${what} ${view.ending} at ${shown(forecast)}${range}.`;
  const parts = `Of that, ${shown(subscriptionCharge)} are subscription charges already certain, and ${shown(forecast - subscriptionCharge)} overage.`;
  return [
    ...wrapped(whole, width).map(palette.strong),
    ...wrapped(parts, width),
    ...budgetLine(view),
    ...wrapped(METHOD, width).map(palette.faint),
  ];
}

const METHOD =
  "Method: each seat's credits per working day of this month, its earlier months counted as five days more, on every working day left; low and high by how much its days differ. Tiers and overage stay as they are.";

function budgetLine({ budget, forecast, sheet, palette, width }: View): string[] {
  if (budget === undefined) return [];
  const shown = `Budget ${priceShown(budget, sheet.currency)}`;
  const isPassed = compare({ units: forecast, scale: 2 }, budget) > 0;
  const text = isPassed ? `${shown}: passed by the forecast.` : `${shown}: kept by the forecast.`;
  return wrapped(text, width).map(isPassed ? palette.alarm : palette.good);
}
