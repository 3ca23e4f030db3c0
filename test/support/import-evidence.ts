/** What an import reads, and the directory that it writes, made in memory. */
import { parse } from 'csv-parse/sync';
import { AwsBill } from '../../src/aws/aws-bill.ts';
import type { KiroLine } from '../../src/aws/kiro-line.ts';
import { decimal } from '../../src/domain/decimal.ts';
import { instant } from '../../src/domain/instant.ts';
import { BUILT_IN_RATE_CARD } from '../../src/domain/rate-card.ts';
import { type ImportedDirectory, importedDirectory } from '../../src/import/directory.ts';
import type { DatedList, ListedUser, People, Person } from '../../src/import/evidence.ts';
import type { ImportSettings } from '../../src/import/import-settings.ts';
import type { DirectoryBefore } from '../../src/import/imported-tables.ts';
import { evidenceOfReports } from '../../src/import/report-evidence.ts';
import type { ExistingTable } from '../../src/import/table-rows.ts';
import { cardTiers } from '../../src/import/tier-order.ts';
import { TABLES, type Table } from '../../src/input/known-columns.ts';
import { ProblemLog } from '../../src/input/problem-log.ts';
import type { CountedActivity } from '../../src/usage/activity/counted-activity.ts';
import { FEE as A_FEE } from './kiro-line.ts';

export const ACCOUNT = '111122223333';

export function arn(id: string, region = 'us-east-1'): string {
  return `arn:aws:codewhisperer:${region}:${ACCOUNT}:profile/${id}`;
}

export const EAST = arn('EAST');

/** A fee of Pro in Virginia, of January. */
export const FEE: KiroLine = { ...A_FEE, accountId: ACCOUNT };

/** A row of a report of Virginia: a day on which a user of Pro was active. */
export function seen(
  date: string,
  userId = 'alice',
  more: Partial<CountedActivity> = {},
): CountedActivity {
  return {
    ...{ profileId: EAST, date, at: instant(date), userId, tier: 'Pro', isNewUser: false },
    ...{ email: '', overageCredits: decimal('0'), place: { file: 'r.csv', line: 2 } },
    ...more,
  };
}

/** A list of Virginia: `ann`, `ann pending`, `ann active Power`. */
export function list(day: string, texts: readonly string[], profile = EAST): DatedList {
  const users = texts.map((text): ListedUser => {
    const [name = '', status = 'active', tier = 'Pro'] = text.split(' ');
    const email = name.includes('@') ? name : '';
    const seat = { status: status as 'active', tier, activatedAt: undefined };
    return { names: [name], email, ...seat, source: `${day}.csv` };
  });
  return { path: `${day}.csv`, profile, at: instant(day), users, leftOut: [] };
}

/** People of the Identity Store. */
export function people(...persons: readonly (Partial<Person> & { readonly id: string })[]): People {
  const blank = { userName: '', email: '', name: '', costCenter: '', isIdentityStore: true };
  return {
    persons: persons.map((one) => ({ ...blank, source: 'store', ...one })),
    groups: [],
    memberships: [],
    pages: [],
  };
}

/** What the files of an import hold. */
export interface Files {
  readonly reports?: readonly CountedActivity[];
  readonly bill?: readonly KiroLine[];
  readonly lists?: readonly DatedList[];
  readonly people?: readonly People[];
  readonly tags?: Readonly<Record<string, string>>;
}

/** A table as a person writes it: the header, and rows. */
export type OwnTables = Partial<Record<Table, readonly string[]>>;

function existing(tables: OwnTables): DirectoryBefore['existing'] {
  return Object.fromEntries(
    Object.entries(tables).map(([table, lines]) => [table, tableOf(lines.join('\n'))]),
  );
}

function tableOf(text: string): ExistingTable {
  const [columns = [], ...rows] = parse(text) as string[][];
  const fields = (row: string[]) => columns.map((name, index) => [name, row[index] ?? '']);
  return { columns, rows: rows.map((row) => Object.fromEntries(fields(row))) };
}

/** Imports files into a directory that holds a person's tables, or what is `before`. */
export function importOf(
  { reports = [], bill = [], lists = [], tags = {}, ...files }: Files,
  before: OwnTables | DirectoryBefore = {},
): ImportedDirectory {
  const bills = new Map<string, AwsBill>();
  for (const line of bill) {
    const ofMonth = bills.get(line.month) ?? new AwsBill();
    bills.set(line.month, ofMonth);
    ofMonth.add(line, 'cur.csv');
  }
  const tiers = cardTiers(BUILT_IN_RATE_CARD);
  const tagged = Object.entries(tags).map(
    ([userId, costCenter]) => [userId, { costCenter, source: 'tag' }] as const,
  );
  const settings: ImportSettings = {
    ...(reports.length > 0 ? { usage: ['r.csv'] } : {}),
    ...(bill.length > 0 ? { cur: ['cur.csv'] } : {}),
    ...(lists.length > 0 ? { subscription_lists: lists.map(({ path }) => ({ path })) } : {}),
  };
  return importedDirectory(
    'imported' in before ? before : { existing: existing(before), imported: {} },
    settings,
    {
      ...{ reports: evidenceOfReports(reports, tiers.known, new ProblemLog()), bills, lists },
      ...{ people: files.people ?? [], tags: new Map(tagged), tiers },
    },
  );
}

/** The directory after an import, with a person's edits of the texts of its tables. */
export function edited(
  { texts, imported }: ImportedDirectory,
  edits: Partial<Record<Table, (text: string) => string | undefined>> = {},
): DirectoryBefore {
  const tables = [...texts].flatMap(([table, text]) => {
    const edit = edits[table];
    const after = edit === undefined ? text : edit(text);
    return after === undefined ? [] : [[table, tableOf(after)]];
  });
  return { existing: Object.fromEntries(tables), imported };
}

/** The rows of a table as written, without `inferred_from`; its source, too, with `withSource`. */
export function rows({ texts }: ImportedDirectory, table: Table, withSource = false): string[] {
  const { columns, rows: all } = tableOf(texts.get(table) ?? '');
  const shown = columns.filter((name) => withSource || name !== 'inferred_from');
  return all.map((row) => shown.map((name) => row[name]).join(','));
}

/** The tables that were written. */
export function written({ texts }: ImportedDirectory): string[] {
  return TABLES.filter((table) => texts.has(table));
}
