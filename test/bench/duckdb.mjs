/**
 * The peer that an analyst writes: one SQL statement, with the types declared.
 *
 *   node test/bench/duckdb.mjs USAGE.csv [THREADS] [DECIMAL TYPE] [DELIMITER] [INSTANT TYPE]
 */
import { DuckDBInstance } from '@duckdb/node-api';
import { BENCH_MONTH } from './make-usage.mjs';
import { tell } from './totals.mjs';

const [file, threads = '2', type = 'DECIMAL(18,2)', delimiter = ',', instant = 'TIMESTAMP'] =
  process.argv.slice(2);
const mark = delimiter === ',' ? '.' : ',';
const instance = await DuckDBInstance.create(':memory:', { threads });
const connection = await instance.connect();
// A timestamp with a zone is compared in the session's.
if (instant !== 'TIMESTAMP') await connection.run("SET TimeZone = 'UTC'");
const reader = await connection.runAndReadAll(`
  SELECT profile_id, user_id, sum(credits) AS credits
  FROM read_csv('${file.replaceAll("'", "''")}', header = true,
    delim = '${delimiter}', decimal_separator = '${mark}', columns = {
    'timestamp': '${instant}', 'profile_id': 'VARCHAR', 'user_id': 'VARCHAR',
    'request_id': 'VARCHAR', 'credits': '${type}'})
  WHERE timestamp >= DATE '${BENCH_MONTH}-01'
    AND timestamp < DATE '${BENCH_MONTH}-01' + INTERVAL 1 MONTH
  GROUP BY profile_id, user_id`);
tell(reader.getRowsJson().map(([profile, user, credits]) => [`${profile},${user}`, credits]));
