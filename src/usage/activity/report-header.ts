import { hasUuidName } from '../../input/folder.ts';
import type { TableColumns } from '../../input/table.ts';

/** The columns of a per-user activity report, in lower case; others, such as those per model, are ignored. */
export const ACTIVITY_COLUMNS: TableColumns = {
  required: ['date', 'userid', 'client_type', 'credits_used', 'profileid'],
  optional: [
    'overage_credits_used',
    'overage_enabled',
    'overage_cap',
    'subscription_tier',
    'usage_limit',
    'new_user',
    'user_email',
  ],
  numbers: ['credits_used', 'overage_credits_used', 'overage_cap', 'usage_limit'],
};

/** Columns that only reports of credits have. */
const OF_CREDITS = ['overage_credits_used', 'overage_enabled', 'overage_cap', 'subscription_tier'];

/**
 * Whether a header, with names trimmed and in lower case, is that of a per-user activity report, even
 * if a column is missing: without its credits, a report is no other file of the bucket.
 */
export function isActivityHeader(names: readonly string[]): boolean {
  if (ACTIVITY_COLUMNS.required.every((name) => names.includes(name))) return true;
  return OF_CREDITS.some((name) => names.includes(name)) && !names.includes('timestamp');
}

/**
 * Whether a file of a synced bucket accompanies the reports without being one: analytics without
 * credits, recognized by folder or header, and marker files named by a UUID.
 */
export function isCompanionFile(file: string, names: readonly string[] = []): boolean {
  if (/(^|[\\/])by_user_analytic[\\/]/i.test(file) || hasUuidName(file)) return true;
  return names.includes('userid') && names.includes('date') && !names.includes('credits_used');
}
