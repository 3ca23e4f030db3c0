import {
  type BillingPeriod,
  billingPeriod,
  billingPeriodFromText,
  periodsLater,
} from '../../domain/billing-period.ts';
import { decimalFromText, powerOfTen, writtenDecimal } from '../../domain/decimal.ts';
import { profileIdFor } from '../../domain/identities.ts';
import {
  type Instant,
  instantFromText,
  instantText,
  YEARS,
  YEARS_IN_UTC,
} from '../../domain/instant.ts';
import type { Place } from '../../domain/problem.ts';
import type { StretchUsage } from '../../domain/records.ts';
import { credits, type FieldParser, id, instantField, userId } from '../../input/fields.ts';
import type { TableRow } from '../../input/table.ts';
import type { ReductionPlan } from '../plan.ts';
import { foreignProfiles } from '../plan-ids.ts';
import type { RowReader } from '../rows/row-consumer.ts';
import { ownCutInside } from '../usage-window.ts';
import { idOfField } from './summary-columns.ts';

/** Where the rows of usage summaries are added up, together with all other usage. */
export interface SummarySums {
  readonly plan: ReductionPlan;
  /**
   * Adds credits and usage rows to the seat's stretch that contains `from`. The row's stretch is a
   * part of it: it neither leaves the month nor spans an overage change.
   */
  addStretch(usage: StretchUsage, place: Place): void;
}

/** Reads rows of usage summaries, of one or more files, into sums (O2). */
export function summaryReader(sums: SummarySums): RowReader {
  const { plan } = sums;
  const refuseForeign = foreignProfiles(plan);
  return {
    read(row) {
      const period = row.required('month', monthField);
      const named = row.required('profile_id', guarded(id));
      const profileId = named && profileIdFor(plan.identities, named);
      const user = row.required('user_id', guarded(userId));
      const from = row.required('stretch_from', boundField);
      const to = row.required('stretch_to', boundField);
      const used = row.required('credits', sumField);
      const requests = row.required('requests', requestsField);
      refuseForeign(row, profileId);
      if (from === undefined || to === undefined) return;
      refuseStretch(row, { from, to, period, profileId }, plan);
      if (!row.isGood || !period || !profileId || !user) return;
      if (used === undefined || requests === undefined) return;
      const { month } = period;
      const usage = { profileId, userId: user, month, from, to, credits: used, requests };
      sums.addStretch(usage, row.place);
    },
  };
}

interface WrittenStretch {
  readonly from: Instant;
  readonly to: Instant;
  readonly period: BillingPeriod | undefined;
  readonly profileId: string | undefined;
}

function refuseStretch(
  row: TableRow,
  { from, to, period, profileId }: WrittenStretch,
  { cuts }: ReductionPlan,
): void {
  if (to <= from) {
    row.problem('stretch_to', 'must be after stretch_from', row.text('stretch_to'));
    return;
  }
  if (period !== undefined && from < period.start) {
    row.problem('stretch_from', leaves(period), row.text('stretch_from'));
  }
  if (period !== undefined && to > period.end) {
    row.problem('stretch_to', leaves(period), row.text('stretch_to'));
  }
  const cut = ownCutInside(cuts, profileId ?? '', from, to);
  if (cut !== undefined) row.problem('row', spans(cut), stretchText(row));
}

const SUMMARIZE_AGAIN = 'summarize the usage again';

function leaves({ month }: BillingPeriod): string {
  return `the stretch leaves its month, ${month}: ${SUMMARIZE_AGAIN}`;
}

function spans(cut: Instant): string {
  return `the profile's overage changes inside the stretch, at ${instantText(cut)} by overage_changes.csv: ${SUMMARIZE_AGAIN}`;
}

function stretchText(row: TableRow): string {
  return `${row.text('stretch_from')}, ${row.text('stretch_to')}`;
}

/** An id as written in a summary, see `idOfField`. */
function guarded(parse: FieldParser<string>): FieldParser<string> {
  return (text) => parse(idOfField(text));
}

/** A sum of credits, of any number of digits that `summarize` has written (M1). */
const sumField: typeof credits = (text, written) => {
  const value = writtenDecimal(text);
  return value === undefined || text.startsWith('-') ? credits(text, written) : { value };
};

/** More usage rows than this in one stretch of one seat cannot be a real count. */
const MOST_REQUESTS = 10n ** 12n;

const requestsField: FieldParser<number> = (text) => {
  const count = wholeNumber(text);
  if (count === undefined || count < 1n || count > MOST_REQUESTS) {
    return { wrong: 'must be a whole number from 1: it counts the usage rows of the stretch' };
  }
  return { value: Number(count) };
};

function wholeNumber(text: string): bigint | undefined {
  const value = decimalFromText(text);
  if (value === undefined || value.units % powerOfTen(value.scale) !== 0n) return undefined;
  return value.units / powerOfTen(value.scale);
}

/** An offset can move usage into the months just outside of the years in which instants are written. */
const FIRST_MONTH = periodsLater(billingPeriod(`${YEARS.first}-01`), -1);
const LAST_MONTH = periodsLater(billingPeriod(`${YEARS.last}-12`), 1);

function isSummarized(at: Instant): boolean {
  return FIRST_MONTH.start <= at && at <= LAST_MONTH.end;
}

const monthField: FieldParser<BillingPeriod> = (text) => {
  const period = billingPeriodFromText(text, YEARS_IN_UTC);
  return period !== undefined && isSummarized(period.start) && isSummarized(period.end)
    ? { value: period }
    : { wrong: 'not a month of 2000 to 2199: write it as 2026-01' };
};

const boundField: FieldParser<Instant> = (text) => {
  const at = instantFromText(text, YEARS_IN_UTC);
  return at !== undefined && isSummarized(at) ? { value: at } : instantField(text);
};
