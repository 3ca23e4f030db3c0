import {
  type BillingPeriod,
  billingPeriod,
  periodsLater,
  periodsUpTo,
} from '../../domain/billing-period.ts';
import { isMostlyUsed } from '../completeness.ts';
import type { Billing } from '../invoice.ts';

/** How many complete months are searched for one with usage on most of its workdays. */
const RECENT_MONTHS = 3;

/**
 * The month to advise on, of those with usage: the newest of the last complete months with usage on
 * most of its workdays; else the newest complete month with usage, else the newest; `undefined`
 * without usage.
 */
export function newestUsedMonth(
  { seats, completeness }: Pick<Billing, 'seats' | 'completeness'>,
  months: ReadonlySet<string>,
  running: BillingPeriod,
): BillingPeriod | undefined {
  const recent = periodsUpTo(periodsLater(running, -1), RECENT_MONTHS);
  const used = recent.findLast(
    (period) => completeness && isMostlyUsed({ period, seats }, completeness),
  );
  if (used !== undefined) return used;
  const inTime = [...months].sort();
  const newest = inTime.findLast((month) => month < running.month) ?? inTime.at(-1);
  return newest === undefined ? undefined : billingPeriod(newest);
}
