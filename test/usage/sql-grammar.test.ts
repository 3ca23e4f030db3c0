import { SparkSQL } from 'dt-sql-parser/dist/parser/spark/index.js';
import { TrinoSQL } from 'dt-sql-parser/dist/parser/trino/index.js';
import { describe, expect, test } from 'vitest';
import { instant } from '../../src/domain/instant.ts';
import type { Profile } from '../../src/domain/records.ts';
import { SQL_SOURCES, type SqlEngine } from '../../src/usage/sql/choices.ts';
import { knownStretches } from '../../src/usage/sql/known-stretches.ts';
import type { Reduction, SqlInput } from '../../src/usage/sql/reduction.ts';
import { sqlStatement } from '../../src/usage/sql/statement.ts';

const NASTY = `o'Brien\\'; DROP TABLE "x" -- \``;

const PROFILE: Profile = {
  profileId: NASTY,
  accountId: '123456789012',
  region: 'us-east-1',
  name: '',
  overageOn: false,
  place: { file: 'profiles.csv', line: 2 },
};

const CUTS = new Map([[NASTY, [instant('2026-01-10T08:00:00.123456789Z')]]]);

const INPUTS: readonly (readonly [what: string, input: SqlInput])[] = [
  ['a typed table', { table: ['my schema', 'us"a`ge'], isText: false }],
  ['a table of text', { table: ['my schema', 'us"a`ge'], isText: true }],
  ['files', { path: `s3://bucket/o'Brien/` }],
];

const KNOWLEDGE = [
  ['with stretches and profiles', knownStretches(CUTS), [PROFILE]],
  ['without any', [], []],
] as const;

const PARSERS = { athena: new TrinoSQL(), spark: new SparkSQL() };

const CASES = (['athena', 'spark'] as const).flatMap((engine) =>
  SQL_SOURCES.flatMap((source) =>
    INPUTS.flatMap(([what, input]) =>
      KNOWLEDGE.map(
        ([how, stretches, profiles]) =>
          [
            engine,
            source,
            what,
            how,
            { source, input, stretches, profiles, reportedCredits: 'beside' },
          ] as const,
      ),
    ),
  ),
);

describe('the grammar of the engine', () => {
  test.each(CASES)(
    '%s takes the statement over %s of %s, %s',
    (engine, _source, _what, _how, reduction) => {
      const sql = queryOf(engine, reduction);
      expect(PARSERS[engine].validate(sql)).toEqual([]);
    },
  );

  test.each(['athena', 'spark'] as const)('%s refuses what is none', (engine) => {
    const sql = sqlStatement(engine, CASES[0]?.[4] as never);
    expect(PARSERS[engine].validate(sql.replace('FROM', 'FRM'))).not.toEqual([]);
  });

  test.each(['duckdb', 'athena', 'spark'] as const)(
    'whatever is in names and literals, what is written for %s stays one query, and CREATE before it',
    (engine) => {
      const literal = engine === 'spark' ? /'(?:\\.|[^'\\])*'/g : /'(?:''|[^'])*'/g;
      const name = engine === 'spark' ? /`(?:``|[^`])*`/g : /"(?:""|[^"])*"/g;
      for (const [, , , , reduction] of CASES) {
        const sql = sqlStatement(engine, reduction).replace(/^-- .*$/gm, '');
        const bare = sql.replace(literal, '?').replace(name, 'n');
        expect(bare).not.toMatch(/DROP|Brien|`|'|"/);
        const hasCreate = 'path' in reduction.input && engine !== 'duckdb';
        expect(bare.match(/;/g)).toHaveLength(hasCreate ? 2 : 1);
        expect(bare.trim()).toMatch(hasCreate ? /^CREATE [^;]*;\nWITH\s[^;]*;$/ : /^WITH\s[^;]*;$/);
      }
    },
  );
});

describe('a statement', () => {
  test.each(['duckdb', 'athena', 'spark'] as const)(
    'for %s says in its first lines how to run it and how to bill its result',
    (engine: SqlEngine) => {
      for (const [, , , , reduction] of CASES) {
        const head = /^(?:--.*\n)+/.exec(sqlStatement(engine, reduction))?.[0];
        expect(head).toContain('kiro-bill invoice --usage summary');
      }
    },
  );

  test.each(CASES)(
    'for %s over %s of %s, %s, is short',
    (engine, _source, _what, _how, reduction) => {
      const rows = reduction.stretches.length + 2 * reduction.profiles.length;
      expect(sqlStatement(engine, reduction).split('\n').length - rows).toBeLessThanOrEqual(110);
    },
  );
});

/** The query alone, without the statement that makes the table of lines. */
function queryOf(engine: SqlEngine, reduction: Reduction): string {
  return sqlStatement(engine, reduction).replace(/^CREATE .*(?:\n.+)*?;\n(?=WITH)/m, '');
}
