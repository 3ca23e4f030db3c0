import { type Decimal, sum } from '../../domain/decimal.ts';
import { instantText } from '../../domain/instant.ts';
import type { StretchUsage } from '../../domain/records.ts';
import type { Row, Sheet } from '../../domain/sheet.ts';
import { compareKeys } from '../../domain/text-order.ts';
import { cellOfId, SUMMARY_SHEET_COLUMNS } from './summary-columns.ts';

/** The texts by which the rows of a summary are told apart and sorted. */
type SummaryKey = readonly [
  month: string,
  profileId: string,
  userId: string,
  from: string,
  to: string,
];

/** The usage summary of these sums: of any number of months, sorted by the bytes of all key columns. */
export function summarySheet(stretches: readonly StretchUsage[]): Sheet {
  const sorted = stretches
    .map((usage) => ({ key: keyOf(usage), usage }))
    .sort((a, b) => compareKeys(a.key, b.key));
  return {
    month: '',
    currency: '',
    columns: SUMMARY_SHEET_COLUMNS,
    rows: sorted.map(({ key, usage }) => rowOf(key, usage)),
    totals: totalsOf(stretches),
  };
}

function keyOf({ month, profileId, userId, from, to }: StretchUsage): SummaryKey {
  return [month, profileId, userId, instantText(from), instantText(to)];
}

function rowOf([month, profileId, userId, from, to]: SummaryKey, usage: StretchUsage): Row {
  const { credits, requests } = usage;
  return [month, cellOfId(profileId), cellOfId(userId), from, to, credits, requests];
}

function totalsOf(stretches: readonly StretchUsage[]): Row {
  const credits: Decimal = sum(stretches.map((usage) => usage.credits));
  const requests = stretches.reduce((total, usage) => total + usage.requests, 0);
  return [undefined, undefined, undefined, undefined, undefined, credits, requests];
}
