import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reduceUsage } from '../../../src/usage/reduce.ts';
import { reduceUsagePlainly } from '../plain/reduce.ts';
import { Dice } from './dice.ts';
import { anyPlan, chunked, cutAt, type IsLong, readingOf } from './readings.ts';
import { UsageBytes } from './usage-bytes.ts';
import { partings, ROUNDS, seeds, together, within } from './ways-to-read.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kiro-bill-usage-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** A file of any kind. */
function anyFile(dice: Dice, mostRows: number): Buffer {
  const badOneIn = dice.pick([0, 8, 40]);
  return new UsageBytes(dice, { badOneIn, rareOneIn: dice.pick([1, 2, 10]), users: 5 }).file(
    mostRows,
  );
}

describe('M1: the fast reader gives what its plain twin gives', { timeout: 120_000 }, () => {
  test('for files of all kinds, in chunks of any size', async () => {
    for (const seed of seeds(250)) {
      const dice = new Dice(seed);
      const bytes = anyFile(dice, 60);
      const plan = anyPlan(dice);
      const skips = dice.oneIn(2);
      const sources = (isLong: IsLong) => [
        chunked('a.csv', bytes, new Dice(seed), isLong),
        cutAt('b.csv', bytes, 3, isLong),
      ];
      const small = within(dice.pick([64, 200, 1000]));
      const expected = await readingOf(reduceUsagePlainly, sources('long'), plan, skips);
      const what = `seed ${seed}: ${JSON.stringify(bytes.toString('latin1'))}`;
      for (const isLong of ['long', 'short'] as const) {
        const reading = await readingOf(reduceUsage, sources(isLong), plan, skips);
        expect(reading, `${isLong}, ${what}`).toEqual(expected);
        const within = await readingOf(small, sources(isLong), plan, skips);
        expect(within, `little memory, ${isLong}, ${what}`).toEqual(expected);
      }
    }
  });

  test('for long files with many users, nearly all of their rows plain', async () => {
    for (const seed of seeds(12)) {
      const dice = new Dice(seed + 4e6);
      const rareOneIn = dice.pick([20, 200, 5000]);
      const badOneIn = dice.pick([0, 300]);
      const bytes = new UsageBytes(dice, { badOneIn, rareOneIn, users: 3000 }).file(4000);
      const plan = anyPlan(dice);
      const sources = () => [chunked('a.csv', bytes, new Dice(seed), 'long')];
      const expected = await readingOf(reduceUsagePlainly, sources(), plan, true);
      expect(await readingOf(reduceUsage, sources(), plan, true), `seed ${seed}`).toEqual(expected);
    }
  });

  test('wherever a chunk ends', async () => {
    for (const seed of seeds(8)) {
      const dice = new Dice(seed + 1e6);
      const bytes = anyFile(dice, 6);
      const plan = anyPlan(dice);
      const isLong = dice.pick(['long', 'short'] as const);
      const whole = [cutAt('a', bytes, 0, isLong)];
      const expected = await readingOf(reduceUsagePlainly, whole, plan, true);
      for (let at = 0; at <= bytes.length; at += 1) {
        const reading = await readingOf(reduceUsage, [cutAt('a', bytes, at, isLong)], plan, true);
        expect(reading, `seed ${seed}, cut at ${at}`).toEqual(expected);
      }
    }
  });

  test('wherever a part of a file begins', async () => {
    for (const seed of seeds(4)) {
      const dice = new Dice(seed + 2e6);
      const bytes = anyFile(dice, 8);
      const plan = { ...anyPlan(dice), dedupe: false };
      const file = join(folder, `${seed}.csv`);
      writeFileSync(file, bytes);
      const expected = await readingOf(reduceUsagePlainly, [{ file }], plan, true);
      for (let partBytes = 1; partBytes <= bytes.length; partBytes += 1) {
        const reduce = together(partBytes, 1 + (partBytes % 3));
        const reading = await readingOf(reduce, [{ file }], plan, true);
        expect(reading, `seed ${seed}, parts of ${partBytes}`).toEqual(expected);
      }
    }
  });

  test('for many files, read together', async () => {
    for (const seed of seeds(40)) {
      const dice = new Dice(seed + 3e6);
      const plan = { ...anyPlan(dice), dedupe: false };
      const sources = Array.from({ length: 1 + dice.roll(6) }, (_, index) => {
        const file = join(folder, `${seed}-${index}.csv`);
        writeFileSync(file, anyFile(dice, 30));
        return { file };
      });
      const skips = dice.oneIn(2);
      const expected = await readingOf(reduceUsagePlainly, sources, plan, skips);
      const reduce = together(dice.pick([300, 1000, 1e6]), dice.roll(4));
      expect(await readingOf(reduce, sources, plan, skips), `seed ${seed}`).toEqual(expected);
    }
    expect(partings.count).toBeGreaterThan(20 * ROUNDS);
  });
});
