/**
 * The peer that a Node developer writes first: csv-parse, with a row as an object, and sums
 * in a Map. It checks nothing, and adds up hundredths.
 *
 *   node test/bench/csv-parse.mjs USAGE.csv
 */
import { createReadStream } from 'node:fs';
import { parse } from 'csv-parse';
import { BENCH_MONTH } from './make-usage.mjs';
import { tell } from './totals.mjs';

const hundredths = new Map();
const rows = createReadStream(process.argv[2]).pipe(parse({ columns: true }));
for await (const { timestamp, profile_id, user_id, credits } of rows) {
  if (!timestamp.startsWith(BENCH_MONTH)) continue;
  const seat = `${profile_id},${user_id}`;
  hundredths.set(seat, (hundredths.get(seat) ?? 0) + Math.round(Number(credits) * 100));
}
tell([...hundredths].map(([seat, sum]) => [seat, (sum / 100).toFixed(2)]));
