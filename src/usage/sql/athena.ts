import { type Dialect, LINES_TABLE } from './dialect.ts';
import type { Reduction } from './reduction.ts';
import { microsText, standardIdentifier, standardText } from './standard-sql.ts';

/**
 * Athena engine version 3, which is Trino. It has no documented function that fails, but casting a
 * text to another type fails and shows the text.
 */
export const athena: Dialect = {
  textType: 'VARCHAR',
  instantType: 'TIMESTAMP(9)',
  secondFraction: '[.][0-9]{1,9}',
  filePath: '"$path"',
  identifier: (name) => standardIdentifier(name.toLowerCase()),
  text: standardText,
  instantLiteral: (at) => `TIMESTAMP '${microsText(at)}'`,
  fail: (message, type) =>
    type === 'VARCHAR'
      ? `CAST(CAST(${message} AS BIGINT) AS VARCHAR)`
      : `CAST(${message} AS ${type})`,
  matches: (text, pattern) => `regexp_like(${text}, ${standardText(pattern)})`,
  part: (text, pattern) => `regexp_extract(${text}, ${standardText(pattern)}, 1)`,
  replaced: (text, pattern, replacement) =>
    `regexp_replace(${text}, ${standardText(pattern)}, ${standardText(replacement)})`,
  trimmed: (text) => `trim(BOTH ' ' || chr(9) FROM ${text})`,
  instantOf: (column) => column,
  checkedInstant: (column) => column,
  instantOfText,
  midnight: (date) => `CAST(${date} AS TIMESTAMP(9))`,
  monthOf: (instant) => `date_trunc('month', ${instant})`,
  firstDay: (month) => `CAST(${month} AS DATE)`,
  nextFirstDay: (date) => `date_add('month', 1, ${date})`,
  files: {
    create: linesTable,
    query: `SELECT "$path" AS file_path, line FROM ${LINES_TABLE}`,
    allParts: (text, pattern) => `regexp_extract_all(${text}, ${standardText(pattern)}, 1)`,
    element: (array, position) => `element_at(${array}, ${position})`,
    length: (array) => `cardinality(${array})`,
    fail: (message) => `ARRAY[CAST(CAST(${message} AS BIGINT) AS VARCHAR)]`,
  },
  howToRun,
};

/** Trino accepts all offsets after a space, and in its own type; without an offset it uses the session's. */
function instantOfText(text: string): string {
  const zone = `CASE WHEN ${athena.matches(`substr(${text}, 11)`, '[Zz+-]')} THEN '' ELSE ' UTC' END`;
  const spaced = `replace(upper(${text}), 'T', ' ') || ${zone}`;
  return `CAST(CAST(${spaced} AS TIMESTAMP(9) WITH TIME ZONE) AT TIME ZONE 'UTC' AS TIMESTAMP(9))`;
}

/** Athena maps CSV columns by position, which differs between files: so a table of lines. */
function linesTable(path: string): string {
  const folder = path.endsWith('/') ? path : `${path}/`;
  return `CREATE EXTERNAL TABLE ${LINES_TABLE} (line string) ROW FORMAT DELIMITED FIELDS TERMINATED BY '\\001'
LOCATION ${standardText(folder)};`;
}

function howToRun({ input }: Reduction): string[] {
  return [
    `Run ${'path' in input ? 'both statements, one after the other,' : 'it'} in Athena (engine version 3), and bill the result:`,
    '  aws athena start-query-execution --query-string file://summary.sql --work-group primary',
    '  aws s3 cp s3://RESULTS/QUERY_EXECUTION_ID.csv summary.csv && kiro-bill invoice --usage summary.csv',
  ];
}
