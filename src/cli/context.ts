import type { Format } from './formats.ts';
import type { Host } from './host.ts';
import type { Stopwatch } from './stopwatch.ts';

/** What a command runs with, besides its own options. */
export interface Context {
  readonly host: Host;
  readonly stopwatch: Stopwatch;
  /** The format asked for, one of the command's. */
  readonly format: Format;
  /** Whether color is allowed; the stream decides whether it is used. */
  readonly color: boolean;
  readonly progress: boolean;
}
