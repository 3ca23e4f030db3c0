import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Host, OutputStream } from '../../src/cli/host.ts';
import { main } from '../../src/cli/main.ts';
import { SCRATCH } from './scratch.ts';

export interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Settings of the machine that a run is given, in place of the real ones. */
export interface HostSettings {
  readonly now?: Date;
  readonly environment?: Readonly<Record<string, string>>;
  readonly columns?: number;
  readonly isTerminal?: boolean;
  /** All of it, or chunks that may never end. */
  readonly stdin?: string | Buffer | Iterable<Buffer>;
}

class Recorder implements OutputStream {
  text = '';
  readonly isTTY: boolean;
  readonly columns: number | undefined;

  constructor({ isTerminal = false, columns }: HostSettings) {
    this.isTTY = isTerminal;
    this.columns = columns;
  }

  write(text: string): void {
    this.text += text;
  }
}

/** Runs one command line in this process, sealed from the clock and the terminal. */
export async function runMain(args: string[], settings: HostSettings = {}): Promise<Outcome> {
  const stdout = new Recorder(settings);
  const stderr = new Recorder(settings);
  async function* stdin(): AsyncGenerator<Buffer> {
    const { stdin: given = '' } = settings;
    if (typeof given === 'string' || Buffer.isBuffer(given)) yield Buffer.from(given);
    else yield* given;
  }
  const host: Host = {
    stdout,
    stderr,
    stdin: stdin(),
    now: () => settings.now ?? new Date('2026-04-15T12:00:00Z'),
    environment: settings.environment ?? {},
    version: '0.0.0-test',
    onInterrupt: () => {},
  };
  const status = await main(args, host);
  return { status, stdout: stdout.text, stderr: stderr.text };
}

const outcomes = new Map<string, Promise<Outcome>>();

/** What a command line gives over files that no test changes: it is run once for all that look at it. */
export function runOnce(
  args: readonly string[],
  settings: Omit<HostSettings, 'stdin'> = {},
): Promise<Outcome> {
  const key = JSON.stringify([args, settings]);
  const outcome = outcomes.get(key) ?? runMain([...args], settings);
  outcomes.set(key, outcome);
  return outcome;
}

/**
 * Runs `use` with a fresh folder that holds `files`, by path, and removes it afterwards. Thousands
 * of tests do: files that are not waited for take a fifth of the processor time.
 */
export async function withDirectory<Result>(
  files: Record<string, string | Buffer>,
  use: (directory: string) => Promise<Result>,
): Promise<Result> {
  const directory = mkdtempSync(join(SCRATCH, 'kiro-bill-test-'));
  try {
    for (const [name, content] of Object.entries(files)) {
      const path = join(directory, name);
      if (dirname(path) !== directory) mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
    }
    return await use(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Runs one command line over a data directory that holds `files`, and forgets the directory. */
export function runInProcess(
  args: string[],
  files: Record<string, string | Buffer>,
  settings: HostSettings = {},
): Promise<Outcome> {
  return withDirectory(files, (directory) => runMain([...args, '--data', directory], settings));
}
