import { open } from 'node:fs/promises';
import { billingPeriod, periodsUpTo } from '../../domain/billing-period.ts';
import { idDefect } from '../../domain/ids.ts';
import { type ByteSource, isGzip, readBytes } from '../../input/byte-source.ts';
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
export async function valuesOfData(kind: DataValues, files: InputFiles): Promise<string[]> {
  if (kind === 'month') return monthsHeld(files);
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

/** More than this is not offered: the latest months, three years of them. */
const MOST_MONTHS = 36;

/** From the first month found anywhere to the last, with all months in between. */
async function monthsHeld({ tables, usage }: InputFiles): Promise<string[]> {
  const sources = [tables.subscriptions, ...outermost(usage)];
  const months = (await Promise.all(sources.map(monthsOf))).flat().sort();
  const [first] = months;
  const last = months.at(-1);
  if (first === undefined || last === undefined) return [];
  const latest = periodsUpTo(billingPeriod(last), MOST_MONTHS);
  return latest.map(({ month }) => month).filter((month) => month >= first);
}

const FILES_AT_EACH_END = 40;

/** Usage files have their time in their names, so the first and the last give the range. */
function outermost(usage: readonly ByteSource[]): readonly ByteSource[] {
  if (usage.length <= 2 * FILES_AT_EACH_END) return usage;
  return [...usage.slice(0, FILES_AT_EACH_END), ...usage.slice(-FILES_AT_EACH_END)];
}

const SAMPLE_BYTES = 64 * 1024;

/** A month or a date at the start of a field. */
const MONTH = /(?<=^|[,"\s])2[01]\d\d-(?:0[1-9]|1[0-2])(?=-\d\d|[,"\s]|$)/gm;

/** The months at the start and the end of a file: usage is too long to be read here. */
async function monthsOf(source: ByteSource): Promise<string[]> {
  if (source.stream !== undefined) return [];
  try {
    const text = isGzip(source.file) ? await startOf(source) : await bothEndsOf(source);
    return text.match(MONTH) ?? [];
  } catch {
    return [];
  }
}

async function startOf(source: ByteSource): Promise<string> {
  for await (const chunk of readBytes(source)) return chunk.toString('latin1');
  return '';
}

async function bothEndsOf({ file, sizeBytes = 0 }: ByteSource): Promise<string> {
  const handle = await open(file, 'r');
  try {
    const buffer = Buffer.alloc(SAMPLE_BYTES);
    const starts = [0, Math.max(0, sizeBytes - SAMPLE_BYTES)];
    let text = '';
    for (const start of new Set(starts)) {
      const { bytesRead } = await handle.read(buffer, 0, SAMPLE_BYTES, start);
      text += `${buffer.toString('latin1', 0, bytesRead)}\n`;
    }
    return text;
  } finally {
    await handle.close();
  }
}
