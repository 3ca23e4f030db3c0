/** Imports between the folders of src go one way. */
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { groupBy } from '../../src/domain/grouping.ts';
import { type SourceFile, sourceFiles, withoutComments } from './sources.ts';

/** What each folder may import besides itself. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  input: ['domain'],
  billing: ['domain'],
  render: ['domain'],
  usage: ['domain', 'input'],
  aws: ['domain', 'input', 'usage'],
  reconcile: ['domain', 'input', 'usage', 'aws', 'billing'],
  import: ['domain', 'input', 'usage', 'aws', 'billing'],
  cli: ['domain', 'input', 'billing', 'render', 'usage', 'aws', 'reconcile', 'import'],
};

/**
 * The parts of the big folders, each a folder or a file, each after those that it may
 * import: in `usage` from the rows of a file up to the reduction of all. '' is what no other part holds.
 */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  usage: [
    'rows',
    'usage-window.ts',
    'plan.ts',
    'plan-ids.ts',
    'sums',
    'summary',
    'activity',
    'kinds',
    'files',
    'reading.ts',
    'threads',
    'coverage',
    'read-reports.ts',
    'reduce.ts',
    'worker.ts',
    'sql',
  ],
  billing: ['', 'optimize', 'forecast'],
  render: ['', 'explain', 'report/markup.ts', 'report/charts', 'report'],
  cli: ['', 'completion', 'commands', 'commands.ts', 'main.ts', 'process.ts'],
};

/**
 * What the pure folders may import from outside; `*` is any package, which node's own modules
 * are not. Clock, environment, terminal and file system come to them as arguments.
 */
const OUTSIDE: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  billing: [],
  render: ['*', 'node:crypto', 'node:zlib'],
};

const COMMAND_LIST = 'src/cli/commands.ts';
const COMMAND_FOLDER = 'src/cli/commands/';

interface Import {
  readonly from: string;
  /** As written: `../domain/tier.ts`, `node:fs`, `chalk`. */
  readonly specifier: string;
  /** Of a relative one, the file that it names. */
  readonly to?: string;
  readonly isDynamic: boolean;
}

const STATIC = /\b(?:import|export)\s+(?:type\s+)?(?:[\w*{}\s,$]+?\s*from\s*)?['"]([^'"]+)['"]/g;
const DYNAMIC = /\b(?:import|require)\s*\(\s*(?:['"`]([^'"`]+)['"`])?/g;

/** All imports of a file, those of types too; a computed one has the specifier `?`. */
function importsOf({ path, text }: SourceFile): Import[] {
  const code = withoutComments(text);
  const found = [
    ...[...code.matchAll(STATIC)].map((match) => ({ match, isDynamic: false })),
    ...[...code.matchAll(DYNAMIC)].map((match) => ({ match, isDynamic: true })),
  ];
  return found.map(({ match: [, specifier = '?'], isDynamic }) => {
    const one = { from: path, specifier, isDynamic };
    if (!specifier.startsWith('.')) return one;
    return { ...one, to: posix.join(posix.dirname(path), specifier) };
  });
}

function folderOf(path: string): string {
  return /^src\/([^/]+)\//.exec(path)?.[1] ?? '';
}

/** Everything in the files that house style forbids, one sentence each. */
function offences(files: readonly SourceFile[]): string[] {
  const imports = files.flatMap(importsOf);
  const listed = imports.filter(({ from }) => from === COMMAND_LIST).map(({ to }) => to);
  return [
    ...files.flatMap(misplacedFile),
    ...circles(imports),
    ...imports.flatMap((one) => [
      ...wrongFolder(one),
      ...wrongPart(one),
      ...impurity(one),
      ...commandLoadedEarly(one, listed),
    ]),
    ...files.flatMap(impureGlobal),
    ...files.flatMap((file) => unlistedCommand(file, listed)),
  ];
}

function misplacedFile({ path }: SourceFile): string[] {
  if (/(?:^|\/)index\.[cm]?tsx?$/.test(path)) return [`${path} is an index file`];
  return ALLOWED[folderOf(path)] === undefined ? [`${path} is in no folder that has a place`] : [];
}

function wrongFolder({ from, specifier, to }: Import): string[] {
  if (specifier === '?') return [`${from} imports what is only known when it runs`];
  if (to === undefined) return [];
  const [own, other] = [folderOf(from), folderOf(to)];
  if (own === other || ALLOWED[own]?.includes(other)) return [];
  return [`${from} imports ${to}`];
}

function wrongPart({ from, to }: Import): string[] {
  const folder = folderOf(from);
  const parts = PARTS[folder];
  if (parts === undefined || to === undefined || folderOf(to) !== folder) return [];
  const [own, other] = [from, to].map((path) => placeAmong(parts, `src/${folder}/`, path));
  if (own === undefined || other === undefined) return [`${from} imports ${to}: no place for one`];
  return own < other ? [`${from} imports ${to}, which comes after it`] : [];
}

/** The place of a file's part; nothing where it is in none. */
function placeAmong(parts: readonly string[], folder: string, path: string): number | undefined {
  const within = path.slice(folder.length);
  const place = parts.findIndex((part) => within === part || within.startsWith(`${part}/`));
  const rest = parts.indexOf('');
  return place >= 0 ? place : rest >= 0 ? rest : undefined;
}

/** A way of imports from a file back to itself, of each circle one. */
function circles(imports: readonly Import[]): string[] {
  const next = groupBy(imports, ({ from }) => from);
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (path: string, way: readonly string[]): void => {
    if (way.includes(path)) found.push([...way.slice(way.indexOf(path)), path].join(' -> '));
    if (done.has(path) || way.includes(path)) return;
    for (const { to } of next.get(path) ?? []) if (to !== undefined) visit(to, [...way, path]);
    done.add(path);
  };
  for (const path of next.keys()) visit(path, []);
  return found;
}

function impurity({ from, specifier, to }: Import): string[] {
  const allowed = OUTSIDE[folderOf(from)];
  if (to !== undefined || allowed === undefined || allowed.includes(specifier)) return [];
  if (allowed.includes('*') && !specifier.startsWith('node:')) return [];
  return [`${from} imports ${specifier}`];
}

function impureGlobal({ path, text }: SourceFile): string[] {
  if (OUTSIDE[folderOf(path)] === undefined) return [];
  const code = withoutComments(text).replace(/'(?:\\.|[^'\\\n])*'/g, "''");
  const used = code.match(
    /\b(?:process|console)\.\w+|\bDate\.now\b|\bnew Date\(\s*\)|\bMath\.random\b/g,
  );
  return (used ?? []).map((what) => `${path} uses ${what}`);
}

/** Only the list loads a command; what belongs to one command stays among the commands. */
function commandLoadedEarly(
  { from, to, isDynamic }: Import,
  listed: readonly (string | undefined)[],
): string[] {
  if (!to?.startsWith(COMMAND_FOLDER)) return [];
  if (from === COMMAND_LIST && isDynamic) return [];
  if (from.startsWith(COMMAND_FOLDER) && !listed.includes(to)) return [];
  return [`${from} loads ${to} before it runs`];
}

function unlistedCommand(
  { path, text }: SourceFile,
  listed: readonly (string | undefined)[],
): string[] {
  const isCommand = /^export (?:async )?function run\b/m.test(text);
  if (!path.startsWith(COMMAND_FOLDER) || !isCommand || listed.includes(path)) return [];
  return [`${path} is not in the list of commands`];
}

describe('imports of src', () => {
  const files = sourceFiles('src');

  it('go one way, with no index file, and commands are loaded when they run', () => {
    expect(offences(files)).toEqual([]);
  });

  it('are found: every file but a few imports something, and nothing that is not there', () => {
    const paths = new Set(files.map(({ path }) => path));
    const imports = files.flatMap(importsOf);
    expect(files.length).toBeGreaterThan(60);
    expect(imports.length).toBeGreaterThan(files.length);
    expect(imports.filter(({ to }) => to?.endsWith('.ts') && !paths.has(to))).toEqual([]);
    const importing = new Set(imports.map(({ from }) => folderOf(from)));
    expect([...importing].sort()).toEqual(expect.arrayContaining(['billing', 'cli', 'domain']));
  });
});

describe('the check itself', () => {
  const made = (path: string, text: string): SourceFile => ({ path, text });

  it.each([
    ['src/domain/tier.ts', "import { x } from '../input/fields.ts';"],
    ['src/domain/tier.ts', "import type { X } from '../billing/seats.ts';"],
    ['src/domain/tier.ts', "export * from '../cli/main.ts';"],
    ['src/domain/tier.ts', "export { x } from '../render/csv.ts';"],
    ['src/domain/tier.ts', "import { readFileSync } from 'node:fs';"],
    ['src/domain/tier.ts', "import chalk from 'chalk';"],
    ['src/domain/tier.ts', 'const now = Date.now();'],
    ['src/domain/tier.ts', 'const now = new Date();'],
    ['src/billing/seats.ts', "import { x } from '../input/fields.ts';"],
    ['src/billing/seats.ts', "import { x } from '../render/csv.ts';"],
    ['src/billing/seats.ts', "import { x } from '../usage/plan.ts';"],
    ['src/billing/deep/seats.ts', "import { x } from '../../cli/main.ts';"],
    ['src/billing/seats.ts', "import { parse } from 'csv-parse';"],
    ['src/billing/seats.ts', 'console.error(1);'],
    ['src/render/csv.ts', "import {\n  x,\n  type Y,\n} from '../billing/views.ts';"],
    ['src/render/csv.ts', "import { x } from 'node:os';"],
    ['src/render/csv.ts', 'const width = process.stdout.columns;'],
    ['src/input/csv.ts', "import { x } from '../usage/plan.ts';"],
    ['src/input/csv.ts', "import '../cli/main.ts';"],
    ['src/input/csv.ts', "const { x } = await import('../cli/main.ts');"],
    ['src/input/csv.ts', 'const { x } = await import(name);'],
    ['src/usage/plan.ts', "import { x } from '../billing/seats.ts';"],
    ['src/usage/plan.ts', "import * as cur from '../aws/cur.ts';"],
    ['src/usage/rows/kernel.ts', "import type { X } from '../plan.ts';"],
    ['src/usage/sums/seat-sums.ts', "import { x } from '../kinds/usage-kind.ts';"],
    ['src/usage/kinds/usage-kind.ts', "const { x } = await import('../files/file-reader.ts');"],
    ['src/usage/plan.ts', "import { x } from './stray.ts';"],
    ['src/usage/plan.ts', "import { x } from './plan.ts';"],
    ['src/aws/cur.ts', "import { x } from '../billing/seats.ts';"],
    ['src/cli/inputs.ts', "import { x } from './main.ts';"],
    ['src/aws/cur.ts', "import { x } from '../cli/main.ts';"],
    ['src/cli/main.ts', "import { run } from './commands/invoice.ts';"],
    ['src/cli/main.ts', "const { run } = await import('./commands/invoice.ts');"],
    ['src/cli/commands.ts', "import { run } from './commands/invoice.ts';"],
    ['src/cli/main.ts', "import { x } from './commands/rates-inputs.ts';"],
    ['src/cli/commands/rates.ts', 'export async function run(context: Context) {}'],
    ['src/domain/index.ts', ''],
    ['src/main.ts', ''],
    ['src/utils/text.ts', ''],
  ])('finds the offence of %s: %s', (path, text) => {
    expect(offences([made(path, text)])).toHaveLength(1);
  });

  it.each([
    ['src/domain/tier.ts', "import { x } from './region.ts';"],
    ['src/domain/tier.ts', "// import { x } from '../cli/main.ts';"],
    ['src/domain/tier.ts', "/** import('../cli/main.ts') */"],
    ['src/domain/tier.ts', "const url = 'https://example.com'; const from = 'x';"],
    ['src/domain/tier.ts', 'const at = new Date(0);'],
    ['src/billing/deep/seats.ts', "import { x } from '../../domain/tier.ts';"],
    ['src/render/csv.ts', "import { stringify } from 'csv-stringify/sync';"],
    ['src/render/csv.ts', "import { createHash } from 'node:crypto';"],
    ['src/input/csv.ts', "import { open } from 'node:fs/promises';"],
    ['src/usage/plan.ts', "import { x } from '../input/csv.ts';"],
    ['src/usage/files/file-reader.ts', "import { x } from '../kinds/usage-kind.ts';"],
    ['src/aws/cur.ts', "import { x } from '../usage/plan.ts';"],
    ['src/cli/main.ts', "import { x } from './inputs.ts';"],
    ['src/cli/commands.ts', "const load = () => import('./commands/invoice.ts');"],
    ['src/cli/main.ts', "import { COMMANDS } from './commands.ts';"],
    ['src/cli/commands/rates.ts', "import { x } from './rates-inputs.ts';"],
  ])('lets %s be: %s', (path, text) => {
    expect(offences([made(path, text)])).toEqual([]);
  });

  it('finds a circle of imports', () => {
    const files = [
      made('src/billing/a.ts', "import type { B } from './b.ts';"),
      made('src/billing/b.ts', "import { c } from './c.ts';"),
      made('src/billing/c.ts', "const a = import('./a.ts');"),
    ];
    expect(offences(files)).toEqual([
      'src/billing/a.ts -> src/billing/b.ts -> src/billing/c.ts -> src/billing/a.ts',
    ]);
  });

  it('finds a command that another one loads', () => {
    const list = "const load = () => import('./commands/rates.ts');";
    const files = [
      made('src/cli/commands.ts', list),
      made('src/cli/commands/check.ts', "import { run } from './rates.ts';"),
    ];
    expect(offences(files)).toEqual([
      'src/cli/commands/check.ts loads src/cli/commands/rates.ts before it runs',
    ]);
  });
});
