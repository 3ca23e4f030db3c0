import { basename } from 'node:path';
import { isPositive } from '../domain/decimal.ts';
import { groupBy } from '../domain/grouping.ts';
import { profileArn } from '../domain/ids.ts';
import { type Instant, instant, NANOS_PER_DAY } from '../domain/instant.ts';
import type { Place } from '../domain/problem.ts';
import { regionFromText } from '../domain/region.ts';
import { compareBytes } from '../domain/text-order.ts';
import { knownTiers, type Tier, tierKey } from '../domain/tier.ts';
import type { ProblemLog } from '../input/problem-log.ts';
import type { CountedActivity } from '../usage/activity/activity-reports.ts';
import type {
  Findings,
  FoundLife,
  FoundOverage,
  FoundProfile,
  FoundSeat,
  FoundTier,
  FoundUser,
} from './findings.ts';
import { rankOf } from './tier-order.ts';

/** A report row whose profile is told by its ARN, and whose tier is known. */
interface Sighting extends CountedActivity {
  readonly accountId: string;
  readonly region: string;
  readonly knownTier: Tier;
}

/** What activity reports show. Rows without a profile ARN or a known tier are problems. */
export function findingsOfActivity(rows: Iterable<CountedActivity>, log: ProblemLog): Findings {
  const sightings = [...rows].sort(byDateThenPlace).flatMap((row) => sightingOf(row, log));
  const seats = [...groupBy(sightings, seatKey).values()].map(seatOf);
  return {
    profiles: [...groupBy(sightings, placeKey).values()].map(profileOf),
    users: [...groupBy(sightings, ({ userId }) => userId).values()].map(userOf),
    seats,
    unknown: unknownOfActivity(sightings),
  };
}

function byDateThenPlace(a: CountedActivity, b: CountedActivity): number {
  return (
    compareBytes(a.date, b.date) ||
    compareBytes(a.place.file, b.place.file) ||
    a.place.line - b.place.line
  );
}

const TIERS = knownTiers();

function sightingOf(row: CountedActivity, log: ProblemLog): Sighting[] {
  const arn = profileArn(row.reportedProfileId);
  const region = regionFromText(arn?.region ?? '');
  const knownTier = TIERS.get(tierKey(row.tier));
  if (arn === undefined || region === undefined) {
    const what = 'not a profile ARN, which alone tells account and Region';
    log.add({ ...row.place, column: 'profileid', what, value: row.reportedProfileId });
  }
  if (knownTier === undefined) {
    const what = `not a tier (${[...TIERS.values()].join(', ')})`;
    log.add({ ...row.place, column: 'subscription_tier', what, value: row.tier });
  }
  if (arn === undefined || region === undefined || knownTier === undefined) return [];
  return [{ ...row, accountId: arn.accountId, region, knownTier }];
}

function placeKey({ accountId, region }: Sighting): string {
  return `${accountId} ${region}`;
}

function seatKey(sighting: Sighting): string {
  return `${placeKey(sighting)} ${sighting.userId}`;
}

function profileOf(sightings: readonly [Sighting, ...Sighting[]]): FoundProfile {
  const [first] = sightings;
  const days = [...groupBy(sightings, ({ date }) => date).values()];
  return {
    accountId: first.accountId,
    region: first.region,
    profileId: first.reportedProfileId,
    since: first.at,
    overage: days.flatMap(overageOf),
    inferredFrom: `ProfileId of ${placeText(first.place)}`,
  };
}

/**
 * On, where any row of the day has it on or has overage credits: then it was switched
 * within the day. The last cap of the day counts.
 */
function overageOf(ofDay: readonly Sighting[]): FoundOverage[] {
  const telling = ofDay.filter(({ overageOn }) => overageOn !== undefined);
  const charged = ofDay.find(({ overageCredits }) => isPositive(overageCredits));
  const enabled = telling.findLast(({ overageOn }) => overageOn);
  const told = enabled ?? charged ?? telling.at(-1);
  if (told === undefined) return [];
  const { at, capCredits, place } = told;
  const column =
    told === enabled || charged === undefined ? 'Overage_Enabled' : 'Overage_Credits_Used';
  return [
    {
      from: at,
      to: at + NANOS_PER_DAY,
      on: enabled !== undefined || charged !== undefined,
      ...(capCredits === undefined ? {} : { capCredits }),
      inferredFrom: `${column} of ${placeText(place)}`,
    },
  ];
}

function userOf(sightings: readonly [Sighting, ...Sighting[]]): FoundUser {
  const [first] = sightings;
  const latest = sightings.findLast(({ email }) => email.trim() !== '');
  const told = latest ?? first;
  const column = latest === undefined ? 'UserId' : 'User_Email';
  return {
    userId: first.userId,
    email: latest?.email.trim() ?? '',
    inferredFrom: `${column} of ${placeText(told.place)}`,
  };
}

function seatOf(sightings: readonly [Sighting, ...Sighting[]]): FoundSeat {
  const [first] = sightings;
  const { accountId, region, userId } = first;
  return { accountId, region, userId, lives: [lifeOf(sightings)] };
}

/** One life: reports show no end, since an idle seat and a cancelled one look alike. */
function lifeOf(sightings: readonly [Sighting, ...Sighting[]]): FoundLife {
  const [first] = sightings;
  const isNew = sightings.some(({ date, isNewUser }) => isNewUser && date === first.date);
  const start = isNew ? first.at : monthStart(first.date);
  const why = isNew
    ? 'a new user on that day'
    : `no new user there, so from the first of ${first.date.slice(0, 7)}`;
  return {
    start,
    tiers: tiersOf(sightings, start),
    inferredFrom: `first seen ${first.date} in ${placeText(first.place)}: ${why}`,
  };
}

/** The tiers seen, each from its first sighting in a row to its last. */
function tiersOf(sightings: readonly Sighting[], start: Instant): FoundTier[] {
  const tiers: { since: Instant; from: Instant; to: Instant; tier: Tier; inferredFrom: string }[] =
    [];
  let before: Sighting | undefined;
  for (const ofDay of groupBy(sightings, ({ date }) => date).values()) {
    const current = tiers.at(-1);
    const sighting = tierOfDay(ofDay, current?.tier);
    const to = sighting.at + NANOS_PER_DAY;
    if (current?.tier === sighting.knownTier) {
      current.to = to;
    } else {
      const since = before === undefined ? start : changeInstant(sighting, before);
      const inferredFrom = tierText(sighting, before);
      tiers.push({ since, from: sighting.at, to, tier: sighting.knownTier, inferredFrom });
    }
    before = sighting;
  }
  return tiers;
}

/** The row that tells the tier at the end of a day: of two tiers the one that is new. */
function tierOfDay(ofDay: readonly [Sighting, ...Sighting[]], current: Tier | undefined): Sighting {
  const fresh = ofDay.filter(({ knownTier }) => knownTier !== current);
  return fresh.reduce(
    (a, b) => (rankOf(b.knownTier) > rankOf(a.knownTier) ? b : a),
    fresh[0] ?? ofDay[0],
  );
}

/** Within a month on the day seen; else on the first, on which changes of tiers take effect. */
function changeInstant(sighting: Sighting, before: Sighting): Instant {
  const isSameMonth = sighting.date.slice(0, 7) === before.date.slice(0, 7);
  return isSameMonth ? sighting.at : monthStart(sighting.date);
}

function tierText({ knownTier, date, place }: Sighting, before: Sighting | undefined): string {
  const seen = `${knownTier} first seen ${date} in ${placeText(place)}`;
  return before === undefined ? seen : `${seen}, ${before.knownTier} last seen ${before.date}`;
}

function monthStart(date: string): Instant {
  return instant(`${date.slice(0, 7)}-01`);
}

/** The name of a report tells client, account and time; its folder would only be long. */
function placeText({ file, line }: Place): string {
  return `${basename(file)}:${line}`;
}

/** Reports tell of activity; what they cannot tell of seats. */
function unknownOfActivity(sightings: readonly Sighting[]): string[] {
  if (sightings.length === 0) return [];
  const [first, last] = [sightings[0]?.date, sightings.at(-1)?.date];
  const emails = sightings.filter(({ email }) => email.trim() !== '').length;
  return [
    `The reports are of ${first} to ${last}: what was before and after is not in them.`,
    'Idle seats: who did nothing is in no report, and is charged all the same. `import cur` into the same folder adds them.',
    'When seats ended: somebody who stopped and somebody who was cancelled look alike. `import cur` shows it from the next month on; else add unsubscribed_at.',
    'When seats began: a seat that was not new when it was first seen starts on the first of that month.',
    'When tiers changed: the day is the first on which the new tier was seen, or the first of the month where the old one was last seen in another.',
    'Groups and cost centers: every seat is written as a subscription of the user.',
    ...(emails === 0
      ? ['Names: these reports have no User_Email, so users.csv has ids alone.']
      : []),
    'Caps: each counts from the day on which it was seen, and the last of a month for all of it; where overage is enabled and Overage_Cap is blank, there is taken to be none.',
    'Overage caps while overage is off: the reports have a preset then.',
  ];
}
