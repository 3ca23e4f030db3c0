import { shortProfileId } from '../domain/ids.ts';
import type { Place } from '../domain/problem.ts';
import { NO_USAGE, type StretchUsage } from '../domain/records.ts';
import { OverageEvidence } from './activity/overage-evidence.ts';
import { limitNotes, missingDayNotes, reportNotes } from './activity/report-notes.ts';
import { ReportTable } from './activity/report-table.ts';
import { addReports } from './activity/report-totals.ts';
import { decidedVerdict, weighed } from './activity/reported-credits.ts';
import { reportedTiers } from './activity/reported-tiers.ts';
import { type UnitPlace, unitOrder } from './activity/unit-order.ts';
import type { PackedReading, ReadingState } from './kinds/reading-state.ts';
import type { ReductionPlan, ReportFindings, UsageReduction } from './plan.ts';
import { isBefore, type PlaceOf } from './sums/row-place.ts';
import type { SeatSums } from './sums/seat-sums.ts';

/** What all threads have read. */
export interface Reading {
  /** What this thread has read. */
  readonly state: ReadingState;
  readonly others: readonly PackedReading[];
  readonly units: readonly UnitPlace[];
  readonly placeOf: PlaceOf;
}

/** The result of a reading. */
export function reductionOf(
  reading: Reading,
  plan: ReductionPlan,
): Omit<UsageReduction, 'coverage' | 'unrecognizedFiles'> {
  const { state, others } = reading;
  for (const other of others) state.absorb(other);
  const reports = reportsOf(reading, plan);
  const { sums, rows, duplicates, badRows, badLines } = state;
  // Not later: a whole stretch may begin where no usage that was read does.
  const starts = sums.starts;
  return {
    stretches: plan.onlyInOrder ? NO_USAGE : sums.usage(),
    ...(plan.cuts.ofAll.length === 0 && { inOrder: inOrderOf(sums) }),
    starts,
    upTo: (end) => sums.usage(end),
    months: new Set([...sums.months, ...sums.unwantedMonths]),
    profiles: firstPlaces(reading),
    rows,
    duplicates,
    badRows,
    badLines,
    lastUse: (profileId, userId) => sums.lastUse(profileId, userId),
    ...(reports === undefined ? {} : { reports }),
  };
}

function inOrderOf(sums: SeatSums): Iterable<StretchUsage> {
  return { [Symbol.iterator]: () => sums.usageInOrder() };
}

/** The rows of the activity reports of a reading, once it has absorbed the others; `undefined` without reports. */
export function reportTable({ state, units, placeOf }: Reading): ReportTable | undefined {
  return state.collected && new ReportTable(state.collected, unitOrder(units), placeOf);
}

/** The findings of a reading's activity reports; their credits are added to all other usage (R1, R2). */
function reportsOf(reading: Reading, plan: ReductionPlan): ReportFindings | undefined {
  const { state } = reading;
  const table = reportTable(reading);
  if (table === undefined) return undefined;
  const { meaning, termsAt = () => undefined, profileTitle = shortProfileId } = plan.reported ?? {};
  const verdict =
    meaning === undefined
      ? weighed(new OverageEvidence(table).seatMonths(termsAt), termsAt, profileTitle)
      : decidedVerdict(meaning);
  const facts = addReports(table, state.sums, verdict);
  const isWanted = (month: string): boolean => plan.months?.has(month) ?? true;
  const tiers = reportedTiers(table, isWanted);
  table.dropRows();
  const wanted = facts.filter(({ date }) => isWanted(date.slice(0, 7)));
  return {
    overage: facts,
    tiers,
    dates: [...new Set(facts.map(({ date }) => date))].sort(),
    notes: [
      ...reportNotes(table.freeRows, table.redeliveries),
      ...verdict.notes,
      ...limitNotes(wanted, termsAt),
      ...missingDayNotes(facts, isWanted, profileTitle),
    ],
    warnings: verdict.warnings,
  };
}

/** By profile the first row that names it, in the order of these rows. */
function firstPlaces({ state, placeOf }: Reading): Map<string, Place> {
  const inOrder = [...state.sums.firstNamed].sort(([, a], [, b]) => (isBefore(a, b) ? -1 : 1));
  return new Map(inOrder.map(([profileId, row]) => [profileId, placeOf(row)]));
}
