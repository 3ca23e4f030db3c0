import type { Profile } from '../../domain/records.ts';
import type { Report } from '../../domain/report.ts';

/** Everything that the page tells. */
export interface PageInput {
  readonly report: Report;
  /** By profile id. */
  readonly profiles: ReadonlyMap<string, Profile>;
  /** By group id. */
  readonly groupNames: ReadonlyMap<string, string>;
  /** What the seats were filtered by, each `user Ana Souza`; empty where all are shown. */
  readonly filters: readonly string[];
  /** What was left out while the inputs were read. */
  readonly notes: readonly string[];
  /** `YYYY-MM-DD`, UTC. */
  readonly writtenOn: string;
  /** Whether the month was over by then. */
  readonly isOver: boolean;
  /** Of the program. */
  readonly version: string;
}
