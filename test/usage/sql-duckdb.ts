import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { runMain } from '../support/in-process.ts';

/** What DuckDB writes as CSV for a statement of `sql`, after `before`. */
export async function duckdbCsv(
  sql: string,
  directory: string,
  before = 'SELECT 1',
): Promise<string> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const target = join(directory, 'from duckdb.csv');
    await connection.run(before);
    const query = sql.trimEnd().replace(/;$/, '');
    await connection.run(`COPY (${query}\n) TO '${target.replaceAll("'", "''")}' (HEADER)`);
    return await readFile(target, 'utf8');
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** The statement that the command line writes for DuckDB. */
export async function duckdbSql(args: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await runMain(['sql', '--engine', 'duckdb', ...args]);
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

/** What `summarize` writes for the usage of a data directory. */
export async function summaryOf(args: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await runMain(['summarize', '--quiet', ...args]);
  if (status !== 0) throw new Error(stderr);
  return stdout;
}
