#!/usr/bin/env node
const { readFileSync, writeSync } = require('node:fs');
const { join } = require('node:path');

/** Scripts often ask for the version: it is printed before anything else is loaded. */
function tellVersion() {
  const manifest = readFileSync(join(__dirname, '../package.json'), 'utf8');
  try {
    writeSync(process.stdout.fd, `${JSON.parse(manifest).version}\n`);
    return true;
  } catch {
    // The program tries again, and says what is wrong.
    return false;
  }
}

const isVersion = process.argv.length === 3 && /^(--version|-V)$/.test(process.argv[2]);
if (!isVersion || !tellVersion()) {
  const { setFlagsFromString } = require('node:v8');
  // Once a flag is set, V8 compiles built-in modules anew, which takes three times as long as loading them.
  for (const name of ['fs/promises', 'os', 'timers/promises', 'zlib']) {
    require(`node:${name}`);
  }
  void [process.stdout, process.stderr];
  // V8 learns from seats that are kept to allocate all like them in the old generation, which is
  // collected only when it has doubled: many seats would take half as much memory again.
  setFlagsFromString('--no-allocation-site-pretenuring');
  setFlagsFromString('--heap-growing-percent=50');
  if (Number.parseInt(process.versions.node, 10) >= 22) {
    // What has been compiled is kept, so that the next run starts sooner.
    const { enableCompileCache } = require('node:module');
    enableCompileCache?.();
  } else {
    // Optimizing functions takes longer than most of them run: a quarter of a usual run's processor time.
    setFlagsFromString('--interrupt-budget=500000');
  }
  const { runProcess } = require('../dist/cli/process.js');
  runProcess();
}
