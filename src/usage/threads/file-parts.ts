import { BadInput } from '../../domain/problem.ts';
import { FileReader } from '../files/file-reader.ts';
import type { UsageFile } from '../files/usage-file.ts';
import { ReadingState, SILENT } from '../kinds/reading-state.ts';
import type { ReductionPlan } from '../plan.ts';
import type { RowWindow } from '../rows/parquet-page.ts';

/** The rows of a file that begin in `[from, to)`: in bytes, or in rows for Parquet. */
export interface FilePart {
  readonly file: UsageFile;
  readonly from: number;
  readonly to: number;
}

/** A row group is read in pieces of at least so many shares, as each piece passes the pages before it. */
const SHARES_PER_PIECE = 8;

/** Reads headers without reporting problems: they are reported when the file is read. */
export function usageFileReader(
  plan: ReductionPlan,
): (file: string) => Promise<UsageFile | undefined> {
  const reader = new FileReader(new ReadingState(plan, SILENT, {}));
  return async (file) => {
    try {
      return await reader.usageFileOf(file);
    } catch (error) {
      if (error instanceof BadInput) return undefined;
      throw error;
    }
  };
}

/** Splits a file of this size into parts of about `partBytes`, in order. */
export function* partsOf(file: UsageFile, bytes: number, partBytes: number): Generator<FilePart> {
  const { bodyStart, rowGroups } = file;
  if (rowGroups !== undefined) {
    yield* groupsOf(file, rowGroups, partBytes / bytes);
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
): Generator<FilePart> {
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
