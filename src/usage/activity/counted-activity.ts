import { instantAfter } from '../../domain/instant.ts';
import type { ReportedOverage } from '../../domain/records.ts';
import { dayText } from '../../domain/usage-days.ts';
import { decimalOf } from './amount.ts';
import { emailOf, isNewUser } from './report-rows.ts';
import type { ReportTable } from './report-table.ts';

/** A row of a report that counts, with what it says about its user; `profileId` is as in the report. */
export interface CountedActivity extends ReportedOverage {
  readonly userId: string;
  /** As spelled in the report; blank if it has none. */
  readonly tier: string;
  readonly isNewUser: boolean;
  readonly email: string;
}

/** The rows that count, from reports read with people, in the order in which they were read. */
export function countedActivity(table: ReportTable): CountedActivity[] {
  const { users, emails, credits } = table.words;
  const counted: CountedActivity[] = [];
  table.eachCounted((row) => {
    const day = table.dayOf(row.group);
    const flags = table.flagsOf(row.facts);
    counted.push({
      profileId: table.profileIdOf(row.group),
      date: dayText(day),
      at: instantAfter(day, 0, 0),
      userId: users.textOf(row.user),
      tier: table.tierOf(row.facts),
      isNewUser: isNewUser(flags),
      email: emails.textOf(emailOf(flags)),
      ...table.overageOfFacts(row.facts),
      overageCredits: decimalOf(table.overageOf(row.overage), credits),
      place: table.placeOf(row),
    });
  });
  return counted;
}
