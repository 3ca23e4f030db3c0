#!/usr/bin/env node
import { readFileSync, writeSync } from 'node:fs';

/** The version is asked for often, by scripts: it is told before anything else is loaded. */
function tellVersion() {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
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
  const { runProcess } = await import('../dist/cli/process.js');
  await runProcess();
}
