import { syncBuiltinESMExports } from 'node:module';
import threads from 'node:worker_threads';
import { afterEach, expect, test } from 'vitest';
import type { Job } from '../../src/usage/threads/job.ts';
import { startWorkers } from '../../src/usage/threads/workers.ts';

const { Worker } = threads;

/** What the program imports as the class of threads. */
function replaceWorker(other: unknown): void {
  Object.assign(threads, { Worker: other });
  syncBuiltinESMExports();
}

afterEach(() => replaceWorker(Worker));

test.each([0, 2])('where the machine allows %d threads, so many read', (count) => {
  let allowed = count;
  let atWork = 0;
  replaceWorker(
    class {
      constructor() {
        if (allowed === 0) {
          throw Object.assign(new Error('EAGAIN'), { code: 'ERR_WORKER_INIT_FAILED' });
        }
        allowed -= 1;
      }
      on(): void {}
      ref(): void {}
      unref(): void {}
      postMessage(): void {
        atWork += 1;
      }
    },
  );
  startWorkers(5).start({} as Job, () => {});
  expect(atWork).toBe(count);
});
