import { CREDITS_TYPE, type Dialect, type SourceRequest, type Step } from './dialect.ts';
import { microsText, standardIdentifier, standardText } from './standard-sql.ts';

/** What DuckDB's reader of CSV is told, so that it guesses nothing about the fields. */
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
];

/** The column in which DuckDB tells the file of a row. */
const FILE_COLUMN = 'filename';

/** The statement's parts as DuckDB has them. */
export const duckdb: Dialect = {
  textType: 'VARCHAR',
  instantType: 'TIMESTAMP',
  identifier: standardIdentifier,
  text: standardText,
  matches: (text, pattern) => `regexp_matches(${text}, ${standardText(pattern)})`,
  part: (text, pattern, group) => `regexp_extract(${text}, ${standardText(pattern)}, ${group})`,
  without: (text, pattern) => `regexp_replace(${text}, ${standardText(pattern)}, '')`,
  firstGroupOr: (text, pattern) => `regexp_replace(${text}, ${standardText(pattern)}, '\\1')`,
  fail: (message, type) => `CAST(error(${message}) AS ${type})`,
  instant: (text, offset) => `CAST(${text} AS TIMESTAMP) - to_minutes(${offset})`,
  plainInstant: (text) => `CAST(${text} AS TIMESTAMP)`,
  instantLiteral: (micros) => `TIMESTAMP '${microsText(micros)}'`,
  plainCredits,
  monthOf: (instant) => `date_trunc('month', ${instant})`,
  monthText: (month) => `strftime(${month}, '%Y-%m')`,
  monthStartText: (month) => `strftime(${month}, '%Y-%m-01T00:00:00Z')`,
  monthEndText: (month) => `strftime(${month} + INTERVAL 1 MONTH, '%Y-%m-01T00:00:00Z')`,
  exactSum: (credits) => `sum(${credits})`,
  creditsText: (credits) => `regexp_replace(CAST(${credits} AS VARCHAR), '0{1,22}$', '')`,
  struct: (columns) => `struct_pack(${columns.map(([name]) => `${name} := ${name}`).join(', ')})`,
  arrayOf: (value) => `list(${value})`,
  greatest: (array) => `CASE WHEN len(${array}) = 1 THEN ${array}[1] ELSE list_max(${array}) END`,
  hasElement: (array, name, condition) =>
    `len(${array}) > 1 AND len(list_filter(${array}, lambda ${name}: ${condition})) > 0`,
  addedReports: (step) =>
    `SELECT profile_id, user_id, used_at, used + overage AS credits, 1 AS requests FROM ${step}`,
  source,
  howToRun,
};

function source({ input, columns, fileAlias }: SourceRequest): Step[] {
  const from =
    'table' in input
      ? input.table.map(standardIdentifier).join('.')
      : csvFiles(input.path, fileAlias);
  const texts = columns.map(
    ({ name, alias }) => `${fieldText(standardIdentifier(name))} AS ${alias}`,
  );
  const file =
    fileAlias === undefined ? [] : [`${standardIdentifier(FILE_COLUMN)} AS ${fileAlias}`];
  return [
    {
      name: 'raw_rows',
      query: `SELECT\n${[...texts, ...file].map((column) => `  ${column}`).join(',\n')}\nFROM ${from}`,
      comment: 'The fields as text, without spaces and tabs around them.',
    },
  ];
}

function csvFiles(path: string, fileAlias: string | undefined): string {
  const settings = fileAlias === undefined ? CSV_SETTINGS : [...CSV_SETTINGS, 'filename = true'];
  return `read_csv(${[standardText(pathPattern(path)), ...settings].join(', ')})`;
}

/** A folder stands for all CSV files below it. */
function pathPattern(path: string): string {
  return path.endsWith('/') ? `${path}**/*.csv*` : path;
}

/** Few fields have anything to trim, and looking for it is a fifth of the work of trimming. */
function fieldText(column: string): string {
  const text = `CAST(${column} AS VARCHAR)`;
  const isTrimmable = `contains(${text}, ' ') OR contains(${text}, chr(9))`;
  return `CASE WHEN ${text} IS NULL THEN '' WHEN ${isTrimmable} THEN trim(${text}, ' ' || chr(9)) ELSE ${text} END`;
}

/**
 * DuckDB takes ten times as long to cast to a wide decimal as to a narrow one that is then
 * widened; ten characters fit the narrow one, be they digits or a point with eight behind it.
 */
function plainCredits(text: string): string {
  const narrow = `CAST(CAST(${text} AS DECIMAL(18, 8)) AS ${CREDITS_TYPE})`;
  return `CASE WHEN length(${text}) <= 10 THEN ${narrow} ELSE CAST(${text} AS ${CREDITS_TYPE}) END`;
}

function howToRun({ input, fileAlias }: SourceRequest): string[] {
  const isOnS3 = 'path' in input && input.path.startsWith('s3://');
  return [
    'Run it in DuckDB 1.3 or later, and bill the result:',
    '  duckdb -csv < summary.sql > summary.csv',
    '  kiro-bill invoice --usage summary.csv',
    ...(isOnS3 ? ['Before it, for S3: CREATE SECRET (TYPE s3, PROVIDER credential_chain);'] : []),
    ...('table' in input && fileAlias !== undefined
      ? [
          `The table needs the path of each row's file in the column ${FILE_COLUMN}:`,
          `  CREATE TABLE … AS FROM read_csv('…', ${CSV_SETTINGS.join(', ')}, filename = true);`,
        ]
      : []),
    '',
  ];
}
