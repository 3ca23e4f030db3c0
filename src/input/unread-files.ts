import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { compareBytes } from '../domain/text-order.ts';
import { type ByteSource, readBytes } from './byte-source.ts';
import { openCsv } from './csv-opening.ts';
import { comparableName, DATA_FILES, isDataName, USAGE_FILES } from './data-files.ts';
import { fileSource, hasUuidName, isCsv, isUsageFile, realPath } from './folder.ts';
import { isJsonObject, readJson } from './json.ts';
import type { TableColumns } from './table.ts';
import type { WorkbookSheet } from './workbook.ts';

/** A file that is not read, though it looks like an input. */
interface UnreadFile {
  readonly file: string;
  /** The name of the input that it may be. */
  readonly meant: string;
  /** What it looks like, and what to do. */
  readonly what: string;
}

/** The columns that identify a file, with the name that it should have. */
type KnownColumns = readonly (readonly [name: string, columns: TableColumns])[];

/**
 * The files of a data directory that look like its inputs but are not: by the header of a
 * CSV, or by a name with another ending. Those that options or settings name (`named`) are read.
 * `hasCard`: whether a rate card is read; no other one is meant then.
 */
export async function unreadFiles(
  directory: string,
  names: readonly string[],
  columns: KnownColumns,
  named: readonly string[],
  hasCard: boolean,
): Promise<UnreadFile[]> {
  const others = names.filter((name) => !isDataName(name)).map((name) => join(directory, name));
  return unreadAmong(others, named, async (file, name) => {
    const like =
      (await nameByHeader(file, columns)) ??
      nameByEnding(comparableName(name)) ??
      (hasCard ? undefined : await nameOfCard(file));
    if (like === undefined) return undefined;
    const meant = like === USAGE && /\.gz$/i.test(name) ? PACKED_USAGE : like;
    const what = `it is not read, but looks like ${meant}: ${remedyFor(name, meant)}`;
    return { file, meant, what };
  });
}

/** What `look` says of the files that are not empty, without those that options or settings name. */
async function unreadAmong(
  files: readonly string[],
  named: readonly string[],
  look: (file: string, name: string) => Promise<UnreadFile | undefined> | UnreadFile,
): Promise<UnreadFile[]> {
  const unread: UnreadFile[] = [];
  for (const file of files) {
    const name = basename(file);
    if (isNeverUnread(name) || !(await isPlainFile(file))) continue;
    const found = await look(file, name);
    if (found !== undefined && !(await isNamed(file, named))) unread.push(found);
  }
  return unread;
}

function remedyFor(name: string, meant: string): string {
  const rename = 'give it that name, or move it away';
  if (PACKED.test(name))
    return meant === PACKED_USAGE ? rename : 'unpack it, and give it that name';
  const [format, ending] = meant === DATA_FILES.rates ? ['JSON', JSON_TEXT] : ['CSV', CSV_TEXT];
  return ending.test(name) ? rename : `save it as ${format} under that name, or move it away`;
}

const PACKED = /\.(?:gz|zip|zst|bz2|xz|7z)$/i;
/** Endings of texts, which need no more than another name. */
const CSV_TEXT = /^[^.]*$|\.(?:csv|tsv|tab|txt)$/i;
const JSON_TEXT = /^[^.]*$|\.(?:json|txt)$/i;
const [USAGE, PACKED_USAGE] = USAGE_FILES;

/**
 * The sheets of a workbook whose headers look like inputs but whose names do not match, and one with
 * rates, which no sheet can hold. `hasCard`: as above.
 */
export async function unreadSheets(
  sheets: readonly WorkbookSheet[],
  columns: KnownColumns,
  hasCard: boolean,
): Promise<UnreadFile[]> {
  const unread: UnreadFile[] = [];
  for (const { name, source } of sheets) {
    if (isDataName(`${name}.csv`) || isNeverUnread(name)) continue;
    if (comparableName(`${name}.json`) === DATA_FILES.rates && !hasCard) {
      unread.push({ file: source.file, meant: DATA_FILES.rates, what: RATES_SHEET });
      continue;
    }
    const names = await namesIn(source, columns);
    const meant = names && nameOfHeader(names, columns);
    if (meant === undefined) continue;
    const what = `it is not read, but looks like ${stemOf(meant)}: give it that name, or move it away`;
    unread.push({ file: source.file, meant, what });
  }
  return unread;
}

const RATES_SHEET =
  'it is not read, but looks like a rate card: give one in JSON with --rates, or move it away';

/** Files next to a workbook that are named like those of a data directory: only the workbook is read. */
export async function unreadBeside(book: string, named: readonly string[]): Promise<UnreadFile[]> {
  const folder = dirname(book);
  const names = (await readdir(folder)).filter((name) => TABLE_NAMES.has(comparableName(name)));
  const files = names.sort(compareBytes).map((name) => join(folder, name));
  const what = `it is not read, as the data are in ${book}: move it away`;
  return unreadAmong(files, named, (file, name) => ({ file, meant: comparableName(name), what }));
}

const TABLE_NAMES: ReadonlySet<string> = new Set([...Object.values(DATA_FILES), ...USAGE_FILES]);

/** The files of a walked folder of usage that are not read. */
export async function unreadUsage(files: readonly string[]): Promise<UnreadFile[]> {
  const others = files.filter((file) => !isUsageFile(file) && !COMPANION.test(basename(file)));
  const what = 'it is not read: usage is .csv, .csv.gz or .parquet';
  return unreadAmong(others, [], (file) => ({ file, meant: USAGE_FILES[0], what }));
}

/** Documents and checksums next to usage files. */
const COMPANION =
  /\.(?:md|json|md5|sha1|sha256|sha384|sha512|crc|crc32|checksum)$|^(?:md5|sha\d*)sums?(?:\.txt)?$|^checksums?(?:\.txt)?$/i;

/** Hidden files, and those that programs leave next to others. */
function isNeverUnread(name: string): boolean {
  return /^(?:\.|_|~\$)/.test(name) || hasUuidName(name) || /^desktop\.ini$/i.test(name);
}

/** Whether one of the named paths leads to the file; few runs find a file to ask it of. */
async function isNamed(file: string, named: readonly string[]): Promise<boolean> {
  const real = await realPath(file);
  for (const path of named) if ((await realPath(path)) === real) return true;
  return false;
}

/** Whether there is a non-empty file at the path. */
async function isPlainFile(file: string): Promise<boolean> {
  const stats = await stat(file).catch(() => undefined);
  return stats?.isFile() === true && stats.size > 0;
}

/** The name that a file should have by the columns of its header; that with the most required columns. */
async function nameByHeader(file: string, columns: KnownColumns): Promise<string | undefined> {
  if (!isCsv(file)) return undefined;
  const names = await namesIn(await fileSource(file), columns);
  return names === undefined ? undefined : nameOfHeader(names, columns);
}

function nameOfHeader(names: readonly string[], columns: KnownColumns): string | undefined {
  if (isOwnOutput(names)) return undefined;
  const fitting = columns.filter(([, known]) => fits(names, known));
  const [best] = fitting.sort(([, a], [, b]) => b.required.length - a.required.length);
  return best?.[0];
}

async function namesIn(
  source: ByteSource,
  known: KnownColumns,
): Promise<readonly string[] | undefined> {
  try {
    const candidates = known.map(([, columns]) => columns);
    const opened = await openCsv(source.file, readBytes(source), candidates);
    return opened?.opening.names;
  } catch {
    // A file that cannot be read does not look like an input.
    return undefined;
  }
}

/** Whether a header has all required columns; if only one is required, also another known one. */
function fits(names: readonly string[], { required, optional }: TableColumns): boolean {
  if (!required.every((name) => names.includes(name))) return false;
  return required.length > 1 || optional.some((name) => names.includes(name));
}

/** Columns that only outputs of the program have. */
const OUTPUT_COLUMNS: ReadonlySet<string> = new Set([
  'subscription_charge',
  'overage_charge',
  'total_charge',
  'credits_included',
  'overage_credits',
  'unbilled_credits',
  'line_type',
  'unit_price',
  'stretch_from',
  'direct_charge',
  'net_charge',
]);

/** Whether a header is that of an output of the program, which is not an input of a data directory. */
function isOwnOutput(names: readonly string[]): boolean {
  if (names.some((name) => OUTPUT_COLUMNS.has(name))) return true;
  return (
    names.includes('currency') && names.some((name) => /^(?:month|change|\d{4}-\d\d)$/.test(name))
  );
}

/** The name of a rate card, if the file is one: without it, the built-in prices would be billed. */
async function nameOfCard(file: string): Promise<string | undefined> {
  if (!/\.json$/i.test(file)) return undefined;
  try {
    const json = await readJson(await fileSource(file), 'rate card');
    return isJsonObject(json) && Array.isArray(json.editions) ? DATA_FILES.rates : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The name of an input that is there with another ending, packed, or with a second ending, as programs
 * add one where endings are hidden: `groups.csv.txt`.
 */
function nameByEnding(name: string): string | undefined {
  const unpacked = name.replace(PACKED, '');
  if (TABLE_NAMES.has(unpacked)) return unpacked;
  const stem = stemOf(unpacked);
  return TABLE_NAMES.has(stem) && !COMPANION.test(name) ? stem : NAMES_BY_STEM.get(stem);
}

/** The known names, each by what is before its ending. */
const NAMES_BY_STEM: ReadonlyMap<string, string> = new Map(
  [...Object.values(DATA_FILES), USAGE].map((name) => [stemOf(name), name]),
);

function stemOf(name: string): string {
  return name.replace(/\.[^.]*$/, '');
}
