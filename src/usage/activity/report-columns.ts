import { decimalText } from '../../domain/decimal.ts';
import { tierKey } from '../../domain/tier.ts';
import { epochDayAt } from '../../domain/usage-days.ts';
import { credits, type FieldParser, id, overageSwitch } from '../../input/fields.ts';
import type { ReductionPlan } from '../plan.ts';
import { userIdOf } from '../plan-ids.ts';
import { dateField, FREE } from './activity-row.ts';
import type { ProfileMatch } from './profile-match.ts';
import { FREE_TIER, NO_CAP, NO_LIMIT, type ReportWords } from './words.ts';

/** The overage switch of a row that does not give it. */
export const UNKNOWN = 0;
export const ON = 1;
export const OFF = 2;

/** Returns the number of a trimmed text, 0 or more; `undefined` if the text is invalid. */
type ReadWord = (text: string) => number | undefined;

/** How report columns with few distinct texts are read, by their names in a header. */
export type ReportColumns = Readonly<Record<WordColumn, ReadWord> & { user_email?: ReadWord }>;

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
  const numberOfUser = (userId: string | undefined): number | undefined =>
    userId === undefined ? undefined : users.numberOf(userId);
  return {
    date: required(dateField, epochDayAt),
    client_type: (text) => clients.numberOf(text.toUpperCase()),
    profileid: required(id, (reported) => {
      const profileId = match(reported);
      return profileId === undefined ? undefined : profiles.numberOf(profileId);
    }),
    userid: (text) => numberOfUser(userIdOf(text, plan)),
    subscription_tier: (text) => {
      const key = tierKey(text);
      if (key === FREE) return FREE_TIER;
      return tiers.numberOf(plan.wantsPeople === true ? text : key);
    },
    overage_enabled: optional(overageSwitch, UNKNOWN, (on) => (on ? ON : OFF)),
    overage_cap: optional(credits, NO_CAP, (cap) => caps.numberOf(decimalText(cap, 0))),
    usage_limit: optional(credits, NO_LIMIT, (limit) => limits.numberOf(decimalText(limit, 0))),
    new_user: optional(overageSwitch, 0, Number),
    ...(plan.wantsPeople === true && { user_email: (text) => emails.numberOf(text.trim()) }),
  };
}

/** Reads a text that must not be blank. */
function required<Value>(
  parse: FieldParser<Value>,
  numberOf: (value: Value) => number | undefined,
): ReadWord {
  return (text) => {
    const parsed = text === '' ? undefined : parse(text);
    return parsed !== undefined && 'value' in parsed ? numberOf(parsed.value) : undefined;
  };
}

function optional<Value>(
  parse: FieldParser<Value>,
  blank: number,
  numberOf: (value: Value) => number,
): ReadWord {
  const read = required(parse, numberOf);
  return (text) => (text === '' ? blank : read(text));
}
