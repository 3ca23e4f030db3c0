import fc from 'fast-check';
import type { FileMetaData, SchemaElement } from 'hyparquet';
import { describe, expect, test } from 'vitest';
import { ParquetFields } from '../../../src/usage/rows/parquet-fields.ts';
import { PackedNumbers } from '../../../src/usage/rows/parquet-packed.ts';
import { NULL, type Page } from '../../../src/usage/rows/parquet-page.ts';
import { PlainValues } from '../../../src/usage/rows/parquet-plain.ts';
import { type ColumnText, exactColumns } from '../../../src/usage/rows/parquet-values.ts';
import { RowKernel } from '../../../src/usage/rows/row-kernel.ts';
import { fieldAt, type WantedColumn } from '../../../src/usage/rows/typed-rows.ts';
import { bytesOfRuns, type Run } from '../../support/packed-runs.ts';

const NUM_RUNS = Number(process.env.USAGE_FUZZ_ROUNDS ?? 1) * 2000;
const ROWS = 3;

const kernel = new RowKernel();
const words = kernel.newSpace((text) => text.length);
const format = { columns: 1, neededColumns: 1, delimiter: ',', decimalMark: '.' };

function columnText(element: Omit<SchemaElement, 'name'>): ColumnText {
  const schema = [
    { name: 'root', num_children: 1 },
    { name: 'c', repetition_type: 'REQUIRED', ...element },
  ];
  return exactColumns({ schema, row_groups: [] } as unknown as FileMetaData).get('c') as ColumnText;
}

function wantedAs(as: WantedColumn['as']): WantedColumn {
  return as === 'instant' || as === 'decimal' || as === 'decimal or blank'
    ? { column: 0, as }
    : { column: 0, as, space: words };
}

/** Values as a page stores them; those of a type without a plain form as they are. */
function stored(values: ArrayLike<unknown>, type: ColumnText['type']) {
  const all = Array.from(values);
  const [first] = all;
  if (type === 'INT96')
    return plain(
      all,
      all.map((value) => julianBytes(value as bigint)),
      12,
    );
  if (first instanceof Uint8Array) {
    const isText = type === 'BYTE_ARRAY';
    const bytes = (all as Uint8Array[]).map((value) => (isText ? withLength(value) : value));
    return plain(all, bytes, isText ? undefined : first.length);
  }
  if (!ArrayBuffer.isView(values)) return all;
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return plain(all, [bytes], bytes.length / all.length);
}

function plain(all: unknown[], bytes: Uint8Array[], size: number | undefined): PlainValues {
  const whole = Buffer.concat(bytes);
  const values = new PlainValues(whole, all.length, size, (one) => {
    const starts = all.map((_, index) => values.startOf(index));
    return all[starts.indexOf(one.byteOffset - whole.byteOffset)];
  });
  return values;
}

function withLength(text: Uint8Array): Uint8Array {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  return Buffer.concat([length, text]);
}

/** Nanoseconds since 1970 as the nanosecond of a Julian day. */
function julianBytes(nanos: bigint): Uint8Array {
  const perDay = 86_400n * 10n ** 9n;
  const ofDay = ((nanos % perDay) + perDay) % perDay;
  const bytes = Buffer.alloc(12);
  bytes.writeBigInt64LE(ofDay);
  bytes.writeInt32LE(Number((nanos - ofDay) / perDay) + 2_440_588, 8);
  return bytes;
}

/** How rows refer to values: by their positions, if there is a dictionary, and with nulls, as `undefined`. */
interface Places {
  readonly isDictionary?: boolean;
  readonly rows?: readonly (number | undefined)[];
}

/** The ints of the rows of a page; nothing for those that are left to csv-parse. */
async function putInts(
  text: ColumnText,
  as: WantedColumn['as'],
  values: ArrayLike<unknown>,
  { isDictionary = false, rows = Array.from(values, (_, index) => index) }: Places = {},
) {
  const wanted = wantedAs(as);
  kernel.setFormat(format, [wanted]);
  const end = rows.length;
  const present = rows.filter((position) => position !== undefined);
  let index = 0;
  const indexes = rows.map((position) => (position === undefined ? NULL : index++));
  const ofPage = stored(values, text.type);
  const page: Page = {
    start: 0,
    end,
    values: ofPage,
    dictionary: isDictionary ? ofPage : undefined,
    ...(isDictionary ? { positions: new PackedNumbers(bytesOfRuns(runsOf(present), 5), 5) } : {}),
    ...(present.length < end ? { indexes: Int32Array.from(indexes) } : {}),
  };
  const fields = new ParquetFields(kernel, [0, wanted], text, { pageWith: async () => page });
  const left = new Uint8Array(end);
  await fields.put(0, end, left);
  return [...left].map((isLeft, row) => {
    const at = row * kernel.stride + fieldAt(0);
    return isLeft ? undefined : [...kernel.values.slice(at, at + 3)];
  });
}

/** Groups of eight packed numbers, and each number after them by itself. */
function runsOf(numbers: readonly number[]): Run[] {
  const packed = numbers.slice(0, numbers.length - (numbers.length % 8));
  const others = numbers.slice(packed.length).map((value) => ({ count: 1, value }));
  return packed.length === 0 ? others : [{ packed }, ...others];
}

/** The ints that the kernel reads from the text of a value. */
function textInts(text: ColumnText, as: WantedColumn['as'], value: unknown): number[] | undefined {
  kernel.setFormat(format, [wantedAs(as)]);
  const length = kernel.bytes.write(`${text.textOf(value)}\n`);
  kernel.indexRows(0, length);
  kernel.read(0, length, true);
  return kernel.count === 0 ? undefined : [...kernel.values.slice(fieldAt(0), fieldAt(1))];
}

/** Numbers of up to 64 bits of all sizes, those of our time and of small amounts above all. */
function wholes(...scales: bigint[]) {
  const near = scales.map((scale) =>
    fc.bigInt({ min: 900_000_000n * scale, max: 7_300_000_000n * scale }),
  );
  const bits = fc
    .tuple(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.integer({ min: 0, max: 63 }))
    .map(([value, shift]) => value >> BigInt(shift));
  return fc.oneof(bits, ...near);
}

function bigEndian(value: bigint, length: number): Uint8Array {
  const bits = BigInt.asUintN(length * 8, value);
  return Buffer.from(bits.toString(16).padStart(length * 2, '0'), 'hex');
}

async function expectAsText(
  text: ColumnText,
  as: WantedColumn['as'],
  values: ArrayLike<unknown>,
): Promise<void> {
  const expected = Array.from(values, (value) => textInts(text, as, value));
  expect(await putInts(text, as, values)).toEqual(expected);
  const all = Array.from(values, (_, index) => index);
  // Enough rows that some are packed and some are not.
  const rows = [all, all, all].flat();
  const ofDictionary = await putInts(text, as, values, { isDictionary: true, rows });
  expect(ofDictionary).toEqual([expected, expected, expected].flat());
}

describe('M1: a value of Parquet is what its text is', () => {
  test.each([
    ['TIMESTAMP_MILLIS', 1_000n],
    ['TIMESTAMP_MICROS', 1_000_000n],
    ['NANOS', 1_000_000_000n],
  ])('an instant of %s', async (unit, unitsPerSecond) => {
    const element =
      unit === 'NANOS'
        ? { logical_type: { type: 'TIMESTAMP', unit, isAdjustedToUTC: false } }
        : { converted_type: unit };
    const text = columnText({ type: 'INT64', ...element } as never);
    const values = fc.array(wholes(unitsPerSecond), { minLength: ROWS, maxLength: ROWS });
    await fc.assert(
      fc.asyncProperty(values, async (of) => {
        await expectAsText(text, 'instant', BigInt64Array.from(of));
      }),
      { numRuns: NUM_RUNS / 4 },
    );
  });

  test('an INT96 and a day', async () => {
    const nanos = columnText({ type: 'INT96' });
    const days = columnText({ type: 'INT32', converted_type: 'DATE' });
    await fc.assert(
      fc.asyncProperty(
        fc.array(wholes(1_000_000_000n), { minLength: ROWS, maxLength: ROWS }),
        fc.array(fc.integer({ min: -90_000, max: 90_000 }), { minLength: ROWS, maxLength: ROWS }),
        async (ofNanos, ofDays) => {
          await expectAsText(nanos, 'instant', ofNanos);
          await expectAsText(days, 'instant', Int32Array.from(ofDays));
        },
      ),
      { numRuns: NUM_RUNS / 4 },
    );
  });

  test('a decimal of any scale, and a whole number', async () => {
    const values = fc.array(wholes(1n, 10n ** 9n), { minLength: ROWS, maxLength: ROWS });
    await fc.assert(
      fc.asyncProperty(values, fc.integer({ min: 0, max: 24 }), async (of, scale) => {
        const stored = { converted_type: 'DECIMAL', scale, precision: 38 } as const;
        const wide = columnText({ type: 'FIXED_LEN_BYTE_ARRAY', ...stored });
        await expectAsText(
          columnText({ type: 'INT64', ...stored }),
          'decimal',
          BigInt64Array.from(of),
        );
        await expectAsText(
          wide,
          'decimal',
          of.map((value) => bigEndian(value, 16)),
        );
        await expectAsText(
          wide,
          'decimal',
          of.map((value) => bigEndian(value * value, 16)),
        );
        await expectAsText(
          columnText({ type: 'INT64' }),
          'decimal or blank',
          BigInt64Array.from(of),
        );
        const small = Int32Array.from(of, (value) => Number(BigInt.asIntN(32, value)));
        await expectAsText(columnText({ type: 'INT32', ...stored }), 'decimal', small);
      }),
      { numRuns: NUM_RUNS / 4 },
    );
  });

  test('a float, by its shortest text', async () => {
    const cents = fc.integer({ min: 0, max: 2 ** 31 - 1 }).map((units) => units / 100);
    const billionths = fc.maxSafeNat().map((units) => units / 1e9);
    const floats = fc.oneof(fc.double(), cents, billionths, fc.double({ min: 0, max: 2 ** 40 }));
    const values = fc.array(floats, { minLength: ROWS, maxLength: ROWS });
    await fc.assert(
      fc.asyncProperty(values, async (of) => {
        await expectAsText(columnText({ type: 'DOUBLE' }), 'decimal', Float64Array.from(of));
        await expectAsText(columnText({ type: 'FLOAT' }), 'decimal', Float32Array.from(of));
      }),
      { numRuns: NUM_RUNS / 2 },
    );
  });

  test('a text, if it is UTF-8 without a NUL and not too long, trimmed; of a null the blank one', async () => {
    const text = columnText({ type: 'BYTE_ARRAY', converted_type: 'UTF8' });
    const values = [
      ' é\t',
      Buffer.from([0xc3]),
      'a\0',
      'x'.repeat(65_536),
      'x'.repeat(65_537),
      'a"b',
    ].map((value) => Buffer.from(value));
    const first = (ints: (number[] | undefined)[]) => ints.map((of) => of?.[0]);
    expect(first(await putInts(text, 'key', values))).toEqual([
      1,
      undefined,
      undefined,
      65_536,
      undefined,
      3,
    ]);
    const rows = [5, undefined, 0, 4, 5, 5, undefined, undefined, 2, 5, 5, 5, 5, 0];
    const ofDictionary = await putInts(text, 'key', values, { isDictionary: true, rows });
    const expected = [3, 0, 1, undefined, 3, 3, 0, 0, undefined, 3, 3, 3, 3, 1];
    expect(first(ofDictionary)).toEqual(expected);
    const ofNull = { rows: [undefined] };
    expect(await putInts(text, 'decimal', values, ofNull)).toEqual([undefined]);
    expect(await putInts(text, 'decimal or blank', values, ofNull)).toEqual([[0, 0, 0]]);
  });

  test('a value that the dictionary lacks makes the page a damaged one', async () => {
    const text = columnText({ type: 'INT64' });
    for (const rows of [[0, 1], Array.from({ length: 8 }, (_, row) => row % 2)]) {
      const putting = putInts(text, 'decimal', BigInt64Array.of(1n), { isDictionary: true, rows });
      await expect(putting).rejects.toThrow('a value that its dictionary lacks');
    }
  });
});
