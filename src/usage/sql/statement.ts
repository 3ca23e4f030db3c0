import { athena } from './athena.ts';
import type { SqlEngine } from './choices.ts';
import type { Dialect } from './dialect.ts';
import { duckdb } from './duckdb.ts';
import { type Reduction, statement } from './reduction.ts';
import { spark } from './spark.ts';

const DIALECTS: Readonly<Record<SqlEngine, Dialect>> = { duckdb, athena, spark };

/** The statement that makes a usage summary on an engine: one query, comments first. */
export function sqlStatement(engine: SqlEngine, reduction: Reduction): string {
  return statement(DIALECTS[engine], reduction);
}
