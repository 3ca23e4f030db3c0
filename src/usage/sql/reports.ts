import { utcDate } from '../../domain/instant.ts';
import type { TextColumn } from './csv-lines.ts';
import type { Dialect, Step } from './dialect.ts';
import { bareUserId, matchedProfile, profileNameSteps } from './ids.ts';
import { select } from './query.ts';
import type { MonthRange, Reduction } from './reduction.ts';
import { checkedCredits, sumStep } from './sums.ts';
import { filePath, tableName, textSteps } from './text-rows.ts';
import { creditsFrom, midnightFrom } from './text-values.ts';

const COLUMNS: readonly TextColumn[] = [
  { name: 'Date', alias: 'date_text' },
  { name: 'UserId', alias: 'user_id' },
  { name: 'Client_Type', alias: 'client' },
  { name: 'ProfileId', alias: 'reported_id' },
  { name: 'Subscription_Tier', alias: 'tier', isOptional: true },
  { name: 'Credits_Used', alias: 'used_text' },
  { name: 'Overage_Credits_Used', alias: 'overage_text', isOptional: true },
];

/** The key of a report's row (R2). */
const KEY = 'used_at, user_id, client, profile_id';

/** The rank of a delivery of a key, the newest first: by the stamp in the name, then by the path (R2). */
const AGE = `row_number() OVER (PARTITION BY ${KEY} ORDER BY stamp DESC, file_path DESC) AS age`;

/** The steps from activity reports to their sums; the last one is `sums` (R1, R2). */
export function reportSteps(dialect: Dialect, reduction: Reduction): Step[] {
  const isBeside = reduction.reportedCredits === 'beside';
  return [
    ...profileNameSteps(dialect, reduction.profiles),
    ...rowSteps(dialect, reduction),
    {
      name: 'deliveries',
      query: select(
        [KEY, 'sum(used) AS used', 'sum(overage) AS overage', AGE],
        `(SELECT DISTINCT ${KEY}, stamp, file_path, used, overage FROM reports) AS r`,
        [`GROUP BY ${KEY}, stamp, file_path`],
      ),
      comment:
        'Rows of one key in one file add up, equal ones count once; the newest file has age 1.',
    },
    {
      name: 'usage_rows',
      query: [
        creditRows('used', 1),
        ...(isBeside ? ['UNION ALL', creditRows('overage', 0)] : []),
      ].join('\n'),
      comment: isBeside
        ? 'The credits of the newest, and the overage credits beside them.'
        : 'The credits of the newest, which hold the overage.',
    },
    sumStep(dialect, isTyped(reduction) ? { stretches: reduction.stretches } : reduction, {
      from: 'usage_rows',
      usedAt: 'u.used_at',
      requests: 'sum(u.requests)',
      column: (name) => `u.${name}`,
    }),
  ];
}

function isTyped({ input }: Reduction): boolean {
  return 'table' in input && !input.isText;
}

/** Two rows if there are two kinds of credits: adding such decimals rounds in Spark, a sum does not. */
function creditRows(credits: string, requests: number): string {
  return `SELECT profile_id, user_id, used_at, ${credits} AS credits, ${requests} AS requests FROM deliveries WHERE age = 1`;
}

/** The rows of all reports except those of the Free tier, as `reports`. */
function rowSteps(dialect: Dialect, reduction: Reduction): Step[] {
  const { input, profiles, fileColumn, months } = reduction;
  const comment = 'The rows of the reports, without those of the Free tier.';
  if ('table' in input && !input.isText) {
    const column = (name: string): string => `r.${dialect.identifier(name)}`;
    const tier = `coalesce(${column('Subscription_Tier')}, '')`;
    const file = fileColumn === undefined ? dialect.filePath : `r.${filePath(dialect, fileColumn)}`;
    const { profileId, joins } = matchedProfile(dialect, column('ProfileId'), profiles);
    const query = reportRows(dialect, {
      usedAt: dialect.midnight(column('Date')),
      userId: column('UserId'),
      client: column('Client_Type'),
      profileId,
      file,
      used: checkedCredits(dialect, column('Credits_Used')),
      overage: checkedCredits(dialect, `coalesce(${column('Overage_Credits_Used')}, 0)`),
      from: `${tableName(dialect, input.table)} AS r`,
      rest: [
        ...joins,
        `WHERE ${isCharged(dialect, tier, file)}${dateFilter(column('Date'), months)}`,
      ],
    });
    return [{ name: 'reports', query, comment }];
  }
  const { profileId, joins } = matchedProfile(dialect, 'r.reported_id', profiles);
  const query = reportRows(dialect, {
    usedAt: midnightFrom(dialect, 'date_text'),
    userId: 'user_id',
    client: 'client',
    profileId,
    file: 'file_path',
    used: creditsFrom(dialect, 'used_text'),
    overage: `CASE WHEN overage_text = '' THEN 0 ELSE ${creditsFrom(dialect, 'overage_text')} END`,
    from: 'texts AS r',
    rest: [...joins, `WHERE ${isCharged(dialect, 'tier', 'file_path')}`],
  });
  return [...textSteps(dialect, reduction, COLUMNS), { name: 'reports', query, comment }];
}

interface ReportRows {
  readonly usedAt: string;
  readonly userId: string;
  readonly client: string;
  readonly profileId: string;
  readonly file: string;
  readonly used: string;
  readonly overage: string;
  readonly from: string;
  readonly rest: readonly string[];
}

function reportRows(dialect: Dialect, rows: ReportRows): string {
  const stamp = dialect.part(rows.file, '(?i)_user_report_([0-9]{12})[^/]*\\z');
  const columns = [
    `${rows.usedAt} AS used_at`,
    `${bareUserId(dialect, rows.userId)} AS user_id`,
    `upper(${rows.client}) AS client`,
    `${rows.profileId} AS profile_id`,
    `coalesce(${stamp}, '') AS stamp`,
    // The parts of one file differ only in their number.
    `${dialect.replaced(rows.file, 'part_[0-9]+([^/]*)\\z', 'part_$1')} AS file_path`,
    `${rows.used} AS used`,
    `${rows.overage} AS overage`,
  ];
  return select(columns, rows.from, rows.rest);
}

/** The Free tier, by its spelling without case and separators (`tierKey`). */
const FREE = '(?i)^(?:kiro(?:enterprise)?|qdeveloperstandalone)?free\\z';
/** Other files that a bucket holds besides the reports. */
const ANALYTICS = '(?i)(?:^|/)by_user_analytic/';

function isCharged(dialect: Dialect, tier: string, file: string): string {
  const key = dialect.replaced(tier, '[ _-]', '');
  return `NOT (${dialect.matches(key, FREE)}) AND NOT (${dialect.matches(file, ANALYTICS)})`;
}

function dateFilter(date: string, months: MonthRange | undefined): string {
  if (months === undefined) return '';
  return ` AND ${date} >= DATE '${utcDate(months.start)}' AND ${date} < DATE '${utcDate(months.end)}'`;
}
