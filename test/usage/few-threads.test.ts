import { expect, test, vi } from 'vitest';
import { startWorkers } from '../../src/usage/threads/workers.ts';

let allowed = 0;

vi.mock('node:worker_threads', async (original) => ({
  ...(await original<object>()),
  Worker: class {
    constructor() {
      if (allowed === 0) {
        throw Object.assign(new Error('EAGAIN'), { code: 'ERR_WORKER_INIT_FAILED' });
      }
      allowed -= 1;
    }
    on(): void {}
    unref(): void {}
  },
}));

test.each([0, 2])('where the machine allows %d threads, so many read', (count) => {
  allowed = count;
  expect(startWorkers(5).size).toBe(count);
});
