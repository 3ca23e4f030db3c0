import type { SqlSource } from './choices.ts';
import type { CsvLines, Dialect, Step } from './dialect.ts';
import { select } from './query.ts';

/** A column of the input whose fields are text. */
export interface TextColumn {
  /** As in the file's header. */
  readonly name: string;
  /** Its name in the statement. */
  readonly alias: string;
  /** Whether it may be missing from a file. */
  readonly isOptional?: boolean;
}

/** A field after its comma: quoted, with quotes doubled, or plain. */
const FIELD = '"[^"]*(?:""[^"]*)*"|[^",]*';
const ROW = `^(?:,(?:${FIELD}))*\\z`;

/**
 * The steps that read CSV files with a header each, and columns in any order. A file without the
 * columns is skipped if it may not be a report; otherwise the statement fails.
 */
export function lineSteps(
  dialect: Dialect,
  lines: CsvLines,
  columns: readonly TextColumn[],
  source: SqlSource,
): Step[] {
  return [
    rowsStep(dialect, lines),
    headersStep(dialect, lines, columns),
    textsStep(dialect, lines, columns, source),
  ];
}

function rowsStep(dialect: Dialect, lines: CsvLines): Step {
  return {
    name: 'csv_rows',
    query: select(['file_path', `${fieldsOf(dialect, lines)} AS fields`], `(${lines.query}) AS l`, [
      `WHERE line <> ''`,
    ]),
    comment: 'The lines of the files as arrays of their fields.',
  };
}

function headersStep(dialect: Dialect, lines: CsvLines, columns: readonly TextColumn[]): Step {
  const isHeader = columns
    .filter(({ isOptional }) => !isOptional)
    .map(({ name }) => `array_position(names, ${dialect.text(name.toLowerCase())}) > 0`);
  return {
    name: 'headers',
    query: select(
      ['file_path', `${onlyHeader(lines)} AS names`],
      '(SELECT file_path, transform(fields, field -> lower(field)) AS names FROM csv_rows) AS n',
      [`WHERE ${isHeader.join(' AND ')}`, 'GROUP BY file_path'],
    ),
    comment: 'The header of each file.',
  };
}

function textsStep(
  dialect: Dialect,
  lines: CsvLines,
  columns: readonly TextColumn[],
  source: SqlSource,
): Step {
  const mayBeOther = source === 'activity';
  const comment = 'The rows below the headers, by name';
  return {
    name: 'texts',
    query: select(
      [...columns.map((column) => namedField(dialect, lines, column)), 'r.file_path'],
      'csv_rows AS r',
      [
        `${mayBeOther ? '' : 'LEFT '}JOIN headers AS h ON h.file_path = r.file_path`,
        `WHERE ${isBelowHeader(lines)}`,
      ],
    ),
    comment: mayBeOther
      ? `${comment}; a file without the header of a report is none.`
      : `${comment}.`,
  };
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

/** The fields of `line`, without quotes and surrounding spaces and tabs. */
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

/**
 * Whether a row has as many fields as its file's header and is not that header; the statement
 * fails if their number differs.
 */
function isBelowHeader(lines: CsvLines): string {
  const fits = `${lines.length('r.fields')} = ${lines.length('h.names')}`;
  const isOther = 'transform(r.fields, field -> lower(field)) <> h.names';
  const failure = lines.fail(
    `'a row that does not fit a header of its file: ' || r.file_path || ': ' || array_join(r.fields, ',')`,
  );
  return `CASE WHEN ${fits} THEN ${isOther} ELSE ${failure} IS NULL END`;
}
