import { Worker } from 'node:worker_threads';
import type { PackedReading } from '../reading.ts';
import type { Job, ThreadMessage } from './job.ts';

/** Where a worker's code is: the compiled program's, beside this folder. */
const WORKER_FILE = new URL('../worker.js', import.meta.url);

/** Hears what threads tell while they read. */
export type Tell = (message: ThreadMessage) => void;

/** Those who help to read. */
export interface Crew {
  /** How many they are. */
  readonly size: number;
  start(job: Job, tell: Tell): void;
  /** What each of them has read, once there is no more to read. Fails where one of them has failed. */
  readings(): Promise<PackedReading[]>;
  /** Ends their work, however far it is. */
  dismiss(): Promise<void>;
}

/**
 * A crew of so many worker threads. Until they have a job they keep nobody waiting: the
 * program can end, and a failure is only told once somebody asks for readings.
 */
export function startWorkers(size: number, file = WORKER_FILE): Crew {
  const workers = Array.from({ length: size }, () => new Worker(file));
  let tell: Tell = () => {};
  const ends = workers.map((worker) => endOf(worker, (message) => tell(message)));
  for (const end of ends) end.catch(() => {});
  // Only now: listening to a worker's messages makes the program wait for it again.
  for (const worker of workers) worker.unref();
  return {
    size,
    start: (job, teller) => {
      tell = teller;
      for (const worker of workers) {
        worker.ref();
        worker.postMessage(job);
      }
    },
    readings: () => Promise.all(ends),
    dismiss: async () => {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

function endOf(worker: Worker, tell: Tell): Promise<PackedReading> {
  return new Promise((resolve, reject) => {
    worker.on('message', (message: ThreadMessage) => {
      if ('reading' in message) resolve(message.reading);
      else tell(message);
    });
    worker.on('error', (error) => reject(threadFailure(error)));
    worker.on('messageerror', (error) => reject(threadFailure(error)));
    worker.on('exit', (code) => reject(threadFailure(`it ended early, with code ${code}`)));
  });
}

function threadFailure(cause: unknown): Error {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new Error(`a thread that reads usage has failed: ${why}`, { cause });
}
