import type { Dialect, SourceColumn, SourceRequest, Step } from './dialect.ts';

/** What the engines that read CSV files line by line say in ways of their own. */
export interface LineDialect {
  readonly dialect: Dialect;
  /** A query of the columns `file_path` and `line`. */
  readonly linesQuery: string;
  /** All first groups of the matches of a pattern, as an array. */
  readonly allParts: (text: string, pattern: string) => string;
  /** An array of texts that makes the statement fail. */
  readonly failingArray: (message: string) => string;
  readonly arrayLength: (array: string) => string;
  /** The element with the number (from 1) that `index` gives. */
  readonly element: (array: string, index: string) => string;
  readonly trimmed: (text: string) => string;
}

/** A field behind its comma: quoted, with quotes doubled, or plain. */
const FIELD = '"[^"]*(?:""[^"]*)*"|[^",]*';
const ROW = `^(?:,(?:${FIELD}))*\\z`;

/**
 * The steps that read CSV files of which each has its own header, with columns in any order.
 * A file without the columns is passed over where it may be no report, and else a failure.
 */
export function lineSteps(
  lines: LineDialect,
  { columns, source, fileAlias }: SourceRequest,
): Step[] {
  const { dialect } = lines;
  const position = ({ name }: SourceColumn): string =>
    `array_position(names, ${dialect.text(name.toLowerCase())})`;
  const isHeader = columns
    .filter(({ isOptional }) => !isOptional)
    .map((column) => `${position(column)} > 0`)
    .join(' AND ');
  const texts = columns.map((column) => {
    const field = lines.element('fields', position(column));
    const isThere = `${position(column)} > 0`;
    const value = column.isOptional ? `CASE WHEN ${isThere} THEN ${field} ELSE '' END` : field;
    return `${value} AS ${column.alias}`;
  });
  const file = fileAlias === undefined ? [] : [`file_path AS ${fileAlias}`];
  return [
    {
      name: 'csv_rows',
      query: `SELECT file_path, ${fieldsOf(lines)} AS fields\nFROM (\n  ${lines.linesQuery}\n) AS csv_lines\nWHERE line <> ''`,
      comment: 'The lines of the files as arrays of their fields.',
    },
    {
      name: 'named_rows',
      query: `SELECT file_path, fields, transform(fields, field -> lower(field)) AS names\nFROM csv_rows`,
      comment: 'The same, in lower case, to look for headers.',
    },
    {
      name: 'headers',
      query: `SELECT file_path, ${onlyHeader(lines)} AS names\nFROM named_rows\nWHERE ${isHeader}\nGROUP BY file_path`,
      comment: 'The header of each file.',
    },
    {
      name: 'fitting_rows',
      query: `SELECT csv_rows.file_path AS file_path, headers.names AS names, ${fittingFields(lines)} AS fields
FROM csv_rows ${source === 'activity' ? 'INNER' : 'LEFT'} JOIN headers ON headers.file_path = csv_rows.file_path
WHERE headers.names IS NULL OR transform(csv_rows.fields, field -> lower(field)) <> headers.names`,
      comment:
        source === 'activity'
          ? 'The rows below the headers; a file without the header of a report is none.'
          : 'The rows below the headers.',
    },
    {
      name: 'raw_rows',
      query: `SELECT\n${[...texts, ...file].map((column) => `  ${column}`).join(',\n')}\nFROM fitting_rows`,
      comment: 'The fields by name.',
    },
  ];
}

/** The fields of `line`, without quotes and without spaces and tabs around them. */
function fieldsOf(lines: LineDialect): string {
  const { dialect } = lines;
  const fields = lines.allParts(`concat(',', line)`, `,(${FIELD})`);
  const bare = `CASE WHEN substr(field, 1, 1) = '"' THEN replace(substr(field, 2, length(field) - 2), '""', '"') ELSE field END`;
  const failure = lines.failingArray(`concat('no row of CSV on one line: ', line)`);
  return `CASE WHEN ${dialect.matches(`concat(',', line)`, ROW)} THEN transform(${fields}, field -> ${lines.trimmed(bare)}) ELSE ${failure} END`;
}

function onlyHeader(lines: LineDialect): string {
  const failure = lines.failingArray(`concat('two headers in one file: ', max(file_path))`);
  return `CASE WHEN count(*) = 1 THEN max(names) ELSE ${failure} END`;
}

function fittingFields(lines: LineDialect): string {
  const fields = 'csv_rows.fields';
  const failure = lines.failingArray(
    `concat('a row that does not fit a header of its file: ', csv_rows.file_path, ': ', array_join(${fields}, ','))`,
  );
  const fits = `${lines.arrayLength(fields)} = ${lines.arrayLength('headers.names')}`;
  return `CASE WHEN ${fits} THEN ${fields} ELSE ${failure} END`;
}
