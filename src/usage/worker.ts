import { setFlagsFromString } from 'node:v8';
import { parentPort } from 'node:worker_threads';
import type { PackedReading } from './kinds/reading-state.ts';
import type { Job, ThreadMessage } from './threads/job.ts';
import { UnitReader } from './threads/unit-reader.ts';

// Before version 22, Node optimizes functions so eagerly that this takes cores from the threads that
// read. Not earlier: what Node has compiled before, for the start of threads, too, is good for the
// default flags alone.
if (Number.parseInt(process.versions.node, 10) < 22)
  setFlagsFromString('--interrupt-budget=500000');

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
    const { pages, groups, facts, overages } = reports;
    arrays.push(...pages, groups, facts, overages);
  }
  return arrays.map(({ buffer }) => buffer as ArrayBuffer);
}
