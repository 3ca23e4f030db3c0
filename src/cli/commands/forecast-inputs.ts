import { historyOf } from '../../billing/forecast/forecast.ts';
import { recordInstants } from '../../billing/forecast/records-up-to.ts';
import { type BillingPeriod, billingPeriod, periodAt } from '../../domain/billing-period.ts';
import {
  compareInstants,
  type Instant,
  instantOf,
  instantText,
  midnightOf,
  NANOS_PER_DAY,
} from '../../domain/instant.ts';
import { WrongUsage } from '../../domain/problem.ts';
import { partsOf } from '../../domain/records.ts';
import type { UsageDays } from '../../domain/usage-days.ts';
import type { ReductionPlan } from '../../usage/plan.ts';
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

/** Without `--as-of` the usage is read twice: first only for its newest day. */
async function momentOf(
  tables: Tables,
  asked: Instant | undefined,
  periodAsked: BillingPeriod | undefined,
): Promise<Moment> {
  if (asked !== undefined && periodAsked !== undefined) {
    return { period: periodAsked, asOf: asked, asOfIs: 'asked' };
  }
  const { months, coverage } = await scoutUsage(tables, withMonths(tables.plan, []));
  const period = periodAsked ?? newestMonth(months, tables);
  // A row that is left out as a duplicate is none, though its day counts as covered.
  const midnight = tables.plan.dedupe
    ? newestOf((await scoutUsage(tables, dayPlan(tables, [period], []))).starts?.map(midnightOf))
    : newestDay(coverage, period);
  if (midnight === undefined) return { period, asOf: period.start, asOfIs: 'no usage' };
  return { period, asOf: await endOfUsage(tables, period, midnight), asOfIs: 'newest usage' };
}

function newestMonth(months: ReadonlySet<string>, { log }: Tables): BillingPeriod {
  const newest = [...months].sort().at(-1);
  if (newest !== undefined) return billingPeriod(newest);
  if (log.total > 0) throw log.failure;
  throw new WrongUsage('there is no usage to take the month from: give --month or --as-of');
}

/** The midnight of the newest day with usage in the month; `undefined` without any. */
function newestDay({ byProfile }: UsageDays, { start, end }: BillingPeriod): Instant | undefined {
  const days = new Set([...(byProfile?.values() ?? [])].flatMap((ofProfile) => [...ofProfile]));
  const midnights = [...days].map((day) => BigInt(day) * NANOS_PER_DAY);
  return newestOf(midnights.filter((midnight) => midnight >= start && midnight < end));
}

function newestOf(instants: readonly Instant[] = []): Instant | undefined {
  return [...instants].sort(compareInstants).at(-1);
}

/**
 * The last instant of the newest day with usage, but before the day's first record after the
 * usage. Only where the day has records, usage is read once more.
 */
async function endOfUsage(
  tables: Tables,
  period: BillingPeriod,
  midnight: Instant,
): Promise<Instant> {
  const next = midnight + NANOS_PER_DAY;
  const divides = recordInstants(tables.read.records).filter((at) => at > midnight && at < next);
  if (divides.length === 0) return next - 1n;
  const plan = withMonths(tables.plan, [period]);
  const cuts = { ...plan.cuts, ofAll: [midnight, ...divides, next] };
  const { stretches } = await scoutUsage(tables, { ...plan, cuts });
  let end = midnight;
  for (const stretch of stretches) for (const { to } of partsOf(stretch)) if (to > end) end = to;
  return end - 1n;
}

/** The plan with stretches that also end at each midnight and at `more`. */
function dayPlan(
  { plan }: Tables,
  periods: readonly BillingPeriod[],
  more: readonly Instant[],
): ReductionPlan {
  return withDays(withMonths(plan, periods), periods, more);
}
