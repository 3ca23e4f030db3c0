import type { BillingRecords } from '../domain/records.ts';
import type { RowSource } from '../domain/sheet.ts';
import type { Warning } from '../domain/warning.ts';
import type { BesideRows, MonthNotes } from '../render/json.ts';
import type { WorkbookSheet } from '../render/workbook.ts';
import type { Format } from './formats.ts';
import type { Inputs } from './inputs.ts';
import type { Chunks, Look } from './output.ts';

/** What a command found. `ending.ts` alone writes it, and chooses the exit status. */
export interface CommandResult {
  /** What is written to standard output or to the file of `-o`. */
  readonly document?: Document;
  /** Where not given, those of the document's months; `--strict` makes them something to look at. */
  readonly warnings?: readonly Warning[];
  /**
   * What was read, where a command reads all inputs: the names in warnings, the first notes, the
   * begin of the closing line, and the bad rows to put in place come from it.
   */
  readonly inputs?: Inputs;
  /** What names the users and profiles in warnings, where a command does not read all inputs. */
  readonly named?: Pick<BillingRecords, 'users' | 'profiles'>;
  /** Reported like warnings, also to `--strict`, about the result as a whole. */
  readonly alarms?: readonly string[];
  /** Notes for information; they never change the exit status. */
  readonly notes?: readonly string[];
  /** What came of it. */
  readonly closing?: string;
  /** What to look at besides warnings, for the end of the closing line. */
  readonly lookAt?: string;
  /** The command to run next, without `kiro-bill`: on a line that is never wrapped, to be copied. */
  readonly next?: string;
  /** Whether there is something to look at even without warnings. */
  readonly hasFindings?: boolean;
}

/** What a command writes: rows, which every format supports, and its own drawings. */
export interface Document extends BesideRows {
  /** Rows of one kind, a sheet per month; in JSON and Markdown with what belongs to them. */
  readonly sheets?: readonly RowSource[];
  /** The sheets of a workbook, where it has more than the rows. */
  readonly workbook?: () => readonly WorkbookSheet[];
  /** What is said of the month of each sheet. */
  readonly months?: readonly MonthNotes[];
  /** Rows were left out: the totals say that they are of what is shown. */
  readonly isPartial?: boolean;
  /** How the command itself draws a format, in place of the plain rows. */
  readonly drawn?: { readonly [Name in Format]?: Drawing };
}

export type Drawing = (look: Look) => Chunks | Promise<Chunks>;
