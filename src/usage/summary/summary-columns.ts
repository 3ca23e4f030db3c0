import { valueAt } from '../../domain/grouping.ts';
import { FORMULA_STARTS } from '../../domain/guarded-text.ts';
import { type Instant, instantText } from '../../domain/instant.ts';
import type { StretchUsage } from '../../domain/records.ts';
import { type ColumnOf, column } from '../../domain/sheet.ts';
import type { TableColumns } from '../../input/table.ts';

/** The columns of a usage summary, in order; the first five are its key. */
export const SUMMARY_SHEET_COLUMNS: readonly ColumnOf<StretchUsage>[] = [
  column('month', 'text', ({ month }) => month),
  column('profile_id', 'id', ({ profileId }) => cellOfId(profileId)),
  column('user_id', 'id', ({ userId }) => cellOfId(userId)),
  column('stretch_from', 'date', ({ from }) => boundText(from)),
  column('stretch_to', 'date', ({ to }) => boundText(to)),
  column('credits', 'credits', ({ credits }) => credits),
  column('requests', 'count', ({ requests }) => requests),
];

const boundTexts = new Map<Instant, string>();

/** Millions of rows have few different bounds. */
function boundText(at: Instant): string {
  return valueAt(boundTexts, at, () => instantText(at));
}

/** A usage summary: one row per seat and stretch of a month that has usage rows. */
export const SUMMARY_COLUMNS: TableColumns = {
  required: SUMMARY_SHEET_COLUMNS.map(({ name }) => name),
  optional: [],
  numbers: ['credits', 'requests'],
};

/**
 * Whether a header, with names trimmed and in lower case, is that of a usage summary, even if a
 * column is missing.
 */
export function isSummaryHeader(names: readonly string[]): boolean {
  const hasStretch = names.includes('stretch_from') || names.includes('stretch_to');
  return hasStretch && !names.includes('timestamp');
}

const GUARDED_FORMULA = new RegExp(`^'+[${FORMULA_STARTS}]`);

/**
 * The id as a summary's cell, which the CSV guards like any other text. An id that already looks
 * guarded (`'=x`) gets one more `'`, so that reading can remove exactly one.
 */
function cellOfId(id: string): string {
  return GUARDED_FORMULA.test(id) ? `'${id}` : id;
}

/** The id from which a field of a summary was written; in one written by hand, the id itself. */
export function idOfField(text: string): string {
  return GUARDED_FORMULA.test(text) ? text.slice(1) : text;
}

/** The pattern of ids that a summary's CSV guards with a leading `'`, for other code that writes it. */
export const GUARDED_ID_PATTERN = `^'*[${FORMULA_STARTS}]`;
