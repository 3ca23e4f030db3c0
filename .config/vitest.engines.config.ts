import { defineConfig } from 'vitest/config';
import { kernelPlugin } from './kernel-plugin.mjs';

export default defineConfig({
  plugins: [kernelPlugin()],
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/engines/*.on-engines.ts'],
    testTimeout: 120_000,
    hookTimeout: 180_000,
    fileParallelism: false,
  },
});
