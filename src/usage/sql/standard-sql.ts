import { instantText } from '../../domain/instant.ts';

/** `YYYY-MM-DD HH:MM:SS.ffffff` in UTC, of microseconds since 1970. */
export function microsText(micros: bigint): string {
  const whole = instantText((micros / 1_000_000n) * 1_000_000_000n).slice(0, 19);
  const fraction = (micros % 1_000_000n).toString().padStart(6, '0');
  return `${whole.replace('T', ' ')}.${fraction}`;
}

/** A text literal by the standard: quotes doubled, nothing else is special. */
export function standardText(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

/** A name in double quotes, as the standard has it. */
export function standardIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
