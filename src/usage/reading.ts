import type { Place } from '../domain/problem.ts';
import { usageOf } from './day-usage.ts';
import type { ReductionPlan, UsageReduction } from './plan.ts';
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
}

/** What all threads have read. */
export interface Reading {
  readonly parts: readonly PackedReading[];
  /** The place of a line of a unit. */
  placeOf(unit: number, line: number): Place;
}

/** What a reading comes to. */
export function reductionOf({ parts, placeOf }: Reading, plan: ReductionPlan): UsageReduction {
  const usage = usageOfPacks(parts.flatMap(({ seats }) => seats));
  const wantedMonths = usage.map(({ month }) => month);
  const sumOf = (count: (part: PackedReading) => number): number =>
    parts.reduce((total, part) => total + count(part), 0);
  return {
    ...usageOf(usage, plan),
    months: new Set([...wantedMonths, ...parts.flatMap((part) => [...part.unwantedMonths])]),
    profiles: firstPlaces(parts, placeOf),
    rows: sumOf(({ rows }) => rows),
    duplicates: sumOf(({ duplicates }) => duplicates),
    badRows: sumOf(({ badRows }) => badRows),
  };
}

/** By profile the row that named it first, in the order of these rows. */
function firstPlaces(
  parts: readonly PackedReading[],
  placeOf: Reading['placeOf'],
): Map<string, Place> {
  const first = new Map<string, FirstNamed>();
  for (const [profileId, row] of parts.flatMap(({ firstNamed }) => [...firstNamed])) {
    const known = first.get(profileId);
    if (known === undefined || isBefore(row, known)) first.set(profileId, row);
  }
  const inOrder = [...first].sort(([, a], [, b]) => (isBefore(a, b) ? -1 : 1));
  return new Map(inOrder.map(([profileId, { unit, line }]) => [profileId, placeOf(unit, line)]));
}
