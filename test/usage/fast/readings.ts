import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect } from 'vitest';
import { decimal, decimalText, isPositive, sum } from '../../../src/domain/decimal.ts';
import { groupBy } from '../../../src/domain/grouping.ts';
import { type Identities, NO_IDENTITIES, userIdentities } from '../../../src/domain/identities.ts';
import { shortProfileId } from '../../../src/domain/ids.ts';
import type { Instant } from '../../../src/domain/instant.ts';
import { instant } from '../../../src/domain/instant.ts';
import type { Problem } from '../../../src/domain/problem.ts';
import type { RankedCredits } from '../../../src/domain/rate-card.ts';
import {
  partsOf,
  type ReportedOverage,
  type ReportedTiers,
  type SeatUsage,
  type StretchUsage,
} from '../../../src/domain/records.ts';
import { compareBytes } from '../../../src/domain/text-order.ts';
import type { ByteSource } from '../../../src/input/byte-source.ts';
import { ProblemLog } from '../../../src/input/problem-log.ts';
import type { BadUsageRow, ReductionPlan, UsageReduction } from '../../../src/usage/plan.ts';
import type { reduceUsage } from '../../../src/usage/reduce.ts';
import { oneIn } from './chance.ts';

/** Anything that reduces usage: the fast reader, its plain twin, or a way to run one of them. */
export type Reduce = (
  sources: readonly ByteSource[],
  plan: ReductionPlan,
  log: ProblemLog,
  onBadRow?: (row: BadUsageRow) => void,
) => ReturnType<typeof reduceUsage>;

/** Everything that a reduction tells, in a form in which two of them can be compared. */
export interface Reading {
  readonly reduction: unknown;
  readonly problems: readonly Problem[];
  readonly total: number;
  readonly badRows: readonly unknown[];
}

export async function readingOf(
  reduce: Reduce,
  sources: readonly ByteSource[],
  plan: ReductionPlan,
  skipsBadRows: boolean,
): Promise<Reading> {
  const log = new ProblemLog();
  const badRows: unknown[] = [];
  const onBadRow = ({ place, problems, bytes }: BadUsageRow): void => {
    badRows.push({ place, problems, bytes: Buffer.from(bytes).toString('latin1') });
  };
  const reduction = await reduce(sources, plan, log, skipsBadRows ? onBadRow : undefined);
  return { reduction: comparable(reduction, plan), problems: log.kept, total: log.total, badRows };
}

/** Fails, and shows how, if two values differ. What vitest needs for each `expect` adds up here. */
export function expectSame(actual: unknown, expected: unknown, what?: string): void {
  if (!isDeepStrictEqual(actual, expected)) expect(actual, what).toEqual(expected);
}

/** In an order of its own, as that of the sums means nothing. */
function comparable(reduction: UsageReduction, plan: ReductionPlan): unknown {
  const {
    stretches,
    inOrder = stretches,
    months,
    profiles,
    reports,
    coverage,
    unrecognizedFiles: _,
    starts,
    upTo,
    lastUse,
    ...counts
  } = reduction;
  const parts = [...stretches].flatMap((stretch) => [...partsOf(stretch)]);
  expectSame(new Set(starts), new Set(parts.map(({ from }) => from)));
  const end = plan.cuts.ofAll[plan.cuts.ofAll.length >> 1];
  if (end !== undefined) {
    const before = [...upTo(end)].flatMap((stretch) => [...partsOf(stretch)]);
    expectSame(
      before.map(textOf).sort(),
      parts
        .filter(({ from }) => from < end)
        .map(textOf)
        .sort(),
    );
  }
  for (const end of new Set(plan.cuts.ofAll.length === 0 ? [] : starts.slice(0, MOST_ENDS))) {
    const known = upTo(end);
    const used = [...known].flatMap((stretch) => [...partsOf(stretch)]);
    const before = parts.filter(({ from }) => from < end);
    expectSame(used.map(textOf).sort(), before.map(textOf).sort());
    for (const stretch of known) expectSame(sumsOf([stretch]), sumsOf([...partsOf(stretch)]));
  }
  const whole = [...stretches].map(textOf).sort();
  expectSame([...inOrder].map(textOf).sort(), whole);
  expectSame([...months].flatMap((month) => bySeat(stretches, month)).sort(), whole);
  return {
    ...counts,
    notes: (reports?.notes ?? []).filter(
      (note) => !/^no [\s\S]* on 20|Usage_Limit of|^… and .* (limits?|clients?)/.test(note),
    ),
    warnings: [...(reports?.warnings ?? [])],
    dates: [...(reports?.dates ?? [])],
    overage: overageTexts(reports?.overage ?? []),
    tiers: tierTexts(reports?.tiers ?? new Map()),
    months: [...months].sort(),
    days: coverage.byProfile && [...coverage.byProfile].map(daysText).sort(),
    summaryMonths: [...coverage.summaryMonths].sort(),
    profiles: [...profiles].map(([id, { file, line }]) => `${id} ${file}:${line}`),
    stretches: parts.map(textOf).sort(),
    lastUses: parts
      .map(({ profileId, userId }) => `${profileId} ${userId} ${lastUse(profileId, userId)}`)
      .sort(),
  };
}

/** How many of the ends of usage are tried. */
const MOST_ENDS = 3;

function sumsOf(stretches: readonly StretchUsage[]): unknown {
  const credits = decimalText(sum(stretches.map((stretch) => stretch.credits)));
  return [credits, stretches.reduce((all, { requests }) => all + requests, 0)];
}

/** The usage of a month, seat by seat. */
function bySeat(usage: SeatUsage, month: string): string[] {
  return [...usage.profileIds(month)].flatMap((profileId) => {
    const users = [...usage.users(month, profileId)];
    const userIds = users.map((user) => usage.userId(user));
    expectSame(userIds, userIds.toSorted(compareBytes));
    expectSame(usage.userCount(month, profileId), users.length);
    expectSame(usage.ofSeat(month, profileId, 'no such user'), []);
    const seats = userIds.map((userId) => usage.ofSeat(month, profileId, userId).map(textOf));
    expectSame(
      users.map((user) => usage.ofSeat(month, profileId, user).map(textOf)),
      seats,
    );
    return seats.flat();
  });
}

function daysText([profileId, days]: [string, ReadonlySet<number>]): string {
  return `${profileId}: ${[...days].sort((a, b) => a - b).join(' ')}`;
}

function tierTexts(reported: ReportedTiers): string[] {
  return [...reported]
    .flatMap(([month, ofMonth]) =>
      [...ofMonth].map(([seat, tiers]) => [month, seat, ...[...tiers].sort()].join(' ')),
    )
    .sort();
}

/** What reports tell of overage, rows that tell the same put together. */
function overageTexts(reported: Iterable<ReportedOverage>): string[] {
  const groups = groupBy(reported, ({ profileId, date, overageOn, capCredits, overageCredits }) =>
    JSON.stringify([profileId, date, overageOn, capText(capCredits), isPositive(overageCredits)]),
  );
  return [...groups]
    .map(([key, rows]) => {
      const places = rows.map(({ place }) => place);
      const [first] = places.sort((a, b) => compareBytes(a.file, b.file) || a.line - b.line);
      const credits = decimalText(sum(rows.map(({ overageCredits }) => overageCredits)));
      return `${key} ${rows[0].at} ${credits} ${first?.file}:${first?.line}`;
    })
    .sort();
}

function capText(cap: ReportedOverage['capCredits']): string | undefined {
  return cap === undefined || cap === 'none' ? cap : decimalText(cap);
}

function textOf(usage: StretchUsage): string {
  const { profileId, userId, month, from, to, credits, requests } = usage;
  return JSON.stringify([
    profileId,
    userId,
    month,
    `${from}`,
    `${to}`,
    decimalText(credits, 0),
    requests,
  ]);
}

/** Whether a source says how long it is; the kernel does not start for those that are short. */
export type IsLong = 'long' | 'short';

/** Places in a file of any length at which its chunks end. */
export const chunkEnds: fc.Arbitrary<readonly number[]> = fc.array(fc.nat(), { maxLength: 5 });

/** The bytes as a source, in chunks that end there. */
export function chunked(
  file: string,
  bytes: Buffer,
  places: readonly number[],
  isLong: IsLong,
): ByteSource {
  const ends = places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b);
  return source(file, bytes, [...ends, bytes.length], isLong);
}

/** The bytes as a source of two chunks. */
export function cutAt(file: string, bytes: Buffer, at: number, isLong: IsLong): ByteSource {
  return source(file, bytes, [at, bytes.length], isLong);
}

function source(file: string, bytes: Buffer, ends: readonly number[], isLong: IsLong): ByteSource {
  const stream = pieces(bytes, ends);
  return isLong === 'long' ? { file, stream } : { file, stream, sizeBytes: bytes.length };
}

async function* pieces(bytes: Buffer, ends: readonly number[]): AsyncGenerator<Buffer> {
  let start = 0;
  for (const end of ends) {
    // A copy, as a reader must not count on a chunk for longer than it has it.
    if (end > start) yield Buffer.from(bytes.subarray(start, end));
    start = end;
  }
}

const CUT: readonly Instant[] = [
  instant('2026-01-16T12:00:00Z'),
  instant('2026-01-20T10:00:00.123Z'),
];

const MIDNIGHTS = Array.from({ length: 31 }, (_, day) =>
  instant(`2026-01-${String(day + 1).padStart(2, '0')}`),
);

const REPORT_PROFILES = [
  { profileId: 'p-1', accountId: '111122223333', region: 'us-east-1', name: 'One' },
  { profileId: 'ABC', accountId: '111122223333', region: 'eu-central-1', name: '' },
  { profileId: 'prófil', accountId: '', region: '', name: '' },
];

/** Allowances so small that random rows come near them. */
const TIER_TERMS: Readonly<Record<string, RankedCredits>> = {
  pro: { rank: 1, credits: decimal('7') },
  proplus: { rank: 2, credits: decimal('14') },
};

/** Users whom the rows also name by an alias or an address. */
const IDENTITIES: Identities = {
  ...userIdentities(
    new Map([
      ['u', { userId: 'u', email: "O'NEIL+KIRO@example.com" }],
      ['new', { userId: 'new', email: 'd' }],
    ]),
    new Map([
      ['user-00042', 'u'],
      ['a b', 'new'],
      ['u-1', 'u-2'],
    ]),
  ),
  profileAliases: new Map([['p 2', 'p-1']]),
};

const PROFILE_IDS = new Set(['p-1', 'team-1', 'ARN', 'p-2', 'prófil', 'a"b', 'x,y', 'p 2']);
const CUTS_OF_PROFILES = new Map([
  ['p-1', CUT],
  ['prófil', CUT.slice(0, 1)],
]);

/** What a plan may hold, or in one of so many not. */
function mostly<Value>(value: Value, notOneIn = 3): fc.Arbitrary<Value | null> {
  return fc.option(fc.constant(value), { freq: notOneIn - 1 });
}

/** Plans of any kind. */
export const plans: fc.Arbitrary<ReductionPlan> = fc
  .record({
    months: fc.constantFrom(['2026-01'], ['2026-01', '2026-02'], [], undefined, undefined),
    profileIds: mostly(PROFILE_IDS),
    reportProfiles: mostly(REPORT_PROFILES),
    ofProfile: mostly(CUTS_OF_PROFILES),
    ofAll: fc.constantFrom([], [instant('2026-01-20T10:00:00Z')], MIDNIGHTS),
    knowsTerms: mostly(true, 4),
    meaning: fc.constantFrom('beside' as const, 'inside' as const, undefined),
    dedupe: oneIn(3),
    hasIdentities: oneIn(3),
  })
  .map(({ months, profileIds, reportProfiles, ofProfile, ofAll, dedupe, ...plan }) => ({
    ...(profileIds && { profileIds }),
    ...(reportProfiles && { reportProfiles }),
    ...(months && { months: new Set(months) }),
    cuts: { ofProfile: ofProfile ?? new Map(), ofAll },
    ...(plan.knowsTerms && {
      reported: {
        ...(plan.meaning && { meaning: plan.meaning }),
        profileTitle: shortProfileId,
        termsAt: (_profileId, month, tier) => (month < '2026-01' ? undefined : TIER_TERMS[tier]),
      },
    }),
    dedupe,
    identities: plan.hasIdentities ? IDENTITIES : NO_IDENTITIES,
  }));

/** Plans without what makes one thread read everything. */
export const plansForMany = plans.map((plan) => ({ ...plan, dedupe: false }));
