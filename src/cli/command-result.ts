import type { BillingRecords } from '../domain/records.ts';
import type { Sheet } from '../domain/sheet.ts';
import type { MonthCoverage } from '../domain/usage-days.ts';
import type { Warning } from '../domain/warning.ts';
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
  /** Said as warnings are, of the result as a whole. */
  readonly alarms?: readonly string[];
  /** What is good to know; it never changes the exit status. */
  readonly notes?: readonly string[];
  /** What was read, what came of it, what to look at. */
  readonly closing?: string;
  /** Whether there is something to look at even without warnings. */
  readonly hasFindings?: boolean;
  /** Puts in place what is written beside the document, once that is in place; a warning may come back. */
  readonly finish?: () => Promise<string | undefined>;
}

/** What a command writes: rows, which every format knows, and what it draws of its own. */
export interface Document {
  /** Rows of one kind, a sheet per month. */
  readonly sheets?: readonly Sheet[];
  /** The sheets of a workbook, where they are more than the rows themselves. */
  readonly workbook?: () => readonly WorkbookSheet[];
  /** The warnings of each sheet, for JSON. */
  readonly sheetWarnings?: readonly (readonly Warning[])[];
  /** On which days usage lies in each sheet's month, for JSON; missing of one where that is not known. */
  readonly sheetCoverage?: readonly (MonthCoverage | undefined)[];
  /** Rows were left out: the totals say that they are of what is shown. */
  readonly isPartial?: boolean;
  /** How the command itself draws a format, in place of the plain rows. */
  readonly drawn?: { readonly [Name in Format]?: Drawing };
  /** `-o` names something else than the file for it: it goes to standard output. */
  readonly isForStandardOutput?: boolean;
}

export type Drawing = (look: Look) => Chunks | Promise<Chunks>;

/** An output in pieces; text, save for formats that are bytes. */
export type Chunks = Iterable<string | Uint8Array>;

/** What an output is for: a file has no color, and no terminal that control characters could reach. */
export interface Look {
  /** The columns that a table may take. */
  readonly width: number;
  readonly color: boolean;
  readonly isForTerminal: boolean;
}
