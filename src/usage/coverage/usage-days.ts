import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type BillingPeriod, periodAt, periodsBetween } from '../../domain/billing-period.ts';
import { NANOS_PER_SECOND } from '../../domain/instant.ts';
import { compareBytes } from '../../domain/text-order.ts';
import type { SameUsage, TwoKinds, UsageDays, UsageTwice } from '../../domain/usage-days.ts';
import { type ByteSource, isGzip } from '../../input/byte-source.ts';
import type { SortedSources } from '../files/sort-sources.ts';
import type { ReductionPlan } from '../plan.ts';
import { KIND_BITS, type SeatSums } from '../sums/seat-sums.ts';
import { factsText, sameFiles } from './same-files.ts';
import type { SourceFacts } from './source-facts.ts';

/** Which days have usage, and which usage seems to be present twice. */
export async function usageDays(
  sums: SeatSums,
  facts: readonly SourceFacts[],
  sorted: SortedSources,
  plan: ReductionPlan,
): Promise<UsageDays> {
  const { requests, summaries } = factsByKind(facts, sorted);
  const twice = async (): Promise<UsageTwice[]> => [
    ...(await sameRows(requests, plan)),
    ...(await sameSummaries(summaries)),
    ...twoKinds(sums, sorted),
  ];
  return {
    ...(sorted.summaries.length > 0 ? {} : { byProfile: sums.days }),
    summaryMonths: sums.summaryMonths,
    twice: plan.dedupe ? [] : await twice(),
  };
}

/** The facts of the files of request usage, and of usage summaries. */
export function factsByKind(
  facts: readonly SourceFacts[],
  { requests, summaries }: SortedSources,
): { readonly requests: SourceFacts[]; readonly summaries: SourceFacts[] } {
  const [ofRequests, ofSummaries] = [new Set(requests), new Set(summaries)];
  return {
    requests: facts.filter(({ source }) => ofRequests.has(source)),
    summaries: facts.filter(({ source }) => ofSummaries.has(source)),
  };
}

async function sameRows(
  requests: readonly SourceFacts[],
  { months: wanted, ...plan }: ReductionPlan,
): Promise<SameUsage[]> {
  const files = requests.filter((one) => one.first <= one.last && canBeSearched(one.source));
  const overlapping = files.filter((one) =>
    files.some(
      (other) =>
        other !== one && doOverlap(one, other) && isWanted(monthsOfBoth(one, other), wanted),
    ),
  );
  if (overlapping.length === 0) return [];
  const { sharedRows } = await import('./first-rows.ts');
  const pairs = await sharedRows(
    overlapping.map(({ source }) => source),
    plan,
  );
  return pairs.map((pair) => {
    const [a, b] = pair.map((index) => overlapping[index]) as [SourceFacts, SourceFacts];
    return { how: 'same rows', files: pathsOf([a.source, b.source]), months: monthsOfBoth(a, b) };
  });
}

/** The output of a query engine is one dataset, in which no file is repeated. */
function canBeSearched({ file, stream, start }: ByteSource): boolean {
  if (stream !== undefined) return start !== undefined && !isGzip(file);
  return !existsSync(join(dirname(file), '_SUCCESS'));
}

function isWanted(months: ReadonlySet<string>, wanted: ReadonlySet<string> | undefined): boolean {
  return [...months].some((month) => wanted?.has(month) ?? true);
}

/** Checked first for all pairs of files, as it is by far the cheapest test. */
function doOverlap(a: SourceFacts, b: SourceFacts): boolean {
  return a.first <= b.last && b.first <= a.last;
}

/** The months in which the spans of two files overlap. */
function monthsOfBoth(a: SourceFacts, b: SourceFacts): Set<string> {
  return monthsBetween(Math.max(a.first, b.first), Math.min(a.last, b.last));
}

function monthsBetween(first: number, last: number): Set<string> {
  if (first > last) return new Set();
  const [from, to] = [first, last].map((second) => periodAt(BigInt(second) * NANOS_PER_SECOND));
  return new Set(
    periodsBetween(from as BillingPeriod, to as BillingPeriod).map(({ month }) => month),
  );
}

async function sameSummaries(summaries: readonly SourceFacts[]): Promise<SameUsage[]> {
  const same = await sameFiles(summaries, factsText);
  return same.map(({ earlier, later }) => ({
    how: 'same summary',
    files: pathsOf([earlier.source, later.source]),
    months: monthsBetween(later.first, later.last),
  }));
}

/** The seats with rows of one month in two kinds of usage. */
function twoKinds(sums: SeatSums, { requests, reports, summaries }: SortedSources): TwoKinds[] {
  const kinds = [
    { bit: KIND_BITS.requests, sources: requests },
    { bit: KIND_BITS.reports, sources: reports },
    { bit: KIND_BITS.summaries, sources: summaries },
  ].filter(({ sources }) => sources.length > 0);
  if (kinds.length < 2) return [];
  const seats = [...sums.mixedSeats()];
  const pairs = kinds.flatMap((a, index) => kinds.slice(index + 1).map((b) => [a, b] as const));
  return pairs.flatMap(([a, b]) => {
    const both = seats.filter((seat) => (seat.kinds & a.bit) !== 0 && (seat.kinds & b.bit) !== 0);
    if (both.length === 0) return [];
    const files = [...pathsOf(a.sources), ...pathsOf(b.sources)];
    const months = new Set(both.map(({ month }) => month));
    return [{ how: 'two kinds' as const, files, months, seats: both.length }];
  });
}

function pathsOf(sources: readonly ByteSource[]): string[] {
  return sources.map(({ file }) => file).sort(compareBytes);
}
