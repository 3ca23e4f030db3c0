/**
 * Writes a Cost and Usage Report to measure with, beside a data directory that it is reconciled with:
 * `cur.csv`, `cur.csv.gz`, `cur.parquet` and `data/`. One row in a hundred is Kiro's.
 *
 *     node test/aws/make-cur.mjs FOLDER [ROWS]
 *     /usr/bin/time -v kiro-bill reconcile --month 2026-01 --data FOLDER/data --cur FOLDER/cur.csv.gz
 */

import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';

const [folder = 'cur-bench', rowsText = '2000000'] = process.argv.slice(2);
const rowCount = Number(rowsText);
const kiroEvery = 100;
const userCount = 1000;
const account = '111122223333';

const columns = [
  'identity_line_item_id',
  'bill_billing_period_start_date',
  'bill_payer_account_id',
  'line_item_usage_account_id',
  'line_item_line_item_type',
  'line_item_usage_start_date',
  'line_item_product_code',
  'line_item_usage_type',
  'line_item_operation',
  'line_item_resource_id',
  'line_item_usage_amount',
  'line_item_currency_code',
  'line_item_unblended_cost',
  'line_item_line_item_description',
  'product',
  'pricing_term',
  'pricing_unit',
  'resource_tags',
];

/** Small random numbers that come again in each run (mulberry32). */
let state = 7;
function roll(below) {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
}

function hex(length) {
  return Array.from({ length }, () => roll(16).toString(16)).join('');
}

function userId(number) {
  return `90676c9d-0000-7000-8000-${String(number).padStart(12, '0')}`;
}

function* rows() {
  for (let index = 0; index < rowCount; index += 1) {
    yield index % kiroEvery === 0 ? kiroRow(index / kiroEvery) : otherRow(index);
  }
}

/** Each user has a fee in the first round, and credits in all others. */
function kiroRow(index) {
  const user = userId(index % userCount);
  const isFee = index < userCount;
  return row(index, {
    product: 'Kiro',
    type: isFee ? 'FlatRateSubscription' : 'Usage',
    usageType: isFee ? 'USE1-KiroEnterprise-Pro' : 'USE1-KiroEnterprise-Credits',
    operation: isFee ? 'monthly-subscription' : 'Credits',
    resource: `arn:aws:identitystore:::user/${user}`,
    amount: isFee ? 1 : roll(20000) / 1000,
    cost: isFee ? 20 : 0,
    description: 'Kiro Pro, per user and month',
  });
}

function otherRow(index) {
  return row(index, {
    product: 'AmazonEC2',
    type: 'Usage',
    usageType: 'USE1-BoxUsage:m7g.large',
    operation: 'RunInstances',
    resource: `arn:aws:ec2:us-east-1:${account}:instance/i-${hex(17)}`,
    amount: roll(24000) / 1000,
    cost: roll(10 ** 9) / 10 ** 8,
    description: '$0.0816 per On Demand Linux m7g.large, "Instance Hour"',
  });
}

function row(index, { product, type, usageType, operation, resource, amount, cost, description }) {
  const day = `2026-01-${String(1 + (index % 31)).padStart(2, '0')}T00:00:00.000Z`;
  return [
    hex(32),
    '2026-01-01T00:00:00.000Z',
    account,
    account,
    type,
    day,
    product,
    usageType,
    operation,
    resource,
    String(amount),
    'USD',
    String(cost),
    description,
    `{"product_name":"${product}","region":"us-east-1","servicecode":"${product}"}`,
    'OnDemand',
    'Hrs',
    '{"user_team":"platform","user_stage":"production","aws_created_by":"terraform"}',
  ];
}

function* csvLines() {
  yield `${columns.join(',')}\n`;
  for (const fields of rows()) {
    yield `${fields.map((text) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)).join(',')}\n`;
  }
}

function* batched(lines) {
  let batch = [];
  for (const line of lines) {
    batch.push(line);
    if (batch.length === 2000) {
      yield batch.join('');
      batch = [];
    }
  }
  yield batch.join('');
}

function parquet() {
  const values = columns.map(() => new Array(rowCount));
  let at = 0;
  for (const fields of rows()) {
    for (const [index, text] of fields.entries()) values[index][at] = text;
    at += 1;
  }
  const columnData = columns.map((name, index) => {
    const data = values[index];
    if (/_amount$|_cost$/.test(name)) return { name, data: data.map(Number), type: 'DOUBLE' };
    if (/_date$/.test(name))
      return { name, data: data.map((text) => new Date(text)), type: 'TIMESTAMP' };
    return { name, data, type: 'STRING' };
  });
  return Buffer.from(parquetWriteBuffer({ columnData, rowGroupSize: 500_000 }));
}

function writeData() {
  const data = join(folder, 'data');
  mkdirSync(data, { recursive: true });
  writeFileSync(
    join(data, 'profiles.csv'),
    `profile_id,account_id,region\np,${account},us-east-1\n`,
  );
  const seats = Array.from(
    { length: userCount },
    (_, number) => `p,user,${userId(number)},Pro,2025-11-01\n`,
  );
  const header = 'profile_id,principal_type,principal_id,tier,subscribed_at\n';
  writeFileSync(join(data, 'subscriptions.csv'), `${header}${seats.join('')}`);
}

mkdirSync(folder, { recursive: true });
writeData();
const csvFile = join(folder, 'cur.csv');
await pipeline(Readable.from(batched(csvLines())), createWriteStream(csvFile));
state = 7;
const gzip = createGzip({ level: 6 });
await pipeline(Readable.from(batched(csvLines())), gzip, createWriteStream(`${csvFile}.gz`));
state = 7;
writeFileSync(join(folder, 'cur.parquet'), parquet());
