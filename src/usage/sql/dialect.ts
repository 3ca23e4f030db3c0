import type { SqlSource } from './choices.ts';

/** What a statement reads: a table with the columns by name, or CSV files as they are. */
export type SqlInput = { readonly table: readonly string[] } | { readonly path: string };

/** A column of the input and the name that the statement gives its text. */
export interface SourceColumn {
  /** As its header spells it. */
  readonly name: string;
  readonly alias: string;
  /** Whether files may lack it. */
  readonly isOptional?: boolean;
}

/** One named step of a statement, `NAME AS (QUERY)`. */
export interface Step {
  readonly name: string;
  /** Names of its columns where its query gives none. */
  readonly columns?: readonly string[];
  readonly query: string;
  readonly comment: string;
}

/** How the rows of an input are read as text. */
export interface SourceRequest {
  readonly input: SqlInput;
  readonly source: SqlSource;
  readonly columns: readonly SourceColumn[];
  /** The name that the path of a row's file gets, where it is needed. */
  readonly fileAlias?: string;
}

/** How one engine says what a statement is made of. Arguments and results are SQL text. */
export interface Dialect {
  readonly textType: string;
  readonly instantType: string;
  /** A name, quoted. */
  identifier(name: string): string;
  /** A text literal. */
  text(value: string): string;
  /** Whether a text holds a match of the pattern. */
  matches(text: string, pattern: string): string;
  /** A group of the first match; `''` where there is none. */
  part(text: string, pattern: string, group: number): string;
  /** The text with the first match taken away, or replaced by its first group. */
  without(text: string, pattern: string): string;
  firstGroupOr(text: string, pattern: string): string;
  /** An expression of a type that makes the statement fail. `message` is never a constant. */
  fail(message: string, type: string): string;
  /** The UTC instant of `YYYY-MM-DD HH:MM:SS[.ffffff]`, so many minutes ahead of UTC. */
  instant(text: string, offsetMinutes: string): string;
  /** The UTC instant of `YYYY-MM-DDTHH:MM:SS[.ffffff][Z]`. */
  plainInstant(text: string): string;
  instantLiteral(micros: bigint): string;
  /** The credits of a text of at most 14 digits, and 24 behind a point. */
  plainCredits(text: string): string;
  /** Something that all instants of a UTC month share. */
  monthOf(instant: string): string;
  /** `YYYY-MM`, and `YYYY-MM-01T00:00:00Z` of the month and of the next one. */
  monthText(month: string): string;
  monthStartText(month: string): string;
  monthEndText(month: string): string;
  /** The exact sum, which fails where it does not fit. */
  exactSum(credits: string): string;
  /** Exact text with at least two decimals and no trailing zeros beyond. */
  creditsText(credits: string): string;
  /** Columns as one value that is compared field by field, in their order. */
  struct(columns: readonly (readonly [name: string, type: string])[]): string;
  /** All values of a group as an array. */
  arrayOf(value: string): string;
  /** The greatest element of an array that has some. */
  greatest(array: string): string;
  /** Whether a condition holds for an element, which `name` stands for in it. */
  hasElement(array: string, name: string, condition: string): string;
  /** A query of the rows of `step` with both kinds of credits of a report added up, exactly. */
  addedReports(step: string): string;
  /** The steps that read the input; the last one is named `raw_rows`. */
  source(request: SourceRequest): readonly Step[];
  /** How to run the statement and where its result goes, as lines of a comment. */
  howToRun(request: SourceRequest): readonly string[];
}

export const CREDITS_TYPE = 'DECIMAL(38, 24)';

/** The table of lines that engines read CSV files from which cannot tell columns by their header. */
export const LINES_TABLE = 'kiro_bill_lines';
