/** Acme's files from AWS with the same rows in fewer files and columns, for tests that import them often. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';

/** Columns of a bill that imports do not need, and whose quotes take csv-parse most of its time. */
const UNNEEDED_COLUMNS = ['product', 'line_item_line_item_description'];

type Row = Record<string, string>;

function rowsOf(bytes: Buffer): Row[] {
  return parse(bytes, { columns: true });
}

function namesBelow(folder: string, ending: RegExp): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => ending.test(name)).sort();
}

/**
 * The texts of the reports and bills of a folder such as `fixtures/acme-aws`, by path. The reports
 * of a Region, month and client are one file for each time of the day at which they were delivered:
 * what was delivered again later still is.
 */
export function mergedFiles(folder: string): Record<string, string> {
  const reports = new Map<string, Row[]>();
  for (const name of namesBelow(join(folder, 'bucket'), /user_report_\d+\.csv$/)) {
    const [, region, month = ''] = /user_report\/([^/]+)\/(\d{4}\/\d\d)/.exec(name) ?? [];
    const stamp = `${month.replace('/', '')}01$1`;
    const merged = `bucket/${region}/${basename(name).replace(/\d{8}(\d{4})(?=\.csv$)/, stamp)}`;
    const rows = rowsOf(readFileSync(join(folder, 'bucket', name)));
    reports.set(merged, [...(reports.get(merged) ?? []), ...rows]);
  }
  const texts = Array.from(reports, ([name, rows]) => [name, textOf(rows)]);
  for (const name of namesBelow(join(folder, 'cur'), /\.csv\.gz$/)) {
    const rows = rowsOf(gunzipSync(readFileSync(join(folder, 'cur', name))));
    for (const row of rows) for (const column of UNNEEDED_COLUMNS) delete row[column];
    texts.push([`cur/${name.replace(/\.gz$/, '')}`, textOf(rows)]);
  }
  return Object.fromEntries(texts);
}

/** The rows as CSV with all columns that any of them has. */
function textOf(rows: readonly Row[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return stringify([...rows], { header: true, columns });
}
