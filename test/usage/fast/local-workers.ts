import type { PackedReading } from '../../../src/usage/kinds/reading-state.ts';
import { UnitReader } from '../../../src/usage/threads/unit-reader.ts';
import type { Workers } from '../../../src/usage/threads/workers.ts';

/** Workers on this thread, by turns, with what they report and are given copied as between threads. */
export function localWorkers(size: number): Workers {
  const ends: Promise<PackedReading>[] = [];
  return {
    start: ({ turn, kernel, ...rest }, report) => {
      for (let count = 0; count < size; count += 1) {
        const job = { ...structuredClone(rest), turn, kernel };
        const reader = new UnitReader(job, (one) => report(structuredClone(one)));
        ends.push(reader.run().then(() => structuredClone(reader.state.pack())));
      }
    },
    readings: () => Promise.all(ends),
    dismiss: () => {},
  };
}
