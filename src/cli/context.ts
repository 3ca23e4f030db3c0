import type { Host } from './host.ts';
import type { Messages } from './messages.ts';
import type { Stopwatch } from './stopwatch.ts';

/** What a command runs with, beside its own options. */
export interface Context {
  readonly host: Host;
  readonly messages: Messages;
  readonly stopwatch: Stopwatch;
  /** Whether color is allowed; whether there is any is up to the stream. */
  readonly color: boolean;
  readonly progress: boolean;
}
