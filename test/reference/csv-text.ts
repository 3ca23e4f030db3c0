/** Writes rows as input CSVs, in all the manners that the formats page says are read alike. */
import type { DataDirectory, Row } from './facts.ts';

/** How a file is written: all of it must be read as if it were written plainly. */
export interface Manner {
  readonly withByteOrderMark: boolean;
  readonly withCarriageReturns: boolean;
  readonly withUpperCaseHeader: boolean;
  readonly withColumnsReversed: boolean;
  readonly withExtraColumn: boolean;
  readonly withEmptyLines: boolean;
  readonly withoutFinalNewline: boolean;
  readonly withoutBlankColumns: boolean;
  readonly withAllQuoted: boolean;
  readonly withPadding: boolean;
}

export const PLAIN_MANNER: Manner = {
  withByteOrderMark: false,
  withCarriageReturns: false,
  withUpperCaseHeader: false,
  withColumnsReversed: false,
  withExtraColumn: false,
  withEmptyLines: false,
  withoutFinalNewline: false,
  withoutBlankColumns: false,
  withAllQuoted: false,
  withPadding: false,
};

interface Columns {
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

const COLUMNS: Readonly<Record<string, Columns>> = {
  'profiles.csv': {
    required: ['profile_id', 'account_id', 'region'],
    optional: ['name', 'overage', 'overage_cap', 'aliases'],
  },
  'users.csv': { required: ['user_id'], optional: ['name', 'email', 'cost_center', 'aliases'] },
  'groups.csv': { required: ['group_id'], optional: ['name'] },
  'group_members.csv': {
    required: ['group_id', 'user_id'],
    optional: ['joined_at', 'left_at'],
  },
  'subscriptions.csv': {
    required: ['profile_id', 'principal_type', 'principal_id', 'tier', 'subscribed_at'],
    optional: ['unsubscribed_at'],
  },
  'tier_changes.csv': {
    required: ['profile_id', 'principal_type', 'principal_id', 'changed_at', 'tier'],
    optional: ['from_tier'],
  },
  'activations.csv': { required: ['profile_id', 'user_id', 'activated_at'], optional: [] },
  'overage_changes.csv': {
    required: ['profile_id', 'changed_at', 'overage'],
    optional: ['overage_cap'],
  },
  'usage.csv': {
    required: ['timestamp', 'profile_id', 'user_id', 'credits'],
    optional: ['request_id'],
  },
};

/** Names stay as they are, so that blanks around them would be another name. */
const NAMES = ['name', 'cost_center', 'email'];

function columnsOf(file: string): Columns {
  const columns = COLUMNS[/^usage\//.test(file) ? 'usage.csv' : file];
  if (columns === undefined) throw new Error(`no such file in a data directory: ${file}`);
  return columns;
}

function writtenColumns(file: string, rows: readonly Row[], manner: Manner): string[] {
  const { required, optional } = columnsOf(file);
  const kept = manner.withoutBlankColumns
    ? optional.filter((column) => rows.some((row) => (row[column] ?? '') !== ''))
    : optional;
  const columns = [...required, ...kept, ...(manner.withExtraColumn ? ['remark'] : [])];
  return manner.withColumnsReversed ? columns.reverse() : columns;
}

function written(text: string, isName: boolean, manner: Manner): string {
  const padded = manner.withPadding && !isName ? ` ${text}\t` : text;
  const needsQuotes = manner.withAllQuoted || /[",\r\n]/.test(padded);
  return needsQuotes ? `"${padded.replaceAll('"', '""')}"` : padded;
}

export function csvText(file: string, rows: readonly Row[], manner: Manner = PLAIN_MANNER): string {
  const columns = writtenColumns(file, rows, manner);
  const header = columns.map((column) =>
    written(manner.withUpperCaseHeader ? column.toUpperCase() : column, false, manner),
  );
  const body = rows.map((row) =>
    columns
      .map((column) => {
        const text = column === 'remark' ? 'ignored, "as such"' : (row[column] ?? '');
        return written(text, NAMES.includes(column), manner);
      })
      .join(','),
  );
  const newline = manner.withCarriageReturns ? '\r\n' : '\n';
  const between = manner.withEmptyLines ? `${newline}${newline}` : newline;
  const text = [header.join(','), ...body].join(between);
  const mark = manner.withByteOrderMark ? '\uFEFF' : '';
  return `${mark}${text}${manner.withoutFinalNewline ? '' : newline}`;
}

export function csvTexts(directory: DataDirectory, manner?: Manner): Record<string, string> {
  return Object.fromEntries(
    Object.entries(directory).map(([file, rows]) => [file, csvText(file, rows, manner)]),
  );
}
