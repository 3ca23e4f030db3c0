/**
 * The commands that write. `DATA` at the start of a word is the folder of the sample data,
 * `OUT` that of outputs; `before` are the commands that create the earlier files. A unit is
 * written as one: all of it, or nothing. The short ones represent their kinds where runs take long.
 */
function toFiles(args, file, isShort = false) {
  return { args, after: ['--data', 'DATA', '-o', `OUT/${file}`], isShort };
}

/** A list of subscriptions as the console shows them. */
export const LIST = 'Name,Kiro plan\nana,Pro\nben,Power\n';
const PROFILE = 'arn:aws:codewhisperer:us-east-1:111122223333:profile/ABC';

function importing(kind, path, more = []) {
  return ['import', kind, `DATA/${path}`, '-o', 'OUT', ...more];
}

const ACTIVITY = importing('activity', 'aws/reports');
const CUR = importing('cur', 'aws/cur');
const USERS = importing('users', 'aws/identity-store');
const LISTED = ['--as-of', '2026-01-20', '--profile', PROFILE];
const SUBSCRIPTIONS = importing('subscriptions', 'list.csv', LISTED);

function unit(args, before = [], isShort = false) {
  return { args, before, isUnit: true, isShort };
}

export const WRITERS = [
  toFiles(['invoice', '2026-01'], 'a.csv', true),
  toFiles(['invoice', '2026-01'], 'a.xlsx'),
  toFiles(['invoice', '2026-01', '--skip-bad-usage', 'OUT/bad.csv'], 'a.json', true),
  toFiles(['explain', '--month', '2026-01', '--user', 'u-ana'], 'a.md'),
  toFiles(['trend', '--month', '2026-01..2026-03'], 'a.csv'),
  toFiles(['optimize', '2026-01'], 'a.csv'),
  toFiles(['forecast', '2026-01', '--as-of', '2026-01-20'], 'a.csv'),
  toFiles(['reconcile', '2026-01', '--cur', 'DATA/aws/cur'], 'a.csv'),
  toFiles(['chargeback', '2026-01', '--cur', 'DATA/aws/cur'], 'a.csv'),
  toFiles(['report', '2026-01'], 'a.html'),
  toFiles(['summarize'], 'a.csv'),
  toFiles(['sql', '--engine', 'duckdb', '--table', 'usage'], 'a.sql'),
  toFiles(['rates'], 'a.json'),
  unit(ACTIVITY, [CUR], true),
  unit(CUR, [ACTIVITY]),
  unit(USERS, [ACTIVITY]),
  unit(SUBSCRIPTIONS, []),
  unit(['init', 'OUT'], [], true),
  unit(['init', 'OUT/book.xlsx']),
];
