/** Single values of a page are those that the whole page has. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { readRleBitPackedHybrid } from 'hyparquet/src/encoding.js';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { expect, it } from 'vitest';
import { withParquetFile } from '../../../src/usage/rows/parquet-file.ts';
import { PackedNumbers } from '../../../src/usage/rows/parquet-packed.ts';
import { valueIn } from '../../../src/usage/rows/parquet-page.ts';
import { withDirectory } from '../../support/in-process.ts';
import { bytesOfRuns, type Run } from '../../support/packed-runs.ts';

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

it('numbers in runs are those of the library, one by one and as they are stored', () => {
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
      const [each, numbers] = [new PackedNumbers(bytes, width), new PackedNumbers(bytes, width)];
      expect(Int32Array.from(all, (_, index) => each.at(index))).toEqual(all);
      for (let at = 0; at < count; at += steps.next().value) {
        expect(numbers.at(at)).toBe(all[at]);
      }
      expect(() => numbers.at(count)).toThrow(/ends too early/);
      expect(storedNumbers(new PackedNumbers(bytes, width), count, steps)).toEqual([...all]);
    }),
    { numRuns: 200 },
  );
});

/** All numbers, taken by runs of at most so many steps. */
function storedNumbers(numbers: PackedNumbers, count: number, steps: Iterator<number>): number[] {
  const read: number[] = [];
  while (read.length < count) {
    const to = Math.min(count, read.length + (steps.next().value as number));
    const { end, value, width, bytes, bit } = numbers.runFrom(read.length, to);
    const bits =
      [...bytes].reduceRight((all, byte) => all * 256n + BigInt(byte), 0n) >> BigInt(bit);
    for (let at = 0n; read.length < end; at += BigInt(width)) {
      read.push(value + Number(BigInt.asUintN(width, bits >> at)));
    }
  }
  return read;
}

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
        {
          name: 'differences',
          data: of.whole.map((value) => value ?? 7n),
          type: 'INT64' as const,
          encoding: 'DELTA_BINARY_PACKED' as const,
        },
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
            const value = valueIn(page, row);
            expected.push(value === undefined ? '' : textOf(value));
          }
          expect(await parquet.column(name).textsOf(rows, textOf)).toEqual(expected);
        }
      });
    });
    await fc.assert(picked, { numRuns: 40 });
  });
});
