import { createHash } from 'node:crypto';

/**
 * What a program has found, in a form that can be compared: the number of seats, and a
 * digest of all their credits. `seats`: from `profile,user` to credits with two decimals or more.
 */
export function foundTotals(seats) {
  const lines = [...seats]
    .map(([seat, credits]) => `${seat},${credits.replace(/(\.\d\d\d*?)0+$/, '$1')}\n`)
    .sort();
  const digest = createHash('sha256').update(lines.join('')).digest('hex');
  return { seats: lines.length, digest };
}

/** Prints the totals with the peak memory of this process, for its caller. */
export function tell(seats) {
  const peakMiB = process.resourceUsage().maxRSS / 1024;
  console.log(JSON.stringify({ ...foundTotals(seats), peakMiB }));
}
