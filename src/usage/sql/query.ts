import type { Step } from './dialect.ts';

const LINE_LENGTH = 120;

/** A query of some columns. `rest`: the clauses after FROM's table. */
export function select(
  columns: readonly string[],
  from: string,
  rest: readonly string[] = [],
): string {
  const lines = filledLines(columns);
  const list = lines.length === 1 ? ` ${lines[0]}` : `\n  ${lines.join('\n  ')}`;
  return [`SELECT${list}`, `FROM ${from}`, ...rest].join('\n');
}

/** As many columns per line as fit. */
function filledLines(columns: readonly string[]): string[] {
  const lines: string[] = [];
  for (const [index, column] of columns.entries()) {
    const text = index === columns.length - 1 ? column : `${column},`;
    const longer = `${lines.at(-1)} ${text}`;
    if (lines.length > 0 && longer.length <= LINE_LENGTH) lines[lines.length - 1] = longer;
    else lines.push(text);
  }
  return lines;
}

/** A step of literals, one row each. */
export function valuesStep(
  name: string,
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  comment: string,
): Step {
  const query = `VALUES\n${rows.map((row) => `  (${row.join(', ')})`).join(',\n')}`;
  return { name, columns, query, comment };
}

/** A step as a common table expression, its comment first. */
export function stepText({ name, columns, query, comment }: Step): string {
  const names = columns === undefined ? '' : ` (${columns.join(', ')})`;
  return `${commentLine(comment)}\n${name}${names} AS (\n${indented(query)}\n)`;
}

/** Only line feeds end a line here: other separators may be part of an id, which must stay unchanged. */
function indented(query: string): string {
  return query
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}

/** A comment on one line. A line break would end it, and the text after it would be run. */
export function commentLine(text: string): string {
  return `-- ${text.replace(/[\r\n\u2028\u2029]+/g, ' ')}`.trimEnd();
}
