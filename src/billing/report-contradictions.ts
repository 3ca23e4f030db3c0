import { decimalShown } from '../domain/counts.ts';
import { compare, type Decimal, isPositive, sum } from '../domain/decimal.ts';
import { groupBy } from '../domain/grouping.ts';
import { type Instant, NANOS_PER_DAY } from '../domain/instant.ts';
import { comparePlaces } from '../domain/problem.ts';
import type { ReportedOverage } from '../domain/records.ts';
import { byKeys, compareBytes } from '../domain/text-order.ts';
import type { Warning } from '../domain/warning.ts';
import { type OverageHistory, type OverageState, overageWithin } from './overage.ts';

/**
 * Where the reports contradict the overage of the data directory, which they never override: a
 * warning per profile, month and kind, with the first row that shows it. What changes in
 * the directory within a day may have either value on that day.
 */
export function reportContradictions(
  rows: Iterable<ReportedOverage>,
  overage: ReadonlyMap<string, OverageHistory>,
): Warning[] {
  const inTime = [...rows].sort(byDateThenPlace);
  const groups = groupBy(inTime, ({ profileId, date }) => `${date.slice(0, 7)} ${profileId}`);
  return byKeys(groups).flatMap(([, ofMonth]) => {
    const directory = overage.get(ofMonth[0].profileId);
    return directory === undefined ? [] : monthContradictions(ofMonth, directory);
  });
}

function byDateThenPlace(a: ReportedOverage, b: ReportedOverage): number {
  return compareBytes(a.date, b.date) || comparePlaces(a.place, b.place);
}

function monthContradictions(
  rows: readonly ReportedOverage[],
  directory: OverageHistory,
): Warning[] {
  const states = new Map(rows.map(({ at }) => [at, statesOfDay(directory, at)]));
  const statesOf = ({ at }: ReportedOverage): OverageState[] => states.get(at) as OverageState[];
  const isOnly = (row: ReportedOverage, on: boolean): boolean =>
    statesOf(row).every((state) => state.on === on);
  const charged = rows.filter((row) => hasOverage(row) && isOnly(row, false));
  // If overage was charged, it was on at some time of the day, whatever the flag says at its end.
  const chargedDays = new Set(rows.filter(hasOverage).map(({ at }) => at));
  const otherSwitch = rows.filter(
    (row) =>
      row.overageOn !== undefined &&
      isOnly(row, !row.overageOn) &&
      (row.overageOn || !chargedDays.has(row.at)),
  );
  const otherCap = rows.find((row) => isOtherCap(row, statesOf(row)));
  return [
    chargedWhileOff(charged),
    charged.length > 0 ? undefined : anotherSwitch(otherSwitch),
    otherCap && anotherCap(otherCap, statesOf(otherCap)),
  ].filter((warning) => warning !== undefined);
}

function hasOverage({ overageCredits }: ReportedOverage): boolean {
  return isPositive(overageCredits);
}

function chargedWhileOff(rows: readonly ReportedOverage[]): Warning | undefined {
  const [first] = rows;
  if (first === undefined) return undefined;
  const credits = decimalShown(sum(rows.map(({ overageCredits }) => overageCredits)));
  return contradiction(
    first,
    `the activity reports charge ${credits} overage credits while overage is off in the data directory`,
  );
}

function anotherSwitch(rows: readonly ReportedOverage[]): Warning | undefined {
  const [first] = rows;
  if (first === undefined) return undefined;
  const [theirs, ours] = first.overageOn ? ['enabled', 'off'] : ['disabled', 'on'];
  return contradiction(
    first,
    `the activity reports have overage ${theirs} while it is ${ours} in the data directory`,
  );
}

/** Whether a row has a cap that holds at no time of its day. */
function isOtherCap(
  { capCredits: theirs }: ReportedOverage,
  states: readonly OverageState[],
): boolean {
  if (theirs === undefined || theirs === 'none') return false;
  return !states.some(({ capCredits: ours }) => ours !== undefined && compare(ours, theirs) === 0);
}

function anotherCap(row: ReportedOverage, [first]: readonly OverageState[]): Warning {
  const theirs = decimalShown(row.capCredits as Decimal, 0);
  const ours = (first as OverageState).capCredits;
  const oursText = ours === undefined ? 'has none' : `has ${decimalShown(ours, 0)}`;
  return contradiction(
    row,
    `the activity reports have an overage cap of ${theirs} credits, the data directory ${oursText}`,
  );
}

function contradiction({ place, date, profileId }: ReportedOverage, what: string): Warning {
  const message = `${what} (first on ${date}, in ${place.file}:${place.line}); the data directory counts`;
  return { code: 'report-contradiction', month: date.slice(0, 7), profileId, message };
}

/** What holds in the data directory at some time of the day, from its start on. */
function statesOfDay(directory: OverageHistory, day: Instant): OverageState[] {
  return overageWithin(directory, day, day + NANOS_PER_DAY);
}
