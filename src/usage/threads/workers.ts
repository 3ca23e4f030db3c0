import { Worker } from 'node:worker_threads';
import type { PackedReading } from '../kinds/reading-state.ts';
import type { Job, ThreadMessage } from './job.ts';

/** The file of a worker's code: that of the compiled program, beside this folder. */
const WORKER_FILE = new URL('../worker.js', import.meta.url);

/** Called with what threads report while they read. */
export type Report = (message: ThreadMessage) => void;

/** Threads that help to read. */
export interface Workers {
  start(job: Job, report: Report): void;
  /** What each of them has read, once there is no more to read. Fails if one of them has failed. */
  readings(): Promise<PackedReading[]>;
  /** Stops them, finished or not; billing does not wait for their end. */
  dismiss(): void;
}

/**
 * Starts this many worker threads, or fewer if the machine allows no more. Until they have a job
 * they do not keep the process alive, and a failure is only reported once readings are requested.
 */
export function startWorkers(size: number): Workers {
  const workers = startedThreads(size);
  let report: Report = () => {};
  const ends = workers.map((worker) => endOf(worker, (message) => report(message)));
  for (const end of ends) end.catch(() => {});
  // Not earlier: listening to a worker's messages keeps the program alive.
  for (const worker of workers) worker.unref();
  return {
    start: (job, hear) => {
      report = hear;
      for (const worker of workers) {
        worker.ref();
        worker.postMessage(job);
      }
    },
    readings: () => Promise.all(ends),
    dismiss: () => {
      for (const worker of workers) worker.terminate();
    },
  };
}

function startedThreads(size: number): Worker[] {
  const workers: Worker[] = [];
  try {
    while (workers.length < size) workers.push(new Worker(WORKER_FILE));
  } catch (error) {
    // A limit on threads (EAGAIN) is no failure: fewer threads give the same result.
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
