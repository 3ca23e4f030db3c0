import { setImmediate as nextTurn } from 'node:timers/promises';
import { uptimeMs } from '../../input/clock.ts';

/** How long a thread may run without handling signals, timers and messages. */
const TURN_MS = 25;

let endMs = uptimeMs() + TURN_MS;

/** Gives the event loop a turn, if it has not had one for long. */
export async function yieldToEventLoop(): Promise<void> {
  if (uptimeMs() < endMs) return;
  await nextTurn();
  endMs = uptimeMs() + TURN_MS;
}
