/** Single values of a page are those that the whole page has. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { readRleBitPackedHybrid } from 'hyparquet/src/encoding.js';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { expect, it } from 'vitest';
import { withParquetFile } from '../../../src/usage/rows/parquet-file.ts';
import { positionOf } from '../../../src/usage/rows/parquet-pages.ts';
import { PackedNumbers } from '../../../src/usage/rows/parquet-picker.ts';
import { withDirectory } from '../../support/in-process.ts';

/** A run: a number so many times, or groups of eight numbers. */
type Run = { readonly count: number; readonly value: number } | { readonly packed: number[] };

function bytesOfRuns(runs: readonly Run[], width: number): Uint8Array {
  return Uint8Array.from(
    runs.flatMap((run) => {
      if ('count' in run) return [...header(run.count * 2), ...numberBytes(run.value, width)];
      const groups = Math.ceil(run.packed.length / 8);
      const bits = run.packed.map((value) => value.toString(2).padStart(width, '0'));
      const all = [...bits]
        .reverse()
        .join('')
        .padStart(groups * 8 * width, '0');
      const bytes = all.match(/.{8}/g)?.map((byte) => Number.parseInt(byte, 2)) ?? [];
      return [...header(groups * 2 + 1), ...bytes.reverse()];
    }),
  );
}

function header(number: number): number[] {
  return number < 128 ? [number] : [(number % 128) + 128, ...header(Math.floor(number / 128))];
}

function numberBytes(value: number, width: number): number[] {
  return Array.from(
    { length: Math.ceil(width / 8) },
    (_, at) => Math.floor(value / 256 ** at) % 256,
  );
}

const packings = fc.integer({ min: 1, max: 24 }).chain((width) => {
  const value = fc.integer({ min: 0, max: 2 ** width - 1 });
  const run: fc.Arbitrary<Run> = fc.oneof(
    fc.record({ count: fc.integer({ min: 0, max: 300 }), value }),
    fc
      .integer({ min: 1, max: 4 })
      .chain((groups) =>
        fc
          .array(value, { minLength: groups * 8, maxLength: groups * 8 })
          .map((packed) => ({ packed })),
      ),
  );
  return fc.record({
    width: fc.constant(width),
    runs: fc.array(run, { minLength: 1, maxLength: 6 }),
    steps: fc.infiniteStream(fc.integer({ min: 1, max: 40 })),
  });
});

it('numbers in runs are those of the library, one by one and counted', () => {
  fc.assert(
    fc.property(packings, ({ width, runs, steps }) => {
      const bytes = bytesOfRuns(runs, width);
      const count = runs.reduce(
        (sum, run) => sum + ('count' in run ? run.count : run.packed.length),
        0,
      );
      const all = new Int32Array(count);
      const view = new DataView(bytes.buffer);
      readRleBitPackedHybrid({ view, offset: 0 }, width, all, bytes.length);
      const read = new Int32Array(count);
      new PackedNumbers(bytes, width).readInto(read);
      expect(read).toEqual(all);
      const [numbers, counting] = [
        new PackedNumbers(bytes, width),
        new PackedNumbers(bytes, width),
      ];
      let before = 0;
      for (let at = 0; at < count; at += steps.next().value) {
        const wanted = all[at] as number;
        expect(numbers.at(at)).toBe(wanted);
        const expected = all.subarray(before, at).filter((one) => one === wanted).length;
        expect(counting.countOf(wanted, before, at)).toBe(expected);
        before = at;
      }
      expect(() => numbers.at(count)).toThrow(/ends too early/);
    }),
    { numRuns: 200 },
  );
});

const text = fc.option(fc.string({ maxLength: 5 }), { freq: 3 });
const columns = fc.record({
  few: fc.array(fc.option(fc.constantFrom('Kiro', 'AmazonEC2', '')), {
    minLength: 40,
    maxLength: 40,
  }),
  many: fc.array(text, { minLength: 40, maxLength: 40 }),
  amount: fc.array(fc.option(fc.double({ noNaN: true })), { minLength: 40, maxLength: 40 }),
  whole: fc.array(fc.option(fc.bigInt({ min: -9n, max: 9n })), { minLength: 40, maxLength: 40 }),
  rows: fc.uniqueArray(fc.nat(39), { minLength: 1, maxLength: 8 }),
});

it('values of some rows are those of their pages', async () => {
  await withDirectory({}, async (directory) => {
    const file = join(directory, 'x.parquet');
    const write = async (of: typeof columns extends fc.Arbitrary<infer T> ? T : never) => {
      const columnData = [
        { name: 'few', data: of.few, type: 'STRING' as const },
        { name: 'many', data: of.many, type: 'STRING' as const },
        { name: 'amount', data: of.amount, type: 'DOUBLE' as const },
        { name: 'whole', data: of.whole, type: 'INT64' as const },
      ];
      await writeFile(file, Buffer.from(parquetWriteBuffer({ columnData, rowGroupSize: 16 })));
    };
    const picked = fc.asyncProperty(columns, async (of) => {
      await write(of);
      const rows = [...of.rows].sort((a, b) => a - b);
      await withParquetFile(file, async (parquet) => {
        for (const name of parquet.columns.keys()) {
          const textOf = (value: unknown): string => `${name} ${String(value)}`;
          const whole = parquet.column(name);
          const expected: string[] = [];
          for (const row of rows) {
            const page = await whole.pageWith(row);
            const position = positionOf(page, row);
            expected.push(position < 0 ? '' : textOf(page.values.at(position)));
          }
          expect(await parquet.column(name).textsOf(rows, textOf)).toEqual(expected);
        }
      });
    });
    await fc.assert(picked, { numRuns: 40 });
  });
});
