import type { BillingPeriod } from '../../domain/billing-period.ts';
import { sum } from '../../domain/decimal.ts';
import { groupBy } from '../../domain/grouping.ts';
import type { Instant } from '../../domain/instant.ts';
import type { StretchUsage } from '../../domain/records.ts';
import type { Billing } from '../invoice.ts';
import type { OverageHistory } from '../overage.ts';

/**
 * The usage of the month, with days merged unless overage was switched between them: the bill is
 * the same (O2), and four bills of that many days would be slow.
 */
export function usedToDate({ usage, overage }: Billing, { month }: BillingPeriod): StretchUsage[] {
  return [...(usage.get(month) ?? [])].flatMap(([profileId, users]) => {
    const history = overage.get(profileId) as OverageHistory;
    return [...users.values()].flatMap((ofSeat) =>
      [...groupBy(inTime(ofSeat), ({ from }) => changesUpTo(history, from)).values()].map(together),
    );
  });
}

/** How often overage had been switched by then. */
function changesUpTo({ changes }: OverageHistory, at: Instant): number {
  return changes.findLastIndex(({ changedAt }) => changedAt <= at) + 1;
}

/** Merges consecutive stretches into one. */
function together(stretches: readonly [StretchUsage, ...StretchUsage[]]): StretchUsage {
  const [first] = stretches;
  const { to } = stretches.at(-1) as StretchUsage;
  return {
    ...first,
    to,
    credits: sum(stretches.map(({ credits }) => credits)),
    requests: stretches.reduce((requests, one) => requests + one.requests, 0),
  };
}

/** The stretches sorted by start. */
export function inTime(stretches: readonly StretchUsage[]): StretchUsage[] {
  return [...stretches].sort((a, b) => (a.from < b.from ? -1 : 1));
}
