import { type ByteSource, readBytes } from '../input/byte-source.ts';
import { csvEntries, isBadRow } from '../input/csv.ts';
import { trimmed } from '../input/fields.ts';
import { isActivityHeader, isReportSibling } from './activity/activity-row.ts';
import { FileFeed, isPlainFile } from './scan/byte-feed.ts';
import { isSummaryHeader } from './summary/summary-columns.ts';

/** Usage files by what they are. */
export interface SortedSources {
  readonly reports: readonly ByteSource[];
  /** All files that are no reports; without those that only stand beside reports in a bucket. */
  readonly others: readonly ByteSource[];
  /** Those of the others that are usage summaries. */
  readonly summaries: readonly ByteSource[];
  /** Those of the others of which not even the header can be read: whoever reads on finds out why. */
  readonly unreadable: readonly ByteSource[];
  /** Files that were passed over, since they only stand beside reports. */
  readonly siblings: number;
}

const LF = 0x0a;
const HEAD_BYTES = 16 * 1024;
const NOTHING = Buffer.alloc(0);

type SourceKind = 'report' | 'sibling' | 'summary' | 'other' | 'unreadable';

/**
 * Tells usage files apart by their headers. Where there are activity reports, the other
 * files of a bucket are passed over: analytics without credits, markers, empty files.
 * Standard input can still be read afterwards.
 */
export async function sortSources(sources: readonly ByteSource[]): Promise<SortedSources> {
  const sorted: { kind: SourceKind; source: ByteSource }[] = [];
  for (const source of sources) {
    const { names, whole } = await headerOf(source);
    sorted.push({ kind: kindOf(source.file, names), source: whole });
  }
  const ofKind = (...kinds: SourceKind[]): ByteSource[] =>
    sorted.filter(({ kind }) => kinds.includes(kind)).map(({ source }) => source);
  const reports = ofKind('report');
  const summaries = ofKind('summary');
  const unreadable = ofKind('unreadable');
  const found = { reports, summaries, unreadable };
  const siblings = ofKind('sibling').length;
  return reports.length === 0
    ? { ...found, others: ofKind('other', 'summary', 'unreadable', 'sibling'), siblings: 0 }
    : { ...found, others: ofKind('other', 'summary', 'unreadable'), siblings };
}

function kindOf(file: string, names: readonly string[] | undefined): SourceKind {
  if (names === undefined) return isReportSibling(file) ? 'sibling' : 'unreadable';
  if (isActivityHeader(names)) return 'report';
  if (isSummaryHeader(names)) return 'summary';
  return names.length === 0 || isReportSibling(file, names) ? 'sibling' : 'other';
}

/** The names of a file's header, none of an empty file; nothing where it cannot be read, or is no CSV. */
async function headerOf(
  source: ByteSource,
): Promise<{ names: readonly string[] | undefined; whole: ByteSource }> {
  if (source.stream !== undefined) return headerOfStream(source, source.stream);
  try {
    const head = isPlainFile(source) ? headOf(source) : NOTHING;
    const chunks = head.includes(LF) ? chunksOf([head]) : readBytes(source);
    return { names: await firstRow(chunks), whole: source };
  } catch {
    // Whoever reads it finds out what is wrong with it.
    return { names: undefined, whole: source };
  }
}

/** The first bytes of a plain file: of thousands of small files no more is looked at here. */
function headOf({ file }: ByteSource): Buffer {
  const head = Buffer.allocUnsafe(HEAD_BYTES);
  const feed = new FileFeed(file, 0, HEAD_BYTES, () => {});
  try {
    return head.subarray(0, feed.read(head, 0));
  } finally {
    feed.close();
  }
}

async function headerOfStream(
  source: ByteSource,
  stream: AsyncIterable<Buffer>,
): Promise<{ names: readonly string[] | undefined; whole: ByteSource }> {
  const rest = stream[Symbol.asyncIterator]();
  const read: Buffer[] = [];
  let head: Promise<string[] | undefined> | undefined;
  for (let next = await rest.next(); !next.done; next = await rest.next()) {
    read.push(next.value);
    if (!next.value.includes(LF)) continue;
    head = firstRow(chunksOf(read));
    break;
  }
  const names = await (head ?? firstRow(chunksOf(read)));
  async function* whole(): AsyncGenerator<Buffer> {
    yield* read;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  }
  return { names, whole: { ...source, stream: whole() } };
}

async function* chunksOf(chunks: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* chunks;
}

async function firstRow(chunks: AsyncIterable<Buffer>): Promise<string[] | undefined> {
  for await (const entries of csvEntries(chunks)) {
    const [first] = entries;
    if (first === undefined || isBadRow(first)) return undefined;
    return first.fields.map((name) => trimmed(name).toLowerCase());
  }
  return [];
}
