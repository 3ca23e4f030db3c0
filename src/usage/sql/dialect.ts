import type { Instant } from '../../domain/instant.ts';
import type { Reduction } from './reduction.ts';

/** One named step of a statement, `NAME AS (QUERY)`. */
export interface Step {
  readonly name: string;
  /** Names of its columns, if its query gives none. */
  readonly columns?: readonly string[];
  readonly query: string;
  readonly comment: string;
}

/** The constructs that engines write differently. Arguments and results are SQL. */
export interface Dialect {
  readonly textType: string;
  readonly instantType: string;
  /** A pattern of the fractional digits of a second that its timestamps hold, followed by zeros. */
  readonly secondFraction: string;
  /** The column, or expression, with the path of a row's file. */
  readonly filePath: string;
  /** A name, quoted. */
  identifier(name: string): string;
  /** A text literal. */
  text(value: string): string;
  /** The literal of the first microsecond at or after an instant. */
  instantLiteral(at: Instant): string;
  /** An expression of a type that makes the statement fail and shows `message`, which is not a constant. */
  fail(message: string, type: string): string;
  /** Whether a text contains a match of the pattern. */
  matches(text: string, pattern: string): string;
  /** The first group of the first match; null or `''` if there is none. */
  part(text: string, pattern: string): string;
  /** The text with each match of the pattern replaced; `$1` is its first group. */
  replaced(text: string, pattern: string, replacement: string): string;
  /** The text without surrounding spaces and tabs. */
  trimmed(text: string): string;
  /** A timestamp column as an instant, regardless of the session time zone. */
  instantOf(column: string): string;
  /** The same, but it fails if only the session's time zone could define its meaning. */
  checkedInstant(column: string): string;
  /** The instant of a text that has one of the spec's forms. */
  instantOfText(text: string): string;
  /** The midnight in UTC at which a date begins. */
  midnight(date: string): string;
  /** A value shared by all instants of a month in UTC, cheap to compute. */
  monthOf(instant: string): string;
  /** The date of the first day of such a month, and of the month after such a date. */
  firstDay(month: string): string;
  nextFirstDay(date: string): string;
  /** The CSV files of a path as rows: either named columns of text, or lines. */
  readonly files: NamedColumns | CsvLines;
  /** How to run the statement and bill its result, as comment lines. */
  howToRun(reduction: Reduction): readonly string[];
}

/** An engine whose own CSV reader uses the header of each file. */
interface NamedColumns {
  /** What FROM reads; its columns are text. */
  from(path: string): string;
}

/** An engine that maps CSV columns by position: it reads lines instead. */
export interface CsvLines {
  /** The statement that makes the table of lines, ready to run before the query. */
  create(path: string): string;
  /** A query of the columns `file_path` and `line`. */
  readonly query: string;
  /** All first groups of the matches of a pattern, as an array. */
  allParts(text: string, pattern: string): string;
  /** The element at `position`, counted from 1. */
  element(array: string, position: string): string;
  length(array: string): string;
  /** An array of texts that makes the statement fail and shows `message`. */
  fail(message: string): string;
}

/** The table of lines that `CsvLines` reads. */
export const LINES_TABLE = 'kiro_bill_lines';
