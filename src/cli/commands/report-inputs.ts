import { billingOf } from '../../billing/invoice.ts';
import type { SeatDay } from '../../billing/report.ts';
import type { BillingPeriod } from '../../domain/billing-period.ts';
import { type Instant, NANOS_PER_DAY, utcDate } from '../../domain/instant.ts';
import { BadInput, WrongUsage } from '../../domain/problem.ts';
import type { ByteSource } from '../../input/byte-source.ts';
import { ProblemLog } from '../../input/problem-log.ts';
import type { ReductionPlan, UsageReduction } from '../../usage/plan.ts';
import { BadUsageFile } from '../bad-usage-file.ts';
import type { Context } from '../context.ts';
import { type InputOptions, type Inputs, locate, readTables, readUsage } from '../inputs.ts';
import { refuseSummaries, replayable } from './forecast-sources.ts';

/** Everything that a report is made from. */
export interface ReportInputs extends Inputs {
  /** Missing where the usage does not tell the days. */
  readonly seatDays: readonly SeatDay[] | undefined;
  readonly finish: () => Promise<void>;
}

/**
 * Reads all inputs, usage of the month and of the month before by UTC day. Bad input is
 * `BadInput`, all problems together; a month before the rate card's first edition is
 * `WrongUsage`, but not one whose month before is.
 */
export async function readReportInputs(
  options: InputOptions,
  period: BillingPeriod,
  before: BillingPeriod,
  context: Context,
): Promise<ReportInputs> {
  const log = new ProblemLog();
  const files = replayable(await locate(options, context), false);
  const { read, plan } = await readTables(files, options, [period], context, log);
  const { skipBadUsage } = options;
  const badRows =
    skipBadUsage === undefined ? undefined : await BadUsageFile.of(skipBadUsage, context.host);
  try {
    const months = new Set([before.month, period.month]);
    const hasDays = await tellsDays(files.usage);
    const cuts = hasDays ? dayCuts(plan, [before, period]) : plan.cuts;
    const usage = await readUsage(files, { ...plan, months, cuts }, context, log, badRows);
    if (log.total > 0) throw new BadInput(log.kept, log.total);
    if (read.profiles.areMet) {
      for (const [profileId, place] of usage.profiles) read.profiles.meet(profileId, place);
    }
    const billing = billingOf(read.records, read.card, usage.stretches);
    const seatDays = seatDaysOf(usage);
    return { files, read, usage, billing, seatDays, finish: async () => badRows?.finish() };
  } catch (error) {
    await badRows?.discard();
    throw error;
  }
}

/** Whether there is no usage summary, which has sums of whole stretches and no days. */
async function tellsDays(sources: readonly ByteSource[]): Promise<boolean> {
  try {
    await refuseSummaries(sources);
    return true;
  } catch (error) {
    if (error instanceof WrongUsage) return false;
    throw error;
  }
}

/** The instants at which stretches end, each midnight of the months among them. */
function dayCuts(
  { cuts }: ReductionPlan,
  periods: readonly BillingPeriod[],
): ReductionPlan['cuts'] {
  const midnights = periods.flatMap(({ start, days }) =>
    Array.from({ length: days }, (_, index) => start + BigInt(index) * NANOS_PER_DAY),
  );
  const all = new CutsForAll(midnights);
  for (const [profileId, ofProfile] of cuts) all.set(profileId, ofProfile);
  return all;
}

/** Cuts of profiles, with those that all share, also profiles that are only met in usage. */
class CutsForAll extends Map<string, readonly Instant[]> {
  readonly #forAll: readonly Instant[];

  constructor(forAll: readonly Instant[]) {
    super();
    this.#forAll = forAll;
  }

  override get(profileId: string): readonly Instant[] {
    return super.get(profileId) ?? this.#forAll;
  }

  override set(profileId: string, cuts: readonly Instant[]): this {
    const all = new Set([...this.#forAll, ...cuts]);
    return super.set(
      profileId,
      [...all].sort((a, b) => (a < b ? -1 : 1)),
    );
  }
}

/** The stretches as days; nothing where one is longer, as in a usage summary. */
function seatDaysOf({ stretches }: UsageReduction): SeatDay[] | undefined {
  if (stretches.some(({ from, to }) => to - from > NANOS_PER_DAY)) return undefined;
  return stretches.map(({ profileId, userId, from, credits }) => ({
    profileId,
    userId,
    date: utcDate(from),
    credits,
  }));
}
