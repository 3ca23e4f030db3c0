import type { Dialect } from './dialect.ts';
import type { Reduction } from './reduction.ts';
import { microsText, standardIdentifier, standardText } from './standard-sql.ts';

/** The settings of DuckDB's CSV reader, so that it guesses nothing about the fields. */
const CSV_SETTINGS = [
  'header = true',
  'skip = 0',
  `comment = ''`,
  'all_varchar = true',
  `delim = ','`,
  `quote = '"'`,
  `escape = '"'`,
  'union_by_name = true',
  'hive_partitioning = false',
  'filename = true',
];

/** DuckDB 1.3 or later. */
export const duckdb: Dialect = {
  textType: 'VARCHAR',
  instantType: 'TIMESTAMP',
  secondFraction: '[.][0-9]{1,6}0{0,3}',
  filePath: 'filename',
  identifier: standardIdentifier,
  text: standardText,
  instantLiteral: (at) => `TIMESTAMP '${microsText(at)}'`,
  fail: (message, type) => `CAST(error(${message}) AS ${type})`,
  matches: (text, pattern) => `regexp_matches(${text}, ${standardText(pattern)})`,
  part: (text, pattern) => `regexp_extract(${text}, ${standardText(pattern)}, 1)`,
  replaced: (text, pattern, replacement) =>
    `regexp_replace(${text}, ${standardText(pattern)}, ${standardText(replacement.replaceAll('$', '\\'))}, 'g')`,
  trimmed: (text) => `trim(${text}, ' ' || chr(9))`,
  instantOf,
  checkedInstant: instantOf,
  instantOfText,
  midnight: (date) => `CAST(${date} AS TIMESTAMP)`,
  monthOf: (instant) => `date_trunc('month', ${instant})`,
  firstDay: (month) => `CAST(${month} AS DATE)`,
  nextFirstDay: (date) => `CAST(${date} + INTERVAL 1 MONTH AS DATE)`,
  files: {
    from: (path) => `read_csv(${[standardText(pathPattern(path)), ...CSV_SETTINGS].join(', ')})`,
  },
  howToRun,
};

/** A column with a time zone would otherwise be read in the session's time zone. */
function instantOf(column: string): string {
  return `make_timestamp(epoch_us(${column}))`;
}

/** DuckDB accepts all offsets, but no text without seconds; without an offset it uses the session's. */
function instantOfText(text: string): string {
  const withTime = duckdb.replaced(text, '^(.{10})\\z', '$1T00:00');
  const withSeconds = duckdb.replaced(withTime, '^(.{16})([^:]|\\z)', '$1:00$2');
  const withZone = duckdb.replaced(withSeconds, '^(.{19}(?:[.][0-9]+)?)\\z', '$1Z');
  return instantOf(`CAST(upper(${withZone}) AS TIMESTAMPTZ)`);
}

/** A folder means all CSV files below it. */
function pathPattern(path: string): string {
  return path.endsWith('/') ? `${path}**/*.csv*` : path;
}

function howToRun({ input }: Reduction): string[] {
  const isOnS3 = 'path' in input && input.path.startsWith('s3://');
  return [
    'Run it in DuckDB 1.3 or later, and bill its result:',
    ...(isOnS3 ? ['  CREATE SECRET (TYPE s3, PROVIDER credential_chain);'] : []),
    '  duckdb -csv < summary.sql > summary.csv',
    '  kiro-bill invoice --usage summary.csv',
  ];
}
