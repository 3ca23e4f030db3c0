/**
 * The peer for activity reports: DuckDB running the statement that `kiro-bill sql` writes.
 *
 *   node test/bench/duckdb-activity.mjs STATEMENT.sql [THREADS]
 */
import { readFileSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';
import { BENCH_MONTH } from './make-usage.mjs';
import { tell } from './totals.mjs';

const [file, threads = '2'] = process.argv.slice(2);
const instance = await DuckDBInstance.create(':memory:', { threads });
const connection = await instance.connect();
const reader = await connection.runAndReadAll(readFileSync(file, 'utf8'));
const rows = reader.getRowObjectsJson().filter(({ month }) => month === BENCH_MONTH);
tell(rows.map((row) => [`${row.profile_id},${row.user_id}`, row.credits]));
