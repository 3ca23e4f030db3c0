import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decimalText, sum } from '../../src/domain/decimal.ts';
import { ProblemLog } from '../../src/input/problem-log.ts';
import { reduceUsage } from '../../src/usage/reduce.ts';
import { PLAIN_PLAN } from '../support/plain-plan.ts';
import { scratchFolder } from '../support/scratch.ts';
import { ROUNDS } from './fast/chance.ts';
import { expectSame, type Reduce, readingOf } from './fast/readings.ts';
import { together, within } from './fast/ways-to-read.ts';
import { reduceUsagePlainly } from './plain/reduce.ts';

const folder = scratchFolder();

/** The sum of all credits of a file, and what is wrong with it, by line. */
async function readText(
  text: string | Buffer,
  skips = false,
): Promise<{ credits: string; problems: string[] }> {
  const file = join(folder, 'a.csv');
  writeFileSync(file, text);
  const log = new ProblemLog();
  const { stretches } = await reduceUsage(
    [{ file }],
    PLAIN_PLAN,
    log,
    skips
      ? ({ problems }) => {
          for (const problem of problems) log.add(problem);
        }
      : undefined,
  );
  const credits = decimalText(sum(Array.from(stretches, (usage) => usage.credits)), 0);
  const problems = log.kept.map(
    ({ line, column, what, value }) => `${line}: ${column}: ${what} (${value})`,
  );
  return { credits, problems };
}

const HEADER = 'timestamp;profile_id;user_id;credits\n';
const row = (credits: string): string => `2026-01-05;p;u;${credits}\n`;
const file = (...credits: string[]): string => HEADER + credits.map(row).join('');

describe('usage as spreadsheets write it', () => {
  test.each([
    ['semicolons and decimal commas', file('1250,75', '7', ',5', '7,', '1,2E+02'), '1385.25'],
    ['semicolons and points', file('1250.75', '7'), '1257.75'],
    ['tabs', file('0,5', '7').replaceAll(';', '\t'), '7.5'],
    ['a line that says the delimiter', `sep=;\n${file('0,5')}`, '0.5'],
    ['a mark that shows itself late', file('1,250', '12,500', '7', '0,5'), '21.25'],
    [
      'a row without its last, optional column',
      `request_id;${HEADER}`.replace('request_id;', '').replace('\n', ';request_id\n') + row('0,5'),
      '0.5',
    ],
    ['empty rows', `;;;\n${HEADER};;;\n"";" ";;\n${row('0,5')};;;\n`, '0.5'],
    ['UTF-16', Buffer.from(`\ufeff${file('0,5', '7')}`, 'utf16le'), '7.5'],
    [
      'UTF-16, the other way around',
      Buffer.from(`\ufeff${file('0,5', '7')}`, 'utf16le').swap16(),
      '7.5',
    ],
    ['a byte order mark', `\ufeff${file('0,5')}`, '0.5'],
  ])('%s', async (_, text, credits) => {
    expect(await readText(text)).toEqual({ credits, problems: [] });
  });

  test('what could be thousands is bad input, unless another number shows the mark', async () => {
    const { problems } = await readText(file('1,250', '7', '2.500'));
    expect(problems.map((problem) => problem.slice(0, 30))).toEqual(
      ['2: credits: could be 1250 or 1,', '4: credits: could be 2500 or 2.'].map((text) =>
        text.slice(0, 30),
      ),
    );
    expect(await readText(file('1,250', '7'), true)).toMatchObject({ credits: '7' });
  });

  test('the first number with the other mark is bad input', async () => {
    const { problems } = await readText(file('0,5', '7', '0.5', '0.25'));
    expect(problems).toEqual([
      '4: credits: the decimal mark is "." here, but "," in line 2 (0,5): use one of them in the whole file (0.5)',
    ]);
  });

  test('a number with the other mark is none of thousands where a later one shows that mark', async () => {
    const { problems } = await readText(file('12,5', '1.250', '0.5'));
    expect(problems).toEqual([
      '4: credits: the decimal mark is "." here, but "," in line 2 (12,5): use one of them in the whole file (0.5)',
    ]);
  });

  test('each number of a row that could be thousands is bad input', async () => {
    const report = 'date;userid;client_type;credits_used;overage_credits_used;profileid\n';
    const { problems } = await readText(`${report}2026-01-05;u;KIRO_IDE;1,250;2,500;p\n`);
    expect(problems.map((problem) => problem.slice(0, 40))).toEqual([
      '2: credits_used: could be 1250 or 1,25, ',
      '2: overage_credits_used: could be 2500 o',
    ]);
  });

  test('a header further down is the only problem', async () => {
    const { problems } = await readText(`Usage of January\n\n${file('x')}`);
    expect(problems).toEqual([
      '1: row: this is not the header; line 3 seems to be: remove the lines above it (undefined)',
    ]);
  });
});

const numbers = fc.constantFrom(
  '7',
  '0,5',
  '0.5',
  '1,250',
  '1.250',
  '12,5',
  '1250,75',
  ',5',
  '1.250,75',
  'x',
  '',
  '1e-20',
  '100',
  '33',
);
const texts = fc
  .record({
    delimiter: fc.constantFrom(';', '\t', ','),
    lineEnd: fc.constantFrom('\n', '\r\n'),
    quote: fc.constantFrom('', '"'),
    credits: fc.array(numbers, { maxLength: 30 }),
    tail: fc.constantFrom('', ';', '"'),
  })
  .map(({ delimiter, lineEnd, quote, credits, tail }) => {
    const line = (fields: string[]): string =>
      fields.map((field) => `${quote}${field}${quote}`).join(delimiter) + lineEnd;
    const rows = credits.map((one, index) =>
      line([`2026-01-0${1 + (index % 9)}`, 'p', `u${index % 3}`, one]),
    );
    return line(['timestamp', 'profile_id', 'user_id', 'credits']) + rows.join('') + tail;
  });

test('M1: any dialect reads as csv-parse reads it, as a whole and in parts', {
  timeout: 60_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(
      texts,
      fc.boolean(),
      fc.constantFrom(within, (bytes: number) => together(bytes, 2)),
      fc.integer({ min: 20, max: 400 }),
      async (text, skips, wayOf, bytes) => {
        const path = join(folder, 'b.csv');
        writeFileSync(path, text);
        const read = (reduce: Reduce) => readingOf(reduce, [{ file: path }], PLAIN_PLAN, skips);
        const expected = await read(reduceUsagePlainly);
        expectSame(await read(reduceUsage), expected);
        expectSame(await read(wayOf(bytes)), expected);
      },
    ),
    { numRuns: 200 * ROUNDS },
  );
});
