import type { Place } from '../domain/problem.ts';
import { reportNotes } from './activity/report-notes.ts';
import { ReportTable } from './activity/report-table.ts';
import { ReportTotals } from './activity/report-totals.ts';
import { UnitOrder, type UnitPlace } from './activity/unit-order.ts';
import type { ReportFindings, UsageReduction } from './plan.ts';
import type { PackedReading, ReadingState } from './reading-state.ts';
import { isBefore } from './sums/first-named.ts';

/** What all threads have read. */
export interface Reading {
  /** What this thread has read. */
  readonly state: ReadingState;
  readonly others: readonly PackedReading[];
  readonly units: readonly UnitPlace[];
  /** The place of a line of a unit. */
  placeOf(unit: number, line: number): Place;
}

/** What a reading comes to. */
export function reductionOf(reading: Reading): Omit<UsageReduction, 'coverage'> {
  const { state, others } = reading;
  for (const other of others) state.absorb(other);
  const reports = reportsOf(reading);
  const { sums, rows, duplicates, badRows } = state;
  const stretches = sums.usage();
  return {
    stretches,
    months: new Set([...stretches.map(({ month }) => month), ...sums.unwantedMonths]),
    profiles: firstPlaces(reading),
    rows,
    duplicates,
    badRows,
    ...(reports === undefined ? {} : { reports }),
  };
}

/** What the activity reports of a reading say; their credits are added to all other usage. */
function reportsOf({ state, others, units, placeOf }: Reading): ReportFindings | undefined {
  const packs = [state.packReports(), ...others.map(({ reports }) => reports)].filter(
    (pack) => pack !== undefined,
  );
  if (packs.length === 0) return undefined;
  const order = new UnitOrder(units);
  const table = ReportTable.of(packs, order, () => state.newReportSeats());
  const totals = new ReportTotals(table, state.sums, order);
  return {
    overage: totals.overage(placeOf),
    notes: reportNotes(table.freeRows, table.differingDeliveries(placeOf)),
  };
}

/** By profile the row that named it first, in the order of these rows. */
function firstPlaces({ state, placeOf }: Reading): Map<string, Place> {
  const inOrder = [...state.sums.firstNamed].sort(([, a], [, b]) => (isBefore(a, b) ? -1 : 1));
  return new Map(inOrder.map(([profileId, { unit, line }]) => [profileId, placeOf(unit, line)]));
}
