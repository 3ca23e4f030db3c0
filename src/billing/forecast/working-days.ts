import type { BillingPeriod } from '../../domain/billing-period.ts';
import { type Instant, NANOS_PER_DAY } from '../../domain/instant.ts';

/** The midnights of the days of the period that are Monday to Friday, in UTC. */
export function workingDaysOf({ start, days }: BillingPeriod): Instant[] {
  return Array.from({ length: days }, (_, index) => start + BigInt(index) * NANOS_PER_DAY).filter(
    isWorkingDay,
  );
}

/** 1970-01-01 was a Thursday. */
function isWorkingDay(midnight: Instant): boolean {
  const weekday = (midnight / NANOS_PER_DAY + 4n) % 7n;
  return weekday !== 0n && weekday !== 6n;
}

/** Midnight UTC of the day that an instant lies in. */
export function midnightOf(at: Instant): Instant {
  return at - (at % NANOS_PER_DAY);
}
