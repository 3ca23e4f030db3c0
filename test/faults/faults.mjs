/*
 * Breaks the program on purpose, and checks what is left: every file must be the old one or
 * the new one, whole, and nothing else may stay. An import, and init, are whole or not there
 * at all; where one was cut off, other commands refuse the folder and the next run of the same
 * command makes it whole.
 *
 *   node test/faults/faults.mjs [--seed N] [--kills N] [--short] [kills] [full] [faults] [cuts]
 *
 * - random kills over all commands that write;
 * - a full disk: a small tmpfs, and many sizes that are too small;
 * - faults of the disk: system calls made to fail by strace;
 * - power cuts: a loop-mounted file system whose image is copied while the program writes,
 *   as it would be after the cut.
 *
 * What the machine does not support is skipped, with a message.
 */
import { spawn, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { randomFrom } from '../support/random.mjs';
import { LIST, WRITERS } from './writers.mjs';

const { values: given, positionals: parts } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' },
    kills: { type: 'string' },
    short: { type: 'boolean', default: false },
  },
});
const SEED = Number(given.seed);
const KILLS = Number(given.kills ?? (given.short ? 40 : 1000));
const POWER_CUTS = given.short ? 6 : 50;
const BIN = join(import.meta.dirname, '../../bin/kiro-bill.js');
const SAMPLE = join(import.meta.dirname, '../../src/sample');
const OLD = Buffer.from('old\n'.repeat(2000));
const JOURNAL = '.kiro-bill-import.json';
/** What a run that was cut off may leave; its names begin with a dot. */
const LEFT_OF_FILE = /^\.kiro-bill-[0-9a-f-]{36}\.part$/;
const LEFT = /(^|\/)\.[^/]*(\.part|\.lock|\.owner|import\.json)$/;

const failures = [];

/** Reported at once, as a long run may be stopped, and again at the end. */
function check(holds, what) {
  if (holds) return;
  failures.push(what);
  console.error(`FAILED ${what}`);
}

/** Far more than any run takes: one that hangs is a failure with its name, not the end of all. */
const HANGS_MS = 60_000;

function run(command, args, options = {}) {
  const limit = { timeout: HANGS_MS, killSignal: 'SIGKILL' };
  return spawnSync(command, args, { encoding: 'utf8', ...limit, ...options });
}

/** A run in the background with its end; one that hangs from then on is a failure, and killed. */
function started(args, label) {
  const child = spawn(process.execPath, args, { stdio: 'ignore' });
  const closed = new Promise((resolve) => child.on('close', resolve));
  const end = async () => {
    const limit = setTimeout(HANGS_MS, 'hangs', { ref: false });
    if ((await Promise.race([closed, limit])) === 'hangs') {
      check(false, `${label}: it hangs`);
      child.kill('SIGKILL');
    }
    return closed;
  };
  return { child, end };
}

/** The arguments of a writer that reads `data` and writes below `out`. */
function argumentsOf({ args, after = [] }, data, out) {
  const at = (text) => text.replace(/^DATA/, data).replace(/^OUT/, out);
  return [BIN, ...args.map(at), ...after.map(at), '--quiet'];
}

function ran(writer, data, out) {
  const { status, stderr } = run(process.execPath, argumentsOf(writer, data, out));
  if (status !== 0 && status !== 1) {
    throw new Error(`${writer.args.join(' ')}: ${status} ${stderr}`);
  }
}

/** The files below a folder, by their paths in it. */
function stateOf(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() || entry.name.endsWith('.lock'))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  const isDisk = (file) => !file.startsWith('lost+found') && file !== 'filler';
  return new Map(
    files.filter(isDisk).map((file) => {
      const path = join(folder, file);
      return [file, file.endsWith('.lock') ? Buffer.of() : readFileSync(path)];
    }),
  );
}

function empty(folder) {
  for (const name of readdirSync(folder)) {
    if (name !== 'lost+found') rmSync(join(folder, name), { recursive: true });
  }
}

/** Replaces the content of a folder with these files. */
function putState(folder, state) {
  empty(folder);
  for (const [file, bytes] of state) {
    mkdirSync(join(folder, file, '..'), { recursive: true });
    writeFileSync(join(folder, file), bytes);
  }
}

/** A writer with the files before it and after it, and how long it takes. */
function known(writer, data, out) {
  empty(out);
  for (const first of writer.before ?? []) ran({ args: first }, data, out);
  const old = stateOf(out);
  const start = performance.now();
  ran(writer, data, out);
  const tookMs = performance.now() - start;
  const whole = stateOf(out);
  if (!writer.isUnit) for (const name of whole.keys()) old.set(name, OLD);
  empty(out);
  return { ...writer, old, whole, tookMs, name: writer.args.slice(0, 2).join(' ') };
}

/** Workbooks contain the time: complete ones count as the same. */
function isSame(bytes, wanted) {
  if (bytes === undefined || wanted === undefined) return bytes === wanted;
  if (bytes.equals(wanted)) return true;
  const [isWorkbook, isWanted] = [bytes, wanted].map((one) => one.subarray(0, 2).equals(PK));
  return isWorkbook && isWanted && bytes.includes('PK\u0005\u0006');
}

const PK = Buffer.from('PK');

/** What is wrong with a folder of outputs: nothing where it is the old one or the new one. */
function wrongIn(found, { old, whole, isUnit }) {
  const names = [...new Set([...old.keys(), ...whole.keys(), ...found.keys()])];
  const differing = (wanted) =>
    names.filter((name) => !LEFT.test(name) && !isSame(found.get(name), wanted.get(name)));
  if (isUnit) {
    const [fromOld, fromNew] = [differing(old), differing(whole)];
    return fromOld.length === 0 || fromNew.length === 0 ? [] : [`mixed: ${fromNew.join(', ')}`];
  }
  const fromNew = new Set(differing(whole));
  return differing(old).filter((name) => fromNew.has(name));
}

/** Looks at what a run that broke has left, and that the next run of a unit makes it whole. */
function checkLeft(label, writer, data, out, mayLeave) {
  const found = stateOf(out);
  const left = [...found.keys()].filter((name) => LEFT.test(name));
  check(mayLeave || left.length === 0, `${label}: ${left.join(', ')} stayed`);
  if (found.has(JOURNAL)) {
    const { status } = run(process.execPath, [BIN, 'check', out]);
    check(status === 3, `${label}: check of a folder that is half done ends with ${status}`);
  } else {
    const wrong = wrongIn(found, writer);
    check(wrong.length === 0, `${label}: ${wrong.join('; ')}`);
  }
  if (writer.isUnit) checkAgain(label, writer, data, out);
}

/** What a kill has left of a single file stays for a day: this one is two days old from now on. */
function ageLeft(out) {
  for (const name of readdirSync(out).filter((one) => LEFT_OF_FILE.test(one))) {
    const longAgo = Date.now() / 1000 - 2 * 24 * 3600;
    utimesSync(join(out, name), longAgo, longAgo);
  }
}

/** `init` overwrites nothing, not even its own complete files. */
function checkAgain(label, writer, data, out) {
  ageLeft(out);
  const before = wrongIn(stateOf(out), { ...writer, old: writer.whole });
  const { status, stderr } = run(process.execPath, argumentsOf(writer, data, out));
  const isDone = status <= 1 || (writer.args[0] === 'init' && before.length === 0);
  check(isDone, `${label}: the next run ends with ${status}: ${stderr}`);
  const after = stateOf(out);
  const left = [...after.keys()].filter((name) => LEFT.test(name));
  check(left.length === 0, `${label}: ${left.join(', ')} stayed after the next run`);
  const wrong = wrongIn(after, { ...writer, old: writer.whole });
  check(wrong.length === 0, `${label}: the next run leaves ${wrong.join('; ')}`);
}

/** Runs `use` in a fresh folder that holds a data directory and an empty folder for outputs. */
async function inFolder(use) {
  const folder = mkdtempSync(join(tmpdir(), 'kiro-bill-faults-'));
  try {
    const [data, out] = [join(folder, 'data'), join(folder, 'out')];
    cpSync(SAMPLE, data, { recursive: true });
    writeFileSync(join(data, 'list.csv'), LIST);
    mkdirSync(out);
    return await use({ data, out, folder, writers: WRITERS.map((one) => known(one, data, out)) });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function randomKills() {
  const random = randomFrom(SEED);
  const cutOff = new Map(WRITERS.map(({ args }) => [args.slice(0, 2).join(' '), 0]));
  await inFolder(async ({ data, out, writers }) => {
    for (let count = 0; count < KILLS; count += 1) {
      const writer = writers[Math.floor(random() * writers.length)];
      const signal = ['SIGKILL', 'SIGINT', 'SIGTERM', 'SIGHUP'][Math.floor(random() * 4)];
      const delayMs = random() * writer.tookMs * 1.1;
      putState(out, writer.old);
      const label = `kill ${count} (${signal} after ${delayMs.toFixed()} ms) of ${writer.name}`;
      const { child, end } = started(argumentsOf(writer, data, out), label);
      await setTimeout(delayMs);
      if (child.kill(signal)) cutOff.set(writer.name, cutOff.get(writer.name) + 1);
      await end();
      checkLeft(label, writer, data, out, signal === 'SIGKILL' || writer.isUnit);
    }
  });
  const total = [...cutOff.values()].reduce((sum, count) => sum + count, 0);
  const each = [...cutOff].map(([name, count]) => `${name} ${count}`).join(', ');
  console.log(`random kills: ${total} of ${KILLS} runs cut off, seed ${SEED} (${each})`);
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

const PAGE = 4096;

/** Fills a disk except for some pages. */
function fillUp(disk, pagesLeft) {
  const filler = join(disk, 'filler');
  writeFileSync(filler, '');
  let pages = 0;
  try {
    for (;;) {
      appendFileSync(filler, Buffer.alloc(PAGE));
      pages += 1;
    }
  } catch {}
  writeFileSync(filler, Buffer.alloc(Math.max(0, pages - pagesLeft) * PAGE));
}

/** Each writer with less and less of a disk taken, until it has room enough. */
async function fullDisk() {
  let runs = 0;
  await inFolder(async ({ data, folder, writers }) => {
    const tmpfs = ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs'];
    const isDone = await withMount(tmpfs, folder, (small) => {
      for (const writer of writers) {
        for (let left = 0, isFull = true; isFull; left += given.short ? 8 : 1) {
          putState(small, writer.old);
          fillUp(small, left);
          const { status, stderr } = run(process.execPath, argumentsOf(writer, data, small));
          const label = `full disk: ${writer.name} with ${left} pages`;
          isFull = status > 1;
          runs += 1;
          if (isFull) {
            check(status === 2, `${label}: status ${status}`);
            const isSaid = /^error: cannot write .*: the disk is full$/m.test(stderr);
            check(isSaid, `${label}: ${stderr}`);
            const changed = wrongIn(stateOf(small), { ...writer, whole: writer.old });
            check(changed.length === 0, `${label}: ${changed.join(', ')} changed`);
          }
          rmSync(join(small, 'filler'));
          checkLeft(label, writer, data, small, false);
        }
      }
    });
    const done = `${runs} runs of ${writers.length} commands`;
    console.log(`full disk: ${isDone ? done : 'skipped, nothing can be mounted'}`);
  });
}

/** Each fault at the first, second, … of its calls. */
const FAULTS = ['fsync:error=EIO', 'fsync:error=ENOSPC', 'rename:error=EPERM', 'rename:error=EIO'];

async function diskFaults() {
  if (run('strace', ['-o', '/dev/null', 'true']).status !== 0) {
    console.log('faults of the disk: skipped, there is no strace');
    return;
  }
  let runs = 0;
  await inFolder(({ data, out, writers }) => {
    const chosen = given.short ? writers.filter(({ isShort }) => isShort) : writers;
    for (const writer of chosen) {
      for (const fault of FAULTS) {
        // A file has two syncs and one rename, a unit many: each is made to fail in turn.
        for (let when = 1, isMet = true; isMet; when += 1) {
          putState(out, writer.old);
          const inject = `inject=${fault}:when=${when}`;
          const trace = ['-f', '-o', '/dev/null', '-e', 'trace=fsync,rename', '-e', inject];
          const bill = [process.execPath, ...argumentsOf(writer, data, out)];
          const { status, stderr } = run('strace', [...trace, ...bill]);
          const label = `${inject}: ${writer.name}`;
          isMet = status > 1;
          runs += 1;
          if (isMet) {
            check(status === 2, `${label}: status ${status}`);
            check(/^error: cannot write /m.test(stderr), `${label}: ${stderr}`);
          }
          checkLeft(label, writer, data, out, writer.isUnit);
        }
      }
    }
  });
  console.log(`faults of the disk: ${runs} runs`);
}

/** The image of a file system is copied while the program writes to it, and then mounted as after a cut. */
async function powerCuts() {
  const random = randomFrom(SEED + 1);
  await inFolder(async ({ data, folder, writers }) => {
    const cut = writers.filter(({ isShort }) => isShort);
    const image = join(folder, 'disk');
    writeFileSync(image, Buffer.alloc(16 * 1024 * 1024));
    if (run('mkfs.ext4', ['-q', image]).status !== 0) {
      console.log('power cuts: skipped, there is no mkfs.ext4');
      return;
    }
    const isDone = await withMount(['-o', 'loop', image], folder, async (disk) => {
      for (let count = 0; count < POWER_CUTS; count += 1) {
        const writer = cut[count % cut.length];
        putState(disk, writer.old);
        run('sync', ['-f', disk]);
        const label = `power cut ${count} of ${writer.name}`;
        const { end } = started(argumentsOf(writer, data, disk), label);
        // Sometimes just after the end: what was reported as written must then exist.
        const isEnded = random() < 0.4 && (await end()) <= 1;
        if (!isEnded) await setTimeout(random() * writer.tookMs);
        const cutOff = join(folder, 'cut');
        copyFileSync(image, cutOff);
        await end();
        const after = join(folder, `after-${count}`);
        mkdirSync(after);
        if (run('mount', ['-o', 'loop', cutOff, after]).status !== 0) {
          check(false, `${label}: the disk cannot be mounted`);
          continue;
        }
        if (isEnded) {
          const lost = wrongIn(stateOf(after), { ...writer, old: writer.whole });
          check(lost.length === 0, `${label}: what was written is lost: ${lost.join(', ')}`);
        }
        checkLeft(label, writer, data, after, true);
        run('umount', [after]);
      }
    });
    console.log(`power cuts: ${isDone ? POWER_CUTS : 'skipped, nothing can be mounted'}`);
  });
}

const PARTS = { kills: randomKills, full: fullDisk, faults: diskFaults, cuts: powerCuts };
for (const part of parts.length > 0 ? parts : Object.keys(PARTS)) await PARTS[part]();
console.log(failures.length === 0 ? 'no failures' : `${failures.length} failures:`);
for (const failure of failures) console.error(`FAILED ${failure}`);
process.exitCode = failures.length === 0 ? 0 : 1;
