import { overageAt } from '../billing/overage.ts';
import { billingPeriod, periodAt } from '../domain/billing-period.ts';
import { compare, type Decimal, decimalText } from '../domain/decimal.ts';
import { groupBy } from '../domain/grouping.ts';
import { type Instant, utcDate } from '../domain/instant.ts';
import type { OverageSighting } from './evidence.ts';

/** The overage switch and cap of a profile from an instant on. */
export interface OverageStep {
  readonly at: Instant;
  readonly on: boolean;
  /** Missing where nothing tells: then it stays as it was. */
  readonly capCredits?: Decimal | 'none';
  readonly source: string;
}

export interface OverageHistory {
  /** The state before the first change. */
  readonly first?: OverageStep;
  /** In the order of time. */
  readonly changes: readonly OverageStep[];
  /** What the files contradict each other in, in plain words. */
  readonly conflicts: readonly string[];
}

/**
 * A profile's overage through time. Reports tell each day; a month that AWS charges overage
 * in was on, which counts where no report speaks of it. The first state seen holds from ever,
 * unless bills before it charge none. Of several caps of one day the largest counts.
 * What holds at an instant, and what a blank cap means, is for O2 and O3 to say.
 */
export function overageHistory(
  sightings: readonly OverageSighting[],
  overageMonths: readonly string[],
  billedSince: Instant | undefined,
): OverageHistory {
  const conflicts: string[] = [];
  const days = [...groupBy(sightings, ({ at }) => at).values()].map((ofDay) =>
    dayStep(ofDay, conflicts),
  );
  const charged = overageMonths.flatMap((month) => chargedSteps(month, days, conflicts));
  const steps = [...days, ...charged].sort((a, b) => (a.at < b.at ? -1 : 1));
  const [first] = steps;
  if (first === undefined) return { changes: [], conflicts };
  const isCharged = charged.includes(first);
  const wasOff = isCharged && billedSince !== undefined && billedSince < first.at;
  const before: OverageStep = wasOff ? { at: billedSince, on: false, source: first.source } : first;
  return { first: before, changes: changesOf(before, steps), conflicts };
}

/** The state that a day's rows show: on where any has it on, with the largest cap. */
function dayStep(
  ofDay: readonly [OverageSighting, ...OverageSighting[]],
  conflicts: string[],
): OverageStep {
  const on = ofDay.filter((one) => one.on);
  const [first] = on.length > 0 ? on : ofDay;
  const capped = on.filter(({ capCredits }) => capCredits !== undefined);
  const [largest, ...others] = capped.sort((a, b) => compareCaps(b.capCredits, a.capCredits));
  const other = others.find(({ capCredits }) => compareCaps(capCredits, largest?.capCredits) !== 0);
  if (largest !== undefined && other !== undefined) {
    conflicts.push(
      `two caps on ${utcDate(largest.at)}: ${capText(largest.capCredits)} in ${largest.source}, and ${capText(other.capCredits)} in ${other.source}; the larger one is written`,
    );
  }
  return largest ?? (first as OverageSighting);
}

/** No cap is larger than any. */
function compareCaps(a: Decimal | 'none' | undefined, b: Decimal | 'none' | undefined): number {
  if (a === 'none' || b === 'none') return Number(a === 'none') - Number(b === 'none');
  return a === undefined || b === undefined ? 0 : compare(a, b);
}

/** A cap as a row has it: blank where it stays as it was. */
export function capText(cap: Decimal | 'none' | undefined): string {
  return cap === undefined || cap === 'none' ? (cap ?? '') : decimalText(cap, 0);
}

/** What a month with overage on the bill adds to the reports: nothing where they have it on in the month. */
function chargedSteps(
  month: string,
  days: readonly OverageStep[],
  conflicts: string[],
): OverageStep[] {
  const { start } = billingPeriod(month);
  const ofMonth = days.filter(({ at }) => periodAt(at).month === month);
  const step = { at: start, on: true, source: `Credits charged in the CUR of ${month}` };
  if (ofMonth.some(({ on }) => on)) return [];
  const [firstDay] = ofMonth;
  if (firstDay === undefined || (firstDay === days[0] && firstDay.at > start)) return [step];
  conflicts.push(
    `AWS charges overage in ${month}, and the reports have it disabled all through that month`,
  );
  return [];
}

/** The steps that change something of what was before. */
function changesOf(first: OverageStep, steps: readonly OverageStep[]): OverageStep[] {
  const { on: overageOn, capCredits } = first;
  const profile = {
    overageOn,
    ...(capCredits === undefined || capCredits === 'none' ? {} : { capCredits }),
  };
  const history = { profile, changes: steps.map((step) => ({ ...step, changedAt: step.at })) };
  return steps.filter((step) => {
    const [before, after] = [overageAt(history, step.at - 1n), overageAt(history, step.at)];
    const isSame =
      before.on === after.on &&
      compareCaps(before.capCredits ?? 'none', after.capCredits ?? 'none') === 0;
    return step !== first && !isSame;
  });
}
