import { readFileSync } from 'node:fs';
import { EXIT, type Host } from './host.ts';
import { main } from './main.ts';
import { LastingStream } from './streams.ts';

/** Runs the program on the real machine: arguments, streams, clock, signals and exit status. */
export async function runProcess(): Promise<void> {
  const undone: (() => void)[] = [];
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      for (const undo of undone) undo();
      process.exit(EXIT.interrupted);
    });
  }
  const host: Host = {
    stdout: new LastingStream(process.stdout),
    stderr: new LastingStream(process.stderr),
    // Opened only when it is read, as that takes some milliseconds.
    stdin: { [Symbol.asyncIterator]: () => process.stdin[Symbol.asyncIterator]() },
    now: () => new Date(),
    environment: process.env,
    version: packageVersion(),
    onInterrupt: (undo) => undone.push(undo),
  };
  process.exitCode = await main(process.argv.slice(2), host);
}

function packageVersion(): string {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
