/** Milliseconds since the process began. `performance.now` would load a dozen modules of Node to tell them. */
export function uptimeMs(): number {
  return 1000 * process.uptime();
}
