import { historyOf } from '../../billing/forecast/forecast.ts';
import { recordInstants } from '../../billing/forecast/records-up-to.ts';
import { type BillingPeriod, billingPeriod, periodAt } from '../../domain/billing-period.ts';
import {
  type Instant,
  instantOf,
  instantText,
  midnightOf,
  NANOS_PER_DAY,
} from '../../domain/instant.ts';
import { WrongUsage } from '../../domain/problem.ts';
import type { ReductionPlan, UsageReduction } from '../../usage/plan.ts';
import type { Context } from '../context.ts';
import { type FilterOptions, periodsToRead } from '../filters.ts';
import {
  type FinishedInputs,
  type InputOptions,
  inputScope,
  locate,
  readTables,
  scoutUsage,
  type Tables,
  withDays,
  withMonths,
  withUsage,
} from '../inputs.ts';
import { periodAsked } from '../months.ts';
import { refuseSummaries, replayable } from './forecast-sources.ts';

/** The month and instant requested. */
export interface ForecastInputOptions extends InputOptions, Pick<FilterOptions, 'user'> {
  readonly month?: string;
  readonly asOf?: Instant;
}

/** Everything that a forecast is made from. */
export interface ForecastInputs extends FinishedInputs {
  readonly period: BillingPeriod;
  /**
   * The instant requested. Else the last instant of the day with the newest usage, but before that
   * day's first record after the usage; the start of the month if it has no usage.
   */
  readonly asOf: Instant;
  readonly asOfIs: 'asked' | 'newest usage' | 'no usage';
}

/**
 * Reads all inputs, usage by UTC day and split after `asOf`. Bad input is `BadInput`, with all
 * problems together. A usage summary, an instant before the month, or no way to determine the
 * month is `WrongUsage`.
 */
export async function readForecastInputs(
  options: ForecastInputOptions,
  context: Context,
): Promise<ForecastInputs> {
  const period = periodOfOptions(options, context);
  const files = replayable(await locate(options, context), options.asOf === undefined);
  await refuseSummaries(files.usage);
  const scope = await inputScope({ files, options, context }, period && [period]);
  const tables = await readTables(scope);
  const when = await momentOf(tables, options.asOf, period);
  const periods = [when.period, ...historyOf(when.period)];
  const plan = dayPlan(tables, periods, [when.asOf + 1n]);
  const wanted = withMonths(plan, periodsToRead(periods, options));
  const clock = when.asOf + 1n;
  const inputs = await withUsage(scope, wanted, { tables, clock });
  return { ...inputs, ...when };
}

type Moment = Pick<ForecastInputs, 'period' | 'asOf' | 'asOfIs'>;

/** The month given by the options, if any. */
function periodOfOptions(
  { month, asOf }: ForecastInputOptions,
  { host }: Context,
): BillingPeriod | undefined {
  if (month === undefined) return asOf === undefined ? undefined : periodAt(asOf);
  const period = periodAsked(month, host.now());
  const now = instantOf(host.now());
  if (asOf === undefined && period.start > now) {
    throw new WrongUsage(
      `--month ${month}: ${period.month} has not begun, so there is nothing to forecast it from: ask for the running month or an earlier one`,
    );
  }
  if (asOf !== undefined && asOf < period.start) {
    throw new WrongUsage(
      `--as-of ${instantText(asOf)} is before ${period.month} begins: nothing of that month is known then; give a later instant, or an earlier --month`,
    );
  }
  return period;
}

/** Without `--as-of` the usage is read a second time, to find its newest day. */
async function momentOf(
  tables: Tables,
  asked: Instant | undefined,
  periodAsked: BillingPeriod | undefined,
): Promise<Moment> {
  const period = periodAsked ?? (await newestMonth(tables));
  if (asked !== undefined) return { period, asOf: asked, asOfIs: 'asked' };
  const day = newestEnd(await scoutUsage(tables, dayPlan(tables, [period], [])), period);
  if (day === undefined) return { period, asOf: period.start, asOfIs: 'no usage' };
  const midnight = midnightOf(day);
  const divides = recordInstants(tables.read.records).filter(
    (at) => at > midnight && at < midnight + NANOS_PER_DAY,
  );
  if (divides.length === 0) return { period, asOf: day, asOfIs: 'newest usage' };
  const divided = await scoutUsage(tables, dayPlan(tables, [period], divides));
  return { period, asOf: newestEnd(divided, period) as Instant, asOfIs: 'newest usage' };
}

async function newestMonth(tables: Tables): Promise<BillingPeriod> {
  const { months } = await scoutUsage(tables, { ...tables.plan, months: new Set() });
  const newest = [...months].sort().at(-1);
  if (newest !== undefined) return billingPeriod(newest);
  const { log } = tables;
  if (log.total > 0) throw log.failure;
  throw new WrongUsage('there is no usage to take the month from: give --month or --as-of');
}

/** The last instant of the last part with usage in the month. */
function newestEnd({ parts = [] }: UsageReduction, { month }: BillingPeriod): Instant | undefined {
  let newest: Instant | undefined;
  for (const { month: other, to } of parts) {
    if (other === month && (newest === undefined || to > newest)) newest = to;
  }
  return newest === undefined ? undefined : newest - 1n;
}

/** The plan with stretches that also end at each midnight and at `more`. */
function dayPlan(
  { plan }: Tables,
  periods: readonly BillingPeriod[],
  more: readonly Instant[],
): ReductionPlan {
  return withDays(withMonths(plan, periods), periods, more);
}
