import { groupBy } from '../../domain/grouping.ts';
import type { Problem } from '../../domain/problem.ts';
import { compareBytes } from '../../domain/text-order.ts';
import { type ByteSource, digesting, readBytes } from '../../input/byte-source.ts';
import type { ReductionPlan } from '../plan.ts';
import type { SourceFacts } from './source-facts.ts';

/** A file that was read. */
interface ReadFile {
  readonly source: ByteSource;
  readonly rows: number;
}

/** Two files that hold the same, by their paths. */
interface SameFiles<File extends ReadFile> {
  readonly earlier: File;
  readonly later: File;
}

/**
 * The files with rows that hold the same as an earlier one by path, which is the same bytes once
 * unpacked, or an equal `digest`; each is named once. Only those that are alike by `likeness` are
 * read again, and no stream without a digest.
 */
export async function sameFiles<File extends ReadFile>(
  files: readonly File[],
  likeness: (file: File) => string,
  digest: (file: File) => Promise<string> = ({ source }) => digestOfBytes(source),
): Promise<SameFiles<File>[]> {
  const readable = files.filter(
    ({ source: { stream, digest }, rows }) =>
      rows > 0 && (stream === undefined || digest !== undefined),
  );
  const byPath = readable.toSorted((a, b) => compareBytes(a.source.file, b.source.file));
  const same: SameFiles<File>[] = [];
  for (const alike of groupBy(byPath, likeness).values()) {
    if (alike.length < 2) continue;
    const byDigest = new Map<string, File>();
    for (const file of alike) {
      const ofFile = await digest(file);
      const earlier = byDigest.get(ofFile);
      if (earlier === undefined) byDigest.set(ofFile, file);
      else same.push({ earlier, later: file });
    }
  }
  return same;
}

/**
 * The problems of request usage files with the same content as another: their rows would count
 * twice. With `--dedupe` they do not, if all rows have a request id.
 */
export async function refusedCopies(
  requests: readonly SourceFacts[],
  { dedupe }: ReductionPlan,
): Promise<Problem[]> {
  const same = await sameFiles(requests, factsText);
  return same
    .filter(({ earlier, later }) => !dedupe || !isLeftOut(earlier, later))
    .map(copyProblem);
}

/** The problem of a file that holds the same as another, reported at the later path. */
export function copyProblem({ earlier, later }: SameFiles<ReadFile>): Problem {
  return {
    file: later.source.file,
    what: `holds the same as ${earlier.source.file}: remove one`,
  };
}

/** Whether all rows of one of two equal files were dropped as duplicates of the other's. */
function isLeftOut(...files: readonly SourceFacts[]): boolean {
  return files.some(({ rows, duplicates }) => rows === duplicates);
}

/** What equal files of usage have in common. */
export function factsText({ bytes, rows }: SourceFacts): string {
  return `${bytes} ${rows}`;
}

/** A digest, so that files of one size are compared with all others after reading each once. */
export async function digestOfBytes(source: ByteSource): Promise<string> {
  if (source.digest !== undefined) return source.digest();
  const { stream, digest } = await digesting(readBytes(source));
  for await (const _ of stream);
  return digest();
}
