import type { BillingPeriod } from '../domain/billing-period.ts';
import { add } from '../domain/decimal.ts';
import type { Instant } from '../domain/instant.ts';
import type { OverageStretch } from '../domain/invoice.ts';
import type { OverageHistory } from './overage.ts';

/**
 * Stretches that end where the profile's overage changes, of such that end at midnights, too,
 * in the order of time: what was billed day by day, as it is shown (O2).
 */
export function wholeStretches(
  stretches: readonly OverageStretch[],
  { changes }: OverageHistory,
  period: BillingPeriod,
): OverageStretch[] {
  const instants = changes.map(({ changedAt }) => changedAt);
  const whole: OverageStretch[] = [];
  for (const stretch of stretches) {
    const { from, to } = boundsAt(instants, stretch.from, period);
    const last = whole.at(-1);
    if (last === undefined || last.from !== from) {
      whole.push({ ...stretch, from, to });
      continue;
    }
    const overageCredits = add(last.overageCredits, stretch.overageCredits);
    whole[whole.length - 1] = { ...last, usedAfter: stretch.usedAfter, overageCredits };
  }
  return whole;
}

/** The stretch between two changes in which an instant lies, within the month. */
function boundsAt(
  changes: readonly Instant[],
  at: Instant,
  period: BillingPeriod,
): { from: Instant; to: Instant } {
  const inMonth = changes.filter((change) => change > period.start && change < period.end);
  return {
    from: inMonth.findLast((change) => change <= at) ?? period.start,
    to: inMonth.find((change) => change > at) ?? period.end,
  };
}
