import { historyOf } from '../../billing/forecast/forecast.ts';
import { recordInstants } from '../../billing/forecast/records-up-to.ts';
import { type BillingPeriod, billingPeriod, periodAt } from '../../domain/billing-period.ts';
import {
  type Instant,
  instantOf,
  instantText,
  latestOf,
  midnightOf,
  NANOS_PER_DAY,
} from '../../domain/instant.ts';
import { WrongUsage } from '../../domain/problem.ts';
import { partsOf } from '../../domain/records.ts';
import type { ByteSource } from '../../input/byte-source.ts';
import type { InputFiles } from '../../input/data-directory.ts';
import { sortSources } from '../../usage/files/sort-sources.ts';
import type { Context } from '../context.ts';
import { type FilterOptions, periodsToRead } from '../filters.ts';
import {
  type FinishedInputs,
  type InputOptions,
  inputScope,
  locate,
  type PlanChange,
  readLocated,
  readTables,
  scoutUsage,
  type Tables,
  withDays,
  withMonths,
  withUsage,
} from '../inputs.ts';
import { currentPeriod, periodAsked } from '../months.ts';

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
  const { asOf } = options;
  const period = periodOfOptions(options, context);
  const files = replayable(await locate(options, context), asOf === undefined);
  await refuseSummaries(files.usage);
  const reading = { files, options, context };
  if (asOf === undefined || period === undefined) {
    const tables = await readTables(await inputScope(reading, period && [period]));
    return upToNewestUsage(tables, options, period);
  }
  const planned = ofMonths(options, period, [asOf + 1n]);
  const inputs = await readLocated(reading, [period], planned);
  return { ...asOfClock(inputs, asOf), period, asOf, asOfIs: 'asked' };
}

/** A plan for usage of a month and of its history, by UTC day and split at `more`. */
function ofMonths(
  options: ForecastInputOptions,
  period: BillingPeriod,
  more: readonly Instant[] = [],
): PlanChange {
  const periods = [period, ...historyOf(period)];
  return (plan) => withMonths(withDays(plan, periods, more), periodsToRead(periods, options));
}

function readMonths(
  tables: Tables,
  options: ForecastInputOptions,
  period: BillingPeriod,
): Promise<FinishedInputs> {
  return withUsage(tables, ofMonths(options, period)(tables.plan), { tables });
}

/** The days that are over are those before the end of what is known. */
function asOfClock(inputs: FinishedInputs, asOf: Instant): FinishedInputs {
  const { completeness } = inputs.billing;
  if (completeness === undefined) return inputs;
  const billing = { ...inputs.billing, completeness: { ...completeness, clock: asOf + 1n } };
  return { ...inputs, billing };
}

/**
 * The inputs up to the newest usage. Without a month, that of the newest usage is most likely the
 * running one: only where it is another one is usage read again.
 */
async function upToNewestUsage(
  tables: Tables,
  options: ForecastInputOptions,
  asked: BillingPeriod | undefined,
): Promise<ForecastInputs> {
  const likely = asked ?? currentPeriod(tables.context.host.now());
  let inputs = await readMonths(tables, options, likely);
  const period = asked ?? newestMonth(inputs.usage.months);
  if (period.month !== likely.month) {
    await inputs.discard();
    inputs = await readMonths(tables, options, period);
  }
  const starts = inputs.usage.starts ?? [];
  const midnight = latestOf(starts.filter((at) => isWithin(at, period)));
  if (midnight === undefined) {
    return { ...asOfClock(inputs, period.start), period, asOf: period.start, asOfIs: 'no usage' };
  }
  const asOf = await endOfUsage(tables, period, midnightOf(midnight));
  return { ...asOfClock(inputs, asOf), period, asOf, asOfIs: 'newest usage' };
}

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

function newestMonth(months: ReadonlySet<string>): BillingPeriod {
  const newest = [...months].sort().at(-1);
  if (newest !== undefined) return billingPeriod(newest);
  throw new WrongUsage('there is no usage to take the month from: give --month or --as-of');
}

function isWithin(at: Instant, { start, end }: BillingPeriod): boolean {
  return at >= start && at < end;
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

/**
 * The files, with usage from standard input buffered so that its start, or with `keep` all of it,
 * can be read again.
 */
function replayable(files: InputFiles, keep: boolean): InputFiles {
  const usage = files.usage.map((source) =>
    source.stream === undefined
      ? source
      : { ...source, stream: new ReplayedStream(source.stream, keep) },
  );
  return { ...files, usage };
}

/** A stream that starts over with each iteration. */
class ReplayedStream implements AsyncIterable<Buffer> {
  readonly #rest: AsyncIterator<Buffer>;
  readonly #keep: boolean;
  readonly #kept: Buffer[] = [];
  #iterations = 0;

  constructor(stream: AsyncIterable<Buffer>, keep: boolean) {
    this.#rest = stream[Symbol.asyncIterator]();
    this.#keep = keep;
  }

  /** The first iteration reads only the header; a later one keeps its chunks if asked to. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    this.#iterations += 1;
    const isKept = this.#keep || this.#iterations === 1;
    for (const chunk of this.#kept) yield chunk;
    for (;;) {
      const { done, value } = await this.#rest.next();
      if (done) return;
      if (isKept) this.#kept.push(value);
      yield value;
    }
  }
}

/** A usage summary has sums of whole stretches of a month, and no days: `WrongUsage`. */
async function refuseSummaries(sources: readonly ByteSource[]): Promise<void> {
  const [summary] = (await sortSources(sources)).summaries;
  if (summary === undefined) return;
  throw new WrongUsage(
    `${summary.file} is a usage summary, which has no days left in it to forecast from: give the usage that it was made of`,
  );
}
