#!/usr/bin/env node
const { readFileSync, writeSync } = require('node:fs');
const { join } = require('node:path');

const DIST = join(__dirname, '../dist');

/** Scripts often ask for the version: it is printed before anything else is loaded, if it can be. */
function printVersion() {
  const manifest = readFileSync(join(__dirname, '../package.json'), 'utf8');
  try {
    writeSync(process.stdout.fd, `${JSON.parse(manifest).version}\n`);
    return true;
  } catch {
    // The program tries again, and says what is wrong.
    return false;
  }
}

/**
 * Flags of V8 for runs that keep much. V8 learns from seats that are kept to allocate all like them
 * in the old generation, which is collected only when it has doubled: many seats would take half as
 * much memory again. How V8 marks what is alive must not change here: threads may be marking, and
 * Node then crashes.
 */
const MEMORY_FLAGS = ['--no-allocation-site-pretenuring', '--heap-growing-percent=50'];
const DEFAULTS = ['--allocation-site-pretenuring', '--heap-growing-percent=0'];
/** What V8 has compiled before is good for the default flags alone, so that short runs keep them. */
const SHORT_RUN_MS = 200;

function setFlags(flags) {
  for (const flag of flags) require('node:v8').setFlagsFromString(flag);
}

const isVersion = process.argv.length === 3 && /^(--version|-V)$/.test(process.argv[2]);
if (!isVersion || !printVersion()) {
  setTimeout(() => {
    setFlags(MEMORY_FLAGS);
    // Before the code is kept, which is good for the flags of that moment.
    process.prependOnceListener('exit', () => setFlags(DEFAULTS));
  }, SHORT_RUN_MS).unref();
  const { loadCompiled } = require('./compiled.js');
  loadCompiled(join(DIST, 'shared/usual.js'), join(DIST, 'cli/commands/invoice.js'));
  const { runProcess } = require(join(DIST, 'cli/process.js'));
  runProcess();
}
