/**
 * The tests by which mutants are found, in `npm run mutation`: those that run the source in this
 * process, without the properties, which take long. One folder at a time is quicker, and adds to
 * what is known already: `npm run mutation -- --mutate 'src/billing/**'`.
 */
import { defineConfig } from 'vitest/config';
import config from '../vitest.config.ts';

export default defineConfig({
  ...config,
  test: {
    ...config.test,
    include: [
      'test/{domain,billing,reconcile,aws}/*.test.ts',
      'test/import/!(orders).test.ts',
      'test/render/{rates,optimize,forecast,explain,csv}.test.ts',
      'test/cli/{trend,rows,optimize,forecast,import,reconcile}.test.ts',
      'test/report/{report,figures}.test.ts',
      'test/stories/{worked-examples,rate-change,overage-switch}.test.ts',
    ],
    isolate: false,
  },
});
