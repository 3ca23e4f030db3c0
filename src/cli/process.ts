import { readFileSync } from 'node:fs';
import { EXIT, type Host } from './host.ts';
import { main } from './main.ts';

/** Runs the program on the real machine: arguments, streams, clock, signals and exit status. */
export async function runProcess(): Promise<void> {
  const undone: (() => void)[] = [];
  for (const stream of [process.stdout, process.stderr]) stream.on('error', endAtOnce);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      for (const undo of undone) undo();
      process.exit(EXIT.interrupted);
    });
  }
  const host: Host = {
    stdout: process.stdout,
    stderr: process.stderr,
    // Only who reads standard input opens it: that takes some milliseconds.
    stdin: { [Symbol.asyncIterator]: () => process.stdin[Symbol.asyncIterator]() },
    now: () => new Date(),
    environment: process.env,
    version: packageVersion(),
    onInterrupt: (undo) => undone.push(undo),
  };
  process.exitCode = await main(process.argv.slice(2), host);
}

/** A reader that has seen enough (`| head`) closes the pipe: that is no error. */
function endAtOnce(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(EXIT.done);
  process.stderr.write(`error: cannot write the output: ${error.code}\n`);
  process.exit(EXIT.wrongUsage);
}

function packageVersion(): string {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
