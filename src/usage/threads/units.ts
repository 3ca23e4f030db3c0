import { statSync } from 'node:fs';
import { type ByteSource, isGzip } from '../../input/byte-source.ts';
import type { UsageFile } from '../files/usage-file.ts';
import { isFile } from '../rows/byte-feed.ts';
import type { RowWindow } from '../rows/parquet-file.ts';

/** What one thread reads at a time: a whole source, or a part of a file whose header is known. */
export interface Unit {
  /** The index of the source. */
  readonly source: number;
  readonly part?: { readonly file: UsageFile; readonly from: number; readonly to: number };
}

/** The size of a part: much less than what a thread reads in all, so that all threads finish together. */
const PART_BYTES = 8 * 1024 * 1024;
/** The cost of reading a byte of gzip, in bytes of a plain file. */
const GZIP_FACTOR = 16;
/** The same for Parquet. */
const PARQUET_FACTOR = 4;
/** A row group is read in pieces of at least so many shares, as each piece passes the pages before it. */
const SHARES_PER_PIECE = 8;
/** The cost of opening a file and reading its header, in bytes of a plain file. */
const BYTES_PER_FILE = 64 * 1024;
/** The least bytes per thread for which another thread is worth its start-up time. */
const BYTES_PER_THREAD = 24 * 1024 * 1024;

/**
 * How many threads are worthwhile for sources, at most `most`; one if a source cannot be read by
 * any thread, or only once.
 */
export function usefulThreads(sources: readonly ByteSource[], most: number): number {
  if (most <= 1 || !sources.every(isFile)) return 1;
  let bytes = 0;
  let pieces = 0;
  for (const source of sources) {
    const size = sizeOf(source.file);
    bytes += BYTES_PER_FILE + size * factorOf(source.file);
    pieces += isGzip(source.file) ? 1 : Math.ceil(size / PART_BYTES);
  }
  return Math.max(1, Math.min(most, pieces, Math.floor(bytes / BYTES_PER_THREAD)));
}

/**
 * The units of sources, in order. `usageFileOf` reads the header of a plain file; if it returns
 * none, the file is one unit.
 */
export async function unitsOf(
  sources: readonly ByteSource[],
  usageFileOf: (file: string) => Promise<UsageFile | undefined>,
  partBytes = PART_BYTES,
): Promise<Unit[]> {
  const units: Unit[] = [];
  for (const [source, { file }] of sources.entries()) {
    const bytes = isGzip(file) ? 0 : sizeOf(file);
    const known = bytes > partBytes ? await usageFileOf(file) : undefined;
    if (known === undefined) units.push({ source });
    else for (const part of partsOf(known, bytes, partBytes)) units.push({ source, part });
  }
  return units;
}

/** By its name only, as there may be many files. */
function factorOf(file: string): number {
  if (isGzip(file)) return GZIP_FACTOR;
  return file.toLowerCase().endsWith('.parquet') ? PARQUET_FACTOR : 1;
}

/** The size of a file; one that is gone is reported when it is read. */
function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function* partsOf(file: UsageFile, bytes: number, partBytes: number): Generator<Unit['part'] & {}> {
  const { bodyStart, rowGroups } = file;
  if (rowGroups !== undefined) {
    yield* groupsOf(file, rowGroups, partBytes / PARQUET_FACTOR / bytes);
    return;
  }
  for (let from = bodyStart; from < bytes || from === bodyStart; from += partBytes) {
    yield { file, from, to: Math.min(bytes, from + partBytes) };
  }
}

/** Row groups, which together have at least a share of the rows; large ones in pieces. */
function* groupsOf(
  file: UsageFile,
  groups: readonly RowWindow[],
  share: number,
): Generator<Unit['part'] & {}> {
  const rows = groups.at(-1)?.end ?? 0;
  const least = share * rows;
  let from = 0;
  for (const { end } of groups) {
    if (end < rows && end - from < least) continue;
    const pieces = Math.max(1, Math.floor((end - from) / (least * SHARES_PER_PIECE)) || 1);
    const start = from;
    for (let piece = 1; piece <= pieces; piece += 1) {
      const to = start + Math.round(((end - start) * piece) / pieces);
      yield { file, from, to };
      from = to;
    }
  }
}
