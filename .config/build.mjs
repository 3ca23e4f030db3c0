/*
 * Puts src/ together in dist/, with the files that are read at run time beside the program.
 *
 * Node takes half a millisecond to load a file, however small, and an invoice needs a
 * hundred: what many commands share becomes one file, and what is loaded only when it is
 * needed stays a file of its own, in the place that it has in src/. Packages stay outside.
 */
import { cpSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { rolldown } from 'rolldown';
import { kernelPlugin } from './kernel-plugin.mjs';

const root = join(import.meta.dirname, '..');
const source = join(root, 'src');
const target = join(root, 'dist');
const packages = Object.keys(
  JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).dependencies,
);

/** From this many parts of the program that need it on, a module goes to the file of all. */
const SHARED_BY = 5;

/** The name of a file in dist/: of the module that others load it for, if there is one. */
function fileName({ facadeModuleId, name }) {
  if (facadeModuleId === null) return `shared/${name}.js`;
  return relative(source, facadeModuleId).replaceAll('\\', '/').replace(/\.ts$/, '.js');
}

const kernel = kernelPlugin();

/** Bundles an entry of src/, with names for its parts by `nameOf`. */
async function bundle(entry, nameOf, options = {}) {
  const program = await rolldown({
    input: join(source, entry),
    platform: 'node',
    plugins: [kernel],
    // What a thread loads late, the rest of the program may have at once.
    checks: { ineffectiveDynamicImport: false },
    external: (id) => packages.some((name) => id === name || id.startsWith(`${name}/`)),
  });
  const names = { entryFileNames: nameOf, chunkFileNames: nameOf };
  await program.write({ dir: target, comments: false, ...names, ...options });
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
for (const folder of ['sample', 'render/schemas', 'guide']) {
  cpSync(join(source, folder), join(target, folder), { recursive: true });
}
