import { writeFileSync } from 'node:fs';
import { sortSources } from '../../../src/usage/files/sort-sources.ts';
import type { ReductionPlan } from '../../../src/usage/plan.ts';
import { reduceUsage } from '../../../src/usage/reduce.ts';
import { reduceUsagePlainly } from '../plain/reduce.ts';
import { chunked, expectSame, type IsLong, readingOf } from './readings.ts';
import { together } from './ways-to-read.ts';

/** In how many places a reading cuts a file. */
const CUTS = 8;

/**
 * Reads chunks that end at a few places far from one another, as the plain twin reads them, until
 * each place has been the end of a chunk.
 */
export async function expectAnyCut(
  bytes: Buffer,
  plan: ReductionPlan,
  isLong: IsLong,
): Promise<void> {
  const sourceCut = (places: readonly number[]) => [chunked('a', bytes, places, isLong)];
  const expected = await readingOf(reduceUsagePlainly, sourceCut([]), plan, true);
  const step = Math.ceil((bytes.length + 1) / CUTS);
  for (let first = 0; first < step; first += 1) {
    const places = Array.from({ length: CUTS }, (_, index) => first + index * step);
    const reading = await readingOf(reduceUsage, sourceCut(places), plan, true);
    expectSame(reading, expected, `cut at ${places}`);
  }
}

/**
 * Sizes of parts: a byte, which makes each place the beginning of a part, then ever more that make
 * most of the places one, of longer parts. Small ones cost most, as a file has so many of them.
 */
function partSizes(length: number): number[] {
  const all = Array.from({ length }, (_, index) => index + 1);
  return all.filter((size) => size % (size <= length / 8 ? 3 : 11) === 1);
}

/**
 * Reads a file in parts of many sizes as the plain twin reads it. `othersFor`: how many read beside
 * the first, for a size, as far as there are parts for them: elsewhere some have none.
 */
export async function expectAnyParts(
  file: string,
  bytes: Buffer,
  plan: ReductionPlan,
  othersFor: (partBytes: number) => number,
): Promise<void> {
  writeFileSync(file, bytes);
  const sources = [{ file }];
  const expected = await readingOf(reduceUsagePlainly, sources, plan, true);
  const sorted = await sortSources(sources);
  for (const partBytes of partSizes(bytes.length)) {
    const mostOthers = Math.ceil(bytes.length / partBytes) - 1;
    const reduce = together(partBytes, Math.min(othersFor(partBytes), mostOthers), sorted);
    const reading = await readingOf(reduce, sources, plan, true);
    expectSame(reading, expected, `parts of ${partBytes}`);
  }
}
