import { statSync } from 'node:fs';
import type { Problem } from '../domain/problem.ts';
import type { ByteSource } from './byte-source.ts';
import type { ProblemLog } from './problem-log.ts';

/** The state of a file when reading began: its size, and when it was last changed. */
export type FileStates = ReadonlyMap<string, string>;

/** The states of those sources that are files; a pipe or a device has none. */
export function fileStates(sources: readonly Pick<ByteSource, 'file' | 'stream'>[]): FileStates {
  const files = sources.filter(({ stream }) => stream === undefined);
  return new Map(files.map(({ file }) => [file, stateOf(file)]));
}

/** Reads sources by `read`; those that change meanwhile are problems, which go to `log`. */
export async function readUnchanged<Result>(
  sources: readonly Pick<ByteSource, 'file' | 'stream'>[],
  log: ProblemLog,
  read: () => Promise<Result>,
): Promise<Result> {
  const states = fileStates(sources);
  const result = await read();
  for (const problem of changedFiles(states)) log.add(problem);
  return result;
}

/** The files that have changed: rows can be missing or duplicated unnoticed. */
export function changedFiles(before: FileStates): Problem[] {
  return [...before]
    .filter(([file, state]) => stateOf(file) !== state)
    .map(([file]) => {
      return { file, what: 'it changed while it was read: run again once nothing writes to it' };
    });
}

function stateOf(file: string): string {
  try {
    const stats = statSync(file, { bigint: true });
    return stats.isFile() ? `${stats.size} ${stats.mtimeNs}` : '';
  } catch {
    // Its problems are reported when it is read.
    return '';
  }
}
