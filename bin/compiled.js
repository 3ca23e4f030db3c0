const { mkdirSync, readFileSync, writeFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { basename, dirname, join } = require('node:path');
const { Script } = require('node:vm');
const { crc32 } = require('node:zlib');

const FOLDER = join(__dirname, '../dist/compiled');
const SUM_BYTES = 4;

/** What V8 compiles is good for one version of Node on one kind of machine. */
function keptFile(file) {
  return join(FOLDER, `${basename(file)}.${process.version}-${process.platform}-${process.arch}`);
}

/** V8 believes what it has compiled, even for another text, or where a disk has changed a byte of it. */
function sumOf(code, text) {
  const sum = Buffer.alloc(SUM_BYTES);
  sum.writeUInt32LE(crc32(text, crc32(code)));
  return sum;
}

/** The code that was kept for a text; `undefined` if there is none. */
function keptCode(path, text) {
  let kept;
  try {
    kept = readFileSync(path);
  } catch {
    return undefined;
  }
  const code = kept.subarray(SUM_BYTES);
  return sumOf(code, text).equals(kept.subarray(0, SUM_BYTES)) ? code : undefined;
}

/** Half a file has another sum. Where the program may not write beside itself, each run compiles. */
function keep(path, code, text) {
  try {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(path, Buffer.concat([sumOf(code, text), code]));
  } catch {
    // The next run tries again.
  }
}

/** Keeps what a script has compiled when the run ends well, if it has loaded the file `needed`. */
function keepAtTheEnd(script, path, text, needed) {
  const { cachedDataVersionTag } = require('node:v8');
  const tag = cachedDataVersionTag();
  process.once('exit', (status) => {
    // Flags of V8 that were changed meanwhile would make it of no use.
    const isGood = status === 0 && needed in require.cache && cachedDataVersionTag() === tag;
    if (isGood) keep(path, script.createCachedData(), text);
  });
}

/**
 * Loads a large file of dist/, so that `require` finds it, with the code that an earlier run
 * compiled, which saves a fifth of a short run. The code is that of a run which loads the file
 * `needed`: it compiles the functions that most runs need.
 */
function loadCompiled(file, needed) {
  const path = keptFile(file);
  const text = readFileSync(file);
  const cachedData = keptCode(path, text);
  const script = new Script(
    `(function (exports, require, module, __filename, __dirname) {${text.latin1Slice()}\n})`,
    { filename: file, cachedData },
  );
  const module = { exports: {}, loaded: true };
  require.cache[file] = module;
  script.runInThisContext()(module.exports, createRequire(file), module, file, dirname(file));
  if (cachedData === undefined || script.cachedDataRejected)
    keepAtTheEnd(script, path, text, needed);
}

module.exports = { loadCompiled };
