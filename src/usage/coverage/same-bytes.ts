import { groupBy } from '../../domain/grouping.ts';
import type { Problem } from '../../domain/problem.ts';
import { compareBytes } from '../../domain/text-order.ts';
import { type ByteSource, readBytes } from '../../input/byte-source.ts';
import type { ReductionPlan } from '../plan.ts';
import type { SourceFacts } from './source-facts.ts';

/** Two files with the same bytes once unpacked, by their paths. */
export interface SameFiles {
  readonly earlier: SourceFacts;
  readonly later: SourceFacts;
}

/**
 * The files with rows that have the same bytes as an earlier one by path; each is named once.
 * Input that can be read only once is not compared.
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
 * The problems of request usage files with the same content as another: their rows would count
 * twice. With `--dedupe` they do not, if all rows have a request id.
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

/** Whether all rows of one of two equal files were dropped as duplicates of the other's. */
function isLeftOut(...files: readonly SourceFacts[]): boolean {
  return files.some(({ rows, duplicates }) => rows === duplicates);
}

/** What equal files have in common. */
function factsText({ bytes, rows }: SourceFacts): string {
  return `${bytes} ${rows}`;
}

/** A digest, so that files of one size are compared with all others after reading each once. */
async function digestOf(source: ByteSource): Promise<string> {
  // It takes some milliseconds to load, and is rarely needed.
  const { createHash } = await import('node:crypto');
  const hash = createHash('sha256');
  for await (const chunk of readBytes(source)) hash.update(chunk);
  return hash.digest('base64');
}
