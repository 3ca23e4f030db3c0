import { decimalText } from '../../domain/decimal.ts';
import { tierKey } from '../../domain/tier.ts';
import { epochDayAt } from '../../domain/usage-days.ts';
import { credits, type FieldParser, id, overageSwitch } from '../../input/fields.ts';
import { dateField } from './activity-row.ts';
import { NO_CAP, NO_LIMIT, OFF, ON, type ReportWords, UNTOLD } from './report-words.ts';

/** Gives the number of a trimmed text, 0 or more; nothing for one that is not as it must be. */
type ReadWord = (text: string) => number | undefined;

/** How the columns of reports that hold few different texts are read, by their names in a header. */
export interface ReportColumns {
  readonly date: ReadWord;
  readonly client_type: ReadWord;
  readonly profileid: ReadWord;
  readonly subscription_tier: ReadWord;
  readonly overage_enabled: ReadWord;
  readonly overage_cap: ReadWord;
  readonly usage_limit: ReadWord;
  readonly new_user: ReadWord;
}

/** `matchProfile` gives the number of the profile that a report means; nothing where it is none of ours. */
export function reportColumns(
  { clients, caps, tiers, limits }: ReportWords,
  matchProfile: (reportedProfileId: string) => number | undefined,
): ReportColumns {
  return {
    date: required(dateField, epochDayAt),
    client_type: (text) => clients.numberOf(text.toUpperCase()),
    profileid: required(id, matchProfile),
    subscription_tier: (text) => tiers.numberOf(tierKey(text)),
    overage_enabled: optional(overageSwitch, UNTOLD, (on) => (on ? ON : OFF)),
    overage_cap: optional(credits, NO_CAP, (cap) => caps.numberOf(decimalText(cap, 0))),
    usage_limit: optional(credits, NO_LIMIT, (limit) => limits.numberOf(decimalText(limit, 0))),
    // Billing has no use for it, but it must be a word that it can be.
    new_user: optional(overageSwitch, UNTOLD, () => UNTOLD),
  };
}

/** Reads a text that must not be blank. */
function required<Value>(
  parse: FieldParser<Value>,
  numberOf: (value: Value) => number | undefined,
): (text: string) => number | undefined {
  return (text) => {
    const parsed = text === '' ? undefined : parse(text);
    return parsed !== undefined && 'value' in parsed ? numberOf(parsed.value) : undefined;
  };
}

function optional<Value>(
  parse: FieldParser<Value>,
  blank: number,
  numberOf: (value: Value) => number,
): (text: string) => number | undefined {
  const read = required(parse, numberOf);
  return (text) => (text === '' ? blank : read(text));
}
