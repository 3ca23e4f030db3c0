import { decimalText } from '../../domain/decimal.ts';
import { NANOS_PER_DAY } from '../../domain/instant.ts';
import { tierKey } from '../../domain/tier.ts';
import { credits, type FieldParser, id, overageSwitch } from '../../input/fields.ts';
import { dateField } from './activity-row.ts';
import { NO_CAP, OFF, ON, type ReportWords, UNTOLD } from './report-words.ts';
import { WordColumn } from './word-column.ts';

/** The columns of reports that hold few different texts. What one file has taught them holds for all. */
export class ReportColumns {
  readonly days = new WordColumn(required(dateField, (at) => Number(at / NANOS_PER_DAY)));
  readonly clients: WordColumn;
  readonly profiles: WordColumn;
  readonly tiers: WordColumn;
  readonly switches = new WordColumn(optional(overageSwitch, UNTOLD, (on) => (on ? ON : OFF)));
  readonly caps: WordColumn;
  /** All of them, by their names in a header. */
  readonly named: readonly (readonly [string, WordColumn])[];

  /** `matchProfile` gives the number of the profile that a report means; nothing where it is none of ours. */
  constructor(
    { clients, caps, tiers }: ReportWords,
    matchProfile: (reportedProfileId: string) => number | undefined,
  ) {
    this.clients = new WordColumn((text) => clients.numberOf(text.toUpperCase()));
    this.profiles = new WordColumn(required(id, matchProfile));
    this.tiers = new WordColumn((text) => tiers.numberOf(tierKey(text)));
    this.caps = new WordColumn(
      optional(credits, NO_CAP, (cap) => caps.numberOf(decimalText(cap, 0))),
    );
    this.named = [
      ['date', this.days],
      ['client_type', this.clients],
      ['profileid', this.profiles],
      ['subscription_tier', this.tiers],
      ['overage_enabled', this.switches],
      ['overage_cap', this.caps],
      // Billing has no use for it, but it must be a word that it can be.
      ['new_user', new WordColumn(optional(overageSwitch, UNTOLD, () => UNTOLD))],
    ];
  }
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
