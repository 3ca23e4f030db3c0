import { defineConfig } from 'vitest/config';
import { builtSource } from './built-source.mjs';
import { kernelPlugin } from './kernel-plugin.mjs';

export default defineConfig({
  plugins: [builtSource(), kernelPlugin()],
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    // Most tests wait for programs that they start: one worker per core, none left idle.
    maxWorkers: '100%',
    // A worker loads the program once for all of its files: no test changes what another one loads.
    isolate: false,
    // Far from UTC, and half an hour off: nothing may depend on where the program runs.
    env: { TZ: 'Asia/Kolkata' },
    // What readers hold outside of the small heap makes Node collect all garbage every few runs of the program.
    execArgv: ['--heap-growing-percent=900'],
    coverage: {
      provider: 'v8',
      include: ['src/billing/**'],
      reporter: ['text'],
      thresholds: { branches: 100, lines: 100, functions: 100 },
    },
  },
});
