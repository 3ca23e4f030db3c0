import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { ENGINES, type Engine, javaHome } from './engine.ts';

/** Starts a Spark session on `cores` cores, with a warehouse below `folder`. */
export async function startSpark(folder: string, cores = 2): Promise<Engine> {
  const home = readdirSync(ENGINES).find((name) => name.startsWith('spark-')) as string;
  const python = join(ENGINES, home, 'bin/python');
  const script = join(import.meta.dirname, 'spark_session.py');
  const child = spawn(python, [script, String(cores), join(folder, 'warehouse')], {
    stdio: ['pipe', 'ignore', 'ignore', 'pipe'],
    env: { ...process.env, JAVA_HOME: javaHome(17) },
    cwd: folder,
  });
  const lines = createInterface({ input: child.stdio[3] as Readable })[Symbol.asyncIterator]();
  const { version } = await nextLine(lines);
  return {
    name: 'spark',
    version: version as string,
    run: (statements) => answer(child, lines, statements),
    stop: async () => {
      child.stdin?.end();
      await new Promise((resolve) => child.once('exit', resolve));
    },
  };
}

async function answer(
  child: ChildProcess,
  lines: AsyncIterator<string>,
  statements: readonly string[],
): Promise<(string | null)[][]> {
  child.stdin?.write(`${JSON.stringify(statements)}\n`);
  const { rows, error } = await nextLine(lines);
  if (error !== undefined) throw new Error(error as string);
  return rows as (string | null)[][];
}

async function nextLine(lines: AsyncIterator<string>): Promise<Record<string, unknown>> {
  const { value, done } = await lines.next();
  if (done === true) throw new Error('Spark ended');
  return JSON.parse(value);
}
