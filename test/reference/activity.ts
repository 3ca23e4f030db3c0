/**
 * Credits of activity reports (R1 and R2), by the words of the rules: for each question all rows are
 * looked at again. What comes back are the rows of request usage that would mean the same.
 */
import type { Profile, Row } from './facts.ts';
import { editionFor, type RateCard, type TierTerms, termsFor } from './rate-card.ts';
import {
  exactText,
  isAbove,
  larger,
  minus,
  negated,
  ONE,
  parseDecimal,
  plus,
  type Rational,
  rational,
  sumOf,
  times,
  ZERO,
} from './rational.ts';
import { byBytes, tierKey, trimmed } from './spelling.ts';
import { monthNamed, parseInstant } from './time.ts';

/** A report as it lies in a folder. */
export interface ReportFile {
  readonly path: string;
  /** In seconds since 1970. */
  readonly changedAt: number;
  readonly rows: readonly Row[];
}

export type Meaning = 'beside' | 'inside';

/** What a run knows beside the reports. */
export interface ReportingFacts {
  readonly card: RateCard;
  readonly profiles: readonly Profile[];
  readonly profileIdOf: (reportedProfileId: string) => string;
  readonly userIdOf: (reportedUserId: string) => string;
  /** Where `--reported-credits` decides. */
  readonly decided?: Meaning;
}

export interface Reported {
  /** As rows of `usage.csv`. */
  readonly usage: readonly Row[];
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
}

interface ReportRow {
  readonly path: string;
  readonly date: string;
  readonly profileId: string;
  readonly userId: string;
  readonly client: string;
  readonly used: Rational;
  readonly overage: Rational;
  /** Empty where the row has none. */
  readonly tier: string;
  readonly limit: Rational | null;
}

interface SeatMonth {
  readonly profileId: string;
  readonly userId: string;
  readonly month: string;
}

function rowsOf(file: ReportFile, facts: ReportingFacts): ReportRow[] {
  return file.rows.map((row) => {
    const text = (column: string) => trimmed(row[column] ?? '');
    return {
      path: file.path,
      date: text('Date'),
      profileId: facts.profileIdOf(text('ProfileId')),
      userId: facts.userIdOf(text('UserId')),
      client: text('Client_Type').toUpperCase(),
      used: parseDecimal(text('Credits_Used')),
      overage: parseDecimal(text('Overage_Credits_Used') || '0'),
      tier: tierKey(text('Subscription_Tier')),
      limit: text('Usage_Limit') === '' ? null : parseDecimal(text('Usage_Limit')),
    };
  });
}

// ---------------------------------------------------------------------------------------------
// R2: which rows count

/** Files of one folder whose names differ only in `part_N` are one file. */
function deliveryOf(path: string): string {
  const [, folder = '', name = ''] = /^(.*?)([^/]*)$/.exec(path) ?? [];
  return folder + name.replaceAll(/part_\d+/g, 'part_N');
}

function stampOf(path: string): string {
  return /_user_report_(\d{12})[^/]*$/.exec(path)?.[1] ?? '';
}

function isNewer(a: string, b: string, files: readonly ReportFile[]): boolean {
  const filesOf = (delivery: string) => files.filter(({ path }) => deliveryOf(path) === delivery);
  const changeOf = (delivery: string) =>
    Math.max(...filesOf(delivery).map(({ changedAt }) => changedAt));
  const order = byBytes(stampOf(a), stampOf(b)) || changeOf(a) - changeOf(b) || byBytes(a, b);
  return order > 0;
}

function keyOf({ date, userId, client, profileId }: ReportRow): string {
  return JSON.stringify([date, userId, client, profileId]);
}

/** All rows of the newest delivery of their key. */
function newestRows(rows: readonly ReportRow[], files: readonly ReportFile[]): ReportRow[] {
  return rows.filter((row) =>
    rows
      .filter((other) => keyOf(other) === keyOf(row))
      .every((other) => !isNewer(deliveryOf(other.path), deliveryOf(row.path), files)),
  );
}

function isEqual(a: Rational, b: Rational): boolean {
  return minus(a, b).over === 0n;
}

/** The same, those of one key with equal figures once. */
function rowsThatCount(newest: readonly ReportRow[]): ReportRow[] {
  return newest.filter(
    (row, index) =>
      !newest
        .slice(0, index)
        .some(
          (earlier) =>
            keyOf(earlier) === keyOf(row) &&
            isEqual(earlier.used, row.used) &&
            isEqual(earlier.overage, row.overage),
        ),
  );
}

// ---------------------------------------------------------------------------------------------
// R1: what they mean

function isOf({ profileId, userId, month }: SeatMonth): (row: ReportRow) => boolean {
  return (row) =>
    row.profileId === profileId && row.userId === userId && row.date.startsWith(month);
}

function seatMonthsOf(rows: readonly ReportRow[]): SeatMonth[] {
  const all = rows.map(({ profileId, userId, date }) =>
    JSON.stringify({ profileId, userId, month: date.slice(0, 7) }),
  );
  return [...new Set(all)].map((text) => JSON.parse(text) as SeatMonth);
}

function termsIn({ card, profiles }: ReportingFacts, { profileId, month }: SeatMonth): TierTerms[] {
  const profile = profiles.find((one) => one.profileId === profileId);
  if (profile === undefined) return [];
  if (card.editions.every(({ from }) => from > month)) return [];
  const partitions = editionFor(card, monthNamed(month)).partitions;
  return Object.keys(partitions).length === 0 ? [] : termsFor(card, monthNamed(month), profile);
}

function distance(a: string, b: string): bigint {
  const between = parseInstant(a) - parseInstant(b);
  return between < 0n ? -between : between;
}

/** The tier of the seat's nearest day that has one, of two the earlier; of several there the highest. */
function nearestTier(
  row: ReportRow,
  rows: readonly ReportRow[],
  terms: readonly TierTerms[],
): string | null {
  const withTier = rows
    .filter(({ profileId, userId }) => profileId === row.profileId && userId === row.userId)
    .filter(({ tier }) => tier !== '');
  const [date] = withTier
    .map((one) => one.date)
    .sort((a, b) => Number(distance(a, row.date) - distance(b, row.date)) || byBytes(a, b));
  const rank = (tier: string) => terms.find(({ key }) => key === tier)?.rank ?? -1;
  const [highest] = withTier
    .filter((one) => one.date === date)
    .map(({ tier }) => tier)
    .sort((a, b) => rank(b) - rank(a) || byBytes(a, b));
  return highest ?? null;
}

/** What one seat-month shows; `null` where it says nothing. */
function evidenceOf(
  seatMonth: SeatMonth,
  newest: readonly ReportRow[],
  facts: ReportingFacts,
): Meaning | null {
  const counted = rowsThatCount(newest).filter(isOf(seatMonth));
  const s = sumOf(counted.map(({ used }) => used));
  const v = sumOf(counted.map(({ overage }) => overage));
  if (v.over === 0n) return null;
  if (isAbove(v, s)) return 'beside';
  const all = newest.filter(isOf(seatMonth));
  const terms = termsIn(facts, seatMonth);
  const tiers = new Set(
    all.map((row) => (row.tier === '' ? nearestTier(row, newest, terms) : row.tier)),
  );
  tiers.delete(null);
  const limits = all.flatMap(({ limit }) => limit ?? []);
  if (tiers.size !== 1 || new Set(limits.map(exactText)).size > 1) return null;
  const credits = terms.find(({ key }) => tiers.has(key))?.credits ?? null;
  const allowance = limits.length > 0 ? limits.reduce(larger) : credits;
  if (allowance === null) return null;
  const beyond = minus(s, allowance);
  const half = times(v, rational(1n, 2n));
  if (isAbove(beyond, half)) return 'inside';
  const off = larger(beyond, negated(beyond));
  return isAbove(off, ONE) || isAbove(off, half) ? null : 'beside';
}

function hasOverage(seatMonth: SeatMonth, rows: readonly ReportRow[]): boolean {
  return isAbove(sumOf(rows.filter(isOf(seatMonth)).map(({ overage }) => overage)), ZERO);
}

/** A profile has no name here: it is called by the last part of its ARN. */
function named(seats: readonly SeatMonth[]): string {
  const called = seats.map(
    ({ userId, profileId }) => `${userId} in ${profileId.split('/').at(-1)}`,
  );
  const names = [...new Set(called)];
  const more = names.length > 3 ? ` and ${names.length - 3} more` : '';
  return names.sort().slice(0, 3).join(', ') + more;
}

const REMEDY = 'decide it with --reported-credits inside or beside';

/** What the evidence comes to: a note or a warning, and what seats without evidence count as. */
function verdictOf(
  beside: readonly SeatMonth[],
  inside: readonly SeatMonth[],
  isAnyOverage: boolean,
): { rest: Meaning; notes: string[]; warnings: string[] } {
  const rest = inside.length > beside.length ? 'inside' : 'beside';
  if (beside.length > 0 && inside.length > 0) {
    const warning = `some seats of the activity reports show that Credits_Used holds the overage (${named(inside)}), others that it does not (${named(beside)}): each counts by its own figures, the rest as ${rest} (${REMEDY})`;
    return { rest, notes: [], warnings: [warning] };
  }
  const shown = [...beside, ...inside];
  const seats = new Set(shown.map(({ profileId, userId }) => JSON.stringify([profileId, userId])));
  const holds = inside.length > 0 ? 'holds' : 'does not hold';
  const show = seats.size === 1 ? '1 seat shows it' : `${seats.size} seats show it`;
  if (seats.size > 0)
    return { rest, notes: [`Credits_Used ${holds} the overage: ${show}`], warnings: [] };
  const warning = `no seat of the activity reports shows whether Credits_Used holds the overage: the overage credits are added to it (${REMEDY})`;
  return { rest, notes: [], warnings: isAnyOverage ? [warning] : [] };
}

/** What the reports come to. Rules R1 and R2. */
export function reported(files: readonly ReportFile[], facts: ReportingFacts): Reported {
  const newest = newestRows(
    files.flatMap((file) => rowsOf(file, facts)),
    files,
  );
  const seatMonths = seatMonthsOf(newest);
  const shows = (meaning: Meaning) =>
    seatMonths.filter((one) => evidenceOf(one, newest, facts) === meaning);
  const [beside, inside] = [shows('beside'), shows('inside')];
  const isAnyOverage = seatMonths.some((one) => hasOverage(one, newest));
  const verdict = verdictOf(beside, inside, isAnyOverage);
  const meaningOf = (row: ReportRow): Meaning => {
    if (facts.decided !== undefined) return facts.decided;
    if (inside.some((one) => isOf(one)(row))) return 'inside';
    return beside.some((one) => isOf(one)(row)) ? 'beside' : verdict.rest;
  };
  const usage = rowsThatCount(newest).map((row) => ({
    timestamp: row.date,
    profile_id: row.profileId,
    user_id: row.userId,
    credits: exactText(meaningOf(row) === 'beside' ? plus(row.used, row.overage) : row.used),
  }));
  const { notes, warnings } = verdict;
  return facts.decided === undefined
    ? { usage, notes, warnings }
    : { usage, notes: [], warnings: [] };
}
