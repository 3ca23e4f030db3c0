import { type Instant, instantText } from '../../domain/instant.ts';
import type { StretchUsage } from '../../domain/records.ts';
import { NO_MONTH, type Row, type Sheet, totalsOf } from '../../domain/sheet.ts';
import { cellOfId, SUMMARY_SHEET_COLUMNS } from './summary-columns.ts';

/** The usage summary of sums, in its order. */
export function summarySheet(stretches: readonly StretchUsage[]): Sheet {
  const rows = [...summaryRows(stretches)];
  const totals = totalsOf(SUMMARY_SHEET_COLUMNS, rows);
  return { ...NO_MONTH, columns: SUMMARY_SHEET_COLUMNS, rows, totals };
}

/** Its rows one by one, as there may be millions. */
export function* summaryRows(stretches: Iterable<StretchUsage>): Generator<Row> {
  const bounds = new Map<Instant, string>();
  const boundText = (at: Instant): string => {
    const text = bounds.get(at) ?? instantText(at);
    bounds.set(at, text);
    return text;
  };
  for (const { month, profileId, userId, from, to, credits, requests } of stretches) {
    const ids = [cellOfId(profileId), cellOfId(userId)];
    yield [month, ...ids, boundText(from), boundText(to), credits, requests];
  }
}
