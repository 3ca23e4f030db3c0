import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, it } from 'vitest';
import { curFiles } from '../../src/aws/cur-files.ts';
import type { KiroLine } from '../../src/aws/kiro-line.ts';
import { readCur } from '../../src/aws/read-cur.ts';
import { decimalText } from '../../src/domain/decimal.ts';
import { ProblemLog } from '../../src/input/problem-log.ts';
import { withDirectory } from '../support/in-process.ts';
import { ALICE, BOB, credits, curCsv, fee, otherProduct } from './cur-rows.ts';

const ROWS = Array.from({ length: 3000 }, (_, index) => {
  if (index === 7) return fee(ALICE, 'ProPlus', '40');
  if (index === 2900) return credits(BOB, '12.345', '0.1234567891');
  return otherProduct({ line_item_resource_id: `i-${index}` });
});

/** The CUR as DuckDB writes it: numbers, instants and maps as AWS has them, several pages of several groups. */
const TYPED = `SELECT * REPLACE (
    CAST(line_item_unblended_cost AS DECIMAL(28, 10)) AS line_item_unblended_cost,
    CAST(line_item_usage_amount AS DOUBLE) AS line_item_usage_amount,
    CAST(bill_billing_period_start_date AS TIMESTAMP) AS bill_billing_period_start_date),
  MAP {'product_name': line_item_product_code} AS product,
  MAP {} AS resource_tags`;

/** The Kiro rows of the CUR written by DuckDB with these options. */
function readBack(options: string): Promise<string[]> {
  return withDirectory({ 'in.csv': curCsv(ROWS) }, async (directory) => {
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    const target = join(directory, 'cur.parquet');
    const source = `read_csv('${join(directory, 'in.csv')}', all_varchar = true)`;
    await connection.run(
      `COPY (${TYPED} FROM ${source}) TO '${target}' (FORMAT parquet, ${options})`,
    );
    connection.closeSync();
    instance.closeSync();
    const log = new ProblemLog();
    const lines: string[] = [];
    const onLine = ({ userId, item, quantity, cost }: KiroLine): void => {
      lines.push(`${userId} ${item} ${decimalText(quantity, 0)} ${decimalText(cost, 0)}`);
    };
    await readCur(await curFiles(target), log, onLine, { month: '2026-01' });
    expect(log.kept).toEqual([]);
    return lines;
  });
}

describe("M1: AWS's bill in Parquet by another writer", () => {
  it.each(
    ['uncompressed', 'snappy', 'gzip', 'zstd', 'brotli', 'lz4', 'lz4_raw'].flatMap((codec) =>
      ['V1', 'V2'].map((version) => [codec, version] as const),
    ),
  )('is read the same, compressed with %s, in encodings of %s', async (codec, version) => {
    const lines = await readBack(
      `COMPRESSION ${codec}, PARQUET_VERSION ${version}, ROW_GROUP_SIZE 2048`,
    );
    expect(lines).toEqual([`${ALICE} ProPlus 1 40`, `${BOB} Credits 12.345 0.1234567891`]);
  });
});
