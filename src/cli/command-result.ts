import type { BillingRecords } from '../domain/records.ts';
import type { Sheet } from '../domain/sheet.ts';
import type { MonthCoverage } from '../domain/usage-days.ts';
import type { Warning } from '../domain/warning.ts';
import type { BesideRows } from '../render/json.ts';
import type { WorkbookSheet } from '../render/workbook.ts';
import type { Format } from './formats.ts';

/** What a command found. `ending.ts` alone writes it, and chooses the exit status. */
export interface CommandResult {
  /** What is written to standard output or to the file of `-o`. */
  readonly document?: Document;
  /** Also those that the document holds; `--strict` makes them something to look at. */
  readonly warnings?: readonly Warning[];
  /** What names the users and profiles that warnings are about. */
  readonly records?: Pick<BillingRecords, 'users' | 'profiles'>;
  /** Reported like warnings, about the result as a whole. */
  readonly alarms?: readonly string[];
  /** Notes for information; they never change the exit status. */
  readonly notes?: readonly string[];
  /** What was read, what came of it, what to look at. */
  readonly closing?: string;
  /** Whether there is something to look at even without warnings. */
  readonly hasFindings?: boolean;
  /** Puts additional files in place, after the document; may return a warning. */
  readonly finish?: () => Promise<string | undefined>;
}

/** What a command writes: rows, which every format supports, and its own drawings. */
export interface Document extends BesideRows {
  /** Rows of one kind, a sheet per month; in JSON and Markdown with what belongs to them. */
  readonly sheets?: readonly Sheet[];
  /** The sheets of a workbook, where it has more than the rows. */
  readonly workbook?: () => readonly WorkbookSheet[];
  /** The warnings of each sheet, for JSON. */
  readonly sheetWarnings?: readonly (readonly Warning[])[];
  /** The days with usage in each sheet's month, for JSON; missing for a month whose days are unknown. */
  readonly sheetCoverage?: readonly (MonthCoverage | undefined)[];
  /** Rows were left out: the totals say that they are of what is shown. */
  readonly isPartial?: boolean;
  /** How the command itself draws a format, in place of the plain rows. */
  readonly drawn?: { readonly [Name in Format]?: Drawing };
  /** `-o` does not name the file for this document: it goes to standard output. */
  readonly isForStandardOutput?: boolean;
}

export type Drawing = (look: Look) => Chunks | Promise<Chunks>;

/** An output in chunks; text, except for binary formats. */
export type Chunks = Iterable<string | Uint8Array>;

/** What an output is for: a file has no color, and no terminal that control characters could reach. */
export interface Look {
  /** The columns that a table may take. */
  readonly width: number;
  readonly color: boolean;
  readonly isForTerminal: boolean;
}
