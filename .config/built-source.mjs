/*
 * Builds src/ for the tests as Node loads it, a file per module. Evaluated by Vite, each use of an
 * import is a call, which takes the hot loops several times as long, and all of the modules are
 * transformed anew for each run.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { rolldown } from 'rolldown';
import { copyFilesRead } from './files-read.mjs';
import { kernelPlugin } from './kernel-plugin.mjs';

const root = join(import.meta.dirname, '..');
const source = join(root, 'src');
const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const packages = Object.keys(dependencies);

/** Lets tests import the built modules in place of those of src/, except while coverage is taken. */
export function builtSource() {
  let isWanted = true;
  let built;
  return {
    name: 'built-source',
    enforce: 'pre',
    configureVitest({ vitest: { config } }) {
      isWanted = !config.watch && !config.coverage.enabled;
    },
    async resolveId(id, importer) {
      if (!isWanted || importer === undefined || !id.startsWith('.')) return null;
      const path = resolve(dirname(importer), id);
      if (!path.startsWith(`${source}/`) || !path.endsWith('.ts')) return null;
      built ??= build();
      return join(await built, relative(source, path).replace(/\.ts$/, '.js'));
    },
  };
}

/** All modules but those of the kernel, which are in another language. */
function modules() {
  return readdirSync(source, { recursive: true })
    .map((name) => join(source, name))
    .filter((path) => /(?<!\.d)\.ts$/.test(path) && basename(dirname(path)) !== 'kernel');
}

/** The folder of the built modules, which is removed at the end of this process. */
async function build() {
  // Vitest leaves to Node what is in node_modules, and packages are found from there.
  const target = mkdtempSync(join(root, 'node_modules/.tested-'));
  process.once('exit', () => rmSync(target, { recursive: true, force: true }));
  const program = await rolldown({
    input: modules(),
    platform: 'node',
    plugins: [kernelPlugin()],
    external: (id) => packages.some((name) => id === name || id.startsWith(`${name}/`)),
    treeshake: false,
    checks: { ineffectiveDynamicImport: false, pluginTimings: false },
  });
  await program.write({
    dir: target,
    preserveModules: true,
    preserveModulesRoot: source,
    entryFileNames: '[name].js',
    sourcemap: true,
  });
  await program.close();
  copyFilesRead(source, target);
  return target;
}
