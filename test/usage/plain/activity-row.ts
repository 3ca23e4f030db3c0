import { type Decimal, ZERO } from '../../../src/domain/decimal.ts';
import type { Instant } from '../../../src/domain/instant.ts';
import type { Place } from '../../../src/domain/problem.ts';
import { tierKey } from '../../../src/domain/tier.ts';
import { credits, id, overageSwitch, userId } from '../../../src/input/fields.ts';
import type { TableRow } from '../../../src/input/table.ts';
import { dateField } from '../../../src/usage/activity/report-columns.ts';
import { FREE } from '../../../src/usage/activity/words.ts';

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
