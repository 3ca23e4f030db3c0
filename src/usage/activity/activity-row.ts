import { type Decimal, ZERO } from '../../domain/decimal.ts';
import { type Instant, instantFromText } from '../../domain/instant.ts';
import type { Place } from '../../domain/problem.ts';
import { tierKey } from '../../domain/tier.ts';
import { credits, type FieldParser, id, overageSwitch, userId } from '../../input/fields.ts';
import type { TableColumns, TableRow } from '../../input/table.ts';

/** The columns of a per-user activity report, in lower case; others, such as those per model, are ignored. */
export const ACTIVITY_COLUMNS: TableColumns = {
  required: ['date', 'userid', 'client_type', 'credits_used', 'profileid'],
  optional: [
    'overage_credits_used',
    'overage_enabled',
    'overage_cap',
    'subscription_tier',
    'usage_limit',
    'new_user',
    'user_email',
  ],
};

/** Whether a header, trimmed and in lower case, is that of a per-user activity report. */
export function isActivityHeader(names: readonly string[]): boolean {
  return ACTIVITY_COLUMNS.required.every((name) => names.includes(name));
}

/**
 * Whether a file of a synced bucket accompanies the reports without being one: analytics without
 * credits, recognized by folder or header, and marker files named by a UUID.
 */
export function isCompanionFile(file: string, names: readonly string[] = []): boolean {
  if (/(^|[\\/])by_user_analytic[\\/]/i.test(file) || MARKER.test(file)) return true;
  return names.includes('userid') && names.includes('date') && !names.includes('credits_used');
}

const MARKER = /(^|[\\/])[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(\.[a-z.]+)?$/i;

/** What one user did with one client on one day in one profile. */
export interface ActivityRow {
  readonly place: Place;
  /** `YYYY-MM-DD`, UTC. */
  readonly date: string;
  /** Midnight UTC of the date. */
  readonly at: Instant;
  readonly userId: string;
  readonly client: string;
  /** As spelled in the report: an ARN. */
  readonly reportedProfileId: string;
  /** `Credits_Used`: rule R1 decides whether it includes the overage credits. */
  readonly creditsUsed: Decimal;
  readonly overageCredits: Decimal;
  /** Missing if blank in the report. */
  readonly overageOn?: boolean;
  /** Only while overage is on, as reports otherwise have a preset; `none` if it is blank then. */
  readonly capCredits?: Decimal | 'none';
  /** As spelled in the report; may be blank. */
  readonly tier: string;
  /** `Usage_Limit`: the allowance of the seat; missing if blank in the report. */
  readonly limitCredits?: Decimal;
  readonly isNewUser: boolean;
  readonly email: string;
}

/** Receives rows of activity reports. */
export interface ReportRows {
  addFreeRow(): void;
  /** Adds a row; false if its profile is not one of ours. */
  add(row: ActivityRow): boolean;
}

/** A row of the Free tier, which costs nothing. */
export const FREE = 'free';

/** Reads a row; `free` for one of the Free tier, `undefined` for one with problems, which are logged. */
export function activityRow(row: TableRow): ActivityRow | typeof FREE | undefined {
  const tier = row.text('subscription_tier');
  if (tierKey(tier) === FREE) return FREE;
  const at = row.required('date', dateField);
  const user = row.required('userid', userId);
  const reportedProfileId = row.required('profileid', id);
  const creditsUsed = row.required('credits_used', credits);
  const overageCredits = row.optional('overage_credits_used', credits) ?? ZERO;
  const overageOn = row.optional('overage_enabled', overageSwitch);
  const capCredits = row.optional('overage_cap', credits);
  const limitCredits = row.optional('usage_limit', credits);
  const isNewUser = row.optional('new_user', overageSwitch) ?? false;
  if (!row.isGood || at === undefined || user === undefined) return undefined;
  if (reportedProfileId === undefined || creditsUsed === undefined) return undefined;
  return {
    place: row.place,
    date: row.text('date'),
    at,
    userId: user,
    client: row.text('client_type'),
    reportedProfileId,
    creditsUsed,
    overageCredits,
    ...(overageOn === undefined ? {} : { overageOn }),
    ...(overageOn === true ? { capCredits: capCredits ?? 'none' } : {}),
    tier,
    ...(limitCredits === undefined ? {} : { limitCredits }),
    isNewUser,
    email: row.name('user_email'),
  };
}

/** A bare date: reports have days without a time. */
export const dateField: FieldParser<Instant> = (text) => {
  const value = /^\d{4}-\d\d-\d\d$/.test(text) ? instantFromText(text) : undefined;
  return value === undefined
    ? { wrong: 'not a date of 2000 to 2199: a report has it as 2026-01-15' }
    : { value };
};
