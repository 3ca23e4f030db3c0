import { bareUserId, idDefect } from '../domain/ids.ts';
import { type Instant, instantFromText } from '../domain/instant.ts';
import { type KnownTiers, tierKey } from '../domain/tier.ts';
import { type ByteSource, readBytes } from '../input/byte-source.ts';
import type { ProblemLog } from '../input/problem-log.ts';
import type { TableRow } from '../input/table.ts';
import { type DatedList, type ListedUser, type ListStatus, nameOfPlace } from './evidence.ts';
import { type LooseColumns, readLooseTable } from './loose-table.ts';
import { USER_COLUMNS } from './people.ts';

const LIST_COLUMNS = {
  ...USER_COLUMNS,
  name: ['name', 'display_name'],
  status: ['subscription_status', 'status'],
  plan: ['kiro_plan', 'plan', 'tier', 'kiro_tier', 'subscription_type'],
  activation: ['activation_date', 'activated_at'],
} as const satisfies LooseColumns<string>;

type ListField = keyof typeof LIST_COLUMNS;

/**
 * Reads a list as saved from the Kiro console, or any table with a user and a plan; problems go to
 * `log`. `undefined` if it is a table of something else.
 */
export async function readSubscriptionList(
  source: ByteSource,
  tiers: KnownTiers,
  log: ProblemLog,
): Promise<Pick<DatedList, 'users' | 'leftOut'> | undefined> {
  const rows = await readLooseTable<ListField>(
    source.file,
    readBytes(source),
    LIST_COLUMNS,
    missingColumns,
    log,
  );
  if (rows === undefined) return undefined;
  const users: ListedUser[] = [];
  const leftOut: string[] = [];
  for (const row of rows) {
    const read = listedUser(row, tiers);
    if (typeof read === 'string') leftOut.push(read);
    else if (read !== undefined) users.push(read);
  }
  return { users, leftOut };
}

function missingColumns(has: (field: ListField) => boolean): string | undefined {
  if (!NAMES.some(has)) {
    return 'no column names a user: a list needs Name, user_id, email or user_name';
  }
  return has('plan')
    ? undefined
    : 'no column names a plan: a list needs Kiro plan, plan, tier, kiro_tier or subscription_type';
}

const STATUSES: ReadonlyMap<string, ListStatus> = new Map([
  ['', 'active'],
  ['active', 'active'],
  ['pending', 'pending'],
  ['canceled', 'canceled'],
  ['cancelled', 'canceled'],
  ['unavailable', 'other'],
]);

/** Plans that cost nothing. */
const FREE_PLANS: ReadonlySet<string> = new Set(['free', '']);

/** The user of a row, or why it is left out; `undefined` if the row has a problem. */
function listedUser(row: TableRow<ListField>, tiers: KnownTiers): ListedUser | string | undefined {
  const problem = (field: ListField, what: string): undefined => {
    row.problem(field, what, row.text(field));
    return undefined;
  };
  const status = STATUSES.get(row.text('status').toLowerCase());
  if (status === undefined) {
    return problem('status', 'not a status (Active, Pending, Canceled, Unavailable)');
  }
  const [first, ...others] = namesOf(row);
  if (first === undefined) return 'rows without a user';
  const defect = idDefect(first);
  if (defect !== undefined) {
    return problem(NAMES.find((field) => row.text(field) !== '') ?? 'name', defect);
  }
  const plan = row.text('plan');
  const tier = tiers.get(tierKey(plan));
  const isCharged = status === 'active' || status === 'pending';
  if (isCharged && FREE_PLANS.has(tierKey(plan))) return 'users without a paid plan';
  if (isCharged && tier === undefined) {
    return problem('plan', `not a plan (${[...tiers.values()].join(', ')})`);
  }
  const activation = row.text('activation');
  const activatedAt = listInstant(activation);
  if (isCharged && activatedAt === undefined && !/^(?:[-–—]|n\/a)?$/i.test(activation)) {
    return problem('activation', 'not a date: write it as 2026-02-12, or as the Kiro console does');
  }
  return {
    names: [first, ...others],
    email: [row.text('email'), ...others, first].find((text) => text.includes('@')) ?? '',
    status,
    tier: tier ?? '',
    activatedAt,
    source: nameOfPlace(row.place),
  };
}

/** The columns that name a user, the best one first. */
const NAMES = ['id', 'userName', 'email', 'name'] as const;

function namesOf(row: TableRow<ListField>): string[] {
  const names = NAMES.map((field) => bareUserId(row.text(field)));
  return [...new Set(names.filter((name) => name !== ''))];
}

const CONSOLE_DATE =
  /^([a-z]{3,9})\.? (\d{1,2}), (\d{4})(?:,? (?:at )?(\d{1,2}):(\d\d)(?::(\d\d))? ?([ap]m)?(?: ?\((?:UTC|GMT)([+-]\d{1,2}:?\d\d|Z)?\))?)?$/i;

/** An instant in the usual forms, or in the console's: `February 12, 2026, 10:15 (UTC+01:00)`, the time optional. */
export function listInstant(text: string): Instant | undefined {
  const plain = instantFromText(text);
  if (plain !== undefined) return plain;
  const match = CONSOLE_DATE.exec(text.replace(/\s+/g, ' '));
  if (match === null) return undefined;
  const [, monthName = '', day = '', year = '', hour, minute = '', second = '00', half, zone] =
    match;
  const month = MONTH_NAMES.findIndex((name) => name.startsWith(monthName.toLowerCase())) + 1;
  const date = `${year}-${pad(month)}-${pad(Number(day))}`;
  if (hour === undefined) return instantFromText(date);
  const hours =
    half === undefined ? Number(hour) : (Number(hour) % 12) + (/p/i.test(half) ? 12 : 0);
  return instantFromText(`${date}T${pad(hours)}:${minute}:${second}${zoneText(zone)}`);
}

const MONTH_NAMES =
  'january february march april may june july august september october november december'.split(
    ' ',
  );

function pad(number: number): string {
  return String(number).padStart(2, '0');
}

function zoneText(zone: string | undefined): string {
  if (zone === undefined || zone === 'Z') return 'Z';
  const digits = zone.slice(1).replace(':', '').padStart(4, '0');
  return `${zone[0]}${digits.slice(0, 2)}:${digits.slice(2)}`;
}
