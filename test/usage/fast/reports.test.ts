import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reduceUsage } from '../../../src/usage/reduce.ts';
import { reduceUsagePlainly } from '../plain/reduce.ts';
import { Dice } from './dice.ts';
import { mutated } from './mutated.ts';
import { anyPlan, chunked, cutAt, readingOf } from './readings.ts';
import { ReportBytes } from './report-bytes.ts';
import { UsageBytes } from './usage-bytes.ts';
import { seeds, together, within } from './ways-to-read.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kiro-bill-reports-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function anyReport(dice: Dice, mostRows: number): Buffer {
  const oddness = { badOneIn: dice.pick([0, 8, 40]), rareOneIn: dice.pick([1, 2, 10]) };
  const bytes = new ReportBytes(dice, oddness).file(mostRows);
  return oddness.badOneIn > 0 && dice.oneIn(4) ? mutated(dice, bytes) : bytes;
}

/** Names whose order by time of delivery is not the order by path. */
const NAMES = [
  'a_user_report_202601160200.csv',
  'b_user_report_202601150200.csv',
  'c_user_report_202601160200.csv',
  'd.csv',
  'e_user_report_202601140200_part_1.csv',
];

describe('M1: the fast reader of activity reports gives what its plain twin gives', {
  timeout: 120_000,
}, () => {
  test('for files of all kinds, in chunks of any size', async () => {
    for (const seed of seeds(150)) {
      const dice = new Dice(seed);
      const bytes = anyReport(dice, 60);
      const plan = anyPlan(dice);
      const skips = dice.oneIn(2);
      const sources = () => [
        chunked('b.csv', bytes, new Dice(seed), 'long'),
        cutAt('a.csv', anyReport(new Dice(seed + 1e6), 20), 3, 'short'),
      ];
      const expected = await readingOf(reduceUsagePlainly, sources(), plan, skips);
      const what = `seed ${seed}: ${JSON.stringify(bytes.toString('latin1'))}`;
      expect(await readingOf(reduceUsage, sources(), plan, skips), what).toEqual(expected);
      const small = within(dice.pick([64, 200, 1000]));
      expect(await readingOf(small, sources(), plan, skips), `little memory, ${what}`).toEqual(
        expected,
      );
    }
  });

  test('wherever a chunk ends', async () => {
    for (const seed of seeds(12)) {
      const dice = new Dice(seed + 2e6);
      const bytes = anyReport(dice, 5);
      const plan = anyPlan(dice);
      const whole = [cutAt('a', bytes, 0, 'short')];
      const expected = await readingOf(reduceUsagePlainly, whole, plan, true);
      for (let at = 0; at <= bytes.length; at += 1) {
        const reading = await readingOf(reduceUsage, [cutAt('a', bytes, at, 'short')], plan, true);
        expect(reading, `seed ${seed}, cut at ${at}`).toEqual(expected);
      }
    }
  });

  test('wherever a part of a file begins', async () => {
    for (const seed of seeds(6)) {
      const dice = new Dice(seed + 3e6);
      const bytes = anyReport(dice, 8);
      const plan = { ...anyPlan(dice), dedupe: false };
      const file = join(folder, `${seed}.csv`);
      writeFileSync(file, bytes);
      const expected = await readingOf(reduceUsagePlainly, [{ file }], plan, true);
      for (let partBytes = 1; partBytes <= bytes.length; partBytes += 1) {
        const reading = await readingOf(together(partBytes, partBytes % 4), [{ file }], plan, true);
        expect(reading, `seed ${seed}, parts of ${partBytes}`).toEqual(expected);
      }
    }
  });

  test('for rows delivered again in any order, beside other usage, however many threads read', async () => {
    for (const seed of seeds(120)) {
      const dice = new Dice(seed + 4e6);
      const plan = { ...anyPlan(dice), dedupe: false };
      const sources = dice.shuffled(NAMES).map((name, index) => {
        const isGzip = dice.oneIn(5);
        const file = join(folder, `${seed}-${name}${isGzip ? '.gz' : ''}`);
        const isUsage = index === 0 && dice.oneIn(3);
        const bytes = isUsage
          ? new UsageBytes(dice, { badOneIn: 0, rareOneIn: 2, users: 3 }).file(20)
          : anyReport(dice, 40);
        writeFileSync(file, isGzip ? gzipSync(bytes) : bytes);
        return { file };
      });
      const skips = dice.oneIn(2);
      const expected = await readingOf(reduceUsagePlainly, sources, plan, skips);
      const alone = await readingOf(reduceUsage, sources, plan, skips);
      expect(alone, `seed ${seed}`).toEqual(expected);
      const many = together(dice.pick([300, 1000, 1e6]), dice.roll(4));
      expect(await readingOf(many, sources, plan, skips), `seed ${seed}, together`).toEqual(
        expected,
      );
    }
  });
});
