import type { BillingPeriod } from '../../domain/billing-period.ts';
import { type Instant, NANOS_PER_DAY } from '../../domain/instant.ts';
import { epochDayAt, isWeekday } from '../../domain/usage-days.ts';

/** The midnights of the period's days from Monday to Friday, in UTC. */
export function workingDaysOf({ start, days }: BillingPeriod): Instant[] {
  return Array.from({ length: days }, (_, index) => start + BigInt(index) * NANOS_PER_DAY).filter(
    (midnight) => isWeekday(epochDayAt(midnight)),
  );
}
