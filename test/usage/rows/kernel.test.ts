import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  compare,
  type Decimal,
  decimalFromText,
  decimalText,
} from '../../../src/domain/decimal.ts';
import { instantFromText, NANOS_PER_DAY, NANOS_PER_SECOND } from '../../../src/domain/instant.ts';
import { rowEnd } from '../../../src/input/row-end.ts';
import { RowKernel } from '../../../src/usage/rows/row-kernel.ts';
import { fieldAt, type WantedColumn } from '../../../src/usage/rows/typed-rows.ts';

const NUM_RUNS = Number(process.env.USAGE_FUZZ_ROUNDS ?? 1) * 3000;

/** Reads rows of one column as what is wanted; gives the ints of the first, nothing where it is not taken. */
function fieldOf(
  kernel: RowKernel,
  text: string,
  as: 'instant' | 'decimal',
  decimalMark = '.',
): number[] | undefined {
  const format = { columns: 1, neededColumns: 1, delimiter: ';', decimalMark };
  kernel.setFormat(format, [{ column: 0, as }]);
  const length = kernel.bytes.write(`${text}\n`);
  kernel.indexRows(0, length);
  kernel.read(0, length, true);
  return kernel.count === 0 ? undefined : [...kernel.values.slice(fieldAt(0), fieldAt(1))];
}

const digits = (max: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: max });

/** Numbers as people and programs write them, and what is nearly one. */
const numbers = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('', '', '', '', '-', '+'),
      digits(12),
      fc.constantFrom('', '.', '.', '.', ',', '..'),
      digits(20),
      fc.constantFrom('', '', '', 'e', 'E', 'e-', 'E+', 'e+-'),
      digits(3),
    )
    .map((parts) => parts.join('')),
  fc.string({ unit: fc.constantFrom(...'0123456789.eE+-, x'), maxLength: 45 }),
);

const two = fc.oneof(
  fc.integer({ min: 0, max: 61 }).map((number) => String(number).padStart(2, '0')),
  digits(3),
);

/** Instants in all spellings, and what is nearly one. */
const instants = fc
  .tuple(
    fc.constantFrom(
      '2026-01',
      '2024-02',
      '2100-02',
      '2199-12',
      '2000-01',
      '1999-12',
      '2200-01',
      '2026-13',
      '2026-1',
    ),
    fc.constantFrom('-', '-', '-', '/', ''),
    two,
    fc.option(
      fc.tuple(
        fc.constantFrom('T', 't', ' ', '_', ''),
        two,
        fc.constantFrom(':', ':', ':', ''),
        two,
        fc.option(
          fc.tuple(
            fc.constant(':'),
            two,
            fc.option(fc.tuple(fc.constantFrom('.', ','), digits(10)), { nil: [] }),
          ),
        ),
        fc.option(
          fc.oneof(
            fc.constantFrom('Z', 'z', 'Zz', '+', ' '),
            fc.tuple(
              fc.constantFrom('+', '-'),
              two,
              fc.constantFrom('', ':', ':'),
              fc.oneof(two, fc.constant('')),
            ),
          ),
          { nil: '' },
        ),
      ),
      { nil: '' },
    ),
  )
  .map((parts) =>
    parts
      .flat(4)
      .filter((part) => part !== null)
      .join(''),
  );

/** Whether a number fits where the kernel keeps it. */
function fits(value: Decimal): boolean {
  const [whole = '', fraction = ''] = decimalText(value, 0).split('.');
  return whole.length <= 9 && fraction.length <= 18;
}

function decimalOf([whole = 0, billionths = 0, rest = 0]: number[]): Decimal {
  const units = (BigInt(whole) * 10n ** 9n + BigInt(billionths)) * 10n ** 9n + BigInt(rest);
  return { units, scale: 18 };
}

describe('M1: the kernel reads what the domain reads', () => {
  const kernel = new RowKernel();

  test('of numbers that are not negative and fit: all, and no others', () => {
    fc.assert(
      fc.property(numbers, (text) => {
        fc.pre(!text.includes(';') && text.trim() === text);
        const expected = text.startsWith('-') ? undefined : decimalFromText(text);
        const found = fieldOf(kernel, text, 'decimal');
        if (expected === undefined || !fits(expected)) expect(found).toBeUndefined();
        else expect(compare(decimalOf(found ?? [-1]), expected)).toBe(0);
      }),
      { numRuns: NUM_RUNS },
    );
  });

  test('of numbers with a decimal comma: the same as with a point', () => {
    fc.assert(
      fc.property(numbers, (text) => {
        fc.pre(!text.includes('.') && text.trim() === text);
        const found = fieldOf(kernel, text, 'decimal', ',');
        expect(found).toEqual(fieldOf(kernel, text.replaceAll(',', '.'), 'decimal'));
      }),
      { numRuns: NUM_RUNS },
    );
  });

  test('of instants: all, and no others', () => {
    fc.assert(
      fc.property(instants, (text) => {
        fc.pre(text.trim() === text);
        const expected = instantFromText(text);
        const found = fieldOf(kernel, text, 'instant');
        const [day = 0, second = 0, nanos = 0] = found ?? [];
        const at = BigInt(day) * NANOS_PER_DAY + BigInt(second) * NANOS_PER_SECOND + BigInt(nanos);
        expect(found && at).toBe(expected);
      }),
      { numRuns: NUM_RUNS },
    );
  });
});

interface Table {
  readonly delimiter: string;
  readonly lineEnd: string;
  readonly rows: readonly (readonly { text: string; quoted: boolean; around: string }[])[];
}

const DELIMITERS = [',', ';', '\t'];
const COLUMNS = 4;

const tables: fc.Arbitrary<Table> = fc.record({
  delimiter: fc.constantFrom(...DELIMITERS),
  lineEnd: fc.constantFrom('\n', '\r\n'),
  rows: fc.array(
    fc.array(
      fc.record({
        text: fc.string({
          unit: fc.constantFrom('a', 'b', 'é', '"', ',', ';', '\n', '\r\n', ' ', '\t', '田', '0'),
          maxLength: 40,
        }),
        quoted: fc.boolean(),
        around: fc.constantFrom('', '', ' '),
      }),
      { minLength: COLUMNS, maxLength: COLUMNS },
    ),
    { maxLength: 8 },
  ),
});

function written({ delimiter, lineEnd, rows }: Table): string {
  const field = ({ text, quoted, around }: Table['rows'][number][number]): string => {
    const mustQuote = /["\r\n]/.test(text) || text.includes(delimiter);
    const inside = `${around}${text}${around}`;
    return quoted || mustQuote ? `"${inside.replaceAll('"', '""')}"` : inside;
  };
  return rows.map((row) => row.map(field).join(delimiter) + lineEnd).join('');
}

describe('the kernel takes every row that is good CSV', () => {
  test('and finds the trimmed texts that csv-parse finds, and the lines', () => {
    fc.assert(
      fc.property(tables, (table) => {
        const kernel = new RowKernel();
        const texts: string[] = [];
        const space = kernel.newSpace((text) => texts.push(text) - 1);
        const wanted: WantedColumn[] = [0, 1, 2, 3].map((column) => ({ column, as: 'key', space }));
        const { delimiter } = table;
        kernel.setFormat(
          { columns: COLUMNS, neededColumns: COLUMNS, delimiter, decimalMark: '.' },
          wanted,
        );
        kernel.nextLine = 1;
        const text = written(table);
        const length = kernel.bytes.write(text);
        kernel.indexRows(0, length);
        expect(kernel.read(0, length, true)).toBe(length);
        const records: string[][] = parse(text, { delimiter, relax_column_count: true });
        const found = records.map((_, row) =>
          wanted.map(
            (_, field) => texts[kernel.values[row * kernel.stride + fieldAt(field)] as number],
          ),
        );
        expect(kernel.count).toBe(records.length);
        expect(found).toEqual(
          records.map((fields) => fields.map((field) => field.replace(/^[ \t]+|[ \t]+$/g, ''))),
        );
        expect(kernel.nextLine).toBe(text.split('\n').length);
      }),
      { numRuns: NUM_RUNS / 10 },
    );
  });
});

/** The trimmed fields of a row with its line end; `undefined` if it is not good CSV. */
function fieldsOf(row: string): string[] | undefined {
  if (/[^\r\n]\r(?!\n)|^\r(?!\n)/.test(row.replace(/"[^"]*"/g, '""'))) return undefined;
  try {
    const [fields] = parse(row, { relax_column_count: true, delimiter: ',' }) as string[][];
    return fields?.map((field) => field.replace(/^[ \t]+|[ \t]+$/g, ''));
  } catch {
    return undefined;
  }
}

describe('the kernel leaves every row that is not good CSV', () => {
  const characters = ['a', 'b', '"', '"', '""', ',', ',', '\n', '\n', '\r\n', '\r', ' ', '\t'];
  const texts = fc.string({
    unit: fc.constantFrom(...characters, ',bc,', '"a",', 'a,b,c\n', 'a'.repeat(60)),
    maxLength: 60,
  });

  test('and takes all others, wherever they begin and end', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 4 }), fc.integer(), (read, needed, limitAt) => {
        const kernel = new RowKernel();
        const keys: string[] = [];
        const space = kernel.newSpace((key) => keys.push(key) - 1);
        const wanted = [0, 2].map((column): WantedColumn => ({ column, as: 'key', space }));
        const format = { columns: 3, delimiter: ',', decimalMark: '.' };
        kernel.setFormat(
          { ...format, neededColumns: Math.min(needed, 3), isOpenEnded: needed > 3 },
          wanted,
        );
        kernel.nextLine = 1;
        const text = `${read}\n`;
        const end = kernel.bytes.write(text);
        const limit = limitAt % 3 === 0 ? end : Math.abs(limitAt) % end;
        const lines = (until: number): number => text.slice(0, until).split('\n').length;
        kernel.indexRows(0, end);
        for (let at = 0; at < limit; ) {
          const next = kernel.read(at, limit, true);
          for (let row = 0; row < kernel.count; row += 1) {
            const fields = fieldsOf(text.slice(kernel.startOf(row), kernel.endOf(row)));
            const found = wanted.map(
              (_, field) => keys[kernel.values[row * kernel.stride + fieldAt(field)] as number],
            );
            expect(found).toEqual([fields?.[0], fields?.[2] ?? '']);
            expect(kernel.lineOf(row)).toBe(lines(kernel.startOf(row)));
          }
          expect(kernel.nextLine).toBe(lines(next));
          at = next;
          if (next >= limit || kernel.count > 0) continue;
          const rowStop = rowEnd(kernel.bytes, next, end, 0x2c);
          if (rowStop < 0) break;
          const fields = fieldsOf(text.slice(next, rowStop));
          const isRight =
            fields !== undefined &&
            fields.length >= Math.min(needed, 3) &&
            (fields.length <= 3 || needed > 3);
          expect(isRight).toBe(false);
          kernel.nextLine = lines(rowStop);
          at = rowStop;
        }
      }),
      { numRuns: NUM_RUNS / 3 },
    );
  });
});

/** Rows of two keys, the first of which must not be `bad`, and a known text; read by a kernel that met `known`. */
function readKeys(text: string): { kernel: RowKernel; next: number } {
  const kernel = new RowKernel();
  const spaces = [kernel.newSpace((key) => (key === 'bad' ? -1 : 1)), kernel.newSpace(() => 2)];
  const met = kernel.newSpace(() => 3);
  for (const known of ['known', 'said "yes"']) kernel.entryOf(met, known);
  const [first, second] = spaces as [(typeof spaces)[0], (typeof spaces)[0]];
  kernel.setFormat({ columns: 3, neededColumns: 3, delimiter: ',', decimalMark: '.' }, [
    { column: 1, as: 'key', space: first },
    { column: 0, as: 'key', space: second },
    { column: 2, as: 'known text', space: met },
  ]);
  kernel.nextLine = 5;
  const length = kernel.bytes.write(text);
  kernel.indexRows(0, length);
  return { kernel, next: kernel.read(0, length, true) };
}

describe('the kernel reads the keys of many rows together', () => {
  test('and stops before the first row with a key that is not accepted, at its line', () => {
    const before = 'a,b,c\n"a\nb",b,c\n';
    const { kernel, next } = readKeys(`${before}a,bad,c\na,b,c\n`);
    expect([kernel.count, next, kernel.nextLine]).toEqual([2, before.length, 8]);
  });

  test('and knows texts with doubled quotes by what they say', () => {
    const { kernel } = readKeys('a,b,known\na,b,"said ""yes"""\na,b,"said ""no"""\na,b,no\n');
    const isKnown = [0, 1, 2, 3].map(
      (row) => kernel.values[row * kernel.stride + fieldAt(2)] !== 0,
    );
    expect(isKnown).toEqual([true, true, false, false]);
  });

  test('in any number of spaces, each with numbers of its own', () => {
    const kernel = new RowKernel();
    const spaces = Array.from({ length: 40 }, (_, number) => kernel.newSpace(() => number));
    const wanted = spaces
      .slice(20, 40)
      .map((space, column) => ({ column, as: 'key', space }) as const);
    kernel.setFormat({ columns: 20, neededColumns: 20, delimiter: ',', decimalMark: '.' }, wanted);
    const length = kernel.bytes.write(`${Array.from({ length: 20 }, () => 'x').join(',')}\n`);
    kernel.indexRows(0, length);
    kernel.read(0, length, true);
    const found = wanted.map((_, field) => kernel.values[fieldAt(field)]);
    expect(found).toEqual(spaces.slice(20).map((_, index) => 20 + index));
  });
});

describe('the kernel knows so many separators at once', () => {
  const FIELDS = 60;
  const line = (key: number): string => `${key}${',x'.repeat(FIELDS - 1)}\n`;

  /** The keys of the rows taken, the line of each, and where the kernel stops for good. */
  function takenOf(text: string): { keys: string[]; lines: number[]; next: number } {
    const kernel = new RowKernel();
    const texts: string[] = [];
    const space = kernel.newSpace((key) => texts.push(key) - 1);
    const format = { columns: FIELDS, neededColumns: FIELDS, delimiter: ',', decimalMark: '.' };
    kernel.setFormat({ ...format, isOpenEnded: true }, [{ column: 0, as: 'key', space }]);
    kernel.nextLine = 1;
    const end = kernel.bytes.write(text);
    kernel.indexRows(0, end);
    const [keys, lines]: [string[], number[]] = [[], []];
    let next = 0;
    do {
      next = kernel.read(next, end, true);
      for (let row = 0; row < kernel.count; row += 1) {
        keys.push(texts[kernel.values[row * kernel.stride + fieldAt(0)] as number] as string);
        lines.push(kernel.lineOf(row));
      }
    } while (next < end && kernel.count > 0);
    return { keys, lines, next };
  }

  test('and takes all rows of a text that has more', () => {
    const numbers = Array.from({ length: 2000 }, (_, index) => index);
    const text = numbers.map(line).join('');
    const { keys, lines, next } = takenOf(text);
    expect(keys).toEqual(numbers.map(String));
    expect(lines).toEqual(numbers.map((number) => number + 1));
    expect(next).toBe(text.length);
  });

  test('and leaves a row that has more by itself', () => {
    const before = line(1) + line(2);
    const { keys, next } = takenOf(`${before}3${','.repeat(40_000)}\n${line(4)}`);
    expect(keys).toEqual(['1', '2']);
    expect(next).toBe(before.length);
  });
});
