/*
 * Builds src/ and the tests as Node loads them, a file per module. Evaluated by Vite, each use of an
 * import is a call, which takes the hot loops several times as long, and all of the modules are
 * transformed anew for each run.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { rolldown } from 'rolldown';
import { copyFilesRead } from './files-read.mjs';
import { kernelPlugin } from './kernel-plugin.mjs';

const root = join(import.meta.dirname, '..');
const source = join(root, 'src');
const tests = join(root, 'test');
const TEST = /\.test\.ts$/;
/** What goes through the builder: our own modules, its own helpers, and a package that Node cannot load. */
const OURS = /^[./]|\.wasm$|^@oxc-project\/|^dt-sql-parser/;

/** Lets vitest run the built modules in place of the written ones, except while coverage is taken. */
export function builtSource() {
  let isWanted = true;
  let built;
  const builtPath = async (path) => {
    built ??= build();
    return join(await built, relative(root, path).replace(/\.ts$/, '.js'));
  };
  return {
    name: 'built-source',
    enforce: 'pre',
    configureVitest({ vitest: { config } }) {
      isWanted = !config.watch && !config.coverage.enabled;
    },
    async load(id) {
      if (!isWanted || !id.startsWith(`${tests}/`) || !TEST.test(id)) return null;
      return `import ${JSON.stringify(await builtPath(id))};`;
    },
    async resolveId(id, importer) {
      if (!isWanted || importer === undefined || !id.startsWith('.')) return null;
      const path = resolve(dirname(importer), id);
      if (!path.startsWith(`${source}/`) || !path.endsWith('.ts')) return null;
      return builtPath(path);
    },
  };
}

/** All modules but those of the kernel, which are in another language, and the tests. */
function modules() {
  return [source, tests]
    .flatMap((folder) => readdirSync(folder, { recursive: true }).map((name) => join(folder, name)))
    .filter((path) =>
      path.startsWith(`${tests}/`)
        ? TEST.test(path)
        : /(?<!\.d)\.ts$/.test(path) && basename(dirname(path)) !== 'kernel',
    );
}

/** Gives tests the places at which they were written, as they read files beside them. */
const writtenPlaces = {
  name: 'written-places',
  transform(code, id) {
    if (!id.startsWith(`${tests}/`) || !code.includes('import.meta.')) return null;
    const placed = code
      .replaceAll('import.meta.dirname', JSON.stringify(dirname(id)))
      .replaceAll('import.meta.url', JSON.stringify(`file://${id}`));
    return { code: placed, map: null };
  },
};

/** The folder of the built modules, which is removed at the end of this process. */
async function build() {
  // Vitest leaves to Node what is in node_modules, and packages are found from there.
  const target = mkdtempSync(join(root, 'node_modules/.tested-'));
  process.once('exit', () => rmSync(target, { recursive: true, force: true }));
  const program = await rolldown({
    input: modules(),
    platform: 'node',
    plugins: [kernelPlugin(), writtenPlaces],
    external: (id) => !OURS.test(id),
    treeshake: false,
    checks: { ineffectiveDynamicImport: false, pluginTimings: false },
  });
  await program.write({
    dir: target,
    preserveModules: true,
    preserveModulesRoot: root,
    entryFileNames: '[name].js',
    sourcemap: true,
  });
  await program.close();
  copyFilesRead(source, join(target, 'src'));
  return target;
}
