import { lineSteps, type TextColumn } from './csv-lines.ts';
import type { Dialect, Step } from './dialect.ts';
import { select } from './query.ts';
import type { Reduction } from './reduction.ts';

/** The steps that read the fields of an input as text; the last one is `texts`. */
export function textSteps(
  dialect: Dialect,
  { input, source, fileColumn }: Reduction,
  columns: readonly TextColumn[],
): Step[] {
  const hasFile = source === 'activity';
  if ('path' in input && 'create' in dialect.files) {
    return lineSteps(dialect, dialect.files, columns, source);
  }
  const from =
    'path' in input
      ? (dialect.files as { from(path: string): string }).from(input.path)
      : tableName(dialect, input.table);
  const texts = columns.map(
    ({ name, alias }) => `coalesce(${dialect.trimmed(dialect.identifier(name))}, '') AS ${alias}`,
  );
  const file = hasFile ? [`${filePath(dialect, fileColumn)} AS file_path`] : [];
  return [
    {
      name: 'texts',
      query: select([...texts, ...file], from),
      comment: 'The fields as text, without spaces and tabs around them.',
    },
  ];
}

/** The column with the path of a row's file. */
export function filePath(dialect: Dialect, fileColumn: string | undefined): string {
  return fileColumn === undefined ? dialect.filePath : dialect.identifier(fileColumn);
}

/** The name of a table, each of its parts quoted. */
export function tableName(dialect: Dialect, parts: readonly string[]): string {
  return parts.map((part) => dialect.identifier(part)).join('.');
}
