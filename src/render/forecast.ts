import { compare, type Decimal, isPositive } from '../domain/decimal.ts';
import type { MonthInvoice } from '../domain/invoice.ts';
import type { Cents } from '../domain/money.ts';
import type { Sheet } from '../domain/sheet.ts';
import { countShown, creditsShown, cutDecimals, moneyShown, priceShown } from './amounts.ts';
import { BLANK, Grid, type GridCell, type GridColumn, type GridRow } from './grid.ts';
import { labelsOf } from './labels.ts';
import { type Paint, type Palette, paletteOf } from './palette.ts';
import { type SeatColumns, seatColumns } from './seat-columns.ts';
import {
  CREDIT_PLACES,
  type RowView,
  rowViewsOf,
  seatKeyOfRow,
  UNBILLED_FLAG,
} from './table-columns.ts';
import { visible } from './terminal.ts';
import { type UsageLevel, usageBar, usageOf } from './usage-bar.ts';
import { truncate, wrapped } from './width.ts';

/** What the table for people shows, and how. */
export interface ForecastTable {
  /** The rows as arranged. */
  readonly sheet: Sheet;
  /** The bill to date, which knows the names. */
  readonly toDate: MonthInvoice;
  /** How far was looked, in words, and its date. */
  readonly asOf: string;
  readonly asOfDate: string;
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

interface View extends ForecastTable {
  readonly palette: Palette;
  readonly seats: SeatColumns;
  readonly rows: readonly RowView[];
}

/**
 * The forecast as a table: first the seats whose allowance is used up, then those that will
 * use it up and when, those that could, and the rest; then the month's total with its
 * range, against the budget where there is one, and how the figures come about.
 */
export function forecastTable(table: ForecastTable): string {
  const rows = table.sheet.rows.map(rowViewsOf(table.sheet));
  const view: View = {
    ...table,
    palette: paletteOf(table.color),
    seats: seatColumns(rows, labelsOf([table.toDate]), table.width),
    rows,
  };
  const { sheet, palette, width } = view;
  const title = `Kiro forecast · ${sheet.month} · ${visible(sheet.currency)} · as of ${table.asOf}`;
  const lines = [palette.strong(truncate(title, width)), ...bodyLines(view)];
  return lines.map((line) => `${line}\n`).join('');
}

function bodyLines(view: View): string[] {
  const { sheet, rows, palette, width } = view;
  if (rows.length === 0) return [truncate(`No seats and no usage in ${sheet.month}.`, width)];
  const blocks = view.isArranged ? [{ heading: undefined, rows }] : outlookBlocks(view);
  const drawn = blocks.map(({ heading, rows: ofBlock }) => ({
    heading,
    cells: ofBlock.map((row) => rowOf(row, view)),
  }));
  const totals = totalRow(view);
  const grid = new Grid(columnsOf(view), [...drawn.flatMap(({ cells }) => cells), totals], width);
  const rule = palette.faint('─'.repeat(grid.width));
  return [
    '',
    grid.headings(palette.strong),
    rule,
    ...drawn.flatMap(({ heading, cells }, index) => [
      ...(index > 0 ? [''] : []),
      ...(heading === undefined ? [] : [palette.strong(truncate(heading, width))]),
      ...grid.lines(cells),
    ]),
    rule,
    ...grid.lines([totals]),
    ...unbilledNote(view),
    '',
    ...summary(view),
  ];
}

interface Block {
  readonly heading: string | undefined;
  readonly rows: readonly RowView[];
}

/** Which seats stand together, from the one to look at first. */
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

function byDate(a: RowView, b: RowView): number {
  const [left, right] = [a, b].map(({ cellOf }) => cellOf('allowance_reached_on') as string);
  return (left as string) < (right as string) ? -1 : Number(left !== right);
}

function columnsOf({ seats }: View): GridColumn[] {
  return [
    ...seats.columns,
    { heading: 'Tier', align: 'left', cut: 'end', comfort: 10, minimum: 4, drop: 6 },
    { heading: 'Credits to date', shortHeading: 'To date', align: 'right', drop: 2 },
    { heading: 'Forecast', align: 'right', drop: 5 },
    { heading: 'Credits, low to high', shortHeading: 'Low to high', align: 'right', drop: 1 },
    { heading: 'Of allowance', align: 'left', drop: 7 },
    { heading: 'Used up on', align: 'left' },
    { heading: 'Charge', align: 'right' },
    { heading: 'Charge, low to high', shortHeading: 'Low to high', align: 'right', drop: 3 },
  ];
}

function rowOf(row: RowView, view: View): GridRow {
  const { seats, palette, asOfDate } = view;
  const { cellOf, currency } = row;
  const outlook = outlookOf(row, asOfDate);
  const paint = OUTLOOK_PAINTS[outlook]?.(palette);
  const reachedOn = { text: cellOf('allowance_reached_on') as string };
  return [
    ...seats.cells(row),
    tierCell(cellOf('tier') as string, palette),
    { text: credits(cellOf('credits_to_date')) },
    { text: credits(cellOf('credits_forecast')) },
    rangeCell(credits(cellOf('credits_low')), credits(cellOf('credits_high')), palette),
    barCell(row, view),
    paint === undefined ? reachedOn : { ...reachedOn, paint },
    { text: money(cellOf('charge_forecast'), currency) },
    rangeCell(
      money(cellOf('charge_low'), currency),
      money(cellOf('charge_high'), currency),
      palette,
    ),
  ];
}

const OUTLOOK_PAINTS: Readonly<Partial<Record<Outlook, (palette: Palette) => Paint>>> = {
  'used up': ({ alarm }) => alarm,
  will: ({ overage }) => overage,
};

function tierCell(tier: string, { alarm }: Palette): GridCell {
  return tier === '' ? { text: 'no seat', paint: alarm } : { text: visible(tier) };
}

function credits(cell: unknown): string {
  return cutDecimals(creditsShown(cell as Decimal), CREDIT_PLACES);
}

function money(cell: unknown, currency: string): string {
  return moneyShown(cell as Cents, currency);
}

/** A dash where there is nothing between low and high. */
function rangeCell(low: string, high: string, { faint }: Palette): GridCell {
  return low === high ? { text: '–', paint: faint } : { text: `${low} to ${high}` };
}

/** The middle forecast against the allowance, flagged where some of it is not charged. */
function barCell(row: RowView, view: View): GridCell {
  const { cellOf } = row;
  const { width, palette } = view;
  const isUnbilled = hasUnbilled(row, view);
  const flag = isUnbilled ? ` ${UNBILLED_FLAG}` : '';
  const usage = usageOf(
    cellOf('credits_forecast') as Decimal,
    cellOf('credits_included') as Decimal,
  );
  if (usage === undefined) return { text: `–${flag}`, paint: palette.alarm };
  const text = `${usageBar(usage, width < 100 ? 6 : 8)}${flag}`;
  return { text, paint: isUnbilled ? palette.alarm : LEVEL_PAINTS[usage.level](palette) };
}

const LEVEL_PAINTS: Readonly<Record<UsageLevel, (palette: Palette) => Paint>> = {
  low: ({ good }) => good,
  high: ({ overage }) => overage,
  over: ({ overage }) => overage,
};

function totalRow({ sheet, seats, isPartial, palette }: View): GridRow {
  const { cellOf } = rowViewsOf(sheet)(sheet.totals);
  const shown = isPartial ? 'Total shown' : 'Total';
  const strong = (text: string): GridCell => ({ text, paint: palette.strong });
  const range = rangeCell(
    money(cellOf('charge_low'), sheet.currency),
    money(cellOf('charge_high'), sheet.currency),
    palette,
  );
  return [
    { ...strong(shown), spansBlanks: true },
    ...seats.columns.slice(1).map(() => BLANK),
    BLANK,
    strong(credits(cellOf('credits_to_date'))),
    strong(credits(cellOf('credits_forecast'))),
    rangeCell(credits(cellOf('credits_low')), credits(cellOf('credits_high')), palette),
    BLANK,
    BLANK,
    strong(money(cellOf('charge_forecast'), sheet.currency)),
    range,
  ];
}

function hasUnbilled(row: RowView, { unbilled }: View): boolean {
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
  const whole = `${what} will end at ${shown(forecast)}${range}.`;
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
