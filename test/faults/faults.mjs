/*
 * Breaks the program on purpose, and looks at what is left: every file must be the old one or
 * the new one, whole, and nothing else may stay.
 *
 *   node test/faults/faults.mjs [--seed N] [--kills N] [--short]
 *
 * - random kills over all commands that write;
 * - a full disk: a small tmpfs, and every size that is too small;
 * - faults of the disk: system calls made to fail by strace;
 * - power cuts: a loop-mounted file system whose image is copied while the program writes,
 *   as it would be after the cut.
 *
 * What the machine lacks the means for is skipped, with a word.
 */
import { spawn, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';

const { values: given } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    kills: { type: 'string' },
    short: { type: 'boolean', default: false },
  },
});
const SEED = Number(given.seed);
const KILLS = Number(given.kills ?? (given.short ? 40 : 1000));
const POWER_CUTS = given.short ? 5 : 50;
const BIN = join(import.meta.dirname, '../../bin/kiro-bill.js');
const SAMPLE = join(import.meta.dirname, '../../src/sample');
const OLD = `${'old\n'.repeat(2000)}`;
const UNFINISHED = /^\.kiro-bill-.*\.part$/;

/** Numbers from 0 up to 1 that a seed decides. */
function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The commands that write, by the names of the files that they write. */
const WRITERS = [
  { args: ['invoice', '2026-01'], files: ['a.csv'] },
  { args: ['invoice', '2026-01'], files: ['a.xlsx'] },
  { args: ['invoice', '2026-01'], files: ['a.json'], skipped: 'bad.csv' },
  { args: ['explain', '--month', '2026-01', '--user', 'u-ana'], files: ['a.md'] },
  { args: ['trend', '--month', '2026-01..2026-03'], files: ['a.csv'] },
  { args: ['optimize', '2026-01'], files: ['a.csv'] },
  { args: ['report', '2026-01'], files: ['a.html'] },
  { args: ['summarize'], files: ['a.csv'] },
  { args: ['sql', '--engine', 'duckdb', '--table', 'usage'], files: ['a.sql'] },
  { args: ['rates'], files: ['a.json'] },
];

const failures = [];

function check(holds, what) {
  if (!holds) failures.push(what);
}

/** Runs `use` in a fresh folder that holds a data directory and an empty folder for outputs. */
async function inFolder(use) {
  const folder = mkdtempSync(join(tmpdir(), 'kiro-bill-faults-'));
  try {
    cpSync(SAMPLE, join(folder, 'data'), { recursive: true });
    mkdirSync(join(folder, 'out'));
    return await use({ data: join(folder, 'data'), out: join(folder, 'out'), folder });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function commandLine({ args, files, skipped }, data, out) {
  const left = skipped === undefined ? [] : ['--skip-bad-usage', join(out, skipped)];
  return [BIN, ...args, '--data', data, '--quiet', '-o', join(out, files[0]), ...left];
}

function outputsOf({ files, skipped }) {
  return skipped === undefined ? files : [...files, skipped];
}

function run(command, args, options = {}) {
  return spawnSync(command, args, { encoding: 'utf8', ...options });
}

/** What the command writes where nothing breaks; sealed from the clock as far as its outputs are. */
function wholeOutputs(writer, data, out) {
  const { status, stderr } = run(process.execPath, commandLine(writer, data, out));
  if (status !== 0 && status !== 1)
    throw new Error(`${writer.args.join(' ')}: ${status} ${stderr}`);
  const whole = new Map(outputsOf(writer).map((name) => [name, readFileSync(join(out, name))]));
  for (const name of whole.keys()) rmSync(join(out, name));
  return whole;
}

/** Whether a file is the old one or a whole new one: workbooks hold the time, so their length and end count. */
function isOldOrNew(bytes, whole) {
  if (bytes.equals(Buffer.from(OLD)) || bytes.equals(whole)) return true;
  return bytes.subarray(0, 2).toString() === 'PK' && bytes.includes('PK\u0005\u0006');
}

function checkOutputs(label, whole, out, mayHaveParts) {
  for (const [name, bytes] of whole) {
    const path = join(out, name);
    check(existsSync(path), `${label}: ${name} is gone`);
    if (existsSync(path)) check(isOldOrNew(readFileSync(path), bytes), `${label}: half of ${name}`);
  }
  const others = readdirSync(out).filter((name) => !whole.has(name));
  const strange = others.filter((name) => !mayHaveParts || !UNFINISHED.test(name));
  check(strange.length === 0, `${label}: ${strange.join(', ')} stayed`);
}

async function randomKills() {
  const random = randomFrom(SEED);
  let cut = 0;
  await inFolder(async ({ data, out }) => {
    const known = WRITERS.map((writer) => ({ writer, whole: wholeOutputs(writer, data, out) }));
    for (let count = 0; count < KILLS; count += 1) {
      const { writer, whole } = known[Math.floor(random() * known.length)];
      const signal = ['SIGKILL', 'SIGINT', 'SIGTERM', 'SIGHUP'][Math.floor(random() * 4)];
      const delayMs = 30 + random() * 300;
      for (const name of whole.keys()) writeFileSync(join(out, name), OLD);
      const child = spawn(process.execPath, commandLine(writer, data, out), { stdio: 'ignore' });
      const end = new Promise((resolve) =>
        child.on('close', (status, by) => resolve(by ?? status)),
      );
      await setTimeout(delayMs);
      if (child.kill(signal)) cut += 1;
      await end;
      const label = `kill ${count} (${signal} after ${delayMs.toFixed()} ms) of ${writer.args[0]}`;
      checkOutputs(label, whole, out, signal === 'SIGKILL');
      for (const name of readdirSync(out)) rmSync(join(out, name));
    }
  });
  console.log(`random kills: ${cut} of ${KILLS} runs cut off, seed ${SEED}`);
}

/** Runs `use` with a mounted folder; gives false where nothing can be mounted. */
async function withMount(args, folder, use) {
  const mounted = join(folder, 'mounted');
  mkdirSync(mounted);
  if (run('mount', [...args, mounted]).status !== 0) return false;
  try {
    await use(mounted);
  } finally {
    run('umount', [mounted]);
  }
  return true;
}

async function fullDisk() {
  await inFolder(async ({ data, out, folder }) => {
    const isDone = await withMount(['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs'], folder, (small) => {
      for (const writer of WRITERS) {
        const whole = wholeOutputs(writer, data, out);
        for (const name of whole.keys()) writeFileSync(join(small, name), OLD);
        // What is left of the disk is less than the output takes.
        writeFileSync(join(small, 'filler'), '');
        try {
          for (;;) writeFileSync(join(small, 'filler'), Buffer.alloc(1024), { flag: 'a' });
        } catch {}
        const { status, stderr } = run(process.execPath, commandLine(writer, data, small));
        const label = `full disk: ${writer.args[0]} ${writer.files[0]}`;
        check(status === 2, `${label}: status ${status}`);
        check(/^error: cannot write .*: the disk is full$/m.test(stderr), `${label}: ${stderr}`);
        rmSync(join(small, 'filler'));
        for (const name of whole.keys()) {
          check(
            readFileSync(join(small, name), 'utf8') === OLD,
            `${label}: ${name} is not the old`,
          );
        }
        checkOutputs(label, whole, small, false);
        for (const name of readdirSync(small)) rmSync(join(small, name));
      }
    });
    console.log(
      isDone
        ? `full disk: ${WRITERS.length} commands`
        : 'full disk: skipped, nothing can be mounted',
    );
  });
}

const FAULTS = [
  'fsync:error=EIO:when=1',
  'fsync:error=ENOSPC:when=1',
  'rename:error=EPERM',
  'rename:error=EIO',
];

async function diskFaults() {
  if (run('strace', ['-o', '/dev/null', 'true']).status !== 0) {
    console.log('faults of the disk: skipped, there is no strace');
    return;
  }
  const writers = given.short ? WRITERS.slice(0, 2) : WRITERS;
  await inFolder(({ data, out }) => {
    for (const writer of writers) {
      const whole = wholeOutputs(writer, data, out);
      for (const fault of FAULTS) {
        for (const name of whole.keys()) writeFileSync(join(out, name), OLD);
        const trace = [
          '-f',
          '-o',
          '/dev/null',
          '-e',
          'trace=fsync,rename',
          '-e',
          `inject=${fault}`,
        ];
        const { status, stderr } = run('strace', [
          ...trace,
          process.execPath,
          ...commandLine(writer, data, out),
        ]);
        const label = `${fault}: ${writer.args[0]} ${writer.files[0]}`;
        check(status === 2, `${label}: status ${status}`);
        check(/^error: cannot write /m.test(stderr), `${label}: ${stderr}`);
        checkOutputs(label, whole, out, false);
      }
      for (const name of readdirSync(out)) rmSync(join(out, name));
    }
  });
  console.log(`faults of the disk: ${writers.length * FAULTS.length} runs`);
}

/** The image of a file system is copied while the program writes to it, and then mounted as after a cut. */
async function powerCuts() {
  const random = randomFrom(SEED + 1);
  const label = 'power cuts';
  await inFolder(async ({ data, out, folder }) => {
    const writer = WRITERS[0];
    const whole = wholeOutputs(writer, data, out);
    const image = join(folder, 'disk');
    writeFileSync(image, Buffer.alloc(16 * 1024 * 1024));
    if (run('mkfs.ext4', ['-q', image]).status !== 0) {
      console.log(`${label}: skipped, there is no mkfs.ext4`);
      return;
    }
    const isDone = await withMount(['-o', 'loop', image], folder, async (disk) => {
      for (let count = 0; count < POWER_CUTS; count += 1) {
        writeFileSync(join(disk, 'a.csv'), OLD);
        run('sync', ['-f', disk]);
        const child = spawn(process.execPath, commandLine(writer, data, disk), { stdio: 'ignore' });
        const end = new Promise((resolve) => child.on('close', resolve));
        // Every other time just after the end: what was said to be written must then be there.
        const cutAfterMs = 100 + random() * 200;
        const isSaid = count % 2 === 1 && (await end) === 0;
        if (count % 2 === 0) await setTimeout(cutAfterMs);
        const cutOff = join(folder, 'cut');
        copyFileSync(image, cutOff);
        await end;
        const after = join(folder, `after-${count}`);
        mkdirSync(after);
        if (run('mount', ['-o', 'loop', cutOff, after]).status === 0) {
          const bytes = existsSync(join(after, 'a.csv'))
            ? readFileSync(join(after, 'a.csv'))
            : Buffer.of();
          check(
            isOldOrNew(bytes, whole.get('a.csv')),
            `${label}: half of a.csv after cut ${count}`,
          );
          if (isSaid)
            check(bytes.equals(whole.get('a.csv')), `${label}: cut ${count} lost what was written`);
          run('umount', [after]);
        } else check(false, `${label}: cut ${count} cannot be mounted`);
        for (const name of readdirSync(disk)) if (name !== 'lost+found') rmSync(join(disk, name));
      }
    });
    console.log(isDone ? `${label}: ${POWER_CUTS}` : `${label}: skipped, nothing can be mounted`);
  });
}

await randomKills();
await fullDisk();
await diskFaults();
await powerCuts();
for (const failure of failures) console.error(`FAILED ${failure}`);
process.exitCode = failures.length === 0 ? 0 : 1;
