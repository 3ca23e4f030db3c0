import { basename } from 'node:path';
import { compareBytes } from '../../domain/text-order.ts';

/**
 * Which of two files was delivered later: by the time stamp in the name, then by the path;
 * above 0 where it is the first one, 0 where they are the same.
 */
export function compareDeliveries(a: string, b: string): number {
  return compareBytes(stampOfName(a), stampOfName(b)) || compareBytes(a, b);
}

/** The time of delivery in a report's name, `YYYYMMDDHHMM`; blank where the name has none. */
function stampOfName(file: string): string {
  return /_user_report_(\d{12})/i.exec(basename(file))?.[1] ?? '';
}
