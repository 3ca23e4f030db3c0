/** Tables of a data directory as text, for tests that need data and no spelling of it. */

const PROFILES = [
  ...['profile_id', 'account_id', 'region', 'name'],
  ...['overage', 'overage_cap', 'aliases'],
];
const USERS = ['user_id', 'name', 'email', 'cost_center', 'aliases'];
const SUBSCRIPTIONS = [
  ...['profile_id', 'principal_type', 'principal_id', 'tier'],
  ...['subscribed_at', 'unsubscribed_at'],
];
const USAGE = ['timestamp', 'profile_id', 'user_id', 'credits', 'request_id'];
const TIER_CHANGES = ['profile_id', 'principal_type', 'principal_id', 'changed_at', 'tier'];
const OVERAGE_CHANGES = ['profile_id', 'changed_at', 'overage'];

/** Rows as in `p1,111122223333,us-east-1`, with a name, overage, its cap and aliases where one of them has any. */
export function profilesCsv(...rows: readonly string[]): string {
  return tableText(PROFILES, 3, rows);
}

/** Rows as in `ann,Ann`, with an address, a cost center and aliases where one of them has any. */
export function usersCsv(...rows: readonly string[]): string {
  return tableText(USERS, 2, rows);
}

/** Rows as in `p1,user,ann,Pro,2025-11-01`, with the end of the seat where one of them has an end. */
export function subscriptionsCsv(...rows: readonly string[]): string {
  return tableText(SUBSCRIPTIONS, 5, rows);
}

/** Rows as in `2026-01-05,p1,ann,1.5`, with a request id where one of them has an id. */
export function usageCsv(...rows: readonly string[]): string {
  return tableText(USAGE, 4, rows);
}

/** Rows as in `p1,user,ann,2026-01-05,Pro+`. */
export function tierChangesCsv(...rows: readonly string[]): string {
  return tableText(TIER_CHANGES, 5, rows);
}

/** Rows as in `p1,2026-01-05,enabled`. */
export function overageChangesCsv(...rows: readonly string[]): string {
  return tableText(OVERAGE_CHANGES, 3, rows);
}

/** The rows below the columns that they need. No value may have a comma. */
function tableText(columns: readonly string[], needed: number, rows: readonly string[]): string {
  const widest = Math.max(needed, ...rows.map((row) => row.split(',').length));
  const padded = rows.map((row) => row + ','.repeat(widest - row.split(',').length));
  return [columns.slice(0, widest).join(','), ...padded, ''].join('\n');
}
