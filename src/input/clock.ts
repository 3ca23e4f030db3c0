/** Milliseconds since the process began. `performance.now` would load a dozen modules of Node for them. */
export function uptimeMs(): number {
  return 1000 * process.uptime();
}
