import { Worker } from 'node:worker_threads';
import type { PackedReading } from '../kinds/reading-state.ts';
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
 * So many worker threads, or fewer where the machine allows no more. Until they have a job
 * they do not keep the process alive, and a failure is only reported once readings are asked for.
 */
export function startWorkers(size: number, file = WORKER_FILE): Workers {
  const workers = startedThreads(size, file);
  let report: Report = () => {};
  const ends = workers.map((worker) => endOf(worker, (message) => report(message)));
  for (const end of ends) end.catch(() => {});
  // Only now: listening to a worker's messages makes the program wait for it again.
  for (const worker of workers) worker.unref();
  return {
    size: workers.length,
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

function startedThreads(size: number, file: URL): Worker[] {
  const workers: Worker[] = [];
  try {
    while (workers.length < size) workers.push(new Worker(file));
  } catch (error) {
    // A limit on threads (EAGAIN) is no failure: fewer read as well.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_WORKER_INIT_FAILED') throw error;
  }
  return workers;
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
