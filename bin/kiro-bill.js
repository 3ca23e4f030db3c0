#!/usr/bin/env node
import { readFileSync } from 'node:fs';

// The version is asked for often, by scripts: it is told before anything else is loaded.
if (process.argv.length === 3 && /^(--version|-V)$/.test(process.argv[2])) {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  process.stdout.write(`${JSON.parse(manifest).version}\n`);
} else {
  const { runProcess } = await import('../dist/cli/process.js');
  await runProcess();
}
