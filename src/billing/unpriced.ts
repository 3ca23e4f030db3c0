import type { Selection, Source } from '../domain/invoice.ts';
import { BadInput, byFileAndLine, type Problem } from '../domain/problem.ts';
import { livesWithin, selectionsWithin } from './held-tier.ts';
import type { ProfileMonth } from './profile-month.ts';
import { missingPartition, type ProfileTerms } from './rates.ts';

/** What has no price in the months is one `BadInput`, which says `why` they are billed with each problem. */
export function refuseUnpriced(months: readonly ProfileMonth[], why?: string): void {
  const problems = unpriced(months).map((problem) =>
    why === undefined ? problem : { ...problem, what: `${problem.what}; ${why}` },
  );
  if (problems.length > 0) throw new BadInput(problems);
}

/**
 * What has no price in the months, in the order of the files: a tier for each month without it, a
 * profile's partition for the first (M3, M4).
 */
export function unpriced(months: readonly ProfileMonth[]): Problem[] {
  const problems: Problem[] = [];
  const partitionless = new Set<string>();
  for (const month of months) {
    const { terms, edition, profile, period } = month;
    if (terms !== undefined) {
      problems.push(...missingTiers(month, terms));
    } else if (!partitionless.has(profile.profileId) && hasSource(month)) {
      partitionless.add(profile.profileId);
      problems.push(missingPartition(edition, profile, period));
    }
  }
  return byFileAndLine(problems);
}

function hasSource({ seats, period }: ProfileMonth): boolean {
  const lives = (source: Source): boolean => livesWithin(source, period);
  return [...seats.values()].some(({ sources }) => sources.some(lives));
}

/** A problem for each row by which a source selects a tier without a price, also on a pending seat. */
function missingTiers(month: ProfileMonth, terms: ProfileTerms): Iterable<Problem> {
  const { start, end } = month.period;
  const problems = new Map<string, Problem>();
  for (const { sources } of month.seats.values()) {
    for (const source of sources) {
      if (selectsOnly(source, terms)) continue;
      for (const selection of selectionsWithin(source, start, end)) {
        if (terms.has(selection.tier)) continue;
        const { file, line } = selection.place;
        problems.set(`${file}:${line}`, missingTier(selection, month, terms));
      }
    }
  }
  return problems.values();
}

/** Whether all tiers that a source ever selects have a price. */
function selectsOnly({ subscription }: Source, terms: ProfileTerms): boolean {
  const { tier, tierChanges } = subscription;
  return terms.has(tier) && tierChanges.every((change) => terms.has(change.tier));
}

function missingTier(
  { place, tier }: Selection,
  { edition, period }: ProfileMonth,
  terms: ProfileTerms,
): Problem {
  return {
    ...place,
    column: 'tier',
    what: `tier ${tier} is not on the rate card in ${period.month}: its edition ${edition.from} has ${[...terms.keys()].join(', ')}`,
    value: tier,
  };
}
