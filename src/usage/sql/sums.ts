import type { Dialect, Step } from './dialect.ts';
import { select } from './query.ts';
import type { Reduction } from './reduction.ts';

/** The rows to sum, as `u`. */
interface SummedRows {
  readonly from: string;
  /** The instant of a row. */
  readonly usedAt: string;
  /** The instant that determines its month, if it is another expression. */
  readonly checkedAt?: string;
  /** The number of requests in a group of rows. */
  readonly requests: string;
  /** A column by its name. */
  column(name: string): string;
}

/** The exact sums per user, month and stretch, as `sums` (M1, O2). */
export function sumStep(
  dialect: Dialect,
  { stretches, months }: Pick<Reduction, 'stretches' | 'months'>,
  { from, usedAt, checkedAt = usedAt, requests, column }: SummedRows,
): Step {
  const profileId = column('profile_id');
  const hasStretches = stretches.length > 0;
  const noText = `CAST(NULL AS ${dialect.textType})`;
  const join = [
    `LEFT JOIN stretches AS s ON s.profile_id = ${profileId} AND ${usedAt} >= s.starts_at AND ${usedAt} < s.ends_at`,
  ];
  return {
    name: 'sums',
    query: select(
      [
        profileId,
        column('user_id'),
        `${dialect.monthOf(checkedAt)} AS used_in`,
        ...(hasStretches
          ? ['s.stretch_from', 's.stretch_to']
          : [`${noText} AS stretch_from`, `${noText} AS stretch_to`]),
        `sum(${checkedCredits(dialect, column('credits'))}) AS credits`,
        `${requests} AS requests`,
      ],
      `${from} AS u`,
      [
        ...(hasStretches ? join : []),
        ...(months === undefined ? [] : [monthFilter(dialect, usedAt, months)]),
        'GROUP BY 1, 2, 3, 4, 5',
      ],
    ),
    comment: 'The sums per user, month and stretch. Credits that are missing or negative fail.',
  };
}

/** Credits of a typed column; fails if they are missing, which a sum would skip, or negative. */
export function checkedCredits(dialect: Dialect, credits: string): string {
  const value = `coalesce(CAST(${credits} AS ${dialect.textType}), 'none')`;
  // The narrowest decimal leaves the type of the column unchanged.
  const failure = dialect.fail(`'no such credits: ' || ${value}`, 'DECIMAL(1, 0)');
  return `CASE WHEN ${credits} >= 0 THEN ${credits} ELSE ${failure} END`;
}

function monthFilter(
  dialect: Dialect,
  instant: string,
  { start, end }: NonNullable<Reduction['months']>,
): string {
  return `WHERE ${instant} >= ${dialect.instantLiteral(start)} AND ${instant} < ${dialect.instantLiteral(end)}`;
}
