import {
  type BillingPeriod,
  billingPeriodFromText,
  periodAt,
  periodsBetween,
  periodsLater,
} from '../domain/billing-period.ts';
import { NANOS_PER_SECOND } from '../domain/instant.ts';
import { WrongUsage } from '../domain/problem.ts';

const HOW = 'write 2026-01, a range 2026-01..2026-03, last or current';

/** The period in which `now` lies, in UTC. */
export function currentPeriod(now: Date): BillingPeriod {
  return periodAt(BigInt(Math.floor(now.getTime() / 1000)) * NANOS_PER_SECOND);
}

/** The last complete month. */
function lastPeriod(now: Date): BillingPeriod {
  return periodsLater(currentPeriod(now), -1);
}

/** The months that `--month` asks for: `YYYY-MM`, a range, `last` or `current`; else `WrongUsage`. */
export function periodsAsked(text: string, now: Date): BillingPeriod[] {
  const word = text.trim().toLowerCase();
  if (word === 'last') return [lastPeriod(now)];
  if (word === 'current') return [currentPeriod(now)];
  const [from = '', to = from, ...rest] = word.split('..');
  const [first, last] = [billingPeriodFromText(from), billingPeriodFromText(to)];
  if (first === undefined || last === undefined || rest.length > 0) {
    throw new WrongUsage(`--month ${text} is not a month: ${HOW}`);
  }
  const periods = periodsBetween(first, last);
  if (periods.length === 0) {
    throw new WrongUsage(`--month ${text} ends before it begins: ${HOW}`);
  }
  return periods;
}

/** The one month that `--month` asks for, where a range makes no sense. */
export function periodAsked(text: string, now: Date): BillingPeriod {
  const [period, ...others] = periodsAsked(text, now);
  if (period === undefined || others.length > 0) {
    throw new WrongUsage(`--month ${text} is a range: this command takes one month`);
  }
  return period;
}
