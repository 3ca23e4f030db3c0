import { overageAt } from '../billing/overage.ts';
import { billingPeriod, periodAt } from '../domain/billing-period.ts';
import { compare, type Decimal, decimalText } from '../domain/decimal.ts';
import { groupBy } from '../domain/grouping.ts';
import { type Instant, utcDate } from '../domain/instant.ts';
import { inTime, type OverageStep } from './evidence.ts';

interface InferredOverage {
  /** The state before the first change. */
  readonly first?: OverageStep;
  /** In chronological order. */
  readonly changes: readonly OverageStep[];
  /** Contradictions between the files, as sentences. */
  readonly conflicts: readonly string[];
}

/**
 * A profile's overage through time. Reports show each day; in a month with charged overage it was
 * on, which counts if no report covers the month. The first state seen applies to all time before
 * it, unless bills of that time charge no overage. Of several caps on one day the largest counts.
 * The state at an instant, and the meaning of a blank cap, are for O2 and O3 to decide.
 */
export function overageHistory(
  sightings: readonly OverageStep[],
  overageMonths: readonly string[],
  billedSince: Instant | undefined,
): InferredOverage {
  const conflicts: string[] = [];
  const days = [...groupBy(sightings, ({ at }) => at).values()].map((ofDay) =>
    dayStep(ofDay, conflicts),
  );
  const charged = overageMonths.flatMap((month) => chargedSteps(month, days, conflicts));
  const steps = inTime([...days, ...charged]);
  const [first] = steps;
  if (first === undefined) return { changes: [], conflicts };
  const isCharged = charged.includes(first);
  const wasOff = isCharged && billedSince !== undefined && billedSince < first.at;
  const before: OverageStep = wasOff ? { at: billedSince, on: false, source: first.source } : first;
  return { first: before, changes: changesOf(before, steps), conflicts };
}

/** The state that a day's rows show: on if any row has it on, with the largest cap. */
function dayStep(
  ofDay: readonly [OverageStep, ...OverageStep[]],
  conflicts: string[],
): OverageStep {
  const on = ofDay.filter((one) => one.on);
  const [first] = on.length > 0 ? on : ofDay;
  const capped = on.flatMap((one) => {
    const { capCredits } = one;
    return capCredits === undefined ? [] : [{ ...one, capCredits }];
  });
  const [largest, ...others] = capped.sort((a, b) => compareCaps(b.capCredits, a.capCredits));
  if (largest === undefined) return first as OverageStep;
  const other = others.find(({ capCredits }) => compareCaps(capCredits, largest.capCredits) !== 0);
  if (other !== undefined) {
    conflicts.push(
      `two caps on ${utcDate(largest.at)}: ${capText(largest.capCredits)} in ${largest.source}, and ${capText(other.capCredits)} in ${other.source}; the larger one is written`,
    );
  }
  return largest;
}

/** No cap is larger than any cap. */
function compareCaps(a: Decimal | 'none', b: Decimal | 'none'): number {
  if (a === 'none' || b === 'none') return Number(a === 'none') - Number(b === 'none');
  return compare(a, b);
}

/** A cap as written in a row: blank if it stays unchanged. */
export function capText(cap: Decimal | 'none' | undefined): string {
  return cap === undefined || cap === 'none' ? (cap ?? '') : decimalText(cap, 0);
}

/** What a bill's month with overage adds to the reports: nothing if they show it on in that month. */
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

/** The steps that change something. */
function changesOf(first: OverageStep, steps: readonly OverageStep[]): OverageStep[] {
  // The cap before the first change is never compared: the first step is no change.
  const history = {
    profile: { overageOn: first.on },
    changes: steps.map((step) => ({ ...step, changedAt: step.at })),
  };
  return steps.filter((step) => {
    const [before, after] = [overageAt(history, step.at - 1n), overageAt(history, step.at)];
    const isSame =
      before.on === after.on &&
      compareCaps(before.capCredits ?? 'none', after.capCredits ?? 'none') === 0;
    return step !== first && !isSame;
  });
}
