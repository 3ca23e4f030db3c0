import type { Header, TableColumns } from '../../input/table.ts';
import { ActivityRows } from '../activity/activity-rows.ts';
import { ACTIVITY_COLUMNS, isActivityHeader } from '../activity/report-header.ts';
import type { RowConsumer, RowReader } from '../rows/row-consumer.ts';
import { isSummaryHeader, SUMMARY_COLUMNS } from '../summary/summary-columns.ts';
import { SummaryRows } from '../summary/summary-rows.ts';
import type { ReadingState, RowSums } from './reading-state.ts';
import { RequestRows } from './request-rows.ts';

/** One kind of usage file. */
interface UsageKind {
  readonly name: string;
  readonly columns: TableColumns;
  /** Whether a header is meant to be of this kind, by its column names, trimmed and in lower case. */
  isMeant(names: readonly string[]): boolean;
  consumerOf(header: Header, state: ReadingState): RowConsumer;
  /** The reader of rows that the kernel does not accept; loaded only if there are any. */
  loadReader(state: RowSums): Promise<RowReader>;
}

/** The columns of request usage. */
export const REQUEST_COLUMNS: TableColumns = {
  required: ['timestamp', 'profile_id', 'user_id', 'credits'],
  optional: ['request_id'],
  numbers: ['credits'],
};

/** One row per request. */
const REQUEST_USAGE: UsageKind = {
  name: 'request usage',
  columns: REQUEST_COLUMNS,
  isMeant: () => true,
  consumerOf: (header, state) => new RequestRows(header, state),
  loadReader: async (state) => {
    const { requestReader } = await import('./request-reader.ts');
    return requestReader(state);
  },
};

/** Sums of usage, as `summarize` writes them. */
const USAGE_SUMMARY: UsageKind = {
  name: 'usage summary',
  columns: SUMMARY_COLUMNS,
  isMeant: isSummaryHeader,
  consumerOf: (header, state) =>
    new SummaryRows(header, state.summaryKeys, (at) => state.noteInstant(at)),
  loadReader: async (state) => {
    const { summaryReader } = await import('../summary/summary-reader.ts');
    return summaryReader(state);
  },
};

/** One row per user, client and day, as AWS delivers them. */
const ACTIVITY_REPORT: UsageKind = {
  name: 'activity report',
  columns: ACTIVITY_COLUMNS,
  isMeant: isActivityHeader,
  consumerOf: (header, state) => new ActivityRows(header, state.reports, state.reportWords),
  loadReader: async (state) => state.reports,
};

/** All kinds: a header belongs to the first kind that it is meant to be. */
const USAGE_KINDS: readonly UsageKind[] = [ACTIVITY_REPORT, USAGE_SUMMARY, REQUEST_USAGE];

/** The columns of each kind. */
export const USAGE_COLUMNS: readonly TableColumns[] = USAGE_KINDS.map(({ columns }) => columns);

export function usageKindOf(names: readonly string[]): UsageKind {
  return USAGE_KINDS.find((kind) => kind.isMeant(names)) ?? REQUEST_USAGE;
}

export function usageKindNamed(name: string): UsageKind {
  const kind = USAGE_KINDS.find((known) => known.name === name);
  if (kind === undefined) throw new Error(`no kind of usage: ${name}`);
  return kind;
}
