import { type Decimal, sum } from '../../domain/decimal.ts';
import { type Instant, instantText } from '../../domain/instant.ts';
import type { StretchUsage } from '../../domain/records.ts';
import type { Row, Sheet } from '../../domain/sheet.ts';
import { cellOfId, SUMMARY_SHEET_COLUMNS } from './summary-columns.ts';

/** The usage summary of sums, in its order. */
export function summarySheet(stretches: readonly StretchUsage[]): Sheet {
  return {
    month: '',
    currency: '',
    columns: SUMMARY_SHEET_COLUMNS,
    rows: [...summaryRows(stretches)],
    totals: totalsOf(stretches),
  };
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

function totalsOf(stretches: readonly StretchUsage[]): Row {
  const credits: Decimal = sum(stretches.map((usage) => usage.credits));
  const requests = stretches.reduce((total, usage) => total + usage.requests, 0);
  return [undefined, undefined, undefined, undefined, undefined, credits, requests];
}
