import { statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { compareInstants } from '../../domain/instant.ts';
import { compareBytes } from '../../domain/text-order.ts';

/** One delivery: a file, or the files of one folder whose names differ only in `part_N`. */
interface Delivery {
  readonly path: string;
  readonly stamp: string;
  /** The latest modification time of its files, in nanoseconds since 1970; 0 if unknown. */
  changedAt: bigint;
}

/**
 * A rank for each file by path: the higher, the newer; files of one delivery have the same rank.
 * Ordered by the stamp in the name (no stamp is oldest), then by modification time, then by path
 * (R2).
 */
export function deliveryRanks(files: Iterable<string>): Map<string, number> {
  const deliveries = new Map<string, Delivery>();
  const deliveryOf = new Map<string, Delivery>();
  for (const file of files) {
    const path = wholePath(file);
    const known = deliveries.get(path) ?? { path, stamp: stampOfName(file), changedAt: 0n };
    const changedAt = changeOf(file);
    if (changedAt > known.changedAt) known.changedAt = changedAt;
    deliveries.set(path, known);
    deliveryOf.set(file, known);
  }
  const ranks = new Map([...deliveries.values()].sort(byAge).map((one, rank) => [one, rank]));
  return new Map([...deliveryOf].map(([file, one]) => [file, ranks.get(one) as number]));
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

function changeOf(file: string): bigint {
  try {
    return statSync(file, { bigint: true }).mtimeNs;
  } catch {
    // It is a stream, or was removed since it was read.
    return 0n;
  }
}
