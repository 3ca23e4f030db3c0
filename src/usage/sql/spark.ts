import { type Dialect, LINES_TABLE } from './dialect.ts';
import type { Reduction } from './reduction.ts';
import { microsText } from './standard-sql.ts';

/** Spark SQL 3.4 or later. What it would turn into NULL outside of its ANSI mode is made to fail. */
export const spark: Dialect = {
  textType: 'STRING',
  instantType: 'TIMESTAMP',
  secondFraction: '[.][0-9]{1,6}0{0,3}',
  filePath: 'input_file_name()',
  identifier: (name) => `\`${name.replaceAll('`', '``')}\``,
  text,
  instantLiteral: (at) => `TIMESTAMP '${microsText(at)}Z'`,
  fail: (message, type) => `CAST(raise_error(${message}) AS ${type})`,
  matches: (value, pattern) => `${value} RLIKE ${text(pattern)}`,
  part: (value, pattern) => `regexp_extract(${value}, ${text(pattern)}, 1)`,
  replaced: (value, pattern, replacement) =>
    `regexp_replace(${value}, ${text(pattern)}, ${text(replacement)})`,
  trimmed: (value) => `trim(BOTH ' \\t' FROM ${value})`,
  instantOf: (column) => column,
  checkedInstant,
  instantOfText,
  midnight: (date) => `timestamp_seconds(unix_date(${date}) * 86400)`,
  // The functions of timestamps use the session's time zone, those of dates use none.
  monthOf: (instant) =>
    `trunc(date_from_unix_date(CAST(unix_seconds(${instant}) DIV 86400 AS INT)), 'MM')`,
  firstDay: (month) => month,
  nextFirstDay: (date) => `add_months(${date}, 1)`,
  files: {
    create: linesView,
    query: `SELECT input_file_name() AS file_path, value AS line FROM ${LINES_TABLE}`,
    allParts: (value, pattern) => `regexp_extract_all(${value}, ${text(pattern)}, 1)`,
    element: (array, position) => `element_at(${array}, CAST(${position} AS INT))`,
    length: (array) => `size(${array})`,
    fail: (message) => `array(CAST(raise_error(${message}) AS STRING))`,
  },
  howToRun,
};

/** A timestamp without a time zone is taken to be in the session's, which must then be UTC. */
function checkedInstant(column: string): string {
  const isUnclear = `typeof(${column}) = 'timestamp_ntz' AND current_timezone() NOT IN ('UTC', 'Etc/UTC', 'Z')`;
  const failure = `raise_error('first SET TIME ZONE \\'UTC\\': it is ' || current_timezone())`;
  return `CASE WHEN ${isUnclear} THEN CAST(${failure} AS TIMESTAMP) ELSE ${column} END`;
}

/** A text literal, in which a backslash starts an escape. */
function text(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/**
 * Spark accepts only offsets of hours and minutes, after seconds; without an offset it uses the
 * session's.
 */
function instantOfText(value: string): string {
  const withTime = spark.replaced(value, '^(.{10})\\z', '$1T00:00');
  const withSeconds = spark.replaced(withTime, '^(.{16})(?!:)', '$1:00');
  const withZone = spark.replaced(withSeconds, '^(.{11}[0-9:.]+)\\z', '$1Z');
  const withMinutes = spark.replaced(withZone, '([+-][0-9]{2})\\z', '$1:00');
  const whole = spark.replaced(withMinutes, '([+-][0-9]{2})([0-9]{2})\\z', '$1:$2');
  const cast = `CAST(upper(${whole}) AS TIMESTAMP)`;
  return `coalesce(${cast}, ${spark.fail(`'no such instant: ' || ${value}`, 'TIMESTAMP')})`;
}

/**
 * Spark maps the columns of several CSV files by position, which differs between files: so a view
 * of lines.
 */
function linesView(path: string): string {
  return `CREATE OR REPLACE TEMPORARY VIEW ${LINES_TABLE} USING text OPTIONS (path ${text(path)}, recursiveFileLookup 'true');`;
}

function howToRun({ input }: Reduction): string[] {
  return [
    'Run it in Spark 3.4 or later, in PySpark for example, and bill its result:',
    ...('path' in input
      ? [`  create, query = open('summary.sql').read().rstrip(';\\n').split(';\\n', 1)`]
      : [`  query = open('summary.sql').read()`]),
    `  ${'path' in input ? 'spark.sql(create); ' : ''}spark.sql(query).coalesce(1).write.csv('s3://BUCKET/summary', header=True, escape='"')`,
    '  aws s3 sync s3://BUCKET/summary summary && kiro-bill invoice --usage summary',
  ];
}
