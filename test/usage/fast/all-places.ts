import { writeFileSync } from 'node:fs';
import { sortSources } from '../../../src/usage/files/sort-sources.ts';
import type { ReductionPlan } from '../../../src/usage/plan.ts';
import { reduceUsage } from '../../../src/usage/reduce.ts';
import { reduceUsagePlainly } from '../plain/reduce.ts';
import { cutAt, expectSame, type IsLong, readingOf } from './readings.ts';
import { together } from './ways-to-read.ts';

/** Reads two chunks, cut at each place in turn, as the plain twin reads them. */
export async function expectAnyCut(
  bytes: Buffer,
  plan: ReductionPlan,
  isLong: IsLong,
): Promise<void> {
  const whole = [cutAt('a', bytes, 0, isLong)];
  const expected = await readingOf(reduceUsagePlainly, whole, plan, true);
  for (let at = 0; at <= bytes.length; at += 1) {
    const reading = await readingOf(reduceUsage, [cutAt('a', bytes, at, isLong)], plan, true);
    expectSame(reading, expected, `cut at ${at}`);
  }
}

/**
 * Reads a file in parts of each size as the plain twin reads it. `othersFor`: how many read beside
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
  for (let partBytes = 1; partBytes <= bytes.length; partBytes += 1) {
    const mostOthers = Math.ceil(bytes.length / partBytes) - 1;
    const reduce = together(partBytes, Math.min(othersFor(partBytes), mostOthers), sorted);
    const reading = await readingOf(reduce, sources, plan, true);
    expectSame(reading, expected, `parts of ${partBytes}`);
  }
}
