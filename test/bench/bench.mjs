/**
 * How fast `kiro-bill invoice` is, as a whole process, beside its peers on the same file of
 * request usage and on the same activity reports; then how its time grows with rows and with
 * seats.
 *
 *   npm run bench
 *
 * ROWS, SEATS, IDS   the data, see make-usage.mjs
 * FORMS=plain,fractions,quoted,offsets,digits,plain;,digits;   how it is written, the last two with
 *                    semicolons and decimal commas; empty for none
 * ROUNDS=5           how often each program runs; medians are shown
 * CSV_PARSE=1        how many of these rounds csv-parse runs in, as it is slow
 * ACTIVITY_ROWS, LAYOUT   the activity reports, see make-activity.mjs; 0 rows for none
 * CUR_ROWS=1000000   a company's Cost and Usage Report with 120 columns, see make-cur.mjs; none by default
 * GROWTH=500000,5000000,20000000   rows for the last section; empty for none
 * MANY_SEATS=100000  seats with a million rows, beside csv-parse on the same three files; 0 for none
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { createReadStream, existsSync, readdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { makeActivity, wantedActivity } from './make-activity.mjs';
import { makeCur, wantedCur } from './make-cur.mjs';
import { BENCH_MONTH, FORMS, folderOf, makeUsage, wantedData, writeUsers } from './make-usage.mjs';
import { foundTotals } from './totals.mjs';

const HERE = import.meta.dirname;
const PROGRAM = join(HERE, '../../bin/kiro-bill.js');
const ROUNDS = Number(process.env.ROUNDS ?? 5);
const MANY_SEATS = Number(process.env.MANY_SEATS ?? 100_000);

/** `usage`: its path in the data directory, if not the usual one. */
function invoiceOf(...usage) {
  return {
    name: 'kiro-bill invoice',
    argumentsFor: (folder) => [
      PROGRAM,
      ...['invoice', '--month', BENCH_MONTH, '--data', folder],
      ...usage.flatMap((name) => ['--usage', join(folder, name)]),
      ...['--format', 'csv', '--timings', '--no-progress'],
    ],
    found: ({ stdout, stderr }) => ({
      ...foundTotals(seatsOfInvoice(stdout)),
      peakMiB: Number(/peak memory: ([\d.]+)/.exec(stderr)?.[1]),
    }),
  };
}

const INVOICE = invoiceOf();
const INVOICE_OF_REPORTS = invoiceOf('bucket');
/** `wanted`: how the file to be summed is written. */
function duckdbOn({ form, delimiter }) {
  const type = form === 'digits' ? 'DECIMAL(38,16)' : 'DECIMAL(18,2)';
  // Without a zone DuckDB would take no notice of offsets.
  const instant = form === 'offsets' ? 'TIMESTAMPTZ' : 'TIMESTAMP';
  return {
    name: 'DuckDB, 2 threads',
    argumentsFor: (folder) => [
      join(HERE, 'duckdb.mjs'),
      ...[join(folder, 'usage.csv'), '2', type, delimiter, instant],
    ],
    found: ({ stdout }) => JSON.parse(stdout),
  };
}

const DUCKDB_ON_REPORTS = {
  name: 'DuckDB, 2 threads',
  argumentsFor: (folder) => [join(HERE, 'duckdb-activity.mjs'), join(folder, 'statement.sql'), '2'],
  found: ({ stdout }) => JSON.parse(stdout),
};
const CSV_PARSE = {
  name: 'csv-parse, objects',
  argumentsFor: (folder) => [join(HERE, 'csv-parse.mjs'), join(folder, 'usage.csv')],
  found: ({ stdout }) => JSON.parse(stdout),
  rounds: Number(process.env.CSV_PARSE ?? 1),
};

/** `name`: of the report in the data directory. Its seats are not ours, so that the run ends with 1. */
function reconcileOn(name) {
  return {
    name: 'kiro-bill reconcile',
    status: 1,
    argumentsFor: (folder) => [
      PROGRAM,
      ...['reconcile', '--month', BENCH_MONTH, '--data', folder, '--cur', join(folder, name)],
      ...['--format', 'csv', '--timings', '--no-progress'],
    ],
    found: ({ stdout, stderr }) => ({
      ...foundTotals(
        parse(stdout, { columns: true })
          .map((row) => [row.user_id, row.aws_overage])
          .filter(([, cost]) => cost !== '0.00'),
      ),
      peakMiB: Number(/peak memory: ([\d.]+)/.exec(stderr)?.[1]),
    }),
  };
}

function duckdbOnCur(name) {
  return {
    name: 'DuckDB, 2 threads',
    argumentsFor: (folder) => [join(HERE, 'duckdb-cur.mjs'), join(folder, name), '2'],
    found: ({ stdout }) => JSON.parse(stdout),
  };
}

/** Seats without usage are in an invoice, but in no sum of usage. */
function seatsOfInvoice(csv) {
  return parse(csv, { columns: true })
    .map((row) => [`${row.profile_id},${row.user_id}`, row.credits_used])
    .filter(([, credits]) => credits !== '0.00');
}

/** One run of a program: how long it took, how much memory, and what it found. */
function run(program, folder) {
  const startMs = performance.now();
  const ended = spawnSync(process.execPath, program.argumentsFor(folder), {
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
  });
  const ms = performance.now() - startMs;
  if (ended.status !== (program.status ?? 0))
    throw new Error(`${program.name} failed:\n${ended.stderr}`);
  return { ms, ...program.found(ended) };
}

/** Runs programs in turn, so that other load on the machine affects all of them alike. */
function runInTurn(programs, folder, rounds) {
  const runs = new Map(programs.map((program) => [program, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const program of programs) {
      if (round < (program.rounds ?? rounds)) runs.get(program).push(run(program, folder));
    }
  }
  return runs;
}

function refuseDisagreement(runs) {
  const digests = new Set([...runs.values()].flat().map(({ digest }) => digest));
  if (digests.size !== 1) throw new Error('the programs do not agree on the credits of all seats');
}

function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function made(wanted) {
  const folder = folderOf(wanted);
  if (!existsSync(join(folder, 'usage.csv'))) makeUsage(folder, wanted);
  return folder;
}

/** The activity reports that are wanted, and the statement that reduces them. */
function madeReports() {
  const { wanted, folder } = wantedActivity();
  if (!existsSync(join(folder, 'bucket'))) makeActivity(folder, wanted);
  const statement = ['sql', '--engine', 'duckdb', '--from', 'activity', '--data', folder];
  const files = ['--path', join(folder, 'bucket/'), '--output', join(folder, 'statement.sql')];
  // The invoice finds this out by R1, which a statement cannot.
  const meaning = ['--reported-credits', 'inside'];
  execFileSync(process.execPath, [PROGRAM, ...statement, ...meaning, ...files, '--quiet']);
  return { rows: wanted.rows, folder };
}

/** Reads the usage once, so that no program has to wait for the disk. */
async function warm(folder) {
  const names = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.csv'));
  for (const name of names) {
    for await (const _ of createReadStream(join(folder, name), { highWaterMark: 2 ** 22 }));
  }
}

function line(name, rows, times, peakMiB, beside = '') {
  const seconds = median(times) / 1000;
  const perSecond = Math.round(rows / seconds).toLocaleString('en-US');
  console.log(
    [
      name.padEnd(26),
      `${seconds.toFixed(2)} s`.padStart(9),
      `${(Math.min(...times) / 1000).toFixed(2)} s`.padStart(9),
      perSecond.padStart(13),
      `${Math.round(peakMiB)} MiB`.padStart(9),
      beside,
    ].join('  '),
  );
}

const HEADS = `${''.padEnd(26)}     median       best         rows/s       peak`;

/** Our program is the first one. */
async function comparePeers(kind, { rows, folder }, programs) {
  await warm(folder);
  const runs = runInTurn(programs, folder, ROUNDS);
  refuseDisagreement(runs);
  const [own] = programs;
  const ours = median(runs.get(own).map(({ ms }) => ms));
  const [{ seats }] = runs.get(own);
  console.log(
    `${rows.toLocaleString('en-US')} rows of ${kind}, ${seats.toLocaleString('en-US')} seats`,
  );
  console.log(HEADS);
  for (const [program, all] of runs) {
    if (all.length === 0) continue;
    const times = all.map(({ ms }) => ms);
    const ratio = ours / median(times);
    const beside = program === own ? '' : `kiro-bill takes ${ratioText(ratio)} of it`;
    line(program.name, rows, times, Math.max(...all.map((r) => r.peakMiB)), beside);
  }
  console.log('All agree on the credits of every seat.\n');
}

function ratioText(ratio) {
  return ratio >= 0.1 ? `${ratio.toFixed(2)} x` : `1/${(1 / ratio).toFixed(1)}`;
}

/** Many seats with few rows each, beside csv-parse on the same three files. */
async function compareManySeats() {
  if (MANY_SEATS === 0) return;
  const { wanted: usual } = wantedData();
  const many = { ...usual, rows: 1_000_000, seats: MANY_SEATS };
  const folder = made(many);
  writeUsers(folder, many);
  const reader = {
    name: 'csv-parse, three files',
    argumentsFor: () => [
      join(HERE, 'csv-parse-files.mjs'),
      ...['users.csv', 'subscriptions.csv', 'usage.csv'].map((name) => join(folder, name)),
    ],
    found: ({ stdout }) => JSON.parse(stdout),
  };
  await warm(folder);
  const runs = runInTurn([INVOICE, reader], folder, ROUNDS);
  const [ours, theirs] = [INVOICE, reader].map((one) => runs.get(one).map(({ ms }) => ms));
  console.log(
    `${many.rows.toLocaleString('en-US')} rows of ${MANY_SEATS.toLocaleString('en-US')} seats\n${HEADS}`,
  );
  for (const program of [INVOICE, reader]) {
    const all = runs.get(program);
    const ratio = ratioText(median(ours) / median(theirs));
    const beside = program === INVOICE ? '' : `kiro-bill takes ${ratio} of it`;
    line(
      program.name,
      many.rows,
      all.map(({ ms }) => ms),
      Math.max(...all.map((r) => r.peakMiB)),
      beside,
    );
  }
  console.log('');
}

async function compareCur() {
  const { rows, folder } = wantedCur();
  if (rows === 0) return;
  if (!existsSync(join(folder, 'cur.csv'))) await makeCur(folder, rows);
  for (const name of ['cur.csv', 'cur.parquet']) {
    await comparePeers(`a bill (${name})`, { rows, folder }, [
      reconcileOn(name),
      duckdbOnCur(name),
    ]);
  }
}

async function showGrowth() {
  const rowCounts = (process.env.GROWTH ?? '500000,5000000,20000000').split(',').filter(Boolean);
  const { wanted } = wantedData();
  const sizes = rowCounts.map((rows) => ({ ...wanted, rows: Number(rows) }));
  if (sizes.length === 0) return;
  console.log(`Growth\n${HEADS}`);
  for (const size of sizes) {
    const folder = made(size);
    await warm(folder);
    const all = runInTurn([INVOICE], folder, Math.min(ROUNDS, 3)).get(INVOICE);
    const name = `${size.rows.toLocaleString('en-US')} x ${size.seats.toLocaleString('en-US')}`;
    const peakMiB = Math.max(...all.map((one) => one.peakMiB));
    line(
      name,
      size.rows,
      all.map(({ ms }) => ms),
      peakMiB,
    );
    if (folder !== folderOf(wanted)) rmSync(folder, { recursive: true });
  }
}

console.log(`Node ${process.version}, ${availableParallelism()} cores\n`);
const { wanted } = wantedData();
const forms = (process.env.FORMS ?? [...Object.keys(FORMS), 'plain;', 'digits;'].join(',')).split(
  ',',
);
for (const name of forms.filter(Boolean)) {
  const [form, isSemicolon] = [name.replace(';', ''), name.endsWith(';')];
  const written = { ...wanted, form, delimiter: isSemicolon ? ';' : ',' };
  const requests = { rows: wanted.rows, folder: made(written) };
  const more = name === 'plain' ? [CSV_PARSE] : [];
  const kind = `request usage (${form}${isSemicolon ? ', semicolons and decimal commas' : ''})`;
  await comparePeers(kind, requests, [INVOICE, duckdbOn(written), ...more]);
}
await compareManySeats();
if (wantedActivity().wanted.rows > 0) {
  const programs = [INVOICE_OF_REPORTS, DUCKDB_ON_REPORTS];
  await comparePeers('activity reports', madeReports(), programs);
}
await compareCur();
await showGrowth();
