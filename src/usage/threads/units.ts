import { statSync } from 'node:fs';
import { type ByteSource, isGzip } from '../../input/byte-source.ts';
import type { UsageFile } from '../files/usage-file.ts';
import { isFile } from '../rows/byte-feed.ts';
import { type FilePart, partsOf } from './file-parts.ts';

/** What one thread reads at a time: a whole source, or a part of a file whose header is known. */
export interface Unit {
  /** The index of the source. */
  readonly source: number;
  readonly part?: FilePart;
}

/** The size of a part of a plain file: much less than what a thread reads in all, so that all threads finish together. */
const PART_BYTES = 8 * 1024 * 1024;
/** The cost of reading a byte of gzip, in bytes of a plain file. */
const GZIP_FACTOR = 16;
/** The same for Parquet. */
const PARQUET_FACTOR = 4;
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
): Promise<Unit[]> {
  const units: Unit[] = [];
  for (const [source, { file }] of sources.entries()) {
    const bytes = isGzip(file) ? 0 : sizeOf(file);
    const known = bytes > PART_BYTES ? await usageFileOf(file) : undefined;
    if (known === undefined) units.push({ source });
    else for (const part of partsOf(known, bytes, partBytesOf(known))) units.push({ source, part });
  }
  return units;
}

/** The size of a file's parts, each of which costs the same. */
function partBytesOf({ rowGroups }: UsageFile): number {
  return rowGroups === undefined ? PART_BYTES : PART_BYTES / PARQUET_FACTOR;
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
