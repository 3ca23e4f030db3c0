import { parentPort } from 'node:worker_threads';
import type { Job, ThreadMessage } from './threads/job.ts';
import { UnitReader } from './threads/unit-reader.ts';

/** The code of a thread that helps to read usage: it waits for its job, does it, and ends. */
parentPort?.once('message', async (job: Job) => {
  const tell = (message: ThreadMessage): void => parentPort?.postMessage(message);
  const reader = new UnitReader(job, tell);
  await reader.run();
  tell({ reading: reader.pack() });
});
