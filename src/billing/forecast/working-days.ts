import { type BillingPeriod, midnightsOf } from '../../domain/billing-period.ts';
import type { Instant } from '../../domain/instant.ts';
import { epochDayAt, isWeekday } from '../../domain/usage-days.ts';

/** The midnights of the period's days from Monday to Friday, in UTC. */
export function workingDaysOf(period: BillingPeriod): Instant[] {
  return midnightsOf(period).filter((midnight) => isWeekday(epochDayAt(midnight)));
}
