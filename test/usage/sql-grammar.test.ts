import { SparkSQL, TrinoSQL } from 'dt-sql-parser';
import { describe, expect, test } from 'vitest';
import { instant } from '../../src/domain/instant.ts';
import type { Profile } from '../../src/domain/records.ts';
import { SQL_SOURCES, type SqlEngine } from '../../src/usage/sql/choices.ts';
import type { SqlInput } from '../../src/usage/sql/dialect.ts';
import { knownStretches } from '../../src/usage/sql/known-stretches.ts';
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
  ['a table', { table: ['my schema', 'us"a`ge'] }],
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
          [engine, source, what, how, { source, input, stretches, profiles }] as const,
      ),
    ),
  ),
);

describe('the grammar of the engine', () => {
  test.each(CASES)(
    '%s takes the statement over %s of %s, %s',
    (engine, _source, _what, _how, reduction) => {
      const sql = sqlStatement(engine, reduction);
      expect(PARSERS[engine].validate(sql)).toEqual([]);
    },
  );

  test.each(['athena', 'spark'] as const)('%s refuses what is none', (engine) => {
    const sql = sqlStatement(engine, CASES[0]?.[4] as never);
    expect(PARSERS[engine].validate(sql.replace('FROM', 'FRM'))).not.toEqual([]);
  });

  test.each(['duckdb', 'athena', 'spark'] as const)(
    'whatever is in names and literals, the statement for %s stays one query',
    (engine) => {
      const literal = engine === 'spark' ? /'(?:\\.|[^'\\])*'/g : /'(?:''|[^'])*'/g;
      const name = engine === 'spark' ? /`(?:``|[^`])*`/g : /"(?:""|[^"])*"/g;
      for (const [, , , , reduction] of CASES) {
        const sql = sqlStatement(engine, reduction).replace(/^-- .*$/gm, '');
        const bare = sql.replace(literal, '?').replace(name, 'n');
        expect(bare).not.toMatch(/DROP|Brien|`|'|"/);
        expect(bare.indexOf(';')).toBe(bare.trimEnd().length - 1);
      }
    },
  );
});

describe('comments', () => {
  test.each(['duckdb', 'athena', 'spark'] as const)(
    'stand first, and say how %s runs the statement and how to bill its result',
    (engine: SqlEngine) => {
      for (const [, , , , reduction] of CASES) {
        const sql = sqlStatement(engine, reduction);
        const head = sql.slice(0, sql.indexOf('\nWITH\n'));
        for (const line of head.split('\n')) expect(line).toMatch(/^--/);
        expect(head).toContain('kiro-bill invoice --usage summary');
        expect(head).toMatch(/microsecond/);
      }
    },
  );
});
