import {
  atLeast,
  type ByteSource,
  digesting,
  following,
  readBytes,
} from '../../input/byte-source.ts';
import { findOpening } from '../../input/csv-opening.ts';
import { isParquet } from '../../input/file-format.ts';
import { decodedText } from '../../input/text-encoding.ts';
import { ACTIVITY_COLUMNS, isActivityHeader, isCompanionFile } from '../activity/report-header.ts';
import { REQUEST_COLUMNS, USAGE_COLUMNS } from '../kinds/usage-kind.ts';
import { startOf } from '../rows/byte-feed.ts';
import { isSummaryHeader } from '../summary/summary-columns.ts';

/** Usually enough for a header. */
const HEAD_BYTES = 4096;
/** How much of a stream is kept, to look for its first rows in other files. */
const STREAM_START_BYTES = 64 * 1024;

/** Usage files by kind. */
export interface SortedSources {
  /** All files, except files of a bucket that only accompany its reports. */
  readonly usage: readonly ByteSource[];
  /** Those that are neither activity reports nor usage summaries. */
  readonly requests: readonly ByteSource[];
  /** Those that are activity reports. */
  readonly reports: readonly ByteSource[];
  /** Those that are usage summaries. */
  readonly summaries: readonly ByteSource[];
  /** Those whose header cannot be read: the reason is reported when the file is read. */
  readonly unreadable: readonly ByteSource[];
  /** Files of a bucket that do not look like usage, and are not known to accompany reports either. */
  readonly unrecognizedFiles: readonly ByteSource[];
}

type SourceKind = 'report' | 'companion' | 'unrecognized' | 'summary' | 'requests' | 'unreadable';

/**
 * Sorts usage files by their headers. Where there are activity reports, the other files of a
 * bucket are skipped: analytics without credits, markers, empty files, and unrecognized ones
 * without any column of usage. Standard input can still be read afterwards.
 */
export async function sortSources(sources: readonly ByteSource[]): Promise<SortedSources> {
  const sorted: { kind: SourceKind; source: ByteSource }[] = [];
  for (const source of sources) {
    const { names, whole } = await headerOf(source);
    const kind = kindOf(source.file, names);
    const isDigested = kind === 'summary' && whole.stream !== undefined;
    sorted.push({
      kind,
      source: isDigested ? { ...whole, ...(await digesting(whole.stream)) } : whole,
    });
  }
  const of = (isWanted: (kind: SourceKind) => boolean): ByteSource[] =>
    sorted.filter(({ kind }) => isWanted(kind)).map(({ source }) => source);
  const reports = of((kind) => kind === 'report');
  const isBucket = reports.length > 0;
  const isUsage = (kind: SourceKind): boolean =>
    !isBucket || (kind !== 'companion' && kind !== 'unrecognized');
  return {
    usage: of(isUsage),
    requests: of((kind) => isUsage(kind) && kind !== 'report' && kind !== 'summary'),
    reports,
    summaries: of((kind) => kind === 'summary'),
    unreadable: of((kind) => kind === 'unreadable'),
    unrecognizedFiles: of((kind) => isBucket && kind === 'unrecognized'),
  };
}

function kindOf(file: string, names: readonly string[] | undefined): SourceKind {
  if (names === undefined) return isCompanionFile(file) ? 'companion' : 'unreadable';
  if (isActivityHeader(names)) return 'report';
  if (isSummaryHeader(names)) return 'summary';
  if (names.length === 0 || isCompanionFile(file, names)) return 'companion';
  return names.some((name) => USAGE_NAMES.has(name)) ? 'requests' : 'unrecognized';
}

/** A file with any of these columns is meant to be usage, even if others are missing. */
const USAGE_NAMES: ReadonlySet<string> = new Set([
  ...REQUEST_COLUMNS.required,
  ...ACTIVITY_COLUMNS.required,
]);

/** The names of a file's header, empty for an empty file; `undefined` if it cannot be read. */
export async function headerOf(
  source: ByteSource,
): Promise<{ names: readonly string[] | undefined; whole: ByteSource }> {
  if (source.stream !== undefined) {
    // Text is decoded only once, as it has no byte order mark then.
    const decoded = decodedText(source.stream);
    const { names, head } = await namesIn(decoded);
    const { chunks } = await atLeast(decoded, STREAM_START_BYTES - head.length);
    const start = Buffer.concat([head, ...chunks]);
    return { names, whole: { ...source, stream: following(start, decoded), start } };
  }
  try {
    // No more is read of thousands of small files here.
    const head = startOf(source, HEAD_BYTES);
    if (isParquet(head)) {
      const { parquetNames } = await import('../rows/parquet-file.ts');
      const names = await parquetNames(source.file);
      return { names: names.map((name) => name.trim().toLowerCase()), whole: source };
    }
    const first = head && (await namesIn(decodedText([head]), head.length < HEAD_BYTES));
    const { names } = first?.names ? first : await namesIn(decodedText(readBytes(source)));
    return { names, whole: source };
  } catch {
    // It is reported when the file is read.
    return { names: undefined, whole: source };
  }
}

/**
 * The names of the header, in lower case, and what was read: no names for a text without a row,
 * `undefined` if the header cannot be read, or if the text is too short a start of the file.
 */
async function namesIn(
  decoded: AsyncGenerator<Buffer>,
  isWhole = true,
): Promise<{ names: readonly string[] | undefined; head: Buffer }> {
  const { head, opening } = await findOpening(decoded, USAGE_COLUMNS, isWhole);
  if (opening === undefined) return { names: isWhole ? [] : undefined, head };
  return { names: opening.names.length === 0 ? undefined : opening.names, head };
}
