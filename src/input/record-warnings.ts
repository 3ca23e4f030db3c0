import { groupBy } from '../domain/grouping.ts';
import { type BillingRecords, subscribedGroups } from '../domain/records.ts';
import type { Warning } from '../domain/warning.ts';

/** Warnings about the tables, independent of the month billed. */
export function recordWarnings(records: BillingRecords, hasMembers: boolean): Warning[] {
  return [...costCentersAlike(records), ...(hasMembers ? [] : groupsWithoutMembers(records))];
}

/** Cost centers that differ only in case or spaces are rows that look the same. */
function costCentersAlike({ users }: BillingRecords): Warning[] {
  const names = new Set([...users.values()].map(({ costCenter }) => costCenter));
  return [...groupBy(names, withoutCaseAndSpaces).values()]
    .filter((alike) => alike.length > 1)
    .map((alike) => {
      const list = alike.flatMap((name) => (name === '' ? [] : `"${shownName(name)}"`)).join(', ');
      const isBlank = withoutCaseAndSpaces(alike[0]) === '';
      const message = isBlank
        ? `a cost center of spaces alone (${list}) is billed apart from a blank one: leave it blank in users.csv`
        : `cost centers ${list} differ only in case or spaces, and are billed apart: write them alike in users.csv`;
      return { code: 'cost-centers-alike', message };
    });
}

/** Characters of a name that a message repeats. */
const SHOWN_NAME = 200;

function shownName(name: string): string {
  return name.length <= SHOWN_NAME ? name : `${name.slice(0, SHOWN_NAME - 1)}…`;
}

function withoutCaseAndSpaces(name: string): string {
  return name.toLowerCase().replace(/\s+/g, '');
}

/** Groups that are subscribed while no group has a known member. */
function groupsWithoutMembers(records: BillingRecords): Warning[] {
  return [...subscribedGroups(records)].map((id) => ({
    code: 'group-without-members',
    message: `group ${id} is subscribed, but there is no group_members.csv: it gives no seat`,
  }));
}
