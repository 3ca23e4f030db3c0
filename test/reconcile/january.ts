/** Our invoice of January 2026 against AWS's bill of it, by `reconcile`, over small data made for a test. */
import { ACCOUNT, ALICE, CUR_2, type CurTexts, curCsv } from '../aws/cur-rows.ts';
import { runMain, withDirectory } from '../support/in-process.ts';
import { subscriptionsCsv } from '../support/tables.ts';

export const CARLA = '33333333-3333-4333-8333-333333333333';

export interface Step {
  readonly item: string;
  readonly detail: string;
  readonly rows?: number;
  readonly amount: string;
}

export interface Result {
  readonly status: number;
  readonly stderr: string;
  readonly rows: readonly Record<string, string>[];
  readonly bridge: readonly Step[];
}

/** East has overage on, Europe off. */
export const PROFILES = [
  'profile_id,account_id,region,name,overage,overage_cap',
  `east,${ACCOUNT},us-east-1,East,enabled,`,
  `europe,${ACCOUNT},eu-central-1,Europe,disabled,`,
  '',
].join('\n');

/** Alice has Pro in East since November. */
export const PRO = `east,user,${ALICE},Pro,2025-11-01,`;
export const USAGE = 'timestamp,profile_id,user_id,credits\n';

export interface Case {
  /** Rows of subscriptions.csv. */
  readonly subscriptions?: readonly string[];
  readonly files?: Record<string, string>;
  readonly cur: readonly CurTexts[];
  readonly columns?: readonly string[];
  readonly args?: readonly string[];
}

/** Reconciles January 2026. */
export function reconcile({
  subscriptions = [],
  files = {},
  cur,
  columns = CUR_2,
  args = [],
}: Case): Promise<Result> {
  const data = {
    'profiles.csv': PROFILES,
    'subscriptions.csv': subscriptionsCsv(...subscriptions),
    'cur/cur.csv': curCsv(cur, columns),
    ...files,
  };
  return withDirectory(data, async (directory) => {
    const place = ['--data', directory, '--cur', `${directory}/cur`];
    const options = ['--month', '2026-01', '--format', 'json', ...place, ...args];
    const { status, stdout, stderr } = await runMain(['reconcile', ...options]);
    return { status, stderr, ...(stdout === '' ? { rows: [], bridge: [] } : JSON.parse(stdout)) };
  });
}
