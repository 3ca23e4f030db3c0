import { statSync } from 'node:fs';
import { sourceFacts } from '../../../src/usage/coverage/source-facts.ts';
import { usageDays } from '../../../src/usage/coverage/usage-days.ts';
import { type SortedSources, sortSources } from '../../../src/usage/files/sort-sources.ts';
import type { ReductionPlan, UsageReduction } from '../../../src/usage/plan.ts';
import { type Reading, reductionOf } from '../../../src/usage/reading.ts';
import { RowKernel } from '../../../src/usage/rows/row-kernel.ts';
import { partsOf, usageFileReader } from '../../../src/usage/threads/file-parts.ts';
import { readOnMainThread } from '../../../src/usage/threads/read-on-main-thread.ts';
import { readUnits } from '../../../src/usage/threads/read-units.ts';
import type { Unit } from '../../../src/usage/threads/units.ts';
import { localWorkers } from './local-workers.ts';
import type { Reduce } from './readings.ts';

async function reductionOfAll(
  reading: Reading,
  sorted: SortedSources,
  plan: ReductionPlan,
): Promise<UsageReduction> {
  const reduction = reductionOf(reading, plan);
  const facts = sourceFacts(reading, sorted.usage);
  const coverage = await usageDays(reading.state.sums, facts, sorted, plan);
  const unrecognizedFiles = sorted.unrecognizedFiles.map(({ file }) => file);
  return { ...reduction, coverage, unrecognizedFiles };
}

/** Does work while kernels have only the beginning of their memory for the text to read. */
async function withTextBytes<Result>(bytes: number, work: () => Promise<Result>): Promise<Result> {
  const whole = Object.getOwnPropertyDescriptor(RowKernel.prototype, 'bytes') as PropertyDescriptor;
  Object.defineProperty(RowKernel.prototype, 'bytes', {
    configurable: true,
    get(this: RowKernel): Buffer {
      return whole.get?.call(this).subarray(0, bytes);
    },
  });
  return work().finally(() => Object.defineProperty(RowKernel.prototype, 'bytes', whole));
}

/** The fast reader with so little memory at hand that rows are longer now and then. */
export function within(capacity: number): Reduce {
  return async (sources, plan, log, onBadRow) => {
    const sorted = await sortSources(sources);
    const { usage } = sorted;
    const reading = await withTextBytes(capacity, () =>
      readOnMainThread(usage, plan, { log, onBadRow }, {}),
    );
    return reductionOfAll(reading, sorted, plan);
  };
}

/** Files in parts of a size of one's own: the reader's own parts are too large to have many of them. */
async function unitsOfSize(
  files: readonly string[],
  plan: ReductionPlan,
  partBytes: number,
): Promise<Unit[]> {
  const usageFileOf = usageFileReader(plan);
  const units: Unit[] = [];
  for (const [source, file] of files.entries()) {
    const bytes = statSync(file).size;
    const known = bytes > partBytes ? await usageFileOf(file) : undefined;
    if (known === undefined) units.push({ source });
    else for (const part of partsOf(known, bytes, partBytes)) units.push({ source, part });
  }
  return units;
}

/** How often files were really parted. */
export const partings = { count: 0 };

/** The fast reader with files parted among some readers, as among threads. `known`: its sources, sorted. */
export function together(partBytes: number, others: number, known?: SortedSources): Reduce {
  return async (sources, plan, log, onBadRow) => {
    const sorted = known ?? (await sortSources(sources));
    const { usage } = sorted;
    const workers = localWorkers(others);
    const files = usage.map(({ file }) => file);
    const units = await unitsOfSize(files, plan, partBytes);
    const read = plan.dedupe
      ? undefined
      : await readUnits({ plan, files, units }, {}, workers, undefined);
    if (read !== undefined) partings.count += 1;
    const reading = read ?? (await readOnMainThread(usage, plan, { log, onBadRow }, {}));
    return reductionOfAll(reading, sorted, plan);
  };
}
