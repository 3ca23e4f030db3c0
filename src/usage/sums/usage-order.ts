import { instantText } from '../../domain/instant.ts';
import { compareKeys } from '../../domain/text-order.ts';
import { USER, WINDOW } from '../rows/kernel/layout.ts';
import type { RowKernel } from '../rows/row-kernel.ts';
import type { Cells } from './cells.ts';
import type { ProfileWindow } from './profile-usage.ts';

/**
 * The cells in the order of a usage summary: by month, profile, user and stretch, each by the bytes
 * of its text.
 */
export function cellsInOrder(cells: Cells): Uint32Array {
  const order = Uint32Array.from({ length: cells.count }, (_, cell) => cell);
  const windows = order.map((cell) => cells.int(cell, WINDOW));
  const byText = byUserId(
    cells.kernel,
    order.map((cell) => cells.int(cell, USER)),
  );
  const { places, groups } = windowOrder(cells.windows);
  const rank = (of: readonly number[], cell: number): number =>
    of[windows[cell] as number] as number;
  return order.sort(
    (a, b) =>
      rank(groups, a) - rank(groups, b) || byText(a, b) || rank(places, a) - rank(places, b),
  );
}

/** Compares two of these users, by their index, by the bytes of their ids. */
export function byUserId(kernel: RowKernel, users: Uint32Array): (a: number, b: number) => number {
  // Usually a few bytes distinguish two ids, those after the prefix that all ids share.
  const first = users[0] ?? 0;
  const common = users.reduce(
    (least, user) => Math.min(least, user === first ? least : kernel.commonBytes(first, user)),
    Number.POSITIVE_INFINITY,
  );
  const starts = Float64Array.from(users, (user) => kernel.sixBytes(user, common));
  return (a, b) =>
    (starts[a] as number) - (starts[b] as number) ||
    kernel.compareTexts(users[a] as number, users[b] as number);
}

/** The positions of windows by month, profile and stretch, and by month and profile alone. */
function windowOrder(windows: readonly ProfileWindow[]): { places: number[]; groups: number[] } {
  const keys = windows.map(({ month, profileId, from, to }) => {
    return [month, profileId, instantText(from), instantText(to)];
  });
  const sorted = [...windows.keys()].sort((a, b) =>
    compareKeys(keys[a] as string[], keys[b] as string[]),
  );
  const [places, groups]: [number[], number[]] = [[], []];
  let group = 0;
  for (const [place, id] of sorted.entries()) {
    const [month, profileId] = keys[id] as string[];
    const before = keys[sorted[place - 1] ?? id] as string[];
    if (before[0] !== month || before[1] !== profileId) group += 1;
    places[id] = place;
    groups[id] = group;
  }
  return { places, groups };
}
