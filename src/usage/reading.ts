import { NO_IDENTITIES } from '../domain/identities.ts';
import type { Place } from '../domain/problem.ts';
import { reportNotes } from './activity/report-notes.ts';
import { type PackedReports, ReportTable } from './activity/report-table.ts';
import { ReportTotals } from './activity/report-totals.ts';
import { UnitOrder, type UnitPlace } from './activity/unit-order.ts';
import { usageOf } from './day-usage.ts';
import type { ReductionPlan, ReportFindings, UsageReduction } from './plan.ts';
import { type PackedSeats, usageOfPacks } from './sums/packed-seats.ts';
import { type FirstNamed, isBefore } from './sums/profile-table.ts';

/** What one thread has read, in a form that can go to another. */
export interface PackedReading {
  readonly seats: readonly PackedSeats[];
  readonly firstNamed: ReadonlyMap<string, FirstNamed>;
  /** Months that are not wanted and have usage. */
  readonly unwantedMonths: ReadonlySet<string>;
  readonly rows: number;
  readonly duplicates: number;
  readonly badRows: number;
  /** Missing where there were no activity reports. */
  readonly reports?: PackedReports;
}

/** What all threads have read. */
export interface Reading {
  readonly parts: readonly PackedReading[];
  readonly units: readonly UnitPlace[];
  /** The place of a line of a unit. */
  placeOf(unit: number, line: number): Place;
}

/** What a reading comes to. */
export function reductionOf(reading: Reading, plan: ReductionPlan): UsageReduction {
  const { parts, placeOf } = reading;
  const reports = reportsOf(reading, plan);
  const all = reports === undefined ? parts : [...parts, reports.part];
  const usage = usageOfPacks(
    all.flatMap(({ seats }) => seats),
    plan.identities ?? NO_IDENTITIES,
  );
  const wantedMonths = usage.map(({ month }) => month);
  const sumOf = (count: (part: PackedReading) => number): number =>
    parts.reduce((total, part) => total + count(part), 0);
  return {
    ...usageOf(usage, plan),
    months: new Set([...wantedMonths, ...all.flatMap((part) => [...part.unwantedMonths])]),
    profiles: firstPlaces(all, placeOf),
    rows: sumOf(({ rows }) => rows),
    duplicates: sumOf(({ duplicates }) => duplicates),
    badRows: sumOf(({ badRows }) => badRows),
    ...(reports === undefined ? {} : { reports: reports.findings }),
  };
}

/** What the activity reports of a reading come to: usage like that of a thread, and what they tell beside it. */
function reportsOf(
  { parts, units, placeOf }: Reading,
  plan: ReductionPlan,
): { part: UsagePart; findings: ReportFindings } | undefined {
  const packs = parts.flatMap(({ reports }) => reports ?? []);
  if (packs.length === 0) return undefined;
  const order = new UnitOrder(units);
  const table = ReportTable.of(packs, order);
  const totals = new ReportTotals(table, plan, order);
  const { firstNamed, unwantedMonths } = totals.profiles;
  return {
    part: { seats: [totals.seats()], firstNamed, unwantedMonths },
    findings: {
      overage: totals.overage(placeOf),
      notes: reportNotes(table.freeRows, table.differingDeliveries(placeOf)),
    },
  };
}

type UsagePart = Pick<PackedReading, 'seats' | 'firstNamed' | 'unwantedMonths'>;

/** By profile the row that named it first, in the order of these rows. */
function firstPlaces(parts: readonly UsagePart[], placeOf: Reading['placeOf']): Map<string, Place> {
  const first = new Map<string, FirstNamed>();
  for (const [profileId, row] of parts.flatMap(({ firstNamed }) => [...firstNamed])) {
    const known = first.get(profileId);
    if (known === undefined || isBefore(row, known)) first.set(profileId, row);
  }
  const inOrder = [...first].sort(([, a], [, b]) => (isBefore(a, b) ? -1 : 1));
  return new Map(inOrder.map(([profileId, { unit, line }]) => [profileId, placeOf(unit, line)]));
}
