import { existsSync } from 'node:fs';
import {
  type BillingPeriod,
  billingPeriodFromText,
  periodAt,
  periodsBetween,
  periodsLater,
} from '../domain/billing-period.ts';
import { instantOf, YEARS } from '../domain/instant.ts';
import type { MonthInvoice } from '../domain/invoice.ts';
import { WrongUsage } from '../domain/problem.ts';
import { shellWord } from '../domain/shell-word.ts';

const HOW = 'write 2026-01, 2026, 2026-Q1, ytd, last, current, or a range of two: 2025-Q4..last';

/** That no card has the years before 2000 is said with the months that it has. */
const YEARS_ASKED = { first: 1000, last: YEARS.last };

/** The period in which `now` lies, in UTC. */
export function currentPeriod(now: Date): BillingPeriod {
  return periodAt(instantOf(now));
}

/**
 * The months that `--month` asks for: `YYYY-MM`, `last` (the last complete month), `current`,
 * `YYYY` and `YYYY-Q1` to `-Q4` (of the running year up to `last`), `ytd` (January of this
 * year to `last`), or a range of any two. Anything else, and a name that comes out empty, is
 * `WrongUsage`.
 */
export function periodsAsked(text: string, now: Date): BillingPeriod[] {
  const [from = '', to, ...rest] = text.split('..');
  if (rest.length > 0) throw notMonths(text);
  const first = periodsNamed(from, text, now);
  if (to === undefined) return first;
  const last = periodsNamed(to, text, now);
  const periods = periodsBetween(first[0] as BillingPeriod, last.at(-1) as BillingPeriod);
  if (periods.length > 0) return periods;
  throw new WrongUsage(`--month ${text} ends before it begins: ${HOW}`);
}

/** The single month of `--month`, for commands that accept no range. */
export function periodAsked(text: string, now: Date): BillingPeriod {
  const [period, ...others] = periodsAsked(text, now);
  if (period === undefined || others.length > 0) {
    throw new WrongUsage(
      `--month ${text} is a range: this command takes one month, such as ${others.at(-1)?.month}`,
    );
  }
  return period;
}

/** The months of one name, ascending; `asked` is all of what was asked for. */
function periodsNamed(text: string, asked: string, now: Date): BillingPeriod[] {
  const name = text.trim().toLowerCase();
  const running = currentPeriod(now);
  if (name === 'current') return [running];
  if (name === 'last') return [periodsLater(running, -1)];
  const month = billingPeriodFromText(name, YEARS_ASKED);
  if (month !== undefined) return [month];
  const [first, last] = spanNamed(name, running) ?? [];
  if (first === undefined || last === undefined) throw notMonths(asked);
  const over = periodsBetween(first, last).filter((period) => period.month < running.month);
  if (over.length > 0) return over;
  throw new WrongUsage(
    `--month ${asked}: no month of ${name === 'ytd' ? first.month.slice(0, 4) : text.trim()} is over yet; only YYYY-MM may name a month that has not begun, and current is the running one`,
  );
}

/** The first and last month of a year, a quarter or `ytd`. */
function spanNamed(
  name: string,
  running: BillingPeriod,
): readonly (BillingPeriod | undefined)[] | undefined {
  const [, year, quarter] =
    /^(\d{4})(?:-q([1-4]))?$/.exec(name === 'ytd' ? running.month.slice(0, 4) : name) ?? [];
  if (year === undefined) return undefined;
  const firstMonth = quarter === undefined ? 1 : Number(quarter) * 3 - 2;
  const lastMonth = quarter === undefined ? 12 : firstMonth + 2;
  return [firstMonth, lastMonth].map((month) =>
    billingPeriodFromText(`${year}-${String(month).padStart(2, '0')}`, YEARS_ASKED),
  );
}

function notMonths(text: string): WrongUsage {
  if (text.replaceAll('.', '') !== '' && existsSync(text)) {
    const data = `--data ${shellWord(text)}`;
    return new WrongUsage(`--month ${text} is not a month: if it holds the data, write ${data}`);
  }
  return new WrongUsage(`--month ${text || '""'} is not a month: ${HOW}`);
}

const NOT_COMPARED =
  'months of different currencies are not compared: ask for months of one currency (--month)';

/** Refuses consecutive months of several currencies: `WrongUsage` that says when it changes, and `why`. */
export function refuseCurrencyChange(
  invoices: readonly MonthInvoice[],
  why = NOT_COMPARED,
  option = '',
): void {
  const [first, ...others] = invoices;
  const other = others.find(({ edition }) => edition.currency !== first?.edition.currency);
  if (first === undefined || other === undefined) return;
  throw new WrongUsage(
    `${option}the rate card changes from ${first.edition.currency} to ${other.edition.currency} in ${other.period.month}, and ${why}`,
  );
}
