import { periodAt, periodsUpTo } from '../../domain/billing-period.ts';
import { idDefect } from '../../domain/ids.ts';
import { earliestOf, instantFromText, instantOf } from '../../domain/instant.ts';
import type { ByteSource } from '../../input/byte-source.ts';
import type { InputFiles } from '../../input/data-directory.ts';
import { ProblemLog } from '../../input/problem-log.ts';
import { readTable } from '../../input/table.ts';
import { visible } from '../../render/terminal.ts';

/** A kind of values that completion asks of the data. */
export type DataValues = 'month' | 'profile' | 'group' | 'user' | 'cost center';

/**
 * The values of one kind that the data hold, in order. Files that are missing or broken
 * give none. Ids with unsafe characters are left out, as a shell gets these lines.
 */
export async function valuesOfData(
  kind: DataValues,
  files: InputFiles,
  now: Date,
): Promise<string[]> {
  if (kind === 'month') return monthsToBill(files.tables.subscriptions, now);
  return [...new Set(await idsOf(kind, files))].filter(isSafe).sort();
}

async function idsOf(
  kind: Exclude<DataValues, 'month'>,
  { tables }: InputFiles,
): Promise<readonly string[]> {
  const { profiles, users, groups, groupMembers, subscriptions } = tables;
  switch (kind) {
    case 'profile':
      return column(profiles ?? subscriptions, 'profile_id');
    case 'user':
      return [
        ...(await column(users, 'user_id')),
        ...(await column(subscriptions, 'principal_id', kind)),
      ];
    case 'group':
      return [
        ...(await column(groups, 'group_id')),
        ...(await column(groupMembers, 'group_id')),
        ...(await column(subscriptions, 'principal_id', kind)),
      ];
    case 'cost center':
      return column(users, 'cost_center');
  }
}

function isSafe(id: string): boolean {
  return id !== '' && idDefect(id) === undefined && visible(id) === id;
}

/** The texts in a column, of principals only those of one type. */
async function column(
  source: ByteSource | undefined,
  name: string,
  principalType?: 'user' | 'group',
): Promise<string[]> {
  const texts: string[] = [];
  if (source === undefined || source.stream !== undefined) return texts;
  const required = principalType === undefined ? [name] : [name, 'principal_type'];
  await readTable(source, { required, optional: [] }, new ProblemLog(), (row) => {
    const isWanted =
      principalType === undefined || row.text('principal_type').toLowerCase() === principalType;
    if (isWanted) texts.push(row.text(name));
  });
  return texts;
}

/** More than this is not offered: three years. */
const MOST_MONTHS = 36;

/** From the month of the first subscription to the running one, the latest of them. */
async function monthsToBill(subscriptions: ByteSource | undefined, now: Date): Promise<string[]> {
  const starts = await column(subscriptions, 'subscribed_at');
  const first = earliestOf(starts.flatMap((text) => instantFromText(text) ?? []));
  if (first === undefined) return [];
  const latest = periodsUpTo(periodAt(instantOf(now)), MOST_MONTHS);
  return latest.filter(({ end }) => end > first).map(({ month }) => month);
}
