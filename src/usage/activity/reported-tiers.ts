import { valueAt } from '../../domain/grouping.ts';
import type { ReportedTiers } from '../../domain/records.ts';
import { seatKey } from '../../domain/seat-key.ts';
import { tierKey } from '../../domain/tier.ts';
import { dayText } from '../../domain/usage-days.ts';
import type { ReportTable } from './report-table.ts';
import { TupleTable } from './tuple-table.ts';
import { Words } from './words.ts';

const UNWANTED = -1;

/** The tiers that the rows that count show for each seat, in the wanted months. */
export function reportedTiers(
  table: ReportTable,
  isWanted: (month: string) => boolean,
): ReportedTiers {
  const months = new Words();
  /** The profile and the month of groups. */
  const places = new TupleTable();
  const placeOf = Int32Array.from({ length: table.groupCount }, (_, group) => {
    const month = dayText(table.dayOf(group)).slice(0, 7);
    if (!isWanted(month)) return UNWANTED;
    return places.numberOf(table.profileOf(group), months.numberOf(month));
  });
  const found = tiersFound(table, placeOf);
  const tiers = new Map<string, Map<string, readonly string[]>>();
  const single = new Map<string, readonly string[]>();
  for (let number = 0; number < found.size; number += 1) {
    const place = found.at(number, 0);
    const profileId = table.words.profiles.textOf(places.at(place, 0));
    const month = months.textOf(places.at(place, 1));
    const seat = seatKey(profileId, table.words.users.textOf(found.at(number, 1)));
    const tier = tierKey(table.tierOf(found.at(number, 2)));
    const ofMonth = valueAt(tiers, month, () => new Map());
    const known = ofMonth.get(seat);
    // Most seats have one tier, and share its list.
    if (known === undefined)
      ofMonth.set(
        seat,
        valueAt(single, tier, () => [tier]),
      );
    else if (!known.includes(tier)) ofMonth.set(seat, [...known, tier]);
  }
  return tiers;
}

/** The place and user of rows with a tier, and their facts. */
function tiersFound(table: ReportTable, placeOf: Int32Array): TupleTable {
  const found = new TupleTable();
  // By user, the last row's place and facts: most rows repeat them, and need no look-up.
  const last = new Float64Array(table.words.users.texts.length).fill(UNWANTED);
  const places = placeOf.length + 1;
  table.eachCounted(({ group, user, facts }) => {
    const place = placeOf[group] as number;
    const seen = facts * places + place;
    if (place === UNWANTED || last[user] === seen) return;
    last[user] = seen;
    if (table.hasTier(facts)) found.numberOf(place, user, facts);
  });
  return found;
}
