/*
 * Bundles src/ and the packages that it uses into dist/, next to the files that the program reads
 * at run time.
 *
 * Node takes half a millisecond to load a file, however small, and an invoice needs a
 * hundred: what many commands share becomes one file, and what is loaded only when it is
 * needed stays a file of its own, in the place that it has in src/. They are CommonJS: an ES module
 * that imports a built-in one makes Node evaluate all of its properties, and so load streams,
 * terminals, sockets and more, and Node 20 waits for each file that it reads.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { rolldown } from 'rolldown';
import { copyFilesRead } from './files-read.mjs';
import { kernelPlugin } from './kernel-plugin.mjs';

const root = join(import.meta.dirname, '..');
const source = join(root, 'src');
const target = join(root, 'dist');
const COMMAND = join(source, 'cli/commands/invoice.ts');
/** What this command loads to draw a table, and all that it imports, is one file. */
const USUAL = [
  COMMAND,
  join(source, 'cli/process.ts'),
  join(source, 'render/table.ts'),
  join(source, 'usage/files/usage-header.ts'),
];
/** Of the others a module that at least this many chunks need goes into the shared file. */
const SHARED_BY = 5;

/** The name of a file in dist/: of the module that others load it for, if there is one. */
function fileName({ facadeModuleId, name }) {
  if (facadeModuleId === null) return `shared/${name}.js`;
  return relative(source, facadeModuleId).replaceAll('\\', '/').replace(/\.ts$/, '.js');
}

const kernel = kernelPlugin();

/** The modules of the usual file, once all have been found. */
const usual = new Set();
const findUsual = {
  name: 'usual',
  buildEnd() {
    const add = (id) => {
      if (usual.has(id)) return;
      usual.add(id);
      this.getModuleInfo(id)?.importedIds.forEach(add);
    };
    USUAL.forEach(add);
  },
};

/**
 * Modules that packages import and the program needs nothing of, which take time to load: commands
 * that are programs of their own, which commander would start; what chalk finds out about the
 * terminal, as it is given the colors that there are; and the colors of cli-table3, which draws none.
 */
const UNUSED = ['node:child_process', '#supports-color', '@colors/colors/safe'];

const unused = {
  name: 'unused',
  resolveId: (source) => (UNUSED.includes(source) ? `\0${source}` : null),
  load: (id) => (UNUSED.includes(id.slice(1)) ? 'module.exports = {};' : null),
};

/**
 * Escapes what is not ASCII: a single character beyond Latin-1 makes V8 keep a whole file as two
 * bytes per character, and take longer to compile it.
 */
const ascii = {
  name: 'ascii',
  // Not `renderChunk`: what makes less text of the code undoes it.
  generateBundle(_options, bundle) {
    for (const chunk of Object.values(bundle)) {
      chunk.code = chunk.code.replace(/[^\0-\x7f]/g, (unit) => {
        const code = unit.charCodeAt(0).toString(16).padStart(4, '0');
        return `\\u${code}`;
      });
    }
  },
};

/** Bundles an entry of src/, with its chunks named by `nameOf`; gives the paths of its modules. */
async function bundle(entry, nameOf, options = {}) {
  const program = await rolldown({
    input: join(source, entry),
    platform: 'node',
    plugins: [kernel, unused, findUsual, ascii],
    // Modules that a thread loads lazily may be loaded at once by the rest of the program.
    checks: { ineffectiveDynamicImport: false, pluginTimings: false },
  });
  const names = { entryFileNames: nameOf, chunkFileNames: nameOf };
  // Names are kept for readable stack traces; less text compiles sooner.
  const minify = { compress: false, mangle: false, codegen: true };
  const { output } = await program.write({
    dir: target,
    format: 'cjs',
    // Code that V8 has kept has no `import()`.
    dynamicImportInCjs: false,
    comments: false,
    minify,
    ...names,
    ...options,
  });
  await program.close();
  return output.flatMap(({ moduleIds }) => moduleIds);
}

/** Copies the licenses of the packages that some modules belong to. */
function copyLicenses(modules) {
  const folders = modules.map(
    (path) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0],
  );
  mkdirSync(join(target, 'licenses'));
  for (const folder of new Set(folders.filter((path) => path !== undefined))) {
    const { name } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const license = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file));
    cpSync(join(folder, license), join(target, 'licenses', name.replace('/', '+')));
  }
}

rmSync(target, { recursive: true, force: true });
const modules = await bundle('cli/process.ts', fileName, {
  codeSplitting: {
    groups: [
      { name: 'usual', test: (id) => usual.has(id) && id !== COMMAND },
      { name: 'shared', minShareCount: SHARED_BY },
    ],
  },
});
// A thread that reads usage loads nothing of the rest of the program.
await bundle('usage/worker.ts', ({ isEntry, name }) =>
  isEntry ? 'usage/worker.js' : `usage/worker/${name}.js`,
);
writeFileSync(join(target, 'package.json'), '{ "type": "commonjs" }\n');
copyLicenses(modules);
copyFilesRead(source, target);
// A first run, which keeps what V8 has compiled for it in dist/.
const first = ['bin/kiro-bill.js', 'invoice', '2026-01', '--data', 'fixtures/acme'];
execFileSync(process.execPath, first, { cwd: root, stdio: 'ignore' });
