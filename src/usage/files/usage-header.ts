import type { Problem } from '../../domain/problem.ts';
import { billInsteadOf } from '../../input/bill-header.ts';
import { type CsvEntry, firstEntries } from '../../input/csv.ts';
import { framingOf, headerNames } from '../../input/csv-opening.ts';
import { ProblemLog } from '../../input/problem-log.ts';
import { emptyFile, readHeader } from '../../input/table.ts';
import type { ReadingListener } from '../kinds/reading-state.ts';
import {
  REQUEST_COLUMNS,
  USAGE_COLUMNS,
  usageKindNamed,
  usageKindOf,
} from '../kinds/usage-kind.ts';
import { type Head, readHead } from '../rows/head-reader.ts';
import type { SlidingText } from '../rows/sliding-text.ts';
import type { UsageFile } from './usage-file.ts';

type Log = ReadingListener['log'];

/** Reads the headers of files one after another; what is wrong with them is reported to a log. */
export class UsageHeaders {
  readonly #log: Log;
  /** The header that was read last, and its file. */
  #latest: { readonly header: Buffer; readonly file: UsageFile } | undefined;

  constructor(log: Log) {
    this.#log = log;
  }

  /**
   * Moves past the header of a file, from the beginning of `text`; returns what it says of the file,
   * or `undefined`, after reporting it, if there is a problem. `too long`, with nothing read, if its
   * end is not near. `firstLine`: the line on which the text begins. May throw `BadInput`.
   */
  async fileFrom(
    file: string,
    text: SlidingText,
    firstLine: number,
  ): Promise<UsageFile | 'too long' | undefined> {
    const head = await readHead(file, text, USAGE_COLUMNS, firstLine);
    if (head === 'too long') return head;
    if (head === 'empty') this.#log.add(emptyFile(file, REQUEST_COLUMNS));
    else if ('what' in head) this.#log.add(head);
    else return this.#fileWith(file, head, text.offsetOf(text.position));
    return undefined;
  }

  /** `bodyStart`: where the header ends. */
  #fileWith(
    file: string,
    { opening, bytes, bodyLine }: Head,
    bodyStart: number,
  ): UsageFile | undefined {
    const { header, file: known } = this.#latest ?? {};
    // Among thousands of files, most have the same header as the one before.
    if (header?.equals(bytes) && known?.framing.delimiter === opening.delimiter) {
      return { ...known, file, framing: { ...known.framing, firstLine: bodyLine }, bodyStart };
    }
    const [entry] = firstEntries(bytes, framingOf(opening), 1);
    const read = usageHeader(file, entry as CsvEntry, this.#log);
    if (read === undefined) return undefined;
    const { columns } = usageKindNamed(read.kind);
    const ofRows = { firstLine: bodyLine, fields: read.header.names.length };
    const framing = { ...framingOf({ ...opening, columns }), ...ofRows };
    const usageFile = { file, ...read, framing, bodyStart };
    this.#latest = { header: bytes, file: usageFile };
    return usageFile;
  }
}

/** What the first row of a usage file says; `undefined`, after reporting it, if it has a problem. */
export function usageHeader(
  file: string,
  entry: CsvEntry,
  log: Log,
): Pick<UsageFile, 'kind' | 'header'> | undefined {
  const names = headerNames(entry);
  const what = billInsteadOf('usage', names);
  if (what !== undefined) {
    log.add({ file, what });
    return undefined;
  }
  const { name: kind, columns } = usageKindOf(names);
  const ofHeader = new ProblemLog();
  const header = readHeader(file, entry, columns, ofHeader);
  for (const problem of ofHeader.kept) log.add(placedOrNot(problem));
  return header && { kind, header };
}

/** The header of Parquet, whose rows count from 1, is on no line. */
function placedOrNot({ line, ...problem }: Problem): Problem {
  return line === undefined || line === 0 ? problem : { ...problem, line };
}
