import type { SqlSource } from './choices.ts';
import type { CsvLines, Dialect, Step } from './dialect.ts';
import { select } from './query.ts';

/** A column of the input whose fields are text. */
export interface TextColumn {
  /** As its header has it. */
  readonly name: string;
  /** The name that the statement gives it. */
  readonly alias: string;
  /** Whether a file may lack it. */
  readonly isOptional?: boolean;
}

/** A field behind its comma: quoted, with quotes doubled, or plain. */
const FIELD = '"[^"]*(?:""[^"]*)*"|[^",]*';
const ROW = `^(?:,(?:${FIELD}))*\\z`;

/**
 * The steps that read CSV files of which each has its own header, with columns in any order.
 * A file without the columns is left out where it may be no report, and fails else.
 */
export function lineSteps(
  dialect: Dialect,
  lines: CsvLines,
  columns: readonly TextColumn[],
  source: SqlSource,
): Step[] {
  const isHeader = columns
    .filter(({ isOptional }) => !isOptional)
    .map(({ name }) => `array_position(names, ${dialect.text(name.toLowerCase())}) > 0`);
  return [
    {
      name: 'csv_rows',
      query: select(
        ['file_path', `${fieldsOf(dialect, lines)} AS fields`],
        `(${lines.query}) AS l`,
        [`WHERE line <> ''`],
      ),
      comment: 'The lines of the files as arrays of their fields.',
    },
    {
      name: 'headers',
      query: select(
        ['file_path', `${onlyHeader(lines)} AS names`],
        '(SELECT file_path, transform(fields, field -> lower(field)) AS names FROM csv_rows) AS n',
        [`WHERE ${isHeader.join(' AND ')}`, 'GROUP BY file_path'],
      ),
      comment: 'The header of each file.',
    },
    {
      name: 'texts',
      query: select(
        [...columns.map((column) => namedField(dialect, lines, column)), 'r.file_path'],
        'csv_rows AS r',
        [
          `${source === 'activity' ? '' : 'LEFT '}JOIN headers AS h ON h.file_path = r.file_path`,
          `WHERE ${isBelowHeader(lines)}`,
        ],
      ),
      comment:
        source === 'activity'
          ? 'The rows below the headers, by name; a file without the header of a report is none.'
          : 'The rows below the headers, by name.',
    },
  ];
}

function namedField(
  dialect: Dialect,
  lines: CsvLines,
  { name, alias, isOptional }: TextColumn,
): string {
  const position = `array_position(h.names, ${dialect.text(name.toLowerCase())})`;
  if (isOptional !== true) return `${lines.element('r.fields', position)} AS ${alias}`;
  return `coalesce(${lines.element('r.fields', `nullif(${position}, 0)`)}, '') AS ${alias}`;
}

/** The fields of `line`, without quotes and without spaces and tabs around them. */
function fieldsOf(dialect: Dialect, lines: CsvLines): string {
  const fields = lines.allParts(`',' || line`, `,(${FIELD})`);
  const bare = `CASE WHEN substr(field, 1, 1) = '"' THEN replace(substr(field, 2, length(field) - 2), '""', '"') ELSE field END`;
  const failure = lines.fail(`'no row of CSV on one line: ' || line`);
  return `CASE WHEN ${dialect.matches(`',' || line`, ROW)} THEN transform(${fields}, field -> ${dialect.trimmed(bare)}) ELSE ${failure} END`;
}

function onlyHeader(lines: CsvLines): string {
  const failure = lines.fail(`'two headers in one file: ' || max(file_path)`);
  return `CASE WHEN count(*) = 1 THEN max(names) ELSE ${failure} END`;
}

/** Whether a row has the fields of its file's header and is not that header; fails where it has others. */
function isBelowHeader(lines: CsvLines): string {
  const fits = `${lines.length('r.fields')} = ${lines.length('h.names')}`;
  const isOther = 'transform(r.fields, field -> lower(field)) <> h.names';
  const failure = lines.fail(
    `'a row that does not fit a header of its file: ' || r.file_path || ': ' || array_join(r.fields, ',')`,
  );
  return `CASE WHEN ${fits} THEN ${isOther} ELSE ${failure} IS NULL END`;
}
