/**
 * Measures csv-parse reading some files, each row as an object, and nothing more.
 *
 *   node test/bench/csv-parse-files.mjs FILE...
 */
import { createReadStream } from 'node:fs';
import { parse } from 'csv-parse';

let rows = 0;
for (const file of process.argv.slice(2)) {
  const records = createReadStream(file).pipe(parse({ columns: true }));
  for await (const _ of records) rows += 1;
}
console.log(JSON.stringify({ rows, peakMiB: process.resourceUsage().maxRSS / 1024 }));
