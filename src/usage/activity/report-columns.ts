import { decimalText } from '../../domain/decimal.ts';
import { userIdFor } from '../../domain/identities.ts';
import { dateFromText, type Instant } from '../../domain/instant.ts';
import { tierKey } from '../../domain/tier.ts';
import { epochDayAt } from '../../domain/usage-days.ts';
import { credits, type FieldParser, id, overageSwitch, userId } from '../../input/fields.ts';
import type { TableRow } from '../../input/table.ts';
import type { ReductionPlan } from '../plan.ts';
import type { ProfileMatch } from './profile-match.ts';
import { FREE, FREE_TIER, NO_CAP, NO_LIMIT, type ReportWords } from './words.ts';

/** The overage switch of a row that does not give it. */
export const UNKNOWN = 0;
export const ON = 1;
const OFF = 2;

/** What is wrong with a profile id that is valid, but not one of ours. */
export const NO_PROFILE =
  "there is no such profile in profiles.csv, by its ARN, the ARN's last part, or its account and Region";

/** In place of a number: the text is invalid, or names a profile that is not ours. */
export const NONE = -1;

/** How a column with few distinct texts is read: each text becomes a number, 0 or more, or NONE. */
interface ReportColumn {
  /** The number of a trimmed text. */
  readonly ofText: (text: string) => number;
  /** That of a row's field; what is wrong with it goes to the row's log. */
  readonly ofRow: (row: TableRow) => number;
}

/** How report columns with few distinct texts are read, by their names in a header. */
export type ReportColumns = Readonly<
  Record<WordColumn, ReportColumn> & { user_email?: ReportColumn }
>;

type WordColumn =
  | 'date'
  | 'client_type'
  | 'profileid'
  | 'userid'
  | 'subscription_tier'
  | 'overage_enabled'
  | 'overage_cap'
  | 'usage_limit'
  | 'new_user';

/**
 * `match` finds the profile for a report's id; e-mail addresses are read only if the plan asks for
 * people.
 */
export function reportColumns(
  words: ReportWords,
  match: ProfileMatch,
  plan: ReductionPlan,
): ReportColumns {
  const { clients, profiles, users, tiers, caps, limits, emails } = words;
  return {
    date: required('date', dateField, epochDayAt),
    client_type: anyText('client_type', (text) => clients.numberOf(text.toUpperCase())),
    profileid: required('profileid', id, (reported) => {
      const profileId = match(reported);
      return profileId === undefined ? NONE : profiles.numberOf(profileId);
    }),
    userid: required('userid', userId, (one) => users.numberOf(userIdFor(plan.identities, one))),
    subscription_tier: anyText('subscription_tier', (text) => {
      const key = tierKey(text);
      if (key === FREE) return FREE_TIER;
      return tiers.numberOf(plan.wantsPeople === true ? text : key);
    }),
    overage_enabled: optional('overage_enabled', overageSwitch, UNKNOWN, (on) => (on ? ON : OFF)),
    overage_cap: optional('overage_cap', credits, NO_CAP, (cap) =>
      caps.numberOf(decimalText(cap, 0)),
    ),
    usage_limit: optional('usage_limit', credits, NO_LIMIT, (limit) =>
      limits.numberOf(decimalText(limit, 0)),
    ),
    new_user: optional('new_user', overageSwitch, 0, Number),
    ...(plan.wantsPeople === true && {
      user_email: anyText('user_email', (text) => emails.numberOf(text.trim())),
    }),
  };
}

function anyText(name: string, numberOf: (text: string) => number): ReportColumn {
  return { ofText: numberOf, ofRow: (row) => numberOf(row.text(name)) };
}

/** A column that must not be blank. */
function required<Value>(
  name: string,
  parse: FieldParser<Value>,
  numberOf: (value: Value) => number,
): ReportColumn {
  return {
    ofText: (text) => {
      const parsed = text === '' ? undefined : parse(text);
      return parsed !== undefined && 'value' in parsed ? numberOf(parsed.value) : NONE;
    },
    ofRow: (row) => {
      const value = row.required(name, parse);
      return value === undefined ? NONE : numberOf(value);
    },
  };
}

function optional<Value>(
  name: string,
  parse: FieldParser<Value>,
  blank: number,
  numberOf: (value: Value) => number,
): ReportColumn {
  const { ofText } = required(name, parse, numberOf);
  return {
    ofText: (text) => (text === '' ? blank : ofText(text)),
    ofRow: (row) => {
      const value = row.optional(name, parse);
      return value === undefined ? blank : numberOf(value);
    },
  };
}

/** A bare date: reports have days without a time. */
export const dateField: FieldParser<Instant> = (text) => {
  const value = dateFromText(text);
  return value === undefined
    ? { wrong: 'not a date of 2000 to 2199: a report has it as 2026-01-15' }
    : { value };
};
