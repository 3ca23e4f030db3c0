import { instantText } from '../../domain/instant.ts';

/** `YYYY-MM-DD HH:MM:SS[.ffffff]` in UTC, from microseconds since 1970. */
export function microsText(micros: bigint): string {
  return instantText(micros * 1000n)
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
