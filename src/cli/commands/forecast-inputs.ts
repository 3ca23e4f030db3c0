import { historyOf } from '../../billing/forecast/forecast.ts';
import { recordInstants } from '../../billing/forecast/records-up-to.ts';
import { midnightOf } from '../../billing/forecast/working-days.ts';
import { billingOf } from '../../billing/invoice.ts';
import { type BillingPeriod, billingPeriod, periodAt } from '../../domain/billing-period.ts';
import { type Instant, instantText, NANOS_PER_DAY } from '../../domain/instant.ts';
import { BadInput, WrongUsage } from '../../domain/problem.ts';
import type { InputFiles } from '../../input/data-directory.ts';
import { ProblemLog } from '../../input/problem-log.ts';
import type { ReductionPlan, UsageReduction } from '../../usage/plan.ts';
import { BadUsageFile } from '../bad-usage-file.ts';
import type { Context } from '../context.ts';
import { type InputOptions, type Inputs, locate, readTables, readUsage } from '../inputs.ts';
import { periodAsked } from '../months.ts';
import { refuseSummaries, replayable } from './forecast-sources.ts';

/** The month and instant as they were asked for. */
export interface ForecastInputOptions extends InputOptions {
  readonly month?: string;
  readonly asOf?: Instant;
}

/** Everything that a forecast is made from. */
export interface ForecastInputs extends Inputs {
  readonly period: BillingPeriod;
  /**
   * The instant asked for. Else the last one of the newest usage's day, but before the first
   * record of that day that comes after the usage. The month's first where it has no usage.
   */
  readonly asOf: Instant;
  readonly asOfIs: 'asked' | 'newest usage' | 'no usage';
  readonly finish: () => Promise<void>;
}

/**
 * Reads all inputs, usage by UTC day. Bad input is `BadInput`, all problems together. A
 * usage summary, an instant before the month, and nothing that tells the month are `WrongUsage`.
 */
export async function readForecastInputs(
  options: ForecastInputOptions,
  context: Context,
): Promise<ForecastInputs> {
  const period = periodOfOptions(options, context);
  const files = await replayable(await locate(options, context), options.asOf === undefined);
  await refuseSummaries(files.usage);
  const log = new ProblemLog();
  const tables = await readTables(files, options, period && [period], context, log);
  const reading: Reading = { files, options, context, log, ...tables };
  const when = await momentOf(reading, period);
  return finalInputs(reading, when);
}

/** What both the scouting and the final reading of usage need. */
interface Reading extends Awaited<ReturnType<typeof readTables>> {
  readonly files: InputFiles;
  readonly options: ForecastInputOptions;
  readonly context: Context;
  readonly log: ProblemLog;
}

type Moment = Pick<ForecastInputs, 'period' | 'asOf' | 'asOfIs'>;

/** The month that the options tell, if they do. */
function periodOfOptions(
  { month, asOf }: ForecastInputOptions,
  { host }: Context,
): BillingPeriod | undefined {
  if (month === undefined) return asOf === undefined ? undefined : periodAt(asOf);
  const period = periodAsked(month, host.now());
  if (asOf !== undefined && asOf < period.start) {
    throw new WrongUsage(
      `--as-of ${instantText(asOf)} is before ${period.month} begins: nothing of that month is known then; give a later instant, or an earlier --month`,
    );
  }
  return period;
}

/** Without `--as-of` the usage is read once more than otherwise, to see how far it goes. */
async function momentOf(reading: Reading, asked: BillingPeriod | undefined): Promise<Moment> {
  const { asOf } = reading.options;
  const period = asked ?? (await newestMonth(reading));
  if (asOf !== undefined) return { period, asOf, asOfIs: 'asked' };
  const day = newestEnd(await scouted(reading, dayPlan(reading, [period], [])), period);
  if (day === undefined) return { period, asOf: period.start, asOfIs: 'no usage' };
  const midnight = midnightOf(day);
  const divides = recordInstants(reading.read.records).filter(
    (at) => at > midnight && at < midnight + NANOS_PER_DAY,
  );
  if (divides.length === 0) return { period, asOf: day, asOfIs: 'newest usage' };
  const divided = await scouted(reading, dayPlan(reading, [period], divides));
  const newest = newestEnd(divided, period) as Instant;
  return { period, asOf: newest, asOfIs: 'newest usage' };
}

async function newestMonth(reading: Reading): Promise<BillingPeriod> {
  const { months } = await scouted(reading, { ...reading.plan, months: new Set() });
  const newest = [...months].sort().at(-1);
  if (newest !== undefined) return billingPeriod(newest);
  if (reading.log.total > 0) throw new BadInput(reading.log.kept, reading.log.total);
  throw new WrongUsage('there is no usage that would tell the month: give --month or --as-of');
}

/** Reads usage to see how far it goes; its problems are told along with those of the tables. */
async function scouted(reading: Reading, plan: ReductionPlan): Promise<UsageReduction> {
  const { files, context, log } = reading;
  const found = new ProblemLog();
  const badRows = await badUsageFile(reading);
  try {
    const usage = await readUsage(files, plan, context, found, badRows);
    if (found.total === 0) return usage;
    throw new BadInput([...log.kept, ...found.kept], log.total + found.total);
  } finally {
    // The final reading tells the bad rows.
    await badRows?.discard();
  }
}

async function badUsageFile({ options, context }: Reading): Promise<BadUsageFile | undefined> {
  const { skipBadUsage } = options;
  return skipBadUsage === undefined ? undefined : BadUsageFile.of(skipBadUsage, context.host);
}

/** The last instant of the last stretch that has usage in the month. */
function newestEnd({ stretches }: UsageReduction, { month }: BillingPeriod): Instant | undefined {
  let newest: Instant | undefined;
  for (const { month: other, to } of stretches) {
    if (other === month && (newest === undefined || to > newest)) newest = to;
  }
  return newest === undefined ? undefined : newest - 1n;
}

/** Reads what the forecast is made from: by day, and parted behind `asOf`. */
async function finalInputs(reading: Reading, when: Moment): Promise<ForecastInputs> {
  const { files, context, log, read } = reading;
  const periods = [when.period, ...historyOf(when.period)];
  const plan = dayPlan(reading, periods, [when.asOf + 1n]);
  const badRows = await badUsageFile(reading);
  try {
    const usage = await readUsage(files, plan, context, log, badRows);
    if (log.total > 0) throw new BadInput(log.kept, log.total);
    refuseUndivided(usage);
    if (read.profiles.areMet) {
      for (const [profileId, place] of usage.profiles) read.profiles.meet(profileId, place);
    }
    const billing = billingOf(read.records, read.card, usage.stretches);
    return { files, read, usage, billing, ...when, finish: async () => badRows?.finish() };
  } catch (error) {
    await badRows?.discard();
    throw error;
  }
}

/** The plan with stretches that end at each midnight, too, and at `more`. */
function dayPlan(
  { plan }: Reading,
  periods: readonly BillingPeriod[],
  more: readonly Instant[],
): ReductionPlan {
  const midnights = periods.flatMap(({ start, days }) =>
    Array.from({ length: days }, (_, index) => start + BigInt(index) * NANOS_PER_DAY),
  );
  const cuts = new CutsForAll([...midnights, ...more]);
  for (const [profileId, ofProfile] of plan.cuts) cuts.set(profileId, ofProfile);
  return { ...plan, months: new Set(periods.map(({ month }) => month)), cuts };
}

/** Cuts of profiles, with those that all share, also profiles that are only met in usage. */
class CutsForAll extends Map<string, readonly Instant[]> {
  readonly #forAll: readonly Instant[];

  constructor(forAll: readonly Instant[]) {
    super();
    this.#forAll = inTime(forAll);
  }

  override get(profileId: string): readonly Instant[] {
    return super.get(profileId) ?? this.#forAll;
  }

  override set(profileId: string, cuts: readonly Instant[]): this {
    return super.set(profileId, inTime([...this.#forAll, ...cuts]));
  }
}

function inTime(instants: readonly Instant[]): Instant[] {
  return [...new Set(instants)].sort((a, b) => (a < b ? -1 : 1));
}

/** A reader that does not ask for the cuts of each profile would make the forecast silently wrong. */
function refuseUndivided({ stretches }: UsageReduction): void {
  const whole = stretches.find(({ from, to }) => to - from > NANOS_PER_DAY);
  if (whole !== undefined) throw new Error(`usage of ${whole.profileId} was not read by day`);
}
