/*
 * Lets the program import the kernel that reads rows: `import code from './kernel.wasm'` gives
 * it as base64, compiled from the AssemblyScript beside it. It works in the bundle of the
 * program and in tests alike, and nothing has to be found or read at run time.
 */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** The tests find wrong conversions of addresses; warnings about 32 bits are of no use. */
const OPTIONS = [
  ...['--optimizeLevel', '3', '--enable', 'simd', '--runtime', 'stub', '--noAssert'],
  ...['--disableWarning', '201', '--use', 'abort='],
];

export function kernelPlugin() {
  const compiled = new Map();
  return {
    name: 'kernel',
    resolveId(source, importer) {
      if (!source.endsWith('.wasm') || importer === undefined) return null;
      return join(dirname(importer.split('?')[0]), `${source}.js`);
    },
    async load(id) {
      if (!id.endsWith('.wasm.js')) return null;
      const entry = id.replace(/\.wasm\.js$/, '.ts');
      if (!compiled.has(entry)) compiled.set(entry, compile(entry));
      return `export default '${(await compiled.get(entry)).toString('base64')}';`;
    },
  };
}

const PACKAGES = join(import.meta.dirname, '../node_modules');

/** The kernel whose entry is at a path. The compiler takes seconds: what it made of the same texts is kept. */
async function compile(entry) {
  const folder = dirname(entry);
  const sources = new Map(
    readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  );
  const compiler = readFileSync(join(PACKAGES, 'assemblyscript/package.json'), 'utf8');
  const key = JSON.stringify([compiler, OPTIONS, basename(entry), ...sources]);
  const name = `${createHash('sha256').update(key).digest('hex')}.wasm`;
  const kept = join(PACKAGES, '.cache/kiro-bill', name);
  if (existsSync(kept)) return readFileSync(kept);
  const code = await newlyCompiled(entry, sources);
  mkdirSync(dirname(kept), { recursive: true });
  // Whole or not at all, as another build may look for it.
  writeFileSync(`${kept}.${process.pid}`, code);
  renameSync(`${kept}.${process.pid}`, kept);
  return code;
}

async function newlyCompiled(entry, sources) {
  const { main } = await import('assemblyscript/asc');
  let code;
  const { error, stderr } = await main([basename(entry), '--outFile', 'code', ...OPTIONS], {
    readFile: (name) => sources.get(name) ?? null,
    writeFile: (name, contents) => {
      if (name === 'code') code = Buffer.from(contents);
    },
    listFiles: () => [],
  });
  if (error !== null) throw new Error(`${error.message}\n${stderr.toString()}`);
  return code;
}
