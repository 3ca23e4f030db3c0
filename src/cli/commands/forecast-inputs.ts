import { historyOf } from '../../billing/forecast/forecast.ts';
import type { Billing } from '../../billing/invoice.ts';
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
import type { ByteSource } from '../../input/byte-source.ts';
import type { InputFiles } from '../../input/data-directory.ts';
import { headerOf } from '../../usage/files/sort-sources.ts';
import { isSummaryHeader } from '../../usage/summary/summary-columns.ts';
import type { Context } from '../context.ts';
import { type FilterOptions, periodsToRead } from '../filters.ts';
import { type InputOptions, type Inputs, locate, readInputs, type UsageAsked } from '../inputs.ts';
import { currentPeriod, periodAsked } from '../months.ts';

/** The month and instant requested. */
export interface ForecastInputOptions extends InputOptions, Pick<FilterOptions, 'user'> {
  readonly month?: string;
  readonly asOf?: Instant;
}

/** Everything that a forecast is made from. */
export interface ForecastInputs extends Inputs {
  readonly period: BillingPeriod;
  /**
   * The instant requested. Else the last instant of the day with the newest usage; the start of the
   * month if it has no usage.
   */
  readonly asOf: Instant;
  readonly asOfIs: 'asked' | 'newest usage' | 'no usage';
}

/**
 * Reads all inputs, usage by UTC day and split after `asOf`; without a month, of that of the
 * newest usage. Bad input is `BadInput`, with all problems together. A usage summary, or no way to
 * determine the month, is `WrongUsage`.
 */
export async function readForecastInputs(
  asked: BillingPeriod | undefined,
  options: ForecastInputOptions,
  context: Context,
): Promise<ForecastInputs> {
  const located = await withDatedUsage(await locate(options, context));
  const files = asked === undefined ? readableAgain(located) : located;
  // Without a month, that of the newest usage is most likely the running one: only where it is
  // another one is all read again.
  const read = (month: BillingPeriod): Promise<Inputs> =>
    readInputs(options, asked && [asked], context, usageFor(options, month), files);
  const likely = asked ?? currentPeriod(context.host.now());
  let inputs = await read(likely);
  const period = asked ?? newestMonth(inputs.usage.months, context);
  if (period.month !== likely.month) {
    await inputs.badRows?.discard();
    inputs = await read(period);
  }
  const known = knownUpTo(options, inputs, period);
  return { ...inputs, billing: billingAt(known, inputs.billing), period, ...known };
}

/** The usage of a month and of its history, by UTC day and split after `asOf`. */
function usageFor(options: ForecastInputOptions, period: BillingPeriod): UsageAsked {
  const days = [period, ...historyOf(period)];
  const splitAt = options.asOf && options.asOf + 1n;
  return { months: periodsToRead(days, options), days, splitAt };
}

type Known = Pick<ForecastInputs, 'asOf' | 'asOfIs'>;

function knownUpTo(
  { asOf }: ForecastInputOptions,
  { usage: { starts } }: Inputs,
  { start, end }: BillingPeriod,
): Known {
  if (asOf !== undefined) return { asOf, asOfIs: 'asked' };
  const newest = latestOf(starts.filter((at) => at >= start && at < end));
  if (newest === undefined) return { asOf: start, asOfIs: 'no usage' };
  return { asOf: midnightOf(newest) + NANOS_PER_DAY - 1n, asOfIs: 'newest usage' };
}

/** The days that are over are those before the end of what is known; of a month without usage, those before now. */
function billingAt({ asOf, asOfIs }: Known, billing: Billing): Billing {
  const { completeness } = billing;
  if (completeness === undefined || asOfIs === 'no usage') return billing;
  return { ...billing, completeness: { ...completeness, clock: asOf + 1n } };
}

/** The month given by the options, if any. An instant before it, and a month that has not begun, is `WrongUsage`. */
export function periodOfOptions(
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

/** The month of the newest usage. Without usage, and if it has not begun, `WrongUsage`. */
function newestMonth(months: ReadonlySet<string>, { host }: Context): BillingPeriod {
  const newest = [...months].sort().at(-1);
  if (newest === undefined) {
    throw new WrongUsage('there is no usage to take the month from: give --month or --as-of');
  }
  const period = billingPeriod(newest);
  if (period.start <= instantOf(host.now())) return period;
  throw new WrongUsage(
    `the newest usage is of ${newest}, which has not begun: correct its date, or give --month or --as-of`,
  );
}

/**
 * The files with usage that has days. A usage summary has sums of whole stretches of a month, and
 * no days: `WrongUsage`.
 */
async function withDatedUsage(files: InputFiles): Promise<InputFiles> {
  const usage: ByteSource[] = [];
  for (const source of files.usage) {
    const { names = [], whole } = await headerOf(source);
    if (isSummaryHeader(names)) {
      throw new WrongUsage(
        `${source.file} is a usage summary, which has no days left in it to forecast from: give the usage that it was made of`,
      );
    }
    usage.push(whole);
  }
  return { ...files, usage };
}

/** The files, of which those that are no files, such as standard input, are kept to be read again. */
function readableAgain(files: InputFiles): InputFiles {
  const again = (source: ByteSource): ByteSource =>
    source.stream === undefined ? source : { ...source, stream: kept(source.stream) };
  const tables = Object.entries(files.tables).map(([kind, source]) => [kind, again(source)]);
  return {
    ...files,
    tables: Object.fromEntries(tables) as InputFiles['tables'],
    usage: files.usage.map(again),
  };
}

function kept(stream: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  const chunks: Buffer[] = [];
  return {
    async *[Symbol.asyncIterator]() {
      yield* chunks;
      for await (const chunk of stream) {
        chunks.push(chunk);
        yield chunk;
      }
    },
  };
}
