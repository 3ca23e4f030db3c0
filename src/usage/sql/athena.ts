import { lineSteps } from './csv-lines.ts';
import {
  CREDITS_TYPE,
  type Dialect,
  LINES_TABLE,
  type SourceRequest,
  type Step,
} from './dialect.ts';
import { microsText, standardIdentifier, standardText } from './standard-sql.ts';

/** The hidden column in which Athena tells the file of a row. */
const FILE_COLUMN = '"$path"';

/**
 * The statement's parts as Athena (engine version 3, which is Trino) has them. It has no
 * documented function that fails, but a cast of words to another type does, and shows them.
 */
export const athena: Dialect = {
  textType: 'VARCHAR',
  instantType: 'TIMESTAMP(6)',
  identifier: standardIdentifier,
  text: standardText,
  matches: (text, pattern) => `regexp_like(${text}, ${standardText(pattern)})`,
  part: (text, pattern, group) =>
    `coalesce(regexp_extract(${text}, ${standardText(pattern)}, ${group}), '')`,
  without: (text, pattern) => `regexp_replace(${text}, ${standardText(pattern)}, '')`,
  firstGroupOr: (text, pattern) => `regexp_replace(${text}, ${standardText(pattern)}, '$1')`,
  fail: (message, type) =>
    type === 'VARCHAR'
      ? `CAST(CAST(${message} AS BIGINT) AS VARCHAR)`
      : `CAST(${message} AS ${type})`,
  instant: (text, offset) => `date_add('minute', -(${offset}), CAST(${text} AS TIMESTAMP(6)))`,
  plainInstant: (text) =>
    `CAST(concat(substr(${text}, 1, 10), ' ', replace(substr(${text}, 12), 'Z', '')) AS TIMESTAMP(6))`,
  plainCredits: (text) => `CAST(${text} AS ${CREDITS_TYPE})`,
  instantLiteral: (micros) => `TIMESTAMP '${microsText(micros)}'`,
  monthOf: (instant) => `date_trunc('month', ${instant})`,
  monthText: (month) => `date_format(${month}, '%Y-%m')`,
  monthStartText: (month) => `date_format(${month}, '%Y-%m-01T00:00:00Z')`,
  monthEndText: (month) => `date_format(date_add('month', 1, ${month}), '%Y-%m-01T00:00:00Z')`,
  exactSum: (credits) => `sum(${credits})`,
  creditsText: (credits) => `regexp_replace(CAST(${credits} AS VARCHAR), '0{1,22}$', '')`,
  struct: (columns) =>
    `CAST(ROW(${columns.map(([name]) => name).join(', ')}) AS ROW(${columns.map((column) => column.join(' ')).join(', ')}))`,
  arrayOf: (value) => `array_agg(${value})`,
  greatest: (array) => `array_max(${array})`,
  hasElement: (array, name, condition) => `any_match(${array}, ${name} -> ${condition})`,
  addedReports: (step) =>
    `SELECT profile_id, user_id, used_at, used + overage AS credits, 1 AS requests FROM ${step}`,
  source: (request) => ('table' in request.input ? tableSteps(request) : lineSteps(LINES, request)),
  howToRun,
};

const TRIMMED = '^[ \\t]+|[ \\t]+\\z';

const LINES = {
  dialect: athena,
  linesQuery: `SELECT ${FILE_COLUMN} AS file_path, line FROM ${LINES_TABLE}`,
  allParts: (text: string, pattern: string) =>
    `regexp_extract_all(${text}, ${standardText(pattern)}, 1)`,
  failingArray: (message: string) => `ARRAY[CAST(CAST(${message} AS BIGINT) AS VARCHAR)]`,
  arrayLength: (array: string) => `cardinality(${array})`,
  element: (array: string, index: string) => `element_at(${array}, ${index})`,
  trimmed: (text: string) => `regexp_replace(${text}, ${standardText(TRIMMED)}, '')`,
};

function tableSteps({ input, columns, fileAlias }: SourceRequest): Step[] {
  const table = 'table' in input ? input.table : [];
  const texts = columns.map(({ name, alias }) => {
    const text = `CAST(${standardIdentifier(name.toLowerCase())} AS VARCHAR)`;
    return `coalesce(${LINES.trimmed(text)}, '') AS ${alias}`;
  });
  const file = fileAlias === undefined ? [] : [`${FILE_COLUMN} AS ${fileAlias}`];
  return [
    {
      name: 'raw_rows',
      query: `SELECT\n${[...texts, ...file].map((column) => `  ${column}`).join(',\n')}\nFROM ${table.map(standardIdentifier).join('.')}`,
      comment: 'The fields as text, without spaces and tabs around them.',
    },
  ];
}

function howToRun({ input }: SourceRequest): string[] {
  return [
    ...('path' in input ? linesTable(input.path) : []),
    'Run it in Athena (engine version 3), and bill its result:',
    '  aws athena start-query-execution --query-string file://summary.sql \\',
    '    --result-configuration OutputLocation=s3://BUCKET/summaries/',
    '  aws s3 cp s3://BUCKET/summaries/QUERY_EXECUTION_ID.csv summary.csv',
    '  kiro-bill invoice --usage summary.csv',
    '',
  ];
}

/** Athena takes columns by their place, and files differ in it: so a table of lines. */
function linesTable(path: string): string[] {
  return [
    'Before it, once: the table of the lines of the files, which tells columns by each file itself.',
    `  CREATE EXTERNAL TABLE ${LINES_TABLE} (line string)`,
    `  ROW FORMAT DELIMITED FIELDS TERMINATED BY '\\001'`,
    `  LOCATION ${standardText(path.endsWith('/') ? path : `${path}/`)};`,
  ];
}
