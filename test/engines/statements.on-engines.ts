/**
 * The statements of `sql`, run on the engines themselves: the summary that an engine makes is
 * billed as the files are, byte for byte, and what does not fit makes the statement fail.
 */
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { groupBy } from '../../src/domain/grouping.ts';
import { runMain } from '../support/in-process.ts';
import { billed } from './billed.ts';
import { startDuckdb } from './duckdb.ts';
import type { Engine } from './engine.ts';
import { MUTANTS, mutated } from './mutants.ts';
import { startSpark } from './spark.ts';
import { startTrino } from './trino.ts';
import {
  csvField,
  type MeantReport,
  type MeantRow,
  meantReports,
  meantRows,
  PROFILES,
  Random,
  spelledCredits,
  spelledInstant,
  TABLES,
  utcText,
} from './usage-made.ts';

const SEED = Number(process.env.SEED ?? 20_280_229);
const ROWS = 4000;
const WRITTEN_AT = new Date('2028-04-01T00:00:00Z');
const SUMMARY_HEADER = [
  'month',
  'profile_id',
  'user_id',
  'stretch_from',
  'stretch_to',
  'credits',
  'requests',
];

const folder = mkdtempSync(join(tmpdir(), 'kiro-bill-engines-'));
const lake = join(folder, 'lake');
const data = join(folder, 'data');
const engines: Partial<Record<Engine['name'], Engine>> = {};

beforeAll(async () => {
  const random = new Random(SEED);
  writeFiles(data, TABLES);
  writeRequests(meantRows(random, ROWS), random);
  writeReports(meantReports(random, ROWS));
  engines.duckdb = await startDuckdb();
  await makeParquet(engines.duckdb);
  engines.spark = await startSpark(folder);
  engines.athena = await startTrino(folder);
  for (const { name, version } of Object.values(engines)) {
    console.info(`${name} ${version}: ${ROWS} rows of requests and of reports, seed ${SEED}`);
  }
  await makeTables();
});

afterAll(async () => {
  for (const engine of Object.values(engines)) await engine.stop();
  rmSync(folder, { recursive: true, force: true });
});

function writeFiles(below: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(below, name)), { recursive: true });
    writeFileSync(join(below, name), text);
  }
}

/** Requests as two files with their columns in different orders, and exact ones for typed tables. */
function writeRequests(rows: readonly MeantRow[], random: Random): void {
  const half = rows.length / 2;
  const spelled = rows.map(({ atMicros, profileId, userId, credits }) => [
    spelledInstant(atMicros, random),
    csvField(profileId),
    csvField(userId),
    spelledCredits(credits, random),
  ]);
  const turned = rows.slice(half).map(({ profileId, userId }, index) => {
    const [at, , , credits] = spelled[half + index] as string[];
    return [credits, index, csvField(userId), ` ${profileId}\t`, `"${at}"`];
  });
  writeFiles(lake, {
    'requests/a.csv': lines([
      'timestamp,profile_id,user_id,credits',
      ...spelled.slice(0, half).map((row) => row.join(',')),
    ]),
    'requests/deep/b.csv': lines([
      'Credits,request_id,USER_ID,profile_id,"timestamp"',
      ...turned.map((row) => row.join(',')),
    ]),
    'exact/requests.csv': lines([
      'timestamp,profile_id,user_id,credits',
      ...rows.map((row) =>
        [utcText(row.atMicros), row.profileId, csvField(row.userId), row.credits].join(','),
      ),
    ]),
  });
}

const REPORT_COLUMNS = [
  'Date',
  'UserId',
  'Client_Type',
  'ProfileId',
  'Subscription_Tier',
  'Credits_Used',
  'Overage_Credits_Used',
  'Overage_Enabled',
];

/** Reports as files of which every second has its columns the other way round, and one table of all. */
function writeReports(rows: readonly MeantReport[]): void {
  const files = groupBy(rows, ({ file }) => file);
  for (const [index, [file, ofFile]] of [...files].entries()) {
    const isTurned = index % 2 === 1;
    const table = [REPORT_COLUMNS, ...ofFile.map(reportFields)];
    const ordered = table.map((row) => (isTurned ? row.toReversed() : row).join(','));
    writeFiles(join(lake, 'reports'), { [file]: lines(ordered) });
    // A statement knows no times of change: with one for all, R2 goes on to the path.
    utimesSync(join(lake, 'reports', file), WRITTEN_AT, WRITTEN_AT);
  }
  writeFiles(join(lake, 'reports'), {
    'by_user_analytic/x.csv': 'UserId,Date,Inline_Suggestions\nu,2028-01-01,3\n',
  });
  const exact = rows.map((row) =>
    [...reportFields(row), csvField(join(lake, 'reports', row.file))].join(','),
  );
  writeFiles(lake, {
    'exact/reports.csv': lines([[...REPORT_COLUMNS, 'source_file'].join(','), ...exact]),
  });
}

function reportFields({
  date,
  userId,
  client,
  profileId,
  tier,
  used,
  overage,
}: MeantReport): string[] {
  return [date, csvField(userId), client, `"${profileId}"`, tier, used, overage, 'true'];
}

function lines(texts: readonly string[]): string {
  return `${texts.join('\n')}\n`;
}

/** Typed and text tables as Parquet, which all three engines read. */
async function makeParquet({ run }: Engine): Promise<void> {
  const csv = (name: string): string =>
    `read_csv('${join(lake, 'exact', name)}', header = true, all_varchar = true, delim = ',', quote = '"', escape = '"')`;
  const copies = {
    'typed-requests': `SELECT CAST("timestamp" || '+00' AS TIMESTAMPTZ) AS "timestamp", profile_id, user_id, CAST(credits AS DECIMAL(38, 18)) AS credits FROM ${csv('requests.csv')}`,
    'text-requests': `SELECT * FROM read_csv('${join(lake, 'requests')}/**/*.csv', header = true, all_varchar = true, union_by_name = true, delim = ',', quote = '"', escape = '"', skip = 0)`,
    'typed-reports': `SELECT CAST(Date AS DATE) AS Date, UserId, Client_Type, ProfileId, Subscription_Tier, CAST(Credits_Used AS DECIMAL(38, 18)) AS Credits_Used, CAST(Overage_Credits_Used AS DECIMAL(38, 18)) AS Overage_Credits_Used, source_file FROM ${csv('reports.csv')}`,
    'text-reports': `SELECT * FROM ${csv('reports.csv')}`,
  };
  for (const [name, query] of Object.entries(copies)) {
    mkdirSync(join(lake, name), { recursive: true });
    await run([`COPY (${query}) TO '${join(lake, name, 'part.parquet')}' (FORMAT parquet)`]);
  }
}

const TRINO_COLUMNS = {
  requests: (at: string, credits: string) =>
    `"timestamp" ${at}, profile_id varchar, user_id varchar, credits ${credits}`,
  reports: (at: string, credits: string) =>
    `"date" ${at}, userid varchar, client_type varchar, profileid varchar, subscription_tier varchar, credits_used ${credits}, overage_credits_used ${credits}, source_file varchar`,
};

/** The tables by the names that the statements read. */
async function makeTables(): Promise<void> {
  const { duckdb, spark, athena } = engines as Record<Engine['name'], Engine>;
  await athena.run([`CREATE SCHEMA logs WITH (location = 'local:///warehouse/logs')`]);
  await spark.run(['CREATE SCHEMA logs', `SET TIME ZONE 'Asia/Tokyo'`]);
  await duckdb.run(['CREATE SCHEMA logs', `SET TimeZone = 'Asia/Tokyo'`]);
  for (const kind of ['requests', 'reports'] as const) {
    for (const type of ['typed', 'text'] as const) {
      const path = join(lake, `${type}-${kind}`);
      const at = kind === 'requests' ? 'timestamp(6)' : 'date';
      const columns =
        type === 'typed'
          ? TRINO_COLUMNS[kind](at, 'decimal(38, 18)')
          : TRINO_COLUMNS[kind]('varchar', 'varchar');
      await athena.run([
        `CREATE TABLE logs.${type}_${kind} (${columns}) WITH (format = 'PARQUET', external_location = 'local:///${type}-${kind}')`,
      ]);
      await duckdb.run([`CREATE TABLE logs.${type}_${kind} AS FROM '${path}/*.parquet'`]);
      await spark.run([`CREATE TABLE logs.${type}_${kind} USING parquet LOCATION '${path}'`]);
    }
  }
  await athena.run([
    `CREATE TABLE logs.kiro_bill_lines (line varchar) WITH (format = 'TEXTFILE', textfile_field_separator = U&'\\0001', external_location = 'local:///requests')`,
  ]);
}

/** The statements that `sql` writes, the query last. Trino has CREATE in words of its own. */
async function statements(engine: Engine['name'], args: readonly string[]): Promise<string[]> {
  const { stdout, stderr, status } = await runMain([
    'sql',
    '--engine',
    engine,
    '--data',
    data,
    ...args,
  ]);
  if (status !== 0) throw new Error(stderr);
  const [first = '', second] = stdout.trimEnd().replace(/;$/, '').split(/;\n/);
  if (second === undefined) return [first];
  return engine === 'athena' ? [second] : [first, second];
}

async function summary(
  engine: Engine['name'],
  args: readonly string[],
  change = (statement: string): string => statement,
): Promise<string> {
  const ofEngine = await statements(engine, args);
  const query = change(ofEngine.pop() as string);
  const rows = await (engines[engine] as Engine).run([...ofEngine, query]);
  return stringify([SUMMARY_HEADER, ...rows]);
}

async function expectSameBill(
  engine: Engine['name'],
  args: readonly string[],
  usage: string,
): Promise<void> {
  const file = join(folder, `${engine}.csv`);
  writeFileSync(file, await summary(engine, args));
  const expected = await billed(data, usage);
  expect(expected.split('\n').length).toBeGreaterThan(50);
  expect(await billed(data, file)).toBe(expected);
}

describe.each(['duckdb', 'spark', 'athena'] as const)(
  'the statement for %s bills as the files do',
  (engine) => {
    const requests = join(lake, 'requests');
    const reports = join(lake, 'reports');
    const fileColumn = ['--file-column', 'source_file'];

    test('over request usage in a typed table', () =>
      expectSameBill(engine, ['--table', 'logs.typed_requests'], requests));
    test('over request usage in a table of text', () =>
      expectSameBill(engine, ['--table', 'logs.text_requests', '--text'], requests));
    test('over request usage in files', () =>
      expectSameBill(engine, ['--path', `${requests}/`], requests));
    test('over reports in a typed table', () =>
      expectSameBill(
        engine,
        ['--from', 'activity', '--table', 'logs.typed_reports', ...fileColumn],
        reports,
      ));
    test('over reports in a table of text', () =>
      expectSameBill(
        engine,
        ['--from', 'activity', '--table', 'logs.text_reports', '--text', ...fileColumn],
        reports,
      ));
    test('over reports in files', async () => {
      if (engine === 'athena') {
        await (engines.athena as Engine).run([
          'DROP TABLE logs.kiro_bill_lines',
          `CREATE TABLE logs.kiro_bill_lines (line varchar) WITH (format = 'TEXTFILE', textfile_field_separator = U&'\\0001', external_location = 'local:///reports')`,
        ]);
      }
      await expectSameBill(engine, ['--from', 'activity', '--path', `${reports}/`], reports);
    });

    test('of one month alone', async () => {
      const all = await summary(engine, ['--table', 'logs.typed_requests']);
      const months = await summary(engine, [
        '--table',
        'logs.typed_requests',
        '--month',
        '2028-02',
      ]);
      const ofMonth = all
        .split('\n')
        .filter((line, index) => index === 0 || line.startsWith('2028-02') || line === '');
      expect(months).toBe(ofMonth.join('\n'));
      expect(ofMonth.length).toBeGreaterThan(20);
    });
  },
);

describe.each(['spark', 'athena'] as const)(
  'the statement for %s, changed by one character, bills otherwise or fails',
  (engine) => {
    const tables = { typed: ['logs.typed_requests'], text: ['logs.text_requests', '--text'] };
    const cases = MUTANTS.map((mutant) => {
      const kind: keyof typeof tables = mutant.isOfText ? 'text' : 'typed';
      return [mutant.what, kind, mutant] as const;
    });

    test.each(cases)('%s (%s)', async (_what, kind, mutant) => {
      const file = join(folder, `${engine}.csv`);
      const change = (statement: string): string => mutated(statement, mutant);
      const outcome = summary(engine, ['--table', ...tables[kind]], change).then((text) => {
        writeFileSync(file, text);
        return billed(data, file);
      });
      const expected = await billed(data, join(lake, 'requests'));
      expect(await outcome.catch(String)).not.toBe(expected);
    });
  },
);

describe('the statement for Spark', () => {
  test('fails on timestamps without a time zone in a session that is not in UTC', async () => {
    const { run } = engines.spark as Engine;
    const row = `SELECT TIMESTAMP_NTZ '2028-01-01 00:00:00' AS \`timestamp\`, '${PROFILES[0]}' AS profile_id, 'u' AS user_id, 1 AS credits`;
    await run([`CREATE OR REPLACE VIEW logs.no_zone AS ${row}`]);
    const [statement = ''] = await statements('spark', ['--table', 'logs.no_zone']);
    await expect(run([statement])).rejects.toThrow('Asia/Tokyo');
    await run([`SET TIME ZONE 'UTC'`]);
    expect((await run([statement]))[0]?.[0]).toBe('2028-01');
    await run([`SET TIME ZONE 'Asia/Tokyo'`]);
  });
});

describe('the statement fails, and shows the value,', () => {
  const good = { at: "'2028-01-05'", credits: "'1'" };
  const cases = {
    'no credits': { ...good, credits: "''" },
    'negative credits': { ...good, credits: "'-1'" },
    'credits with a plus': { ...good, credits: "'+1'" },
    'credits in words': { ...good, credits: "'NaN'" },
    'credits finer than the type': { ...good, credits: "'1e-25'" },
    'credits greater than the type': { ...good, credits: "'123456789012345'" },
    thousands: { ...good, credits: "'1,000'" },
    'no instant': { ...good, at: "''" },
    'a day that there is not': { ...good, at: "'2027-02-30'" },
    'hour 24': { ...good, at: "'2028-01-05T24:00:00Z'" },
    'second 60': { ...good, at: "'2028-01-05T09:30:60Z'" },
    'a year too late': { ...good, at: "'2200-01-05'" },
  };
  const rows = Object.entries(cases).flatMap(([what, row]) =>
    (['duckdb', 'spark', 'athena'] as const).map((engine) => [engine, what, row] as const),
  );

  test.each(rows)('on %s: %s', async (engine, _what, { at, credits }) => {
    const run = (engines[engine] as Engine).run;
    const view = `SELECT ${at} AS ${engine === 'spark' ? '`timestamp`' : '"timestamp"'}, '${PROFILES[0]}' AS profile_id, 'u' AS user_id, ${credits} AS credits`;
    await run([`CREATE OR REPLACE VIEW logs.bad_requests AS ${view}`]);
    const shown = (at === good.at ? credits : at).replaceAll("'", '') || 'no such';
    await expect(
      run(await statements(engine, ['--table', 'logs.bad_requests', '--text'])),
    ).rejects.toThrow(shown);
  });
});
