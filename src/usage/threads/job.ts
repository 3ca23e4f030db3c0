import type { UnitPlace } from '../activity/unit-order.ts';
import type { PartRead } from '../files/usage-file.ts';
import type { PackedReading } from '../kinds/reading-state.ts';
import type { ReductionPlan } from '../plan.ts';
import type { KernelModule } from '../rows/kernel-module.ts';
import type { Unit } from './units.ts';

/** Work shared by several threads. */
export interface Job {
  readonly plan: ReductionPlan;
  readonly kernel: KernelModule;
  /** The path of each source. */
  readonly files: readonly string[];
  readonly units: readonly Unit[];
  /** The memory of a `SharedTurn`. */
  readonly turn: Int32Array;
}

/** The origin of each unit's rows. */
export function unitPlaces({ files, units }: Pick<Job, 'files' | 'units'>): UnitPlace[] {
  return units.map(({ source, part }) => ({
    file: files[source] as string,
    from: part?.from ?? 0,
    source,
  }));
}

/** The result of reading one unit, except for the sums. */
export interface UnitOutcome {
  readonly unit: number;
  /** Where the rows of a part were; missing for a whole source. */
  readonly part: PartRead | undefined;
}

/** What a thread reports while it works. */
export type ThreadMessage =
  | { readonly outcome: UnitOutcome }
  | { readonly bytes: number; readonly rows: number }
  | { readonly reading: PackedReading };

const NEXT_UNIT = 0;
const IS_STOPPED = 1;

/** The number of the next unit, in memory shared by all threads. */
export class SharedTurn {
  readonly memory: Int32Array;

  constructor(memory: Int32Array = new Int32Array(new SharedArrayBuffer(8))) {
    this.memory = memory;
  }

  /** Takes the next unit: returns its number, which no other thread gets. */
  takeUnit(): number {
    return Atomics.add(this.memory, NEXT_UNIT, 1);
  }

  stop(): void {
    Atomics.store(this.memory, IS_STOPPED, 1);
  }

  get isStopped(): boolean {
    return Atomics.load(this.memory, IS_STOPPED) === 1;
  }
}
