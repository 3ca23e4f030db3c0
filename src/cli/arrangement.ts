import type { Arrangement } from '../billing/arrange.ts';
import { WrongUsage } from '../domain/problem.ts';
import type { Column } from '../domain/sheet.ts';
import { nearest } from '../input/nearest.ts';

/** `--sort` and `--top` as they were asked for. */
export interface ArrangementOptions {
  readonly sort?: string;
  readonly top?: number;
}

/**
 * How `--sort` and `--top` ask the rows to be; without `--sort`, `--top` takes the highest
 * of `topBy`. A column that there is not is `WrongUsage`.
 */
export function arrangementAsked(
  { sort, top }: ArrangementOptions,
  columns: readonly Column[],
  topBy: string,
): Arrangement {
  const asked = sort ?? (top === undefined ? undefined : topBy);
  if (asked === undefined) return {};
  const reversed = asked.startsWith('-');
  const column = (reversed ? asked.slice(1) : asked).toLowerCase();
  const names = columns.map(({ name }) => name);
  if (!names.includes(column)) {
    const near = nearest(column, names);
    const hint = near === undefined ? '' : `; did you mean ${near}?`;
    throw new WrongUsage(`--sort ${asked}: there is no such column${hint} (${names.join(', ')})`);
  }
  return { sortBy: { column, reversed }, ...(top === undefined ? {} : { top }) };
}
