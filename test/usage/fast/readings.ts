import { expect } from 'vitest';
import { decimal, decimalText, isPositive, sum } from '../../../src/domain/decimal.ts';
import { groupBy } from '../../../src/domain/grouping.ts';
import { type Identities, userIdentities } from '../../../src/domain/identities.ts';
import type { Instant } from '../../../src/domain/instant.ts';
import { instant } from '../../../src/domain/instant.ts';
import type { Problem } from '../../../src/domain/problem.ts';
import { partsOf, type ReportedOverage } from '../../../src/domain/records.ts';
import { compareBytes } from '../../../src/domain/text-order.ts';
import type { ByteSource } from '../../../src/input/byte-source.ts';
import { ProblemLog } from '../../../src/input/problem-log.ts';
import type {
  BadUsageRow,
  ReductionPlan,
  ReportedTierTerms,
  UsageReduction,
} from '../../../src/usage/plan.ts';
import type { reduceUsage } from '../../../src/usage/reduce.ts';
import type { Dice } from './dice.ts';

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
  return { reduction: comparable(reduction), problems: log.kept, total: log.total, badRows };
}

/** In an order of its own, as that of the sums means nothing. */
function comparable(reduction: UsageReduction): unknown {
  const {
    stretches,
    inOrder = stretches,
    months,
    profiles,
    reports,
    coverage,
    unrecognizedFiles: _,
    starts: _starts,
    ...counts
  } = reduction;
  const parts = stretches.flatMap((stretch) => [...partsOf(stretch)]);
  const { starts = parts.map(({ from }) => from) } = reduction;
  expect(new Set(starts)).toEqual(new Set(parts.map(({ from }) => from)));
  expect([...inOrder].map(textOf).sort()).toEqual([...stretches].map(textOf).sort());
  return {
    ...counts,
    notes: (reports?.notes ?? []).filter(
      (note) => !/^no [\s\S]* on 20|Usage_Limit of|^… and .* (limits?|clients?)/.test(note),
    ),
    warnings: [...(reports?.warnings ?? [])],
    dates: [...(reports?.dates ?? [])],
    overage: overageTexts(reports?.overage ?? []),
    months: [...months].sort(),
    days: coverage.byProfile && [...coverage.byProfile].map(daysText).sort(),
    summaryMonths: [...coverage.summaryMonths].sort(),
    profiles: [...profiles].map(([id, { file, line }]) => `${id} ${file}:${line}`),
    stretches: parts.map(textOf).sort(),
  };
}

function daysText([profileId, days]: [string, ReadonlySet<number>]): string {
  return `${profileId}: ${[...days].sort((a, b) => a - b).join(' ')}`;
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

function textOf(usage: UsageReduction['stretches'][number]): string {
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

/** The bytes as a source, in chunks that end where chance wants. */
export function chunked(file: string, bytes: Buffer, dice: Dice, isLong: IsLong): ByteSource {
  const ends = Array.from({ length: dice.roll(6) }, () => dice.roll(bytes.length + 1));
  return source(file, bytes, [...ends.sort((a, b) => a - b), bytes.length], isLong);
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
const TIER_TERMS: Readonly<Record<string, ReportedTierTerms>> = {
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

/** A plan of any kind. */
export function anyPlan(dice: Dice): ReductionPlan {
  const profileIds = new Set(['p-1', 'team-1', 'ARN', 'p-2', 'prófil', 'a"b', 'x,y', 'p 2']);
  const months = new Set(dice.pick([['2026-01'], ['2026-01', '2026-02'], []]));
  return {
    ...(dice.oneIn(3) ? {} : { profileIds }),
    ...(dice.oneIn(3) ? {} : { reportProfiles: REPORT_PROFILES }),
    ...(dice.oneIn(3) ? {} : { months }),
    cuts: {
      ofProfile: new Map(
        dice.oneIn(3)
          ? []
          : [
              ['p-1', CUT],
              ['prófil', CUT.slice(0, 1)],
            ],
      ),
      ofAll: dice.pick([[], [instant('2026-01-20T10:00:00Z')], MIDNIGHTS]),
    },
    ...(dice.oneIn(4)
      ? {}
      : {
          reported: {
            ...(dice.oneIn(3) ? { meaning: dice.pick(['beside', 'inside'] as const) } : {}),
            termsAt: (_profileId, month, tier) =>
              month < '2026-01' ? undefined : TIER_TERMS[tier],
          },
        }),
    dedupe: dice.oneIn(3),
    ...(dice.oneIn(3) ? { identities: IDENTITIES } : {}),
  };
}
