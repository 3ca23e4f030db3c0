import { setImmediate as nextTurn } from 'node:timers/promises';

/** How long a thread may run without handling signals, timers and messages. */
const TURN_MS = 25;

let endMs = performance.now() + TURN_MS;

/** Gives the event loop a turn, if it has not had one for long. */
export async function yieldToEventLoop(): Promise<void> {
  if (performance.now() < endMs) return;
  await nextTurn();
  endMs = performance.now() + TURN_MS;
}
