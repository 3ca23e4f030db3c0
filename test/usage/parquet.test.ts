import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, test } from 'vitest';
import { decimalText } from '../../src/domain/decimal.ts';
import { instantText } from '../../src/domain/instant.ts';
import { ProblemLog } from '../../src/input/problem-log.ts';
import type { BadUsageRow, ReductionPlan } from '../../src/usage/plan.ts';
import { reduceUsage } from '../../src/usage/reduce.ts';
import { withParquetFile } from '../../src/usage/rows/parquet-file.ts';
import type { ColumnText } from '../../src/usage/rows/parquet-values.ts';
import { PLAIN_PLAN } from '../support/plain-plan.ts';
import { scratchFolder } from '../support/scratch.ts';
import type { Reduce } from './fast/readings.ts';
import { partings, together } from './fast/ways-to-read.ts';

const folder = scratchFolder();

const PLAN: ReductionPlan = { ...PLAIN_PLAN, profileIds: new Set(['p']) };

/** A file with what a statement of DuckDB selects. */
async function written(select: string, name = 'usage.parquet', options = ''): Promise<string> {
  const file = join(folder, name);
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run("set timezone = 'Asia/Kolkata'");
  await connection.run(
    `copy (${select}) to '${file}' (format parquet${options && `, ${options}`})`,
  );
  connection.closeSync();
  return file;
}

async function read(file: string, skips = false, reduce: Reduce = reduceUsage) {
  const log = new ProblemLog();
  const left: string[] = [];
  const onBadRow = ({ place, bytes }: BadUsageRow): void => {
    left.push(`${place.line}: ${bytes}`);
  };
  const { stretches, rows, coverage } = await reduce(
    [{ file }],
    PLAN,
    log,
    skips ? onBadRow : undefined,
  );
  return {
    rows,
    days: coverage.byProfile?.get('p')?.size,
    usage: [...stretches]
      .map(
        (usage) =>
          `${usage.userId} ${instantText(usage.from).slice(0, 7)} ${decimalText(usage.credits, 0)} ${usage.requests}`,
      )
      .sort(),
    problems: log.kept.map(
      ({ line, column, what, value }) => `${line}: ${column}: ${what} (${value})`,
    ),
    left,
  };
}

describe('usage in Parquet', () => {
  test.each([
    ['timestamp', "timestamp '2026-01-31 23:59:59.999999'"],
    ['timestamp of seconds', "timestamp_s '2026-01-31 23:59:59'"],
    ['timestamp of milliseconds', "timestamp_ms '2026-01-31 23:59:59.999'"],
    ['timestamp of nanoseconds', "timestamp_ns '2026-01-31 23:59:59.999999999'"],
    ['timestamp with a zone', "timestamptz '2026-02-01 05:29:59+05:30'"],
    ['date', "date '2026-01-31'"],
    ['text', "'2026-02-01T05:29:59+05:30'"],
  ])('an instant is a %s', async (_, instant) => {
    const file = await written(
      `select ${instant} as timestamp, 'p' profile_id, 'u' user_id, 7 credits`,
    );
    expect(await read(file)).toMatchObject({ usage: ['u 2026-01 7 1'], problems: [], days: 1 });
  });

  test.each([
    ['integer', '7::integer', '7'],
    ['big integer', '12345678901::bigint', '12345678901'],
    ['decimal', '114.45787414391377::decimal(38,14)', '114.45787414391377'],
    ['small decimal', '1.25::decimal(4,2)', '1.25'],
    [
      'floating point number, by its shortest text',
      '0.1::double + 0.2::double',
      '0.30000000000000004',
    ],
    ['single floating point number', '0.1::float', '0.1'],
    ['text', "'1e-05'", '0.00001'],
  ])('M1: a number is a %s', async (_, number, credits) => {
    const file = await written(
      `select date '2026-01-05' as timestamp, 'p' profile_id, 'u' user_id, ${number} credits`,
    );
    expect(await read(file)).toMatchObject({ usage: [`u 2026-01 ${credits} 1`], problems: [] });
  });

  test.each(['uncompressed', 'snappy', 'gzip', 'zstd', 'brotli', 'lz4_raw'])(
    'may be compressed (%s), in pages with and without a dictionary, with and without nulls',
    async (compression) => {
      const file = await written(
        `select timestamp '2026-01-05' + interval (range * 7) second as timestamp, 'p' as profile_id,
         'u' || (range * 7 % 999) as user_id, (range / 1000)::decimal(9, 3) as credits,
         case when range % 3 = 0 then null else 'r' || range // 2 end as request_id from range(6000)`,
        `${compression}.parquet`,
        `compression '${compression}', row_group_size 4096`,
      );
      const { usage, problems } = await read(file);
      const credits = usage.map((seat) => Number(seat.split(' ')[2]));
      expect(credits.reduce((sum, one) => sum + Math.round(one * 1000), 0)).toBe(17_997_000);
      expect(usage).toHaveLength(999);
      expect(problems).toEqual([]);
    },
  );

  test('has any order of columns, more of them, names in any case, and any name of its own', async () => {
    const file = await written(
      `select [1, 2] as more, range::double / 4 as CREDITS, 'u' || range % 2 as User_Id, 'p' as profile_id,
       timestamp '2026-01-05' + interval (range) second as timestamp from range(200000)`,
      'a.csv.gz',
    );
    expect(await read(file)).toMatchObject({
      rows: 200_000,
      usage: ['u0 2026-01 2499975000 100000', 'u1 2026-01 2500000000 100000'],
      problems: [],
    });
  });

  test('has places by row, from 1, and rows left out as CSV', async () => {
    const file = await written(
      `select * from (values (date '2026-01-05', 'p', 'u', 1.5::double), (date '2026-01-05', 'p', e'a,"b\\r\\nc', 2),
       (null, 'p', 'u', 3), (date '2026-01-05', 'p', 'u', -4), (date '2026-01-05', 'q', 'u', 5)) as t(timestamp, profile_id, user_id, credits)`,
    );
    const { usage, problems } = await read(file);
    expect(usage).toEqual(['u 2026-01 1.5 1']);
    expect(problems).toEqual([
      '2: user_id: an id must not have control characters (a,"b\r\nc)',
      '3: timestamp: must not be blank ()',
      '4: credits: must not be negative (-4)',
      '5: profile_id: there is no such profile in profiles.csv (q)',
    ]);
    const { left } = await read(file, true);
    expect(left).toEqual([
      '2: 2026-01-05,p,"a,""b\r\nc",2',
      '3: ,p,u,3',
      '4: 2026-01-05,p,u,-4',
      '5: 2026-01-05,q,u,5',
    ]);
  });

  test('may be of any kind of usage', async () => {
    const summary = await written(
      `select '2026-01' as month, 'p' profile_id, 'u' user_id, timestamp '2026-01-01' stretch_from,
       timestamp '2026-02-01' stretch_to, 1.5::decimal(10,2) credits, 3::bigint requests`,
    );
    expect(await read(summary)).toMatchObject({ usage: ['u 2026-01 1.5 3'], problems: [] });
  });

  const report = (date: string) =>
    written(
      `select ${date} "Date", 'u' "UserId", 'KIRO_IDE' "Client_Type", 2.5::double "Credits_Used", 'p' "ProfileId",
       true "Overage_Enabled", 0::double "Overage_Credits_Used"`,
    );

  test.each([
    "'2026-01-05'",
    "date '2026-01-05'",
    "timestamp '2026-01-05'",
    "timestamp_ns '2026-01-05'",
    "timestamptz '2026-01-05 00:00:00Z'",
  ])('may be of activity reports, with the date as %s', async (date) => {
    expect(await read(await report(date))).toMatchObject({
      ...{ usage: ['u 2026-01 2.5 1'], problems: [], days: 1 },
    });
  });

  test('has no date in a report at another time than midnight', async () => {
    const { problems } = await read(await report("timestamp '2026-01-05 00:00:01'"));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain('2026-01-05T00:00:01Z');
  });

  test.each([
    ['1', 2048, 16, 0],
    ['3', 2048, 16, 0.01],
    ['5', 32_768, 1, 0],
  ])(
    'is read by row groups, a large one in pieces, among threads as by one (seed %s)',
    async (seed, groupRows, partKiB, badShare) => {
      // Rows with a blank, a bad or a very large field are left to csv-parse, among those that are not.
      const file = await written(
        `select setseed(0.${seed}), case when random() < ${badShare} then null else timestamp '2026-01-05' + interval (range) second end as timestamp,
       case when random() < ${badShare} then 'q' else 'p' end as profile_id,
       case when random() < 0.01 then 'é' || range % 7 when random() < ${badShare / 10} then repeat('x', 70000) else 'u' || range % 3 end as user_id,
       case when random() < 0.01 then 12345678901 else (random() * 1000)::decimal(20, 12) end as credits from range(30000)`,
        `parts-${seed}.parquet`,
        `row_group_size ${groupRows}`,
      );
      const alone = await read(file, true);
      expect(alone.rows).toBe(30_000);
      expect(alone.usage).toHaveLength(3 + 7);
      expect(alone.left.length > 100).toBe(badShare > 0);
      const before = partings.count;
      expect(await read(file, true, together(partKiB * 1024, 2))).toEqual(alone);
      // What is bad is read by one.
      expect(partings.count - before).toBe(badShare > 0 ? 0 : 1);
    },
  );

  test.each(['[1.5]', "{'a': 1.5}", "map {'a': 'b'}"])(
    'has no column credits where it holds more than a value per row: %s',
    async (credits) => {
      const file = await written(
        `select 'p' as profile_id, date '2026-01-05' as timestamp, 'u' as user_id, ${credits} as credits`,
      );
      expect((await read(file)).problems).toEqual([
        expect.stringContaining('credits: the required column is missing'),
      ]);
    },
  );

  test('says what is wrong with its columns, or with the file, without a line', async () => {
    const file = await written(
      "select 'p' as profile_id, date '2026-01-05' as timestamp, 'u' as user_id",
    );
    expect((await read(file)).problems).toEqual([
      'undefined: credits: the required column is missing (undefined)',
    ]);
    const cut = join(folder, 'cut.parquet');
    writeFileSync(cut, 'PAR1 and no more');
    expect((await read(cut)).problems).toEqual([
      expect.stringContaining('not a whole Parquet file'),
    ]);
  });

  test('takes a bare integer for no instant', async () => {
    const file = await written(
      "select 1767225600000 as timestamp, 'p' profile_id, 'u' user_id, 7 credits",
    );
    expect((await read(file)).problems).toEqual([
      expect.stringContaining('1: timestamp: not an instant'),
    ]);
  });

  test.each([
    ['V1', 'snappy'],
    ['V2', 'zstd'],
  ])('has maps as JSON, of the rows that are asked for (%s, %s)', async (version, compression) => {
    const map = `case range % 5 when 0 then null when 1 then map {} when 2 then map {'a': null, 'b"': 'é'}
      when 3 then map {'k' || range: 'v' || range} else map {'x': 'y'} end`;
    const file = await written(
      `select ${map} as tags from range(200000)`,
      'maps.parquet',
      `parquet_version '${version}', compression '${compression}'`,
    );
    await withParquetFile(file, async (parquet) => {
      const { textOf } = parquet.columns.get('tags') as ColumnText;
      const expected = (row: number): string =>
        ['', '{}', '{"a":null,"b\\"":"é"}', `{"k${row}":"v${row}"}`, '{"x":"y"}'][
          row % 5
        ] as string;
      const few = [0, 1, 2, 3, 4, 122_878, 122_879, 122_880, 150_001, 199_998, 199_999];
      expect(await parquet.texts('tags').textsOf(few, textOf)).toEqual(few.map(expected));
      const all = Array.from({ length: 1000 }, (_, index) => 122_500 + index);
      expect(await parquet.texts('tags').textsOf(all, textOf)).toEqual(all.map(expected));
    });
  });
});
