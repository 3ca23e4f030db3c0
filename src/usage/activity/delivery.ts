import { statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { groupBy } from '../../domain/grouping.ts';
import { compareInstants, type Instant, laterOf } from '../../domain/instant.ts';
import { compareBytes } from '../../domain/text-order.ts';

/** One delivery: a file, or the files of one folder whose names differ only in `part_N`. */
interface Delivery {
  readonly path: string;
  readonly parts: readonly string[];
  readonly stamp: string;
  readonly changedAt: Instant;
}

/**
 * A rank for each file by path: the higher, the newer; files of one delivery have the same rank.
 * Ordered by the stamp in the name (no stamp is oldest), then by modification time, then by path
 * (R2).
 */
export function deliveryRanks(files: Iterable<string>): Map<string, number> {
  const deliveries = [...groupBy(files, wholePath)].map(([path, parts]): Delivery => {
    return { path, parts, stamp: stampOfName(parts[0]), changedAt: latestChange(parts) };
  });
  const ranked = deliveries
    .sort(byAge)
    .flatMap(({ parts }, rank) => parts.map((file) => [file, rank] as const));
  return new Map(ranked);
}

function byAge(a: Delivery, b: Delivery): number {
  return (
    compareBytes(a.stamp, b.stamp) ||
    compareInstants(a.changedAt, b.changedAt) ||
    compareBytes(a.path, b.path)
  );
}

/** The path that all parts of a file share. */
function wholePath(file: string): string {
  return `${dirname(file)}/${basename(file).replace(/part_\d+/gi, 'part_')}`;
}

/** The time of delivery in a report's name, `YYYYMMDDHHMM`; blank if the name has none. */
function stampOfName(file: string): string {
  return /_user_report_(\d{12})/i.exec(basename(file))?.[1] ?? '';
}

/** The latest modification time of these files; the start of 1970 if unknown. */
function latestChange(files: readonly string[]): Instant {
  return files.map(changeOf).reduce(laterOf, 0n);
}

function changeOf(file: string): Instant {
  try {
    return statSync(file, { bigint: true }).mtimeNs;
  } catch {
    // It is a stream, or was removed since it was read.
    return 0n;
  }
}
