/**
 * How long the program takes beside `node -e 0`: each in turn, round by round, so that what
 * else the machine does affects all alike. Ends with 1 where a median ratio is over its limit.
 *
 *   npm run bench:startup
 *
 * ROUNDS=30   how often each is run
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const PROGRAM = join(ROOT, 'bin/kiro-bill.js');
const ACME = join(ROOT, 'fixtures/acme');
const ROUNDS = Number(process.env.ROUNDS ?? 30);

/** From Node 22 on an empty run takes a third to half of what it took before. */
const INVOICE_LIMIT = Number.parseInt(process.versions.node, 10) >= 22 ? 4 : 3;

const REFERENCE = ['-e', '0'];
const RUNS = [
  { name: '--version', args: [PROGRAM, '--version'], limit: 1.6 },
  {
    name: 'invoice of fixtures/acme',
    args: [PROGRAM, 'invoice', '--month', '2026-01', '--data', ACME],
    limit: INVOICE_LIMIT,
  },
];

/** The milliseconds that one run of node takes, from its start to its end. */
function timed(args) {
  const start = process.hrtime.bigint();
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  const elapsedMs = Number(process.hrtime.bigint() - start) / 1e6;
  if (status !== 0) throw new Error(`node ${args.join(' ')} failed: ${stderr}`);
  return elapsedMs;
}

function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** One line per run: its median time, and the median of its ratios to the reference. */
function report(rounds) {
  console.log(`node -e 0: ${median(rounds.map(([reference]) => reference)).toFixed(0)} ms`);
  for (const [index, { name, limit }] of RUNS.entries()) {
    const times = rounds.map((times) => times[index + 1]);
    const ratio = median(rounds.map(([reference, ...own]) => own[index] / reference));
    const verdict = ratio <= limit ? 'within' : 'OVER';
    console.log(
      `${name}: ${median(times).toFixed(0)} ms, ${ratio.toFixed(2)} x node, ${verdict} ${limit} x`,
    );
    if (ratio > limit) process.exitCode = 1;
  }
}

const all = [REFERENCE, ...RUNS.map(({ args }) => args)];
for (const args of all) timed(args);
report(Array.from({ length: ROUNDS }, () => all.map(timed)));
