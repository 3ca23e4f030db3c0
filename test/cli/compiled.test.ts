import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { SCRATCH } from '../support/scratch.ts';
import { type BinRun, FIXTURES, runBin } from './run-bin.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const parent = mkdtempSync(join(SCRATCH, 'kiro-bill-compiled-'));
const KEPT = join(parent, 'dist/compiled');
const USUAL = join(parent, 'dist/shared/usual.js');
const INVOICE = ['invoice', '2026-01', '--data', join(FIXTURES, 'acme')];
const EXPECTED = await runBin(INVOICE);

beforeEach(() => {
  for (const part of ['bin', 'dist', 'package.json'])
    cpSync(join(ROOT, part), join(parent, part), { recursive: true });
  rmSync(KEPT, { recursive: true, force: true });
});
afterAll(() => rmSync(parent, { recursive: true }));

/** Runs the copy of the program. */
function run(...args: readonly string[]): Promise<BinRun> {
  return runBin(args, { program: join(parent, 'bin/kiro-bill.js') });
}

/** Bills with the copy, and gives the path of what it has kept. */
async function keptFile(): Promise<string> {
  expect(await run(...INVOICE)).toEqual(EXPECTED);
  const names = readdirSync(KEPT);
  expect(names).toEqual([`usual.js.${process.version}-${process.platform}-${process.arch}`]);
  return join(KEPT, names[0] as string);
}

test('an invoice keeps what V8 has compiled; what compiles less does not', async () => {
  await run('rates');
  await run('invoice', '--help');
  await run('invoice', '2026-13');
  expect(() => readdirSync(KEPT)).toThrow();
  await keptFile();
});

test('the version is printed before what reads kept code is loaded', async () => {
  const listing = join(parent, 'listing.cjs');
  const isLoaded = `process.moduleLoadList.includes('NativeModule zlib')`;
  writeFileSync(listing, `process.once('exit', () => console.error(${isLoaded}));`);
  const environment = { NODE_OPTIONS: `--require ${listing}` };
  const loads = async (...args: string[]) => (await runBin(args, { environment })).stderr;
  expect(await loads('--version')).toBe('false\n');
  expect(await loads('rates')).toBe('true\n');
});

test('kept code is used as it is', async () => {
  const { mtimeMs } = statSync(await keptFile());
  expect(statSync(await keptFile()).mtimeMs).toBe(mtimeMs);
});

test.each([
  ['with another byte', (code: Buffer) => code.fill((code[99_999] as number) ^ 1, 99_999, 100_000)],
  ['cut off', (code: Buffer) => code.subarray(0, 100_000)],
  ['empty', (code: Buffer) => code.subarray(0, 0)],
])('code that is damaged is compiled again: %s', async (_, damage) => {
  const file = await keptFile();
  const damaged = Buffer.from(damage(readFileSync(file)));
  writeFileSync(file, damaged);
  await keptFile();
  expect(readFileSync(file).length).toBeGreaterThan(500_000);
  expect(readFileSync(file)).not.toEqual(damaged);
});

test('code of another text is not used', async () => {
  await keptFile();
  // As long as before: V8 itself compares nothing but the length.
  writeFileSync(USUAL, readFileSync(USUAL, 'latin1').replaceAll('Billed', 'BILLED'), 'latin1');
  expect((await run(...INVOICE)).stderr).toBe(EXPECTED.stderr.replaceAll('Billed', 'BILLED'));
});

test('a folder in which nothing can be kept changes nothing', async () => {
  writeFileSync(KEPT, 'no folder');
  expect(await run(...INVOICE)).toEqual(EXPECTED);
  expect(readFileSync(KEPT, 'utf8')).toBe('no folder');
});
