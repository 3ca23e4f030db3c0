// Compiles src/ to dist/ and puts the files that are read at run time beside the program.
import { execFileSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..');
const compiler = join(
  dirname(createRequire(import.meta.url).resolve('typescript/package.json')),
  'bin/tsc',
);

rmSync(join(root, 'dist'), { recursive: true, force: true });
execFileSync(process.execPath, [compiler, '-p', root], { stdio: 'inherit' });
for (const folder of ['sample', 'render/schemas']) {
  cpSync(join(root, 'src', folder), join(root, 'dist', folder), { recursive: true });
}
