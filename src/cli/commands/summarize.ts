import { arranged, isCut } from '../../billing/arrange.ts';
import {
  completenessWarnings,
  countedSeats,
  MANY_USERS,
  twiceWarnings,
  type UsersOfMonth,
} from '../../billing/completeness.ts';
import { type Billing, billMonth } from '../../billing/invoice.ts';
import { refuseMonthsBefore } from '../../billing/rates.ts';
import { type BillingPeriod, billingPeriod, spanText } from '../../domain/billing-period.ts';
import { groupBy, valueAt } from '../../domain/grouping.ts';
import type { StretchUsage } from '../../domain/records.ts';
import { seatKey } from '../../domain/seat-key.ts';
import { NO_MONTH, rowSource } from '../../domain/sheet.ts';
import {
  dayText,
  type EpochDay,
  epochDay,
  epochDayAt,
  type UsageDays,
  workingDaysOf,
} from '../../domain/usage-days.ts';
import type { Warning } from '../../domain/warning.ts';
import type { SeatFilter } from '../../reconcile/placed-bill.ts';
import { countShown } from '../../render/amounts.ts';
import { SUMMARY_SHEET_COLUMNS } from '../../usage/summary/summary-columns.ts';
import { type ArrangementOptions, arrangementAsked } from '../arrangement.ts';
import type { CommandResult } from '../command-result.ts';
import type { Context } from '../context.ts';
import {
  type FilterOptions,
  type Filters,
  filtersOf,
  isFiltering,
  passIds,
  seatFilter,
} from '../filters.ts';
import { type InputOptions, type Inputs, readInputs } from '../inputs.ts';
import { periodsAsked } from '../months.ts';
import { completenessNotes } from '../notes.ts';

interface SummarizeOptions extends InputOptions, FilterOptions, ArrangementOptions {
  readonly month?: string;
}

const CUT =
  'the summary has only the rows and columns that --where, --top and --columns leave: a bill of it is not whole';

/** Writes the exact sums of the usage, per seat and stretch, in the form that `--usage` accepts. */
export async function run(context: Context, options: SummarizeOptions): Promise<CommandResult> {
  const periods =
    options.month === undefined ? undefined : periodsAsked(options.month, context.host.now());
  const arrangement = arrangementAsked(options, SUMMARY_SHEET_COLUMNS);
  // Prices do not matter here, so no months are requested, but the months must have some.
  const inputs = await readInputs(options, undefined, context, {
    // Users that occur only in usage are known from its stretches.
    onlyInOrder: options.user === undefined,
  });
  refuseMonthsBefore(inputs.billing.card, periods ?? []);
  const filters = filtersOf(options, inputs.billing);
  const months = periods && new Set(periods.map(({ month }) => month));
  const passes = usageFilter(inputs, filters);
  const isShown = (usage: StretchUsage): boolean =>
    (months?.has(usage.month) ?? true) && passes(usage);
  const shown = { [Symbol.iterator]: () => filtered(inputs.usage.inOrder ?? [], isShown) };
  const content = contentOf(inputs.usage.inOrder ?? [], isShown);
  return {
    document: {
      sheets: [arranged(rowSource(NO_MONTH, SUMMARY_SHEET_COLUMNS, shown), arrangement)],
    },
    warnings: warningsAbout(content, periods, inputs, filters),
    inputs,
    // `--sort` alone leaves it whole.
    alarms: isCut(arrangement) || arrangement.columns !== undefined ? [CUT] : [],
    notes: [
      ...(isFiltering(filters)
        ? ['the summary is of the seats that the filters let through, not of all usage']
        : []),
      ...monthsWithoutUsageNotes(periods, inputs),
      ...(periods === undefined
        ? []
        : completenessNotes(
            periods.map((period) => ({ period })),
            inputs,
          )),
      ...partialMonthNotes(content, inputs),
    ],
    closing: `${summarized(content, inputs, filters)}.`,
  };
}

/** Which usage the filters let through: of a group, that of the seats that the invoice of the month puts there. */
function usageFilter({ billing }: Inputs, filters: Filters): (usage: StretchUsage) => boolean {
  if (filters.groupIds === undefined) {
    return ({ profileId, userId }) => passIds(profileId, userId, filters);
  }
  const ofMonths = new Map<string, SeatFilter | undefined>();
  return ({ month, profileId, userId }) =>
    valueAt(ofMonths, month, () => seatFilter(billMonth(billing, billingPeriod(month)), filters))?.(
      profileId,
      userId,
    ) ?? true;
}

function* filtered(
  usage: Iterable<StretchUsage>,
  isShown: (usage: StretchUsage) => boolean,
): Generator<StretchUsage> {
  for (const one of usage) if (isShown(one)) yield one;
}

interface Content {
  readonly rows: number;
  readonly seats: number;
  /** Ascending. */
  readonly months: readonly string[];
  /** Month and profile, separated by a space. */
  readonly profileMonths: ReadonlySet<string>;
  /** Of all usage, by month. */
  readonly users: ReadonlyMap<string, UsersOfMonth>;
}

/** Expects usage in order. Keeps no seats of a single month, which may have millions. */
function contentOf(
  usage: Iterable<StretchUsage>,
  isShown: (usage: StretchUsage) => boolean,
): Content {
  const months = new Set<string>();
  const profileMonths = new Set<string>();
  const users = new Map<string, Map<string, string[]>>();
  let [rows, seats] = [0, 0];
  let last: StretchUsage | undefined;
  for (const one of usage) {
    const { month, profileId, userId } = one;
    const ofMonth = valueAt(users, month, () => new Map<string, string[]>());
    const known = valueAt(ofMonth, profileId, () => []);
    if (known.length < MANY_USERS && known.at(-1) !== userId) known.push(userId);
    if (!isShown(one)) continue;
    rows += 1;
    months.add(month);
    profileMonths.add(`${month} ${profileId}`);
    if (userId !== last?.userId || profileId !== last.profileId) seats += 1;
    last = one;
  }
  const counted = months.size > 1 ? seatsOf(filtered(usage, isShown)) : seats;
  return { rows, seats: counted, months: [...months], profileMonths, users };
}

function seatsOf(usage: Iterable<StretchUsage>): number {
  const seats = new Set<string>();
  for (const { profileId, userId } of usage) seats.add(seatKey(profileId, userId));
  return seats.size;
}

/**
 * R1 and R2 weigh whole months of reports: names the months whose reports begin after the
 * first workday, or end before the last one.
 */
function partialMonthNotes({ months: shown }: Content, { usage, billing }: Inputs): string[] {
  const dates = groupBy(usage.reports?.dates ?? [], (date) => date.slice(0, 7));
  const partial = [...dates].filter(
    ([month, days]) =>
      shown.includes(month) && lacksDays(month, days, billing.completeness?.daysOff),
  );
  if (partial.length === 0) return [];
  const months = partial.map(([month]) => month).join(', ');
  return [
    `the activity reports do not hold the whole of ${months}: summarize whole months of reports, as what counts and what it means is weighed by month; summaries of parts of a month must not be added (R1, R2)`,
  ];
}

/** `dates` is ascending. */
function lacksDays(
  month: string,
  dates: readonly string[],
  daysOff: ReadonlySet<EpochDay> | undefined,
): boolean {
  const workdays = workingDaysOf(billingPeriod(month))
    .map(epochDayAt)
    .filter((day) => !daysOff?.has(day));
  const [first, last] = [dates[0], dates.at(-1)].map((date) => epochDay(date as string));
  return workdays.some((day) => day < (first as EpochDay) || day > (last as EpochDay));
}

/** Contradictions in the summarized usage, and what its sums can no longer show. */
function warningsAbout(
  content: Content,
  periods: readonly BillingPeriod[] | undefined,
  inputs: Inputs,
  { profileIds }: Filters,
): Warning[] {
  const { billing, usage } = inputs;
  const { months, profileMonths } = content;
  const found =
    periods?.flatMap((period) => monthWarnings(period, content, billing)) ??
    months.flatMap((month) => twiceWarnings(billingPeriod(month), usage.coverage));
  return [
    ...found.filter(({ profileId: id }) => id === undefined || (profileIds?.has(id) ?? true)),
    ...billing.inputWarnings.filter(
      ({ month, profileId }) =>
        profileId === undefined || profileMonths.has(`${month} ${profileId}`),
    ),
  ];
}

/**
 * Whether the usage of a month that is asked for is whole. Where none is, a summary may be of a part,
 * to which those of others are added.
 */
function monthWarnings(
  period: BillingPeriod,
  { users }: Content,
  { seats, completeness }: Billing,
): Warning[] {
  const counted = countedSeats(seats, period, users.get(period.month) ?? new Map());
  return completeness ? completenessWarnings({ period, seats, counted }, completeness) : [];
}

/** Names the months that have usage, if a requested month has none. */
function monthsWithoutUsageNotes(
  periods: readonly BillingPeriod[] | undefined,
  { usage }: Inputs,
): string[] {
  const held = [...usage.months].sort();
  if (periods === undefined && held.length > 0) return [];
  const empty = (periods ?? [])
    .map(({ month }) => month)
    .filter((month) => !usage.months.has(month));
  if (periods !== undefined && empty.length === 0) return [];
  const where = empty.length === 0 ? '' : ` in ${empty.join(', ')}`;
  const holds = held.length === 0 ? '' : `; there is usage of ${held.join(', ')}`;
  return [`no usage${where}${holds}`];
}

function summarized(content: Content, { usage }: Inputs, filters: Filters): string {
  const { rows, seats, months } = content;
  if (months.length === 0) return 'Nothing to summarize';
  const span = spanText(firstAndLastDay(content, usage.coverage, filters) ?? months);
  return `Summarized to ${countShown(rows, 'row')} of ${countShown(seats, 'seat')}, ${span}`;
}

/** The days on which the summarized usage begins and ends; nothing if they are not known, as days of seats are not. */
function firstAndLastDay(
  { profileMonths }: Content,
  { byProfile }: UsageDays,
  { userIds, groupIds }: Filters,
): [string, string] | undefined {
  if (byProfile === undefined || userIds !== undefined || groupIds !== undefined) return undefined;
  const dates = [...byProfile].flatMap(([profileId, days]) =>
    [...days].map(dayText).filter((date) => profileMonths.has(`${date.slice(0, 7)} ${profileId}`)),
  );
  dates.sort();
  const [first, last] = [dates[0], dates.at(-1)];
  return first === undefined || last === undefined ? undefined : [first, last];
}
