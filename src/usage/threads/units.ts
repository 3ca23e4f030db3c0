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

/** A part is this long: much less than what a thread reads in all, so that all end together. */
const PART_BYTES = 8 * 1024 * 1024;
/** What a byte of gzip takes to read, in bytes of a plain file. */
const GZIP_FACTOR = 16;
/** The same of Parquet. */
const PARQUET_FACTOR = 4;
/** What opening a file and reading its header takes, in bytes of a plain file. */
const BYTES_PER_FILE = 64 * 1024;
/** From so many bytes per thread on another thread comes up for what starting it takes. */
const BYTES_PER_THREAD = 24 * 1024 * 1024;

/**
 * How many threads are worth while for sources, at most `most`; one where a source cannot be read
 * by any thread, or not more than once.
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
 * The units of sources, in their order. `readHeader` reads the header of a plain file; where
 * it gives none, the file is one unit.
 */
export async function unitsOf(
  sources: readonly ByteSource[],
  readHeader: (file: string) => Promise<UsageFile | undefined>,
  partBytes = PART_BYTES,
): Promise<Unit[]> {
  const units: Unit[] = [];
  for (const [source, { file }] of sources.entries()) {
    const bytes = isGzip(file) ? 0 : sizeOf(file);
    const known = bytes > partBytes ? await readHeader(file) : undefined;
    if (known === undefined) units.push({ source });
    else for (const part of partsOf(known, bytes, partBytes)) units.push({ source, part });
  }
  return units;
}

/** By its name, as many files are looked at. */
function factorOf(file: string): number {
  if (isGzip(file)) return GZIP_FACTOR;
  return file.toLowerCase().endsWith('.parquet') ? PARQUET_FACTOR : 1;
}

/** Whoever reads a file finds out that it is not there any more. */
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

/** Whole row groups, together at least a share of the rows. */
function* groupsOf(
  file: UsageFile,
  groups: readonly RowWindow[],
  share: number,
): Generator<Unit['part'] & {}> {
  const rows = groups.at(-1)?.end ?? 0;
  let from = 0;
  for (const { end: to } of groups) {
    if (to < rows && to - from < share * rows) continue;
    yield { file, from, to };
    from = to;
  }
}
