import { parentPort } from 'node:worker_threads';
import type { PackedReading } from './kinds/reading-state.ts';
import type { Job, ThreadMessage } from './threads/job.ts';
import { UnitReader } from './threads/unit-reader.ts';

/** The code of a thread that helps to read usage: it waits for its job, does it, and ends. */
parentPort?.once('message', async (job: Job) => {
  const reader = new UnitReader(job, (message: ThreadMessage) => parentPort?.postMessage(message));
  await reader.run();
  const reading = reader.state.pack();
  parentPort?.postMessage({ reading }, memoryOf(reading));
});

/** The large buffers, which are transferred to the other thread instead of copied. */
function memoryOf({ sums, reports }: PackedReading): ArrayBuffer[] {
  const arrays = [sums.cells, sums.users, sums.userEnds, sums.userIds];
  if (reports !== undefined) {
    const { rows, groups, facts, overages } = reports;
    arrays.push(...rows.pages, groups, facts, overages);
  }
  return arrays.map(({ buffer }) => buffer as ArrayBuffer);
}
