/*
 * Bundles src/ into dist/, next to the files that the program reads at run time.
 *
 * Node takes half a millisecond to load a file, however small, and an invoice needs a
 * hundred: what many commands share becomes one file, and what is loaded only when it is
 * needed stays a file of its own, in the place that it has in src/. Of packages those go in
 * that nearly every command loads, and those of Parquet, which are forty files, with their
 * licenses; the others stay outside.
 */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { rolldown } from 'rolldown';
import { copyFilesRead } from './files-read.mjs';
import { kernelPlugin } from './kernel-plugin.mjs';

const root = join(import.meta.dirname, '..');
const source = join(root, 'src');
const target = join(root, 'dist');
/** Packages that go into the program, with what they need themselves. */
const BUNDLED = [
  ...[
    'commander',
    'chalk',
    'csv-parse',
    'csv-stringify',
    'fastest-levenshtein',
    'cli-table3',
    '@colors/colors',
  ],
  ...['string-width', 'strip-ansi', 'ansi-regex', 'emoji-regex', 'is-fullwidth-code-point'],
  ...['hyparquet', 'hyparquet-compressors', 'hysnappy', 'fzstd'],
];
const packages = Object.keys(
  JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).dependencies,
).filter((name) => !BUNDLED.includes(name));

/** A module that at least this many chunks need goes into the shared file. */
const SHARED_BY = 5;

/** The name of a file in dist/: of the module that others load it for, if there is one. */
function fileName({ facadeModuleId, name }) {
  if (facadeModuleId === null) return `shared/${name}.js`;
  return relative(source, facadeModuleId).replaceAll('\\', '/').replace(/\.ts$/, '.js');
}

const kernel = kernelPlugin();

/** Bundles an entry of src/, with its chunks named by `nameOf`. */
async function bundle(entry, nameOf, options = {}) {
  const program = await rolldown({
    input: join(source, entry),
    platform: 'node',
    plugins: [kernel],
    // Modules that a thread loads lazily may be loaded at once by the rest of the program.
    checks: { ineffectiveDynamicImport: false, pluginTimings: false },
    external: (id) => packages.some((name) => id === name || id.startsWith(`${name}/`)),
  });
  const names = { entryFileNames: nameOf, chunkFileNames: nameOf };
  // Names are kept for readable stack traces; less text compiles sooner.
  const minify = { compress: false, mangle: false, codegen: true };
  await program.write({ dir: target, comments: false, minify, ...names, ...options });
  await program.close();
}

rmSync(target, { recursive: true, force: true });
await bundle('cli/process.ts', fileName, {
  codeSplitting: { groups: [{ name: 'shared', minShareCount: SHARED_BY }] },
});
// A thread that reads usage loads nothing of the rest of the program.
await bundle('usage/worker.ts', ({ isEntry, name }) =>
  isEntry ? 'usage/worker.js' : `usage/worker/${name}.js`,
);
mkdirSync(join(target, 'licenses'));
for (const name of BUNDLED) {
  const folder = join(root, 'node_modules', name);
  const license = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file));
  cpSync(join(folder, license), join(target, 'licenses', name.replace('/', '+')));
}
copyFilesRead(source, target);
