import { cp, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runMain } from './in-process.ts';

/** The arguments of imports that are run one after another, each without `--output`. */
export type ImportStep = readonly (readonly string[])[];

/** The files of a folder, by name. */
export async function contents(directory: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const name of (await readdir(directory)).sort()) {
    files[name] = await readFile(join(directory, name), 'utf8');
  }
  return files;
}

/** What a way through the steps gives: the last status and its messages, and the files that are there. */
interface Result {
  readonly way: readonly number[];
  readonly folder: string;
  readonly status: number;
  readonly stderr: string;
  readonly files: Record<string, string>;
}

export interface Orders {
  /** Ways that give other files than another way to the same set of steps. */
  readonly differences: readonly (readonly [Result, Result])[];
  readonly whole: Result;
}

/**
 * Runs steps in all their orders, and at the end each once more. A set of steps is made from
 * each set that lacks one of them: where all ways to each set give the same bytes, all orders
 * do. `start`: the folder that each order begins with.
 */
export async function runOrders(
  scratch: string,
  steps: readonly ImportStep[],
  start?: string,
): Promise<Orders> {
  const differences: [Result, Result][] = [];
  const results = new Map<number, Result>();
  let folders = 0;
  const compare = async (set: number, from: number, step: number): Promise<void> => {
    folders += 1;
    const folder = join(scratch, `data-${folders}`);
    const before = results.get(from);
    const origin = before?.folder ?? start;
    if (origin !== undefined) await cp(origin, folder, { recursive: true });
    let [status, stderr] = [0, ''];
    for (const args of steps[step] ?? []) {
      if (status <= 1) ({ status, stderr } = await runMain(['import', ...args, '-o', folder]));
    }
    const files = status > 1 ? {} : await contents(folder);
    const result = { way: [...(before?.way ?? []), step], folder, status, stderr, files };
    const first = results.get(set);
    if (first === undefined) results.set(set, result);
    else if (JSON.stringify(first.files) !== JSON.stringify(files))
      differences.push([first, result]);
  };
  const all = 2 ** steps.length - 1;
  for (let set = 1; set <= all; set += 1) {
    for (const step of steps.keys()) {
      const others = set & ~(1 << step);
      if (others !== set) await compare(set, others, step);
    }
  }
  for (const step of steps.keys()) await compare(all, all, step);
  return { differences, whole: results.get(all) as Result };
}

/** What differs between two ways, for a reader. */
export function differenceText([a, b]: readonly [Result, Result]): string {
  const names = [...new Set([...Object.keys(a.files), ...Object.keys(b.files)])];
  const lines = names.flatMap((name) => {
    const [ofA = [], ofB = []] = [a, b].map(({ files }) => (files[name] ?? '').split('\n'));
    const only = [
      ...ofA.filter((line) => !ofB.includes(line)).map((line) => `- ${line}`),
      ...ofB.filter((line) => !ofA.includes(line)).map((line) => `+ ${line}`),
    ];
    return only.length === 0 ? [] : [name, ...only];
  });
  const ways = [a, b].map(({ way, status, stderr }) => `${way.join(' ')}: ${status} ${stderr}`);
  return [...ways, ...lines].join('\n');
}
