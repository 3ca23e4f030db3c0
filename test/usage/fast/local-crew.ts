import type { PackedReading } from '../../../src/usage/reading.ts';
import type { Crew } from '../../../src/usage/threads/crew.ts';
import { UnitReader } from '../../../src/usage/threads/unit-reader.ts';

/** A crew that works on this thread, by turns, with what it tells and is told copied as between threads. */
export function localCrew(size: number, bufferBytes?: number): Crew {
  const ends: Promise<PackedReading>[] = [];
  return {
    size,
    start: ({ turn, ...rest }, tell) => {
      for (let count = 0; count < size; count += 1) {
        const job = { ...structuredClone(rest), turn };
        const reader = new UnitReader(job, (told) => tell(structuredClone(told)), bufferBytes);
        ends.push(reader.run().then(() => structuredClone(reader.pack())));
      }
    },
    readings: () => Promise.all(ends),
    dismiss: async () => {},
  };
}
