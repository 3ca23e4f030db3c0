#!/usr/bin/env node
import { readFileSync, writeSync } from 'node:fs';

/** Scripts often ask for the version: it is printed before anything else is loaded. */
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
  // Node 22 and newer keep what they have compiled, and start sooner the next time.
  if (Number.parseInt(process.versions.node, 10) >= 22) {
    const { enableCompileCache } = await import('node:module');
    enableCompileCache?.();
  }
  const { runProcess } = await import('../dist/cli/process.js');
  await runProcess();
}
