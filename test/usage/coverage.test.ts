import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ProblemLog } from '../../src/input/problem-log.ts';
import type { ReductionPlan, UsageReduction } from '../../src/usage/plan.ts';
import { readReports } from '../../src/usage/read-reports.ts';
import { reduceUsage } from '../../src/usage/reduce.ts';
import { OutOfMemory } from '../../src/usage/rows/row-kernel.ts';
import { PLAIN_PLAN } from '../support/plain-plan.ts';
import { SCRATCH } from '../support/scratch.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(SCRATCH, 'kiro-bill-coverage-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const HEADER = 'timestamp,profile_id,user_id,credits,request_id\n';
const SUMMARY =
  'month,profile_id,user_id,stretch_from,stretch_to,credits,requests\n2026-01,p,u,2026-01-01,2026-02-01,7,3\n';
const REPORT = 'Date,UserId,Client_Type,Credits_Used,ProfileId\n2026-01-07,u,KIRO_IDE,1,p\n';

/** Reads files of these names; their paths come out as the names. */
async function readUsage(
  files: Record<string, string | Buffer>,
  plan: Partial<ReductionPlan> = {},
): Promise<UsageReduction & { problems: string[] }> {
  const sources = Object.entries(files).map(([name, content]) => {
    const file = join(folder, name);
    writeFileSync(file, content);
    return { file };
  });
  const log = new ProblemLog();
  const reduction = await reduceUsage(
    sources.filter(({ file }) => !file.endsWith('_SUCCESS')),
    { ...PLAIN_PLAN, ...plan },
    log,
  );
  const named = (text: string): string => text.replaceAll(`${folder}/`, '');
  const problems = log.kept.map(({ file, what }) => named(`${file}: ${what}`));
  const twice = reduction.coverage.twice.map((one) => ({ ...one, files: one.files.map(named) }));
  return { ...reduction, problems, coverage: { ...reduction.coverage, twice } };
}

const day = (text: string): number => Date.parse(text) / 86_400_000;

/** Rows of request usage, one for each minute from 09:00 on of a day, with request ids `ID-0` … or blank. */
function rows(date: string, count: number, id = ''): string {
  return Array.from({ length: count }, (_, index) => {
    const minute = String(index % 60).padStart(2, '0');
    const hour = String(9 + Math.floor(index / 60)).padStart(2, '0');
    return `${date}T${hour}:${minute}:00Z,p,u,1,${id === '' ? '' : `${id}-${index}`}\n`;
  }).join('');
}

/** A text as standard input has it, here line by line. */
async function* inPieces(text: string): AsyncGenerator<Buffer> {
  for (const line of text.match(/.*\n/g) ?? []) yield Buffer.from(line);
}

describe('the days with usage', () => {
  test('are those of all rows that are good, wanted or not, duplicates among them', async () => {
    const text = `${HEADER}2026-01-05T23:59:59Z,p,u,1,a\n2025-12-31,p,u,1,b\n2026-01-06,p,u,1,a\n2026-01-09,p,u,x,c\n2026-01-07,q,u,0,d\n`;
    const { coverage } = await readUsage({ 'a.csv': text }, { dedupe: true, months: new Set() });
    expect(coverage.byProfile).toEqual(
      new Map([
        ['p', new Set([day('2026-01-05'), day('2025-12-31'), day('2026-01-06')])],
        ['q', new Set([day('2026-01-07')])],
      ]),
    );
  });

  test('are those of reports, too', async () => {
    const { coverage } = await readUsage({ 'a.csv': REPORT });
    expect(coverage.byProfile).toEqual(new Map([['p', new Set([day('2026-01-07')])]]));
  });

  test('are not known where summaries are among the usage', async () => {
    const { coverage } = await readUsage({ 'a.csv': SUMMARY, 'b.csv': HEADER });
    expect(coverage.byProfile).toBeUndefined();
    expect(coverage.summaryMonths).toEqual(new Set(['2026-01']));
  });
});

describe('usage that seems to be there twice', () => {
  const JANUARY = new Set(['2026-01']);

  test('is a file with some of the first 100 rows of another, by request id', async () => {
    const a = HEADER + rows('2026-01-05', 150, 'x');
    const b = `${HEADER}${rows('2026-01-05', 3, 'y')}2026-01-05T10:39:30Z,p,u,2,x-99\n2026-01-06,p,u,2,y-9\n`;
    const { coverage } = await readUsage({ 'a.csv': a, 'b.csv': b });
    expect(coverage.twice).toEqual([
      { how: 'same rows', files: ['a.csv', 'b.csv'], months: JANUARY },
    ]);
  });

  test('is none by the 101st row, nor by the values of rows that have ids', async () => {
    const a = HEADER + rows('2026-01-05', 150, 'x');
    const b = `${HEADER}${rows('2026-01-05', 100, 'y')}2026-01-05T10:40:00Z,p,u,1,x-100\n`;
    expect((await readUsage({ 'a.csv': a, 'b.csv': b })).coverage.twice).toEqual([]);
  });

  test('is found by instant, seat and credits where rows have no ids, however they are written', async () => {
    const a =
      'timestamp,profile_id,user_id,credits\n2026-01-05T09:00:00Z,p,u,1\n2026-01-07,p,u,3\n';
    const b =
      '"credits","user_id","profile_id","timestamp"\n"1.0","u","p","2026-01-05T14:30:00+05:30"\n4,u,p,2026-01-06\n';
    expect((await readUsage({ 'a.csv': a, 'b.csv': b })).coverage.twice).toHaveLength(1);
    const other = b.replace('"1.0"', '"1.5"');
    expect((await readUsage({ 'a.csv': a, 'b.csv': other })).coverage.twice).toEqual([]);
  });

  test('M1: is found in files whose rows show the decimal mark, in any encoding', async () => {
    const a = `${HEADER}2026-01-05T09:00:00Z,p,u,1.5,r-1\n2026-01-07,p,u,3,r-2\n`;
    const b = a.replaceAll(',', ';').replace('1.5', '1,5').replace('3', '12,5');
    const packed = Buffer.from(`\ufeff${a.replaceAll(',', '\t')}`, 'utf16le');
    const withoutIds = b.replace(/;(request_id|r-1|r-2)$/gm, '');
    for (const other of [b, packed, withoutIds]) {
      expect((await readUsage({ 'a.csv': a, 'b.csv': other })).coverage.twice).toHaveLength(1);
    }
    const others = withoutIds.replace('1,5', '1,25').replace('12,5', '12,25');
    expect((await readUsage({ 'a.csv': b, 'b.csv': others })).coverage.twice).toEqual([]);
    expect((await readUsage({ 'a.csv': b, 'b.csv': withoutIds })).coverage.twice).toHaveLength(1);
  });

  test('is found where one file has request ids and the other none', async () => {
    const ids = `${HEADER}2026-01-05T09:00:00Z,p,u,1,r-1\n2026-01-07,p,u,3,r-2\n`;
    const none = 'timestamp,profile_id,user_id,credits\n2026-01-05T09:00:00Z,p,u,1.0\n';
    expect((await readUsage({ 'a.csv': ids, 'b.csv': none })).coverage.twice).toHaveLength(1);
  });

  test('is found at the start of standard input, and in a file with that start', async () => {
    const text = HEADER + rows('2026-01-05', 150, 'x');
    const more = `${HEADER}${rows('2026-01-05', 1, 'y')}2026-01-05T10:30:00Z,p,u,1,x-90\n2026-01-08,p,u,1,z\n`;
    for (const [stdin, content, count] of [
      [text, text, 1],
      [text, more, 1],
      [more, text, 1],
      [text, HEADER + rows('2026-01-05', 150, 'y'), 0],
    ] as const) {
      const file = join(folder, 'a.csv');
      writeFileSync(file, content);
      const sources = [{ file: '-', stream: inPieces(stdin) }, { file }];
      const { coverage, rows: read } = await reduceUsage(sources, PLAIN_PLAN, new ProblemLog());
      expect(coverage.twice.map(({ files }) => files)).toEqual(count === 0 ? [] : [['-', file]]);
      expect(read).toBe(content === more || stdin === more ? 153 : 300);
    }
  });

  test('is not looked for among files whose spans do not overlap, nor in what an engine wrote', async () => {
    const [a, b] = [HEADER + rows('2026-01-05', 3, 'x'), HEADER + rows('2026-01-06', 3, 'x')];
    expect((await readUsage({ 'a.csv': a, 'b.csv': b })).coverage.twice).toEqual([]);
    const more = `${a}2026-01-06,p,u,1,q\n`;
    const files = { 'a.csv': a, 'b.csv': more };
    expect((await readUsage(files)).coverage.twice).toHaveLength(1);
    expect((await readUsage({ ...files, _SUCCESS: '' })).coverage.twice).toEqual([]);
    rmSync(join(folder, '_SUCCESS'));
    expect((await readUsage(files, { dedupe: true })).coverage.twice).toEqual([]);
    const february = new Set(['2026-02']);
    expect((await readUsage(files, { months: february })).coverage.twice).toEqual([]);
  });

  test('is two summaries of the same bytes, packed or not', async () => {
    const { coverage } = await readUsage({
      'a.csv': SUMMARY,
      'b.csv.gz': gzipSync(SUMMARY),
      'c.csv': SUMMARY.replace('7,3', '3,7'),
    });
    expect(coverage.twice).toEqual([
      { how: 'same summary', files: ['a.csv', 'b.csv.gz'], months: JANUARY },
    ]);
  });

  test('is a summary on standard input, of any length, and a file of the same bytes', async () => {
    const [header = ''] = SUMMARY.match(/.*\n/) ?? [];
    const users = Array.from({ length: 3000 }, (_, user) => `u-${1000 + user}`);
    const long = `${header}${users.map((user) => `2026-01,p,${user},2026-01-01,2026-02-01,7,3\n`).join('')}`;
    const other = `${long.slice(0, -4)}8,3\n`;
    for (const [stdin, content, count] of [
      [SUMMARY, SUMMARY, 1],
      [long, long, 1],
      [long, other, 0],
      [header, header, 0],
    ] as const) {
      const file = join(folder, 'a.csv');
      writeFileSync(file, content);
      const sources = [{ file }, { file: '-', stream: inPieces(stdin) }];
      const { coverage } = await reduceUsage(sources, PLAIN_PLAN, new ProblemLog());
      const twice = { how: 'same summary', files: ['-', file], months: JANUARY };
      expect(coverage.twice).toEqual(count === 0 ? [] : [twice]);
    }
  });

  test('is a seat with two kinds of usage in one month', async () => {
    const requests = `${HEADER}2026-01-05,p,u,1,\n2026-02-05,p,v,1,\n`;
    const { coverage } = await readUsage({ 'a.csv': REPORT, 'b.csv': requests, 'c.csv': SUMMARY });
    expect(coverage.twice).toEqual([
      { how: 'two kinds', files: ['b.csv', 'a.csv'], months: JANUARY, seats: 1 },
      { how: 'two kinds', files: ['b.csv', 'c.csv'], months: JANUARY, seats: 1 },
      { how: 'two kinds', files: ['a.csv', 'c.csv'], months: JANUARY, seats: 1 },
    ]);
  });
});

describe('files of request usage with the same bytes', () => {
  const TEXT = HEADER + rows('2026-01-05', 3, 'x');

  test('are bad input, told at the later path, packed or not', async () => {
    const files = { 'b.csv': TEXT, 'a.csv.gz': gzipSync(TEXT), 'c.csv': TEXT };
    expect((await readUsage(files)).problems).toEqual([
      'b.csv: holds the same as a.csv.gz: remove one',
      'c.csv: holds the same as a.csv.gz: remove one',
    ]);
  });

  test('are none without rows, nor with --dedupe where all rows have ids', async () => {
    expect((await readUsage({ 'a.csv': HEADER, 'b.csv': HEADER })).problems).toEqual([]);
    const dedupe = { dedupe: true };
    expect((await readUsage({ 'a.csv': TEXT, 'b.csv': TEXT }, dedupe)).problems).toEqual([]);
    const blank = `${TEXT}2026-01-08,p,u,1,\n`;
    expect((await readUsage({ 'a.csv': blank, 'b.csv': blank }, dedupe)).problems).toHaveLength(1);
  });
});

test('a file that changes while it is read is bad input', async () => {
  const file = join(folder, 'a.csv');
  writeFileSync(file, `${HEADER}${rows('2026-01-05', 3)}`);
  const log = new ProblemLog();
  const grow = (): void => writeFileSync(file, `${HEADER}${rows('2026-01-05', 4)}`);
  await reduceUsage([{ file }], PLAIN_PLAN, log, undefined, { onRows: grow });
  expect(log.kept).toEqual([
    { file, what: 'it changed while it was read: run again once nothing writes to it' },
  ]);
});

test('an activity report that changes while it is imported is bad input', async () => {
  const file = join(folder, 'report.csv');
  const header =
    'Date,UserId,Client_Type,Credits_Used,Overage_Cap,Overage_Credits_Used,Overage_Enabled,ProfileId,Subscription_Tier\n';
  const row = '2026-01-05,u,KIRO_IDE,1,,0,true,p,PRO\n';
  writeFileSync(file, header + row);
  const log = new ProblemLog();
  const grow = (): void => writeFileSync(file, header + row + row);
  await readReports([{ file }], log, { onRows: grow });
  expect(log.kept).toEqual([
    { file, what: 'it changed while it was read: run again once nothing writes to it' },
  ]);
});

test('usage of more seats than there is memory for ends in words, with the file', async () => {
  const file = join(folder, 'a.csv');
  writeFileSync(file, `${HEADER}${rows('2026-01-05', 3)}`);
  const full = (): void => {
    throw new OutOfMemory();
  };
  const reading = reduceUsage([{ file }], PLAIN_PLAN, new ProblemLog(), undefined, {
    onRows: full,
  });
  await expect(reading).rejects.toMatchObject({
    problems: [
      { file, what: expect.stringMatching(/^the usage has too many seats to bill at once/) },
    ],
  });
});
