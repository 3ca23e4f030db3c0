/**
 * The peer on a Cost and Usage Report: the sum of Kiro's rows by user, in one SQL statement.
 *
 *   node test/bench/duckdb-cur.mjs CUR.csv|CUR.parquet [THREADS]
 */
import { DuckDBInstance } from '@duckdb/node-api';
import { tell } from './totals.mjs';

const [file, threads = '2'] = process.argv.slice(2);
const instance = await DuckDBInstance.create(':memory:', { threads });
const connection = await instance.connect();
const reader = await connection.runAndReadAll(`
  SELECT split_part(line_item_resource_id, '/', -1) AS user_id,
    sum(line_item_unblended_cost::DECIMAL(18, 2)) AS cost
  FROM '${file.replaceAll("'", "''")}'
  WHERE line_item_product_code = 'Kiro'
  GROUP BY user_id HAVING cost > 0`);
tell(reader.getRowsJson().map(({ 0: user, 1: cost }) => [user, cost]));
