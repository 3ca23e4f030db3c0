import { trimmed } from '../../input/fields.ts';
import type { ScanText } from './scan-text.ts';

const QUOTE = 0x22;

/** The text of the field that stands at `[start, end)`, its quotes and the spaces around it taken off. */
export function fieldText({ bytes, buffer }: ScanText, start: number, end: number): string {
  if (end - start < 2 || bytes[start] !== QUOTE)
    return trimmed(buffer.toString('utf8', start, end));
  return trimmed(buffer.toString('utf8', start + 1, end - 1).replaceAll('""', '"'));
}
