import { DuckDBInstance } from '@duckdb/node-api';
import type { Engine } from './engine.ts';

/** DuckDB in this process. */
export async function startDuckdb(): Promise<Engine> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const run = async (statements: readonly string[]): Promise<(string | null)[][]> => {
    for (const statement of statements.slice(0, -1)) await connection.run(statement);
    const reader = await connection.runAndReadAll(statements.at(-1) as string);
    return reader
      .getRowsJson()
      .map((row) => row.map((cell) => (cell === null ? null : String(cell))));
  };
  const [[version = null] = []] = await run(['SELECT version()']);
  return {
    name: 'duckdb',
    version: version ?? '',
    run,
    stop: async () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}
