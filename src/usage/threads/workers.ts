import { Worker } from 'node:worker_threads';
import type { PackedReading } from '../reading-state.ts';
import type { Job, ThreadMessage } from './job.ts';

/** Where a worker's code is: the compiled program's, beside this folder. */
const WORKER_FILE = new URL('../worker.js', import.meta.url);

/** Hears what threads report while they read. */
export type Report = (message: ThreadMessage) => void;

/** Threads that help to read. */
export interface Workers {
  /** How many they are. */
  readonly size: number;
  start(job: Job, report: Report): void;
  /** What each of them has read, once there is no more to read. Fails where one of them has failed. */
  readings(): Promise<PackedReading[]>;
  /** Ends their work, however far it is. */
  dismiss(): Promise<void>;
}

/**
 * So many worker threads. Until they have a job they keep nobody waiting: the
 * program can end, and a failure is only told once somebody asks for readings.
 */
export function startWorkers(size: number, file = WORKER_FILE): Workers {
  const workers = Array.from({ length: size }, () => new Worker(file));
  let report: Report = () => {};
  const ends = workers.map((worker) => endOf(worker, (message) => report(message)));
  for (const end of ends) end.catch(() => {});
  // Only now: listening to a worker's messages makes the program wait for it again.
  for (const worker of workers) worker.unref();
  return {
    size,
    start: (job, hear) => {
      report = hear;
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

function endOf(worker: Worker, report: Report): Promise<PackedReading> {
  return new Promise((resolve, reject) => {
    worker.on('message', (message: ThreadMessage) => {
      if ('reading' in message) resolve(message.reading);
      else report(message);
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
