import { listenerOf } from '../../../src/usage/listener.ts';
import { readAlone } from '../../../src/usage/read-alone.ts';
import { reductionOf } from '../../../src/usage/reading.ts';
import { sortSources } from '../../../src/usage/sort-sources.ts';
import { readTogether } from '../../../src/usage/threads/read-together.ts';
import { localCrew } from './local-crew.ts';
import type { Reduce } from './readings.ts';

/** More rounds than usual: `USAGE_FUZZ_ROUNDS=20 npx vitest run … fast`. */
export const ROUNDS = Number(process.env.USAGE_FUZZ_ROUNDS ?? 1);
const FIRST_SEED = Number(process.env.USAGE_FUZZ_SEED ?? 1);

export function seeds(count: number): number[] {
  return Array.from({ length: count * ROUNDS }, (_, index) => FIRST_SEED + index);
}

/** The fast reader with so little memory at hand that rows are longer now and then. */
export function within(bufferBytes: number): Reduce {
  return async (sources, plan, log, onBadRow) => {
    const listener = listenerOf(log, onBadRow);
    const { usage } = await sortSources(sources);
    return reductionOf(await readAlone(usage, plan, listener, {}, bufferBytes), plan);
  };
}

/** How often files were really parted. */
export const partings = { count: 0 };

/** The fast reader with files parted among some readers, as among threads. */
export function together(partBytes: number, others: number): Reduce {
  return async (sources, plan, log, onBadRow) => {
    const listener = listenerOf(log, onBadRow);
    const { usage } = await sortSources(sources);
    const read = await readTogether(usage, plan, listener, {}, localCrew(others), { partBytes });
    if (read !== undefined) partings.count += 1;
    return reductionOf(read ?? (await readAlone(usage, plan, listener, {})), plan);
  };
}
