import { compare, sum, ZERO } from '../../../src/domain/decimal.ts';
import { groupBy } from '../../../src/domain/grouping.ts';
import { userIdFor } from '../../../src/domain/identities.ts';
import { shortProfileId } from '../../../src/domain/ids.ts';
import type { Place } from '../../../src/domain/problem.ts';
import type { ReportedTiers } from '../../../src/domain/records.ts';
import { seatKey } from '../../../src/domain/seat-key.ts';
import { tierKey } from '../../../src/domain/tier.ts';
import { type ByteSource, readBytes } from '../../../src/input/byte-source.ts';
import type { ProblemLog } from '../../../src/input/problem-log.ts';
import { reportMatch } from '../../../src/usage/activity/profile-match.ts';
import {
  type CreditsVerdict,
  decidedVerdict,
  weighed,
} from '../../../src/usage/activity/reported-credits.ts';
import { readExactly } from '../../../src/usage/files/exact-reading.ts';
import { sortSources } from '../../../src/usage/files/sort-sources.ts';
import type { RowSums } from '../../../src/usage/kinds/reading-state.ts';
import type {
  BadUsageRow,
  ReadingProgress,
  ReductionPlan,
  UsageReduction,
} from '../../../src/usage/plan.ts';
import { seatUsage } from '../../support/seat-usage.ts';
import { UsageAccumulator } from './accumulator.ts';
import { ActivityReports, type CountedActivity } from './activity-reports.ts';

/**
 * The plain twin of `reduceUsage`, which says what it must give: files are read one after
 * another, row by row, all from text.
 */
export async function reduceUsagePlainly(
  sources: readonly ByteSource[],
  plan: ReductionPlan,
  log: ProblemLog,
  onBadRow?: (row: BadUsageRow) => void,
  progress: ReadingProgress = {},
): Promise<UsageReduction> {
  const accumulator = new UsageAccumulator(plan);
  const requestIds = new PlainRequestIds();
  const userIdOf = (bareId: string): string => userIdFor(plan.identities, bareId);
  const reports = new ActivityReports(reportMatch(plan), userIdOf);
  const sums: RowSums = {
    plan,
    listener: { log, onBadRow },
    progress,
    reports,
    rows: 0,
    duplicates: 0,
    badRows: 0,
    badLines: 0,
    add: ({ profileId, userId, at }, credits, place, requestId) => {
      if (requestIds.isRepeated(requestId)) {
        sums.duplicates += 1;
        accumulator.noteDay(profileId, at);
      } else accumulator.add(profileId, userIdOf(userId), at, credits, place);
    },
    addStretch: (...stretch) => accumulator.addStretch(...stretch),
  };
  const { usage, summaries } = await sortSources(sources);
  for (const source of usage) {
    try {
      await readExactly(source.file, readBytes(source, progress.onBytes), sums);
    } catch (error) {
      log.addFailure(error);
    }
  }
  const counted = [...reports.counted()];
  const deliveries = [...reports.countedOnce()];
  const once = new Set(deliveries.flat());
  const verdict = plainVerdict(deliveries.flat(), counted, plan);
  for (const rows of deliveries) {
    const [{ profileId, userId, at, date, place }] = rows;
    const seatMonth = { profileId, userId, month: date.slice(0, 7) };
    const isBeside = verdict.meaningOf(seatMonth) === 'beside';
    const credits = sum(
      rows.flatMap(({ creditsUsed, overageCredits }) =>
        isBeside ? [creditsUsed, overageCredits] : [creditsUsed],
      ),
    );
    accumulator.add(profileId, userId, at, credits, place);
  }
  const files = sources.map(({ file }) => file);
  const { rows, duplicates, badRows, badLines } = sums;
  const stretches = accumulator.stretches();
  return {
    stretches: seatUsage(stretches),
    starts: [...new Set(stretches.map(({ from }) => from))],
    upTo: (end) => seatUsage(stretches.filter(({ from }) => from < end)),
    coverage: {
      ...(summaries.length > 0 ? {} : { byProfile: accumulator.days() }),
      summaryMonths: accumulator.summaryMonths,
      twice: [],
    },
    unrecognizedFiles: [],
    lastUse: (profileId, userId) => accumulator.lastUse(profileId, userId),
    months: accumulator.months(),
    profiles: firstPlaces([...accumulator.profiles(), ...counted.map(namedBy)], files),
    rows,
    duplicates,
    badRows,
    badLines,
    reports: {
      overage: counted.map((row) => (once.has(row) ? row : { ...row, overageCredits: ZERO })),
      tiers: plainTiers(counted, plan),
      notes: [...reports.notes(), ...verdict.notes],
      warnings: verdict.warnings,
      dates: [...new Set(counted.map(({ date }) => date))].sort(),
    },
  };
}

/** The verdict on the rows that count, each seat and month taken by itself. */
function plainVerdict(
  once: readonly CountedActivity[],
  counted: readonly CountedActivity[],
  { reported }: ReductionPlan,
): CreditsVerdict {
  if (reported?.meaning !== undefined) return decidedVerdict(reported.meaning);
  const termsAt = reported?.termsAt ?? (() => undefined);
  const keyOf = ({ profileId, userId, date }: CountedActivity): string =>
    JSON.stringify([profileId, userId, date.slice(0, 7)]);
  const seatMonths = [...groupBy(once, keyOf)].map(([key, rows]) => {
    const [{ profileId, userId, date }] = rows;
    const month = date.slice(0, 7);
    const ofMonth = counted.filter((row) => keyOf(row) === key);
    const ofSeat = counted.filter((row) => row.profileId === profileId && row.userId === userId);
    const limits = ofMonth.flatMap(({ limitCredits }) => limitCredits ?? []);
    return {
      ...{ profileId, userId, month },
      creditsUsed: sum(rows.map(({ creditsUsed }) => creditsUsed)),
      overageCredits: sum(rows.map(({ overageCredits }) => overageCredits)),
      tiers: new Set(
        ofMonth.flatMap((row) => plainTier(row, ofSeat, (tier) => termsAt(profileId, month, tier))),
      ),
      limits: limits.filter(
        (limit, index) => limits.findIndex((other) => compare(limit, other) === 0) === index,
      ),
    };
  });
  return weighed(seatMonths, termsAt, shortProfileId);
}

/** The tier of a row; of one without, the highest of the nearest day that has one, the earlier at equal distance. */
function plainTier(
  { tier, at }: CountedActivity,
  ofSeat: readonly CountedActivity[],
  termsOf: (tier: string) => { readonly rank: number } | undefined,
): string[] {
  if (tierKey(tier) !== '') return [tierKey(tier)];
  const distance = (row: CountedActivity): number => Math.abs(Number(row.at - at));
  const rank = (row: CountedActivity): number => termsOf(tierKey(row.tier))?.rank ?? -1;
  const [nearest] = ofSeat
    .filter((row) => tierKey(row.tier) !== '')
    .sort(
      (a, b) =>
        distance(a) - distance(b) ||
        Number(a.at - b.at) ||
        rank(b) - rank(a) ||
        (tierKey(a.tier) < tierKey(b.tier) ? -1 : 1),
    );
  return nearest === undefined ? [] : [tierKey(nearest.tier)];
}

function plainTiers(counted: readonly CountedActivity[], { months }: ReductionPlan): ReportedTiers {
  const rows = counted.filter(({ tier }) => tierKey(tier) !== '');
  const ofMonths = groupBy(rows, ({ date }) => date.slice(0, 7));
  const wanted = [...ofMonths].filter(([month]) => months?.has(month) ?? true);
  return new Map(
    wanted.map(([month, ofMonth]) => {
      const seats = groupBy(ofMonth, ({ profileId, userId }) => seatKey(profileId, userId));
      const tiers = [...seats].map(([seat, ofSeat]) => {
        return [seat, [...new Set(ofSeat.map(({ tier }) => tierKey(tier)))]] as const;
      });
      return [month, new Map(tiers)];
    }),
  );
}

function namedBy({ profileId, place }: CountedActivity): [string, Place] {
  return [profileId, place];
}

/** By profile the first place of those that name it, in the order of reading. */
function firstPlaces(
  named: readonly (readonly [string, Place])[],
  files: readonly string[],
): Map<string, Place> {
  const inOrder = named.toSorted(
    ([, a], [, b]) => files.indexOf(a.file) - files.indexOf(b.file) || a.line - b.line,
  );
  const first = new Map<string, Place>();
  for (const [profileId, place] of inOrder) {
    if (!first.has(profileId)) first.set(profileId, place);
  }
  return first;
}

class PlainRequestIds {
  readonly #known = new Set<string>();

  isRepeated(requestId: string): boolean {
    const isKnown = requestId !== '' && this.#known.has(requestId);
    this.#known.add(requestId);
    return isKnown;
  }
}
