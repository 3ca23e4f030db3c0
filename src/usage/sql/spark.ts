import { lineSteps } from './csv-lines.ts';
import {
  CREDITS_TYPE,
  type Dialect,
  LINES_TABLE,
  type SourceRequest,
  type Step,
} from './dialect.ts';

/**
 * The statement's parts as Spark SQL (3.4 or later) has them. What Spark may turn into NULL
 * instead of failing (outside of its ANSI mode) is made to fail here. Instants are
 * microseconds since 1970, which no session time zone changes.
 */
export const spark: Dialect = {
  textType: 'STRING',
  instantType: 'BIGINT',
  identifier,
  text,
  matches: (value, pattern) => `(${value} RLIKE ${text(pattern)})`,
  part: (value, pattern, group) => `regexp_extract(${value}, ${text(pattern)}, ${group})`,
  without: (value, pattern) => `regexp_replace(${value}, ${text(pattern)}, '')`,
  firstGroupOr: (value, pattern) => `regexp_replace(${value}, ${text(pattern)}, '$1')`,
  fail: (message, type) => `CAST(raise_error(${message}) AS ${type})`,
  instant: (value, offset) => `${microsOf(value)} - CAST(${offset} AS BIGINT) * 60000000`,
  plainInstant: (value) => microsOf(`replace(${value}, 'Z', '')`),
  plainCredits: (value) => `CAST(${value} AS ${CREDITS_TYPE})`,
  instantLiteral: (micros) => `${micros}L`,
  monthOf: (instant) =>
    `substr(CAST(date_add(DATE '1970-01-01', CAST(${instant} DIV 86400000000 AS INT)) AS STRING), 1, 7)`,
  monthText: (month) => month,
  monthStartText: (month) => `concat(${month}, '-01T00:00:00Z')`,
  monthEndText: (month) =>
    `concat(substr(CAST(add_months(CAST(concat(${month}, '-01') AS DATE), 1) AS STRING), 1, 7), '-01T00:00:00Z')`,
  exactSum: (credits) =>
    `coalesce(sum(${credits}), CAST(raise_error(concat('credits add up to more than ${CREDITS_TYPE} holds: ', max(usage_rows.user_id))) AS ${CREDITS_TYPE}))`,
  creditsText: (credits) => `format_number(${credits}, '0.00${'#'.repeat(22)}')`,
  struct: (columns) => `named_struct(${columns.map(([name]) => `'${name}', ${name}`).join(', ')})`,
  arrayOf: (value) => `collect_list(${value})`,
  greatest: (array) => `array_max(${array})`,
  hasElement: (array, name, condition) => `exists(${array}, ${name} -> ${condition})`,
  // An addition of two such decimals would round off the last digit, a sum does not.
  addedReports: (step) =>
    `SELECT profile_id, user_id, used_at, part.credits AS credits, part.requests AS requests
FROM ${step}
LATERAL VIEW explode(array(
  named_struct('credits', used, 'requests', 1),
  named_struct('credits', overage, 'requests', 0)
)) parts AS part`,
  source: (request) => ('table' in request.input ? tableSteps(request) : lineSteps(LINES, request)),
  howToRun,
};

/** A text literal, in which a backslash starts an escape. */
function text(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

function identifier(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

/** Microseconds since 1970 of `YYYY-MM-DD?HH:MM:SS[.ffffff]`; a date that there is not fails. */
function microsOf(value: string): string {
  const date = `substr(${value}, 1, 10)`;
  const days = `coalesce(unix_date(CAST(${date} AS DATE)), CAST(raise_error(concat('there is no such day: ', ${value})) AS INT))`;
  const number = (from: number, length: number): string =>
    `CAST(substr(${value}, ${from}, ${length}) AS BIGINT)`;
  const seconds = `${number(12, 2)} * 3600 + ${number(15, 2)} * 60 + ${number(18, 2)}`;
  return `(${days} * 86400000000 + (${seconds}) * 1000000 + CAST(rpad(substr(${value}, 21), 6, '0') AS BIGINT))`;
}

const LINES = {
  dialect: spark,
  linesQuery: `SELECT input_file_name() AS file_path, value AS line FROM ${LINES_TABLE}`,
  allParts: (value: string, pattern: string) => `regexp_extract_all(${value}, ${text(pattern)}, 1)`,
  failingArray: (message: string) => `array(CAST(raise_error(${message}) AS STRING))`,
  arrayLength: (array: string) => `size(${array})`,
  element: (array: string, index: string) => `element_at(${array}, CAST(${index} AS INT))`,
  trimmed,
};

function trimmed(value: string): string {
  return `trim(BOTH ' \\t' FROM ${value})`;
}

function tableSteps({ input, columns, fileAlias }: SourceRequest): Step[] {
  const table = 'table' in input ? input.table : [];
  const texts = columns.map(({ name, alias }) => `${columnText(identifier(name))} AS ${alias}`);
  const file = fileAlias === undefined ? [] : [`input_file_name() AS ${fileAlias}`];
  return [
    {
      name: 'raw_rows',
      query: `SELECT\n${[...texts, ...file].map((column) => `  ${column}`).join(',\n')}\nFROM ${table.map(identifier).join('.')}`,
      comment: 'The fields as text, without spaces and tabs around them.',
    },
  ];
}

/** A column of the type TIMESTAMP reads as text in the session's time zone, which must be UTC. */
function columnText(column: string): string {
  const string = `CAST(${column} AS STRING)`;
  const isElsewhere = `typeof(${column}) = 'timestamp' AND current_timezone() NOT IN ('UTC', 'Etc/UTC', 'Z')`;
  const failure = `CAST(raise_error(concat('SET TIME ZONE \\'UTC\\' before this statement; it is ', current_timezone())) AS STRING)`;
  return `coalesce(${trimmed(`CASE WHEN ${isElsewhere} THEN ${failure} ELSE ${string} END`)}, '')`;
}

function howToRun({ input }: SourceRequest): string[] {
  return [
    ...('path' in input ? linesView(input.path) : []),
    'Run it in Spark 3.4 or later, in PySpark for example, and bill its result:',
    `  rows = spark.sql(open('summary.sql').read())`,
    `  rows.coalesce(1).write.csv('s3://BUCKET/summary', header=True, escape='"')`,
    '  aws s3 sync s3://BUCKET/summary summary && kiro-bill invoice --usage summary',
    '',
  ];
}

/** Spark takes the columns of several CSV files by place, and files differ in it: so a view of lines. */
function linesView(path: string): string[] {
  return [
    'Before it, in the same session: the lines of the files, which tells columns by each file itself.',
    `  CREATE OR REPLACE TEMPORARY VIEW ${LINES_TABLE} USING text`,
    `  OPTIONS (path ${text(path)}, recursiveFileLookup 'true');`,
  ];
}
