import { BadInput, type Problem } from '../domain/problem.ts';
import { atLeast, following } from './byte-source.ts';
import { type CsvEntry, firstEntries, framedEntries, isBadRow } from './csv.ts';
import type { Delimiter, Framing } from './csv-framing.ts';
import { trimmed } from './fields.ts';
import { otherFormat } from './file-format.ts';
import { limitedLines } from './line-limit.ts';
import { LF } from './row-end.ts';
import { decodedText } from './text-encoding.ts';

/** The columns that one kind of file has, in lower case. Others in the file are skipped. */
export interface TableColumns {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  /** Those of them that hold numbers, whose decimal mark depends on the file. */
  readonly numbers?: readonly string[];
}

/** Where the header of a CSV is, and how its rows are separated. */
export interface CsvOpening {
  readonly delimiter: Delimiter;
  /** The physical line, from 1, on which the header begins. */
  readonly headerLine: number;
  /** Where the header begins, in bytes of the decoded text, which has no byte order mark. */
  readonly headerAt: number;
  /** The names of the header: trimmed, in lower case; none if it cannot be read. */
  readonly names: readonly string[];
  /** The candidate columns that fit the header best. */
  readonly columns: TableColumns;
  /** What is wrong if another row seems to be the header: then the only problem of the file. */
  readonly misplaced?: { readonly line: number; readonly what: string };
}

const DELIMITERS: readonly Delimiter[] = [',', ';', '\t'];
const SEPARATOR_LINE = /^sep=([,;\t])\r?\n/i;
/** How many rows after the first are searched for a header. */
const SEARCHED_ROWS = 20;
/** The most text that is searched for a header. */
const MAX_OPENING_BYTES = 1024 * 1024;
/** How many bytes show what kind of file it is. */
export const FORMAT_BYTES = 256;
const NOTHING = Buffer.alloc(0);

/**
 * Finds the header of a CSV from the first bytes of its decoded text: after a line `sep=X`,
 * empty lines and rows of empty fields. The delimiter is that of the line `sep=X`, otherwise
 * the one that gives the first row the most known columns of any of `candidates`; at equal
 * counts the comma, then the semicolon. Nothing if `text` is too short to decide, which it
 * never is if it `isWhole`; and nothing for a text without any row.
 */
export function openingOf(
  text: Buffer,
  isWhole: boolean,
  candidates: readonly TableColumns[],
): CsvOpening | undefined {
  const start = headerStart(text);
  const isEnough = isWhole || text.length >= MAX_OPENING_BYTES;
  if (start.at >= text.length || (!isEnough && text.indexOf(LF, start.at) < 0)) return undefined;
  const rest = text.subarray(start.at);
  const delimiters = start.delimiter === undefined ? possibleDelimiters(rest) : [start.delimiter];
  const first = bestFirstRow(rest, delimiters, candidates);
  if (first.isCut && !isEnough) return undefined;
  const { delimiter, names, columns } = first;
  const opening = { delimiter, names, columns, headerLine: start.line, headerAt: start.at };
  if (first.missing === 0) return opening;
  const other = start.delimiter && bestFirstRow(rest, DELIMITERS, candidates);
  if (other !== undefined && other.missing === 0) {
    const what = `this line says that ${DELIMITER_NAMES[delimiter]} separate the fields, but the header in line ${start.line} has ${DELIMITER_NAMES[other.delimiter]}: remove this line`;
    return { ...opening, misplaced: { line: 1, what } };
  }
  const wholeRows = isWhole ? rest : rest.subarray(0, rest.lastIndexOf(LF) + 1);
  const rows = laterRows(wholeRows, start.line, candidates);
  const header = rows.find(({ isHeader }) => isHeader);
  const hasAll = isEnough || rows.length === SEARCHED_ROWS * DELIMITERS.length;
  if (header === undefined) return hasAll ? opening : undefined;
  const what = `this is not the header; line ${header.line} seems to be: remove the lines above it`;
  return { ...opening, misplaced: { line: start.line, what } };
}

/** A CSV whose header has been read. */
interface OpenedCsv {
  readonly opening: CsvOpening;
  readonly header: CsvEntry;
  /** The other rows, batch by batch: optional columns at their end may be missing. */
  readonly rows: AsyncIterable<CsvEntry[]>;
}

/**
 * Reads the header of a CSV from the bytes of its file; `undefined` if the file has no row.
 * `keepBytes`: bad rows are kept whole, and a bad quote spoils only its own line. `BadInput` if its
 * first bytes show that it is not CSV, its header is further down, or a line does not end.
 */
export async function openCsv(
  file: string,
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
  candidates: readonly TableColumns[],
  keepBytes = false,
): Promise<OpenedCsv | undefined> {
  const decoded = limitedLines(file, decodedText(chunks), 1);
  const { head, opening } = await findOpening(decoded, candidates);
  const problem = otherFormat(file, head) ?? (opening && misplacedProblem(file, opening));
  if (problem !== undefined) throw new BadInput([problem]);
  if (opening === undefined) return undefined;
  const wanted = { keepDefective: keepBytes, resumesAfterQuotes: keepBytes };
  const text = following(head.subarray(opening.headerAt), decoded);
  const rows = framedEntries(text, { ...framingOf(opening), ...wanted });
  const first = await rows.next();
  if (first.done === true) return undefined;
  return { opening, header: first.value[0] as CsvEntry, rows };
}

/**
 * Reads no more of a decoded text than it takes to find its header, which is missing if the text has
 * no row, or is too short to decide. `isWhole`: whether the text ends with what can be read.
 */
export async function findOpening(
  decoded: AsyncIterator<Buffer>,
  candidates: readonly TableColumns[],
  isWhole = true,
): Promise<{ readonly head: Buffer; readonly opening?: CsvOpening }> {
  let head: Buffer = NOTHING;
  for (let wanted = FORMAT_BYTES; ; wanted = 2 * head.length) {
    const more = await atLeast(decoded, wanted - head.length);
    head = Buffer.concat([head, ...more.chunks]);
    const opening = openingOf(head, more.isEnd && isWhole, candidates);
    if (opening !== undefined) return { head, opening };
    if (more.isEnd) return { head };
  }
}

/** How the rows of a file are framed, from its header on: each has at least the required columns. */
export function framingOf({ delimiter, headerLine, names, columns }: CsvOpening): Framing {
  const lastRequired = Math.max(0, ...columns.required.map((name) => names.indexOf(name)));
  return { delimiter, firstLine: headerLine, fewestFields: 1 + lastRequired };
}

/** The problem of a file whose header is further down. */
export function misplacedProblem(file: string, { misplaced }: CsvOpening): Problem | undefined {
  return misplaced && { file, line: misplaced.line, column: 'row', what: misplaced.what };
}

const DELIMITER_NAMES: Readonly<Record<Delimiter, string>> = {
  ',': 'commas',
  ';': 'semicolons',
  '\t': 'tabs',
};

/** Where the first row begins that is not empty and not a line `sep=X`. */
function headerStart(text: Buffer): { at: number; line: number; delimiter?: Delimiter } {
  const separator = SEPARATOR_LINE.exec(text.subarray(0, 8).toString('latin1'));
  let at = separator?.[0].length ?? 0;
  let line = separator === null ? 1 : 2;
  for (let end = text.indexOf(LF, at); end >= 0; end = text.indexOf(LF, at)) {
    if (!isEmptyLine(text.subarray(at, end))) break;
    at = end + 1;
    line += 1;
  }
  const delimiter = separator?.[1] as Delimiter | undefined;
  return delimiter === undefined ? { at, line } : { at, line, delimiter };
}

function isEmptyLine(bytes: Buffer): boolean {
  const line = bytes.toString('latin1').replace(/\r$/, '');
  if (/[^,;\t "]/.test(line)) return false;
  return line === '' || DELIMITERS.some((delimiter) => isRowOfBlanks(line, delimiter));
}

function isRowOfBlanks(line: string, delimiter: Delimiter): boolean {
  const fields = line.split(delimiter);
  return fields.length > 1 && fields.every((field) => /^[ \t]*$|^"[ \t]*"$/.test(field));
}

/** The comma, and the others that occur in the first row: any other gives one field, no better than the comma. */
function possibleDelimiters(text: Buffer): readonly Delimiter[] {
  const lineEnd = text.indexOf(LF);
  const line = text.toString('latin1', 0, lineEnd < 0 ? text.length : lineEnd);
  // After a quote that has no other the row may go on after its line.
  const hasOpenQuote = line.split('"').length % 2 === 0;
  if (hasOpenQuote) return DELIMITERS;
  return DELIMITERS.filter((delimiter) => delimiter === ',' || line.includes(delimiter));
}

interface RowFit {
  readonly delimiter: Delimiter;
  readonly names: readonly string[];
  readonly columns: TableColumns;
  /** How many known columns the row has, and how many required ones are missing. */
  readonly known: number;
  readonly missing: number;
  /** Whether the text may end before the row does. */
  readonly isCut: boolean;
}

/** The first row, split by the delimiter that gives it the most known columns. */
function bestFirstRow(
  text: Buffer,
  delimiters: readonly Delimiter[],
  candidates: readonly TableColumns[],
): RowFit {
  return greatest(
    delimiters.map((delimiter) => firstRow(text, delimiter, candidates)),
    ({ known }) => known,
  );
}

function firstRow(text: Buffer, delimiter: Delimiter, candidates: readonly TableColumns[]): RowFit {
  const lineEnd = text.indexOf(LF);
  const line = lineEnd < 0 ? text : text.subarray(0, lineEnd + 1);
  const isPlain = !line.includes('"');
  const [entry] = firstEntries(isPlain ? line : text, raggedFrom(delimiter, 1), 1);
  const isCut = lineEnd < 0 || (!isPlain && entry !== undefined && isBadRow(entry));
  return { ...fitOf(headerNames(entry), candidates), delimiter, isCut };
}

function raggedFrom(delimiter: Delimiter, firstLine: number): Framing {
  return { delimiter, firstLine, isRagged: true };
}

/** The names of a header row for comparison: trimmed, in lower case; none if it cannot be read. */
export function headerNames(entry: CsvEntry | undefined): string[] {
  if (entry === undefined || isBadRow(entry)) return [];
  return entry.fields.map((name) => trimmed(name).toLowerCase());
}

type Fit = Pick<RowFit, 'names' | 'columns' | 'known' | 'missing'>;

/** How well a row fits the candidate columns that it fits best. */
function fitOf(names: readonly string[], candidates: readonly TableColumns[]): Fit {
  const has = new Set(names);
  const count = (columns: readonly string[]): number =>
    columns.filter((name) => has.has(name)).length;
  return greatest(
    candidates.map((columns) => {
      const required = count(columns.required);
      return {
        names,
        columns,
        known: required + count(columns.optional),
        missing: columns.required.length - required,
      };
    }),
    ({ known, missing }) => known - missing / (missing + 1),
  );
}

/** The first of those with the highest count. */
function greatest<Item>(items: readonly Item[], count: (item: Item) => number): Item {
  return items.reduce((best, item) => (count(item) > count(best) ? item : best));
}

/** The rows after the first by each delimiter, in the order of their lines. */
function laterRows(
  text: Buffer,
  firstLine: number,
  candidates: readonly TableColumns[],
): { line: number; isHeader: boolean }[] {
  const rows = DELIMITERS.flatMap((delimiter) =>
    firstEntries(text, raggedFrom(delimiter, firstLine), SEARCHED_ROWS + 1)
      .slice(1)
      .map((entry) => ({
        line: entry.line,
        isHeader: fitOf(headerNames(entry), candidates).missing === 0,
      })),
  );
  return rows.sort((a, b) => a.line - b.line);
}
