import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type HostSettings, runMain } from '../support/in-process.ts';
import { SCRATCH } from '../support/scratch.ts';

export const BIN = fileURLToPath(new URL('../../bin/kiro-bill.js', import.meta.url));
export const FIXTURES = fileURLToPath(new URL('../../fixtures', import.meta.url));
const SAMPLE = fileURLToPath(new URL('../../src/sample', import.meta.url));

export interface BinRun {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface BinSettings {
  readonly cwd?: string;
  readonly stdin?: string | Buffer;
  /** Its path, if not that of the built program. */
  readonly program?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** What every run is given, and nothing more of the environment of the tests. */
function environmentOf(settings: BinSettings): Record<string, string> {
  return { PATH: process.env.PATH ?? '', TZ: 'Asia/Kolkata', ...settings.environment };
}

/** Starts the real program. */
export function startBin(args: readonly string[], settings: BinSettings = {}): ChildProcess {
  return spawn(process.execPath, [settings.program ?? BIN, ...args], {
    cwd: settings.cwd,
    env: environmentOf(settings),
  });
}

/** Runs the real program as a process of its own. */
export function runBin(args: readonly string[], settings: BinSettings = {}): Promise<BinRun> {
  return ended(startBin(args, settings), settings.stdin ?? '');
}

interface HereSettings
  extends Omit<BinSettings, 'stdin' | 'program'>,
    Pick<HostSettings, 'stdin'> {}

/** What `runBin` gives, without a process: where signals, streams and the built program do not matter. */
export async function runHere(
  args: readonly string[],
  { cwd, stdin, environment }: HereSettings = {},
): Promise<BinRun> {
  const before = process.cwd();
  if (cwd !== undefined) process.chdir(cwd);
  try {
    return await runMain([...args], {
      now: new Date(),
      ...(stdin === undefined ? {} : { stdin }),
      ...(environment === undefined ? {} : { environment }),
    });
  } finally {
    process.chdir(before);
  }
}

/** Runs a line of bash in which `kiro-bill` is the real program. */
export function runShell(line: string, settings: BinSettings = {}): Promise<BinRun> {
  const program = `kiro-bill() { "${process.execPath}" "${BIN}" "$@"; }`;
  const shell = spawn('bash', ['--norc', '-c', `${program}\n${line}`], {
    cwd: settings.cwd,
    env: environmentOf(settings),
  });
  return ended(shell, settings.stdin ?? '');
}

/** Waits for the end of a process. */
export function ended(child: ChildProcess, stdin?: string | Buffer): Promise<BinRun> {
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  child.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => err.push(chunk));
  // A program that ends before it has read everything is what some tests are about.
  child.stdin?.on('error', () => {});
  if (stdin !== undefined) child.stdin?.end(stdin);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => {
      const [stdout, stderr] = [out, err].map((chunks) => Buffer.concat(chunks).toString());
      resolve({ status, stdout: stdout as string, stderr: stderr as string });
    });
  });
}

/** Runs `use` with a fresh copy of the sample data, whose seats are billed in 2026-01. */
export async function withSample<Result>(
  use: (directory: string) => Promise<Result>,
  name = 'data',
): Promise<Result> {
  const parent = mkdtempSync(join(SCRATCH, 'kiro-bill-cli-'));
  const directory = join(parent, name);
  try {
    cpSync(SAMPLE, directory, { recursive: true });
    return await use(directory);
  } finally {
    rmSync(parent, { recursive: true, force: true });
  }
}
