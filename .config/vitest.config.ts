import { defineConfig } from 'vitest/config';
import { kernelPlugin } from './kernel-plugin.mjs';

export default defineConfig({
  plugins: [kernelPlugin()],
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    // Most tests wait for programs that they start: one worker per core, none left idle.
    maxWorkers: '100%',
    // A worker loads the program once for all of its files: no test changes what another one loads.
    isolate: false,
    coverage: {
      provider: 'v8',
      include: ['src/billing/**'],
      reporter: ['text'],
      thresholds: { branches: 100, lines: 100, functions: 100 },
    },
  },
});
