import { compare, type Decimal, isPositive } from '../domain/decimal.ts';
import type { ForecastFigures, SeatForecast } from '../domain/forecast.ts';
import type { MonthInvoice } from '../domain/invoice.ts';
import { type Cents, decimalOfCents } from '../domain/money.ts';
import { compareBytes } from '../domain/text-order.ts';
import type { Tier } from '../domain/tier.ts';
import { countShown, moneyShown, priceShown, wholeCreditsShown } from './amounts.ts';
import { figureColumn, type TableCell, type TableColumn, zeroCell } from './block-table.ts';
import type { Paint, Palette } from './palette.ts';
import {
  drawnSeats,
  type SeatGroup,
  type SeatTable,
  type SeatView,
  seatView,
} from './seat-columns.ts';
import { visible } from './terminal.ts';
import { UNBILLED_FLAG, usageCell } from './usage-bar.ts';
import { chunksOfLines, truncate, wrapped } from './width.ts';

/** What the table for people shows, and how. */
interface ForecastTable extends SeatTable {
  /** In the order in which they are shown. */
  readonly seats: readonly SeatForecast[];
  /** The sums of the seats shown. */
  readonly totals: ForecastFigures;
  /** The bill to date, which knows the names. */
  readonly toDate: MonthInvoice;
  /** How far the forecast goes, in words, and its date. */
  readonly asOf: string;
  readonly asOfDate: string;
  /** `will end`, `would end`, `ended`. */
  readonly ending: string;
  /** Sums over all seats that the filters let through. */
  readonly whole: ForecastFigures;
  readonly subscriptionCharge: Cents;
  readonly budget: Decimal | undefined;
  /** Filters left seats out, and so the sums are not of the whole month. */
  readonly isFiltered: boolean;
}

type View = ForecastTable & SeatView;

type ForecastColumn = TableColumn<SeatForecast, ForecastFigures>;

/**
 * The forecast as a table: first the seats whose allowance is used up, then those that will
 * use it up and when, those that could, and the rest; then the month's total with its
 * range, against the budget where there is one, and how the figures come about.
 */
export function forecastTable(table: ForecastTable): Iterable<string> {
  const view = seatView(table, table.toDate);
  const { month, currency, palette, width } = view;
  const title = `Kiro forecast · ${month} · ${visible(currency)} · as of ${table.asOf}`;
  return chunksOfLines(linesOf(wrapped(title, width).map(palette.strong), view));
}

function* linesOf(title: readonly string[], view: View): Generator<string> {
  const { seats, totals, month, width } = view;
  yield* title;
  if (seats.length === 0) {
    const whose = view.isPartial ? ' of those asked for' : '';
    yield truncate(`No seats and no usage${whose} in ${month}.`, width);
    return;
  }
  const groups = view.isArranged ? [{ rows: seats }] : outlookGroups(view);
  const total = { label: view.isPartial ? 'Total shown' : 'Total', totals };
  const { pages, leftOut } = drawnSeats(forecastColumns(view), groups, total, view);
  yield '';
  for (const lines of pages) yield* lines;
  yield* [...unbilledNote(view), ...leftOut, '', ...summary(view)];
}

type Outlook = 'used up' | 'will' | 'could' | 'within' | 'no seat';

/** The headings of the groups of seats, from the one to look at first. */
const GROUPS: readonly (readonly [outlook: Outlook, heading: string])[] = [
  ['used up', 'Allowance used up'],
  ['will', 'Will use up the allowance'],
  ['could', 'Could use up the allowance: the high end does'],
  ['within', 'Within the allowance'],
  ['no seat', 'Usage without a seat'],
];

function outlookGroups({ seats, asOfDate, palette, width }: View): SeatGroup<SeatForecast>[] {
  return GROUPS.flatMap(([outlook, name]) => {
    const rows = seats.filter((seat) => outlookOf(seat, asOfDate) === outlook).sort(byDate);
    if (rows.length === 0) return [];
    const noun = outlook === 'no seat' ? 'user' : 'seat';
    const heading = `${name} (${countShown(rows.length, noun)})`;
    return [{ heading: wrapped(heading, width).map(palette.strong), rows }];
  });
}

function outlookOf(
  { seat, allowanceReachedOn, creditsToDate, creditsHigh }: SeatForecast,
  asOfDate: string,
): Outlook {
  if (seat.terms === undefined) return 'no seat';
  if (allowanceReachedOn !== undefined) {
    const isReached = compare(creditsToDate, seat.allowanceCredits) >= 0;
    return isReached && allowanceReachedOn <= asOfDate ? 'used up' : 'will';
  }
  return compare(creditsHigh, seat.allowanceCredits) >= 0 ? 'could' : 'within';
}

/** By the day on which the allowance is used up, then by the charge from the highest. */
function byDate(a: SeatForecast, b: SeatForecast): number {
  const { allowanceReachedOn: left = '' } = a;
  const { allowanceReachedOn: right = '' } = b;
  return compareBytes(left, right) || Number(b.chargeForecast - a.chargeForecast);
}

function forecastColumns(view: View): ForecastColumn[] {
  const { palette } = view;
  return [
    {
      name: 'tier',
      kind: 'name',
      heading: 'Tier',
      shrink: { comfort: 10, minimum: 4, drop: 6 },
      cell: ({ seat }) => tierCell(seat.terms?.tier, palette),
    },
    ...creditColumns(view),
    {
      name: 'allowance_reached_on',
      kind: 'mark',
      heading: 'Used up on',
      cell: (seat) => reachedCell(seat, view),
    },
    ...chargeColumns(view),
  ];
}

function creditColumns({ palette, width }: View): ForecastColumn[] {
  const bar = { cells: width < 100 ? 6 : 8, palette };
  return [
    figureColumn('credits_to_date', 'To date', 2, ({ creditsToDate }) => ({
      text: wholeCreditsShown(creditsToDate),
    })),
    figureColumn('credits_forecast', 'Forecast', 5, ({ creditsForecast }) => ({
      text: wholeCreditsShown(creditsForecast),
    })),
    figureColumn('credits_low', 'Credits, low to high', 1, ({ creditsLow, creditsHigh }) =>
      rangeCell(wholeCreditsShown(creditsLow), wholeCreditsShown(creditsHigh), palette),
    ),
    {
      kind: 'mark',
      heading: 'Of allowance',
      shrink: { drop: 7 },
      cell: ({ seat, creditsForecast, creditsUnbilled }) =>
        usageCell(creditsForecast, seat.allowanceCredits, creditsUnbilled, bar),
    },
  ];
}

function chargeColumns({ currency, palette }: View): ForecastColumn[] {
  const money = (amount: Cents): string => moneyShown(amount, currency);
  return [
    figureColumn('charge_forecast', 'Charge', undefined, ({ chargeForecast }) => ({
      text: money(chargeForecast),
    })),
    figureColumn('charge_low', 'Charge, low to high', 3, ({ chargeLow, chargeHigh }) =>
      rangeCell(money(chargeLow), money(chargeHigh), palette),
    ),
  ];
}

function reachedCell(seat: SeatForecast, { asOfDate, palette }: View): TableCell {
  const paint = OUTLOOK_PAINTS[outlookOf(seat, asOfDate)]?.(palette);
  return { text: seat.allowanceReachedOn ?? '', paint };
}

const OUTLOOK_PAINTS: Readonly<Partial<Record<Outlook, (palette: Palette) => Paint>>> = {
  'used up': ({ alarm }) => alarm,
  will: ({ overage }) => overage,
};

function tierCell(tier: Tier | undefined, { alarm }: Palette): TableCell {
  return tier === undefined ? { text: 'no seat', paint: alarm } : { text: visible(tier) };
}

/** A dash where there is nothing between low and high. */
function rangeCell(low: string, high: string, palette: Palette): TableCell {
  return low === high ? zeroCell(palette) : { text: `${low} to ${high}` };
}

function unbilledNote({ seats, width, palette }: View): string[] {
  if (!seats.some(({ creditsUnbilled }) => isPositive(creditsUnbilled))) return [];
  const note = `${UNBILLED_FLAG} some of it is beyond the allowance and not charged, as overage is off or capped: the vendor blocks it (O5)`;
  return wrapped(note, width).map((line) => palette.alarm(line));
}

/** The month in sentences: the total, what of it is certain, the budget, the method. */
function summary(view: View): string[] {
  const { whole, subscriptionCharge, month, currency, palette, width } = view;
  const { chargeLow: low, chargeForecast: forecast, chargeHigh: high } = whole;
  const what = view.isFiltered ? `For the seats asked for, ${month}` : month;
  const shown = (amount: Cents): string => moneyShown(amount, currency);
  const range =
    low === high ? '' : `, from ${shown(low)} (every seat low) to ${shown(high)} (every seat high)`;
  const end = `${what} ${view.ending} at ${shown(forecast)}${range}.`;
  const parts = `Of that, ${shown(subscriptionCharge)} are subscription charges already certain, and ${shown(forecast - subscriptionCharge)} overage.`;
  return [
    ...wrapped(end, width).map(palette.strong),
    ...wrapped(parts, width),
    ...budgetLine(view),
    ...wrapped(METHOD, width).map(palette.faint),
  ];
}

const METHOD =
  "Method: each seat's credits per working day of this month, its earlier months counted as five days more, on every working day left; low and high by how much its days differ. Tiers and overage stay as they are.";

function budgetLine({ budget, whole, currency, palette, width }: View): string[] {
  if (budget === undefined) return [];
  const shown = `Budget ${priceShown(budget, currency)}`;
  const isPassed = compare(decimalOfCents(whole.chargeForecast), budget) > 0;
  const text = isPassed ? `${shown}: passed by the forecast.` : `${shown}: kept by the forecast.`;
  return wrapped(text, width).map(isPassed ? palette.alarm : palette.good);
}
