/**
 * How long a statement takes beside one that a person would write for the same typed table, on each
 * engine, and how long `kiro-bill summarize` takes for the same rows in files. Run by `npm run
 * bench:engines`; ROWS sets its size, CORES the cores that Spark has, PAIRS how often each is run.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runMain } from '../support/in-process.ts';
import { startDuckdb } from './duckdb.ts';
import type { Engine } from './engine.ts';
import { startSpark } from './spark.ts';
import { startTrino } from './trino.ts';
import { PROFILES, TABLES } from './usage-made.ts';

const ROWS = Number(process.env.ROWS ?? 2_000_000);
const CORES = Number(process.env.CORES ?? 2);
const PAIRS = Number(process.env.PAIRS ?? 3);

const folder = mkdtempSync(join(tmpdir(), 'kiro-bill-engines-bench-'));
const lake = join(folder, 'lake/usage');
const engines: Engine[] = [];

beforeAll(async () => {
  mkdirSync(join(folder, 'data'), { recursive: true });
  mkdirSync(lake, { recursive: true });
  for (const [name, text] of Object.entries(TABLES))
    writeFileSync(join(folder, 'data', name), text);
  const [duckdb, spark, trino] = [
    await startDuckdb(),
    await startSpark(folder, CORES),
    await startTrino(folder),
  ];
  engines.push(duckdb, spark, trino);
  await duckdb.run([
    `COPY (SELECT TIMESTAMPTZ '2027-12-01 00:00:00+00' + to_microseconds((hash(i) % 7776000000000)::BIGINT) AS "timestamp",
      ['${PROFILES.join("', '")}'][CAST(1 + hash(i, 1) % 3 AS BIGINT)] AS profile_id, 'user-' || (hash(i, 2) % 5000) AS user_id,
      CAST((hash(i, 3) % 100000000) / 1000000 AS DECIMAL(18, 6)) AS credits FROM range(${ROWS}) AS rows(i))
     TO '${lake}/part.parquet' (FORMAT parquet)`,
  ]);
  await duckdb.run([`CREATE VIEW kiro_usage AS FROM '${lake}/*.parquet'`, 'SELECT 1']);
  await spark.run([`CREATE TABLE kiro_usage USING parquet LOCATION '${lake}'`, 'SELECT 1']);
  await trino.run([
    `CREATE SCHEMA hive.logs WITH (location = 'local:///warehouse/logs')`,
    `CREATE TABLE kiro_usage ("timestamp" timestamp(6), profile_id varchar, user_id varchar, credits decimal(18, 6)) WITH (format = 'PARQUET', external_location = 'local:///usage')`,
  ]);
}, 600_000);

afterAll(async () => {
  for (const engine of engines) await engine.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Joins the stretches, sums, counts and groups: what a person would write, and no more. */
function byHand(engine: Engine['name'], statement: string): string {
  const stretches = /stretches \(.*?\n\)/s.exec(statement)?.[0];
  const at = engine === 'spark' ? 'u.`timestamp`' : 'u."timestamp"';
  return `WITH ${stretches}
SELECT date_trunc('month', ${at}), u.profile_id, u.user_id, s.stretch_from, s.stretch_to, sum(u.credits), count(*)
FROM kiro_usage AS u
LEFT JOIN stretches AS s ON s.profile_id = u.profile_id AND ${at} >= s.starts_at AND ${at} < s.ends_at
GROUP BY 1, 2, 3, 4, 5
ORDER BY 1, 2, 3, 4, 5`;
}

async function secondsOf(engine: Engine, statement: string): Promise<number> {
  const start = performance.now();
  const rows = await engine.run([statement]);
  expect(rows.length).toBeGreaterThan(1000);
  return (performance.now() - start) / 1000;
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] as number;
}

test.each(['duckdb', 'spark', 'athena'] as const)(
  '%s',
  async (name) => {
    const engine = engines.find((one) => one.name === name) as Engine;
    const { stdout } = await runMain(['sql', '--engine', name, '--data', join(folder, 'data')]);
    const ours = stdout.trimEnd().replace(/;$/, '');
    const hand = byHand(name, ours);
    await secondsOf(engine, ours);
    await secondsOf(engine, hand);
    const pairs: [ours: number, hand: number][] = [];
    for (let pair = 0; pair < PAIRS; pair += 1) {
      pairs.push([await secondsOf(engine, ours), await secondsOf(engine, hand)]);
    }
    const ratio = median(pairs.map(([a, b]) => a / b));
    const shown = pairs.map(([a, b]) => `${a.toFixed(2)} s / ${b.toFixed(2)} s`).join(', ');
    console.info(
      `${name} ${engine.version}, ${ROWS} rows: ${ratio.toFixed(2)} x by hand (${shown})`,
    );
  },
  900_000,
);

const PROGRAM = join(import.meta.dirname, '../../bin/kiro-bill.js');

test.each([
  ['Parquet', '.parquet', ''],
  ['CSV', '.csv', '(FORMAT csv)'],
  ['CSV.gz', '.csv.gz', '(FORMAT csv, COMPRESSION gzip)'],
])(
  'kiro-bill summarize, %s',
  async (kind, extension, format) => {
    const usage = format === '' ? lake : join(folder, extension.slice(1));
    if (format !== '') {
      mkdirSync(usage);
      const [duckdb] = engines as [Engine];
      const file = join(usage, `usage${extension}`);
      await duckdb.run([`COPY (FROM '${lake}/*.parquet') TO '${file}' ${format}`]);
    }
    const files = ['--data', join(folder, 'data'), '--usage', usage, '-o', join(folder, 'sum.csv')];
    const seconds = Array.from({ length: PAIRS }, () => {
      const start = performance.now();
      execFileSync(process.execPath, [PROGRAM, 'summarize', ...files, '--quiet']);
      return (performance.now() - start) / 1000;
    });
    const perMinute = Math.round((ROWS / median(seconds)) * 60).toLocaleString('en-US');
    const shown = seconds.map((one) => `${one.toFixed(2)} s`).join(', ');
    console.info(`kiro-bill, ${kind}, ${ROWS} rows: ${perMinute} rows a minute (${shown})`);
  },
  900_000,
);
