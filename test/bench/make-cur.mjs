/**
 * Makes the Cost and Usage Report of a whole company, in CSV (1 GB by default) and in Parquet, and the
 * data directory of its Kiro seats: 120 columns, and one row in 500 is Kiro's.
 *
 * CUR_ROWS   rows; 0 for no report
 */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { BENCH_MONTH } from './make-usage.mjs';

const COLUMNS = 120;
const USERS = 1000;
const ROWS_PER_KIRO_ROW = 500;
const ACCOUNT = '111122223333';
const USER = "'90676c9d-0000-7000-8000-' || lpad(((row // 500) % 1000)::VARCHAR, 12, '0')";

export function wantedCur() {
  const rows = Number(process.env.CUR_ROWS ?? 0);
  return { rows, folder: resolve(import.meta.dirname, '../../.bench', `cur-${rows}`) };
}

/** Makes the report and the data in `folder`. */
export async function makeCur(folder, rows) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'profiles.csv'),
    `profile_id,account_id,region,overage\nteam,${ACCOUNT},us-east-1,enabled\n`,
  );
  const seats = Array.from({ length: USERS }, (_, index) => {
    return `team,user,90676c9d-0000-7000-8000-${String(index).padStart(12, '0')},Pro,2025-11-03\n`;
  });
  writeFileSync(
    join(folder, 'subscriptions.csv'),
    `profile_id,principal_type,principal_id,tier,subscribed_at\n${seats.join('')}`,
  );
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const connection = await instance.connect();
  const select = `SELECT ${columnsOfCur().join(', ')} FROM range(${rows}) AS numbers(row)`;
  const parquet = join(folder, 'cur.parquet.unfinished');
  const csv = join(folder, 'cur.csv.unfinished');
  await connection.run(`COPY (${select}) TO '${parquet}' (FORMAT parquet)`);
  await connection.run(`COPY (FROM read_parquet('${parquet}')) TO '${csv}' (FORMAT csv)`);
  renameSync(parquet, join(folder, 'cur.parquet'));
  renameSync(csv, join(folder, 'cur.csv'));
}

/** Those that are read, and as many others as a report has. */
function columnsOfCur() {
  const ofKiro = (kiro, other) =>
    `CASE WHEN row % ${ROWS_PER_KIRO_ROW} = 0 THEN ${kiro} ELSE ${other} END`;
  const read = [
    `${ofKiro("'Kiro'", "['AmazonEC2', 'AmazonS3', 'AWSLambda'][1 + row % 3]")} AS line_item_product_code`,
    `${ofKiro("'USE1-KiroEnterprise-Credits'", "'USE1-BoxUsage:m7g.large'")} AS line_item_usage_type`,
    `${ofKiro("'Credits'", "'RunInstances'")} AS line_item_operation`,
    "'Usage' AS line_item_line_item_type",
    `${ofKiro(`'arn:aws:identitystore:::user/' || ${USER}`, "'i-' || md5(row::VARCHAR)")} AS line_item_resource_id`,
    `'${ACCOUNT}' AS line_item_usage_account_id`,
    `'${ACCOUNT}' AS bill_payer_account_id`,
    `TIMESTAMP '${BENCH_MONTH}-01' AS bill_billing_period_start_date`,
    "'1234567890' AS bill_invoice_id",
    '(row % 20000) / 1000 AS line_item_usage_amount',
    '(row % 997)::DECIMAL(18, 4) / 100 AS line_item_unblended_cost',
    "'USD' AS line_item_currency_code",
    "'us-east-1' AS product_region_code",
  ];
  const kinds = [
    (number) => `left(md5((row * ${number})::VARCHAR), 8)`,
    (number) => `(row * ${number} % 1000003) / 1000`,
    (number) => `'value' || (row % ${number + 50})`,
    () => 'NULL::VARCHAR',
    (number) => `TIMESTAMP '${BENCH_MONTH}-01' + INTERVAL (row * ${number} % 2000000) SECOND`,
  ];
  const others = Array.from({ length: COLUMNS - read.length }, (_, index) => {
    const value = kinds[index % kinds.length](index);
    return `${value} AS other_${index}`;
  });
  return [...read, ...others];
}
