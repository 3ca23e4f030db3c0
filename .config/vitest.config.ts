import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { builtSource } from './built-source.mjs';
import { kernelPlugin } from './kernel-plugin.mjs';

/** What takes longest, the longest first: it must not be what one worker still runs while the other has nothing left. */
const LONGEST = [
  ...['usage/fast/reports', 'properties/invoice', 'import/orders', 'report/browser'],
  ...['cli/broken-inputs', 'usage/fast/differential', 'usage/sql-grammar'],
];

function placeOf({ moduleId }: TestSpecification): number {
  const place = LONGEST.findIndex((name) => moduleId.includes(`/test/${name}.`));
  return place < 0 ? LONGEST.length : place;
}

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => placeOf(a) - placeOf(b));
  }
}

export default defineConfig({
  plugins: [builtSource(), kernelPlugin()],
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/support/cases.ts'],
    testTimeout: 60_000,
    // Workers wait now and then for programs, the browser and files: others take up that time.
    maxWorkers: 2 * availableParallelism(),
    // A worker loads the program once for all of its files: no test changes what another one loads.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    // Far from UTC, and half an hour off: nothing may depend on where the program runs.
    env: { TZ: 'Asia/Kolkata' },
    // What readers hold outside of the small heap makes Node collect all garbage every few runs of the program.
    // Threads that collect it beside the tests would take the processor from the other worker.
    // What a run leaves is garbage before a large young heap is full.
    execArgv: [
      ...['--heap-growing-percent=900', '--single-threaded-gc'],
      '--min-semi-space-size=32',
    ],
    coverage: {
      provider: 'v8',
      include: ['src/billing/**'],
      reporter: ['text'],
      thresholds: { branches: 100, lines: 100, functions: 100 },
    },
  },
});
