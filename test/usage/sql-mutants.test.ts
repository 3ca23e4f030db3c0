/**
 * That the comparison of a statement with the files would find a mistake: DuckDB's statement,
 * changed by one character in a cast, the join or a cut. `npm run test:engines` does so on the
 * other engines.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { billed } from '../engines/billed.ts';
import { MUTANTS, mutated } from '../engines/mutants.ts';
import { csvField, meantRows, Random, TABLES, utcText } from '../engines/usage-made.ts';
import { withDirectory } from '../support/in-process.ts';
import { duckdbCsv, duckdbSql } from './sql-duckdb.ts';

const SEED = 20_280_229;
const ROWS = 1500;

/** The bills of the files and of the statement over them, with its bill after each change. */
async function bills(isText: boolean): Promise<Map<string, string>> {
  const rows = meantRows(new Random(SEED), ROWS).map(({ atMicros, profileId, userId, credits }) =>
    [utcText(atMicros), profileId, csvField(userId), credits].join(','),
  );
  const usage = ['timestamp,profile_id,user_id,credits', ...rows, ''].join('\n');
  return withDirectory({ ...TABLES, 'usage.csv': usage }, async (data) => {
    const file = join(data, 'usage.csv');
    const options = isText ? ['--text'] : [];
    const statement = await duckdbSql(['--data', data, '--table', 'made', ...options]);
    const columns = isText
      ? '*'
      : 'CAST("timestamp" AS TIMESTAMP) AS "timestamp", profile_id, user_id, CAST(credits AS DECIMAL(38, 18)) AS credits';
    const table = `CREATE TABLE made AS SELECT ${columns} FROM read_csv('${file}', header = true, all_varchar = true, delim = ',', quote = '"', escape = '"')`;
    const billOf = async (sql: string): Promise<string> => {
      const summary = join(data, 'summary.csv');
      writeFileSync(summary, await duckdbCsv(sql, data, table));
      return billed(data, summary);
    };
    const found = new Map([
      ['files', await billed(data, file)],
      ['statement', await billOf(statement)],
    ]);
    for (const mutant of MUTANTS.filter(({ isOfText = false }) => isText || !isOfText)) {
      found.set(mutant.what, await billOf(mutated(statement, mutant)).catch(String));
    }
    return found;
  });
}

test.each([
  ['typed columns', false],
  ['columns of text', true],
])(
  'a statement over %s that is changed by one character bills otherwise, or fails',
  async (_, isText) => {
    const [[, ofFiles] = [], [, ofStatement] = [], ...changed] = await bills(isText);
    expect(ofStatement).toBe(ofFiles);
    expect(changed).toHaveLength(MUTANTS.length - (isText ? 0 : 1));
    for (const [what, bill] of changed) expect(bill, what).not.toBe(ofFiles);
  },
);
