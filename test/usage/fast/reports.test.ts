import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, test } from 'vitest';
import { reduceUsage } from '../../../src/usage/reduce.ts';
import { scratchFolder } from '../../support/scratch.ts';
import { reduceUsagePlainly } from '../plain/reduce.ts';
import { expectAnyCut, expectAnyParts } from './all-places.ts';
import { holdsForAll, oneIn, seldom } from './chance.ts';
import {
  chunkEnds,
  chunked,
  cutAt,
  expectSame,
  plans,
  plansForMany,
  readingOf,
} from './readings.ts';
import { reportFiles } from './report-files.ts';
import { usageFilesLike } from './usage-files.ts';
import { together, within } from './ways-to-read.ts';

const folder = scratchFolder();

/** Names whose order by time of delivery is not the order by path. */
const NAMES = [
  'a_user_report_202601160200.csv',
  'b_user_report_202601150200.csv',
  'c_user_report_202601160200.csv',
  'd.csv',
  'e_user_report_202601140200_part_1.csv',
];

const otherUsage = usageFilesLike({ badOneIn: 0, rareOneIn: 2 }, { users: 3, mostRows: 20 });

/** Folders of reports in any order, the first of them other usage now and then. */
const foldersOfReports = fc
  .record({
    names: fc.shuffledSubarray(NAMES, { minLength: NAMES.length }),
    reports: fc.tuple(...NAMES.map(() => reportFiles(24))),
    isGzip: fc.tuple(...NAMES.map(() => oneIn(5))),
    usage: seldom(3, otherUsage),
  })
  .map(({ names, reports, isGzip, usage }) =>
    reports.map((report, index) => {
      const bytes = index === 0 ? (usage ?? report) : report;
      return isGzip[index]
        ? { name: `${names[index]}.gz`, bytes: gzipSync(bytes) }
        : { name: `${names[index]}`, bytes };
    }),
  );

describe('M1: the fast reader of activity reports gives what its plain twin gives', {
  timeout: 120_000,
}, () => {
  test('for files of all kinds, in chunks of any size', () =>
    holdsForAll(
      fc.record({
        bytes: reportFiles(60),
        others: reportFiles(20),
        ends: chunkEnds,
        plan: plans,
        skips: fc.boolean(),
        capacity: fc.constantFrom(64, 256, 300, 1000),
      }),
      120,
      async ({ bytes, others, ends, plan, skips, capacity }) => {
        const sources = () => [
          chunked('b.csv', bytes, ends, 'long'),
          cutAt('a.csv', others, 3, 'short'),
        ];
        const expected = await readingOf(reduceUsagePlainly, sources(), plan, skips);
        expectSame(await readingOf(reduceUsage, sources(), plan, skips), expected);
        const small = await readingOf(within(capacity), sources(), plan, skips);
        expectSame(small, expected, 'little memory');
      },
    ));

  test('wherever a chunk ends', () =>
    holdsForAll(fc.record({ bytes: reportFiles(5), plan: plans }), 12, ({ bytes, plan }) =>
      expectAnyCut(bytes, plan, 'short'),
    ));

  test('wherever a part of a file begins', () =>
    holdsForAll(fc.record({ bytes: reportFiles(5), plan: plansForMany }), 6, ({ bytes, plan }) =>
      expectAnyParts(join(folder, 'parts.csv'), bytes, plan, (partBytes) => partBytes % 4),
    ));

  test('for rows delivered again in any order, beside other usage, however many threads read', () =>
    holdsForAll(
      fc.record({
        files: foldersOfReports,
        plan: plansForMany,
        skips: fc.boolean(),
        partBytes: fc.constantFrom(300, 1000, 1e6),
        others: fc.nat({ max: 3 }),
      }),
      100,
      async ({ files, plan, skips, partBytes, others }) => {
        const sources = files.map(({ name, bytes }) => {
          const file = join(folder, name);
          writeFileSync(file, bytes);
          return { file };
        });
        const expected = await readingOf(reduceUsagePlainly, sources, plan, skips);
        expectSame(await readingOf(reduceUsage, sources, plan, skips), expected);
        const many = together(partBytes, others);
        expectSame(await readingOf(many, sources, plan, skips), expected, 'together');
      },
    ));
});
