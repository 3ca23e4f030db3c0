import { decimalFromText } from '../domain/decimal.ts';
import { DecimalMarks, type MarkFinding, withPoint } from '../domain/decimal-mark.ts';
import { BadInput, type Place, type Problem } from '../domain/problem.ts';
import { type ByteSource, readBytes } from './byte-source.ts';
import { type BadCsvRow, type CsvEntry, type CsvRow, isBadRow } from './csv.ts';
import { headerNames, openCsv, type TableColumns } from './csv-opening.ts';
import { type FieldParser, type Parsed, trimmed } from './fields.ts';
import { nearest } from './nearest.ts';
import type { ProblemLog } from './problem-log.ts';
import { hasRoomFor, MORE_ROOM } from './room.ts';

export type { TableColumns } from './csv-opening.ts';

/** The columns of one file: where each known one is. */
export interface Header {
  readonly names: readonly string[];
  /** From a known column's name to its index. */
  readonly indexOf: ReadonlyMap<string, number>;
  /** The known columns that hold numbers. */
  readonly numbers: readonly string[];
  /** Whether a number may have a comma as its decimal mark. */
  readonly allowsDecimalComma?: boolean;
  /** Collects what the numbers in the file show about its decimal mark, if the caller does not. */
  readonly marks?: DecimalMarks;
}

/**
 * Reads a file of the data directory and passes on each row that can be parsed, in
 * order. All problems go to `log`, including those that `onRow` finds. Returns false if
 * the file, or any row of it, could not be read: its contents are then unknown. `onHeader` gets
 * the names in the header, in lower case.
 */
export async function readTable(
  source: ByteSource,
  columns: TableColumns,
  log: ProblemLog,
  onRow: (row: TableRow) => void,
  onHeader: (names: readonly string[]) => void = () => {},
): Promise<boolean> {
  const { file } = source;
  let isWhole = true;
  let count = 0;
  try {
    const opened = await openCsv(file, readBytes(source), [columns]);
    if (opened === undefined) throw new BadInput([emptyFile(file, columns)]);
    const names = readHeader(file, opened.header, columns, log);
    if (names === undefined) return false;
    log.notes.push(...ignoredColumns(file, opened.header as CsvRow, names, columns));
    onHeader(names.names);
    const marks = opened.opening.delimiter === ',' ? undefined : new DecimalMarks();
    const header = marks === undefined ? names : { ...names, allowsDecimalComma: true, marks };
    const nameless = namelessColumns(header);
    let unread: number | undefined;
    for await (const entries of opened.rows) {
      count += entries.length;
      if (!hasRoomFor(count)) throw new BadInput([{ file, what: TOO_MANY_ROWS }]);
      for (const entry of entries) {
        if (isBadRow(entry)) {
          log.add(rowProblem(file, entry, header.names));
          isWhole = false;
        } else {
          unread ??= nameless.find((index) => trimmed(entry.fields[index] ?? '') !== '');
          onRow(new TableRow(file, entry, header, log));
        }
      }
    }
    if (unread !== undefined) log.notes.push(namelessNote(file, unread, header, columns));
    for (const problem of markProblems(file, marks)) log.add(problem);
    return isWhole;
  } catch (error) {
    log.addFailure(error);
    return false;
  }
}

const TOO_MANY_ROWS = `more rows than this run has memory for: ${MORE_ROOM}`;

/** The numbers in a whole file whose decimal mark is bad input. */
export function markProblems(file: string, marks: DecimalMarks | undefined): Problem[] {
  return (marks?.findings ?? []).map((finding) => markProblem(file, finding));
}

export function markProblem(file: string, { number, what, kind }: MarkFinding): Problem {
  const { line, column, text: value } = number;
  return { file, line, column, what, kind, value };
}

/** The record of a row, with the row for problems that only show in other rows. */
export interface RowRecord<Value> {
  readonly row: TableRow;
  readonly record: Value;
}

/** The records of a file's rows, in order, without those that `recordOf` finds a problem in. */
export async function readRowRecords<Value>(
  source: ByteSource,
  columns: TableColumns,
  log: ProblemLog,
  recordOf: (row: TableRow) => Value | undefined,
): Promise<RowRecord<Value>[]> {
  const read: RowRecord<Value>[] = [];
  await readTable(source, columns, log, (row) => {
    const record = recordOf(row);
    if (record !== undefined) read.push({ row, record });
  });
  return read;
}

/** The problem of a file without any row, not even a header. */
export function emptyFile(file: string, { required }: TableColumns): Problem {
  return {
    file,
    what: `the file is empty: it needs a header row with at least ${required.join(', ')}`,
  };
}

/** The header from a file's first row; nothing if it has a problem, which goes to `log`. */
export function readHeader(
  file: string,
  entry: CsvEntry,
  columns: TableColumns,
  log: ProblemLog,
): Header | undefined {
  if (isBadRow(entry)) {
    log.add(rowProblem(file, entry, []));
    return undefined;
  }
  const names = headerNames(entry);
  const problems = headerProblems({ file, line: entry.line }, entry.fields.map(trimmed), columns);
  for (const problem of problems) log.add(problem);
  if (problems.length > 0) return undefined;
  const known = [...columns.required, ...columns.optional];
  const indexOf = new Map(known.map((name) => [name, names.indexOf(name)]));
  return { names, indexOf, numbers: columns.numbers ?? [] };
}

export const COLUMN_TWICE = 'the column is in the header twice';

/** Required columns that are missing, and known ones that occur twice. */
function headerProblems(
  place: Place,
  written: readonly string[],
  { required, optional }: TableColumns,
): Problem[] {
  const names = written.map((name) => name.toLowerCase());
  const missing = required.filter((name) => !names.includes(name));
  const known = [...required, ...optional];
  const others = unknownNames(written, known);
  const twice = known.filter((name) => names.indexOf(name) !== names.lastIndexOf(name));
  const hints = missing.map((column) => {
    const near = nearest(column, others);
    return near === undefined ? '' : `; is it the one named "${near}"?`;
  });
  const isOtherFile = missing.length > 1 && !names.some((name) => known.includes(name));
  if (isOtherFile && hints.join('') === '') {
    hints[0] = ', as all others are: is this the right file?';
  }
  return [
    ...missing.map((column, index) => ({
      ...place,
      column,
      what: `the required column is missing${hints[index]}`,
    })),
    ...twice.map((column) => ({ ...place, column, what: COLUMN_TWICE })),
  ];
}

/** The names, as written, of columns that are not known. */
function unknownNames(written: readonly string[], known: readonly string[]): string[] {
  return written.filter((name) => !known.includes(name.toLowerCase()));
}

/** Notes on columns that are not read although an optional one has a similar name. */
function ignoredColumns(
  file: string,
  { fields }: CsvRow,
  { indexOf }: Header,
  { required, optional }: TableColumns,
): string[] {
  const absent = optional.filter((column) => indexOf.get(column) === -1);
  const others = unknownNames(fields.map(trimmed), [...required, ...optional]);
  return others.flatMap((name) => {
    const meant =
      nearest(name, absent) ?? absent.find((column) => nearest(column, [name]) !== undefined);
    if (meant === undefined) return [];
    return [`${file}: the column "${name}" is not read; name it ${meant} if that is what it holds`];
  });
}

/** The columns without a name, if one that may be there is not. */
function namelessColumns({ names, indexOf }: Header): number[] {
  const isWhole = [...indexOf.values()].every((index) => index !== -1);
  return isWhole ? [] : names.flatMap((name, index) => (name === '' ? index : []));
}

function namelessNote(
  file: string,
  index: number,
  { indexOf }: Header,
  { optional }: TableColumns,
): string {
  const absent = optional.filter((column) => indexOf.get(column) === -1).join(' or ');
  return `${file}: column ${index + 1} has no name, so it is not read; name it ${absent} if that is what it holds`;
}

/** The problem of a row that cannot be parsed. */
export function rowProblem(file: string, row: BadCsvRow, names: readonly string[]): Problem {
  const { what, field, bytes } = row.defect;
  const column = (field === undefined ? undefined : names[field]) || 'row';
  return { file, line: row.line, column, what, value: bytes.toString() };
}

/** One row of a table, whose fields are read by name. */
export class TableRow<Column extends string = string> {
  readonly #file: string;
  readonly #row: CsvRow;
  readonly #header: Header;
  readonly #log: ProblemLog;
  #isGood = true;

  constructor(file: string, row: CsvRow, header: Header, log: ProblemLog) {
    this.#file = file;
    this.#row = row;
    this.#header = header;
    this.#log = log;
  }

  get line(): number {
    return this.#row.line;
  }

  get place(): Place {
    return { file: this.#file, line: this.line };
  }

  /** Whether no problem has been found in the row so far. */
  get isGood(): boolean {
    return this.#isGood;
  }

  /** The field's text, trimmed; blank if the file has no such column. */
  text(column: Column): string {
    return trimmed(this.name(column));
  }

  /** The field's text as written, for names. */
  name(column: Column): string {
    const index = this.#header.indexOf.get(column) ?? -1;
    // An array is asked for an element before its first one by a far slower way.
    return index < 0 ? '' : (this.#row.fields[index] ?? '');
  }

  /** All fields as written, by the names in the header; only a decimal comma becomes a point. */
  get fields(): Readonly<Record<string, string>> {
    const fieldOf = (name: string, index: number): string => {
      const text = this.#row.fields[index] ?? '';
      if (!this.#mayHaveComma(name)) return text;
      const number = this.#number(name, trimmed(text), (value) => ({ value }));
      return 'value' in number ? number.value : text;
    };
    const { names } = this.#header;
    return Object.fromEntries(names.map((name, index) => [name, fieldOf(name, index)]));
  }

  /** The value of a field that must not be blank; nothing if it has a problem. */
  required<Value>(column: Column, parse: FieldParser<Value>): Value | undefined {
    const text = this.text(column);
    if (text !== '') return this.#parsed(column, text, parse);
    this.problem(column, 'must not be blank', '');
    return undefined;
  }

  /** The value of a field; nothing if it is blank or has a problem. */
  optional<Value>(column: Column, parse: FieldParser<Value>): Value | undefined {
    const text = this.text(column);
    return text === '' ? undefined : this.#parsed(column, text, parse);
  }

  #parsed<Value>(column: Column, text: string, parse: FieldParser<Value>): Value | undefined {
    const parsed = this.#mayHaveComma(column) ? this.#number(column, text, parse) : parse(text);
    if ('value' in parsed) return parsed.value;
    this.problem(column, parsed.wrong, text, parsed.kind);
    return undefined;
  }

  #mayHaveComma(column: string): boolean {
    const { allowsDecimalComma = false, numbers } = this.#header;
    return allowsDecimalComma && numbers.includes(column);
  }

  /** Reads a number with whichever decimal mark it has. */
  #number<Value>(column: string, text: string, parse: FieldParser<Value>): Parsed<Value> {
    const { marks } = this.#header;
    const number = withPoint(text);
    if (decimalFromText(number) !== undefined) marks?.add({ line: this.line, column, text });
    return parse(number, text);
  }

  /**
   * `column`: a known one, which the file may call by another name, or `row`. `kind`: the text shared
   * by problems of this kind, if `what` says more.
   */
  problem(column: Column | 'row', what: string, value?: string, kind = what): void {
    this.#isGood = false;
    const { names, indexOf } = this.#header;
    const name = names[indexOf.get(column) ?? -1] ?? column;
    const problem = { ...this.place, column: name, what, ...(kind === what ? {} : { kind }) };
    this.#log.add(value === undefined ? problem : { ...problem, value });
  }
}

/** Whether an earlier row has defined what this one defines by its id: a problem of the row. */
export function isDefinedBefore(
  row: TableRow,
  idColumn: string,
  before: { readonly line: number } | undefined,
): boolean {
  if (before === undefined) return false;
  row.problem(idColumn, `already defined on line ${before.line}`, row.text(idColumn));
  return true;
}
