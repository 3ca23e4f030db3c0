import { groupBy } from '../../domain/grouping.ts';
import type { Problem } from '../../domain/problem.ts';
import { compareBytes } from '../../domain/text-order.ts';
import { type ByteSource, readBytes } from '../../input/byte-source.ts';
import type { ReductionPlan } from '../plan.ts';
import type { SourceFacts } from './source-facts.ts';

/** Two files that hold the same bytes once unpacked; by their paths. */
export interface SameFiles {
  readonly earlier: SourceFacts;
  readonly later: SourceFacts;
}

/**
 * The files with rows that hold the same bytes as one before them by path; each is named
 * once. What can be read once only is not looked at again.
 */
export async function sameFiles(files: readonly SourceFacts[]): Promise<SameFiles[]> {
  const readable = files.filter(({ source, rows }) => rows > 0 && source.stream === undefined);
  const byPath = readable.toSorted((a, b) => compareBytes(a.source.file, b.source.file));
  const same: SameFiles[] = [];
  for (const alike of groupBy(byPath, factsText).values()) {
    if (alike.length < 2) continue;
    const byDigest = new Map<string, SourceFacts>();
    for (const file of alike) {
      const digest = await digestOf(file.source);
      const earlier = byDigest.get(digest);
      if (earlier === undefined) byDigest.set(digest, file);
      else same.push({ earlier, later: file });
    }
  }
  return same;
}

/**
 * What is wrong with files of request usage that hold the same as another: their rows would
 * count twice. With `--dedupe` they do not, where all of them have a request id.
 */
export async function refusedCopies(
  requests: readonly SourceFacts[],
  { dedupe }: ReductionPlan,
): Promise<Problem[]> {
  const same = await sameFiles(requests);
  return same
    .filter(({ earlier, later }) => !dedupe || !isLeftOut(earlier, later))
    .map(({ earlier, later }) => {
      return {
        file: later.source.file,
        what: `holds the same as ${earlier.source.file}: remove one`,
      };
    });
}

/** Whether all rows of one of two equal files were left out as duplicates of the other's. */
function isLeftOut(...files: readonly SourceFacts[]): boolean {
  return files.some(({ rows, duplicates }) => rows === duplicates);
}

/** What equal files have in common. */
function factsText({ bytes, rows }: SourceFacts): string {
  return `${bytes} ${rows}`;
}

/** By this, files of one size are compared with all others in one reading of each. */
async function digestOf(source: ByteSource): Promise<string> {
  // It takes some milliseconds to load, and is rarely asked for.
  const { createHash } = await import('node:crypto');
  const hash = createHash('sha256');
  for await (const chunk of readBytes(source)) hash.update(chunk);
  return hash.digest('base64');
}
