import { periodAt, periodsUpTo } from '../../domain/billing-period.ts';
import { idDefect } from '../../domain/ids.ts';
import { earliestOf, instantFromText, instantOf } from '../../domain/instant.ts';
import type { ByteSource } from '../../input/byte-source.ts';
import type { InputFiles } from '../../input/data-directory.ts';
import { ProblemLog } from '../../input/problem-log.ts';
import { readTable, type TableRow } from '../../input/table.ts';
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
      return [...(await column(users, 'user_id')), ...(await principals(subscriptions, kind))];
    case 'group':
      return [
        ...(await column(groups, 'group_id')),
        ...(await column(groupMembers, 'group_id')),
        ...(await principals(subscriptions, kind)),
      ];
    case 'cost center':
      return column(users, 'cost_center');
  }
}

function isSafe(id: string): boolean {
  return id !== '' && idDefect(id) === undefined && visible(id) === id;
}

/** The users, or groups, that are subscribed. */
async function principals(
  subscriptions: ByteSource | undefined,
  type: 'user' | 'group',
): Promise<string[]> {
  const ids: string[] = [];
  await eachRow(subscriptions, ['principal_type', 'principal_id'], (row) => {
    if (row.text('principal_type').toLowerCase() === type) ids.push(row.text('principal_id'));
  });
  return ids;
}

async function column(source: ByteSource | undefined, name: string): Promise<string[]> {
  const texts: string[] = [];
  await eachRow(source, [name], (row) => texts.push(row.text(name)));
  return texts;
}

async function eachRow(
  source: ByteSource | undefined,
  required: readonly string[],
  onRow: (row: TableRow) => void,
): Promise<void> {
  if (source === undefined || source.stream !== undefined) return;
  await readTable(source, { required, optional: [] }, new ProblemLog(), onRow);
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
