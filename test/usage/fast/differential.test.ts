import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { reduceUsage } from '../../../src/usage/reduce.ts';
import { PLAIN_PLAN } from '../../support/plain-plan.ts';
import { scratchFolder } from '../../support/scratch.ts';
import { reduceUsagePlainly } from '../plain/reduce.ts';
import { expectAnyCut, expectAnyParts } from './all-places.ts';
import { holdsForAll, ROUNDS } from './chance.ts';
import {
  chunkEnds,
  chunked,
  cutAt,
  expectSame,
  type IsLong,
  plans,
  plansForMany,
  readingOf,
} from './readings.ts';
import { usageFiles, usageFilesLike } from './usage-files.ts';
import { partings, together, within } from './ways-to-read.ts';

const folder = scratchFolder();

const lengths = fc.constantFrom<IsLong>('long', 'short');

describe('M1: the fast reader gives what its plain twin gives', { timeout: 120_000 }, () => {
  test('for files of all kinds, in chunks of any size', () =>
    holdsForAll(
      fc.record({
        bytes: usageFiles(60),
        ends: chunkEnds,
        plan: plans,
        skips: fc.boolean(),
        isLong: lengths,
        capacity: fc.constantFrom(64, 256, 300, 1000),
      }),
      250,
      async ({ bytes, ends, plan, skips, isLong, capacity }) => {
        const sources = () => [
          chunked('a.csv', bytes, ends, isLong),
          cutAt('b.csv', bytes, 3, isLong),
        ];
        const expected = await readingOf(reduceUsagePlainly, sources(), plan, skips);
        expectSame(await readingOf(reduceUsage, sources(), plan, skips), expected);
        const small = await readingOf(within(capacity), sources(), plan, skips);
        expectSame(small, expected, 'little memory');
      },
    ));

  test('for long files with many users, nearly all of their rows plain', () =>
    holdsForAll(
      fc.record({
        bytes: fc
          .record({
            rareOneIn: fc.constantFrom(5000, 200, 20),
            badOneIn: fc.constantFrom(0, 300),
          })
          .chain((oddness) => usageFilesLike(oddness, { users: 3000, mostRows: 4000 })),
        ends: chunkEnds,
        plan: plans,
      }),
      12,
      async ({ bytes, ends, plan }) => {
        const sources = () => [chunked('a.csv', bytes, ends, 'long')];
        const expected = await readingOf(reduceUsagePlainly, sources(), plan, true);
        expectSame(await readingOf(reduceUsage, sources(), plan, true), expected);
      },
    ));

  test('wherever a chunk ends', () =>
    holdsForAll(
      fc.record({ bytes: usageFiles(6), plan: plans, isLong: lengths }),
      8,
      ({ bytes, plan, isLong }) => expectAnyCut(bytes, plan, isLong),
    ));

  test('wherever a chunk ends among lines that bad quotes hold together', () => {
    // The first two lines are bad, each by itself, and the other two are one row.
    const bad = ['2026-01-05,p-1,"a', 'b",1,"x', '"y","z', 'w",1,2'];
    const good = Array.from({ length: 20 }, () => '2026-01-05,p-1,u-1,7');
    const header = 'timestamp,profile_id,user_id,credits';
    const bytes = Buffer.from([header, ...good, ...bad, ...good, ''].join('\n'));
    return expectAnyCut(bytes, PLAIN_PLAN, 'long');
  });

  test('wherever a part of a file begins', () =>
    holdsForAll(fc.record({ bytes: usageFiles(8), plan: plansForMany }), 4, ({ bytes, plan }) =>
      expectAnyParts(join(folder, 'parts.csv'), bytes, plan, (partBytes) => 1 + (partBytes % 3)),
    ));

  test('for many files, read together', async () => {
    const manyFiles = fc.record({
      files: fc.array(usageFiles(30), { minLength: 1, maxLength: 6, size: 'max' }),
      plan: plansForMany,
      skips: fc.boolean(),
      partBytes: fc.constantFrom(300, 1000, 1e6),
      others: fc.nat({ max: 3 }),
    });
    await holdsForAll(manyFiles, 40, async ({ files, plan, skips, partBytes, others }) => {
      const sources = files.map((bytes, index) => {
        const file = join(folder, `${index}.csv`);
        writeFileSync(file, bytes);
        return { file };
      });
      const expected = await readingOf(reduceUsagePlainly, sources, plan, skips);
      const reduce = together(partBytes, others);
      expectSame(await readingOf(reduce, sources, plan, skips), expected);
    });
    expect(partings.count).toBeGreaterThan(20 * ROUNDS);
  });
});
