import { type Instant, instantText } from '../../domain/instant.ts';

const NANOS_PER_MICRO = 1000n;

/**
 * `YYYY-MM-DD HH:MM:SS[.ffffff]` in UTC: the first microsecond at or after an instant, which
 * divides usage to the microsecond as the instant does.
 */
export function microsText(at: Instant): string {
  const micros = (at + NANOS_PER_MICRO - 1n) / NANOS_PER_MICRO;
  return instantText(micros * NANOS_PER_MICRO)
    .replace('T', ' ')
    .replace('Z', '');
}

/** A text literal as in the standard: quotes are doubled, nothing else is special. */
export function standardText(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

/** A name in double quotes, as in the standard. */
export function standardIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
