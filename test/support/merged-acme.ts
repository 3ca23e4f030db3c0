/** Acme's files from AWS as fewer files with fewer rows, for tests that import them often. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { decimalText, sum, writtenDecimal } from '../../src/domain/decimal.ts';
import { groupBy } from '../../src/domain/grouping.ts';

/** Columns of a bill that imports do not need, and whose quotes take csv-parse most of its time. */
const UNNEEDED_COLUMNS = ['product', 'line_item_line_item_description'];
/** What tells the days of a bill apart: imports add up the rows of a month. */
const OF_A_DAY = /^identity_|^line_item_usage_(start|end)_date$/;
const SUMMED = ['line_item_usage_amount', 'line_item_unblended_cost'];

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
 * what was delivered again later still is. A bill has one row for what it charges on many days.
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
    texts.push([`cur/${name.replace(/\.gz$/, '')}`, textOf(monthRows(rows))]);
  }
  return Object.fromEntries(texts);
}

/** One row for those of a bill that differ in their day and their figures alone, with the sums of these. */
function monthRows(rows: readonly Row[]): Row[] {
  const isKey = (column: string): boolean => !OF_A_DAY.test(column) && !SUMMED.includes(column);
  const groups = groupBy(rows, (row) =>
    JSON.stringify(Object.entries(row).filter(([column]) => isKey(column))),
  );
  return Array.from(groups.values(), (group) => ({
    ...group[0],
    ...Object.fromEntries(SUMMED.map((column) => [column, sumText(group, column)])),
  }));
}

function sumText(rows: readonly Row[], column: string): string {
  const figures = rows.flatMap((row) => writtenDecimal(row[column] ?? '') ?? []);
  return figures.length === 0 ? '' : decimalText(sum(figures), 0);
}

/** The rows as CSV with all columns that any of them has. */
function textOf(rows: readonly Row[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return stringify([...rows], { header: true, columns });
}
