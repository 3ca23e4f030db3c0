import { instantText } from '../../domain/instant.ts';
import { GUARDED_ID_PATTERN } from '../summary/summary-columns.ts';
import { athena } from './athena.ts';
import type { SqlEngine } from './choices.ts';
import type { Dialect, Step } from './dialect.ts';
import { duckdb } from './duckdb.ts';
import { bareUserId } from './ids.ts';
import type { KnownStretch } from './known-stretches.ts';
import { commentLine, select, stepText, valuesStep } from './query.ts';
import type { Reduction } from './reduction.ts';
import { reportSteps } from './reports.ts';
import { requestSteps } from './requests.ts';
import { spark } from './spark.ts';

const DIALECTS: Readonly<Record<SqlEngine, Dialect>> = { duckdb, athena, spark };

/**
 * The statement that makes a usage summary on an engine, comments first; if the engine cannot read
 * files by their own headers, preceded by the statement that makes a table of their lines.
 */
export function sqlStatement(engine: SqlEngine, reduction: Reduction): string {
  const dialect = DIALECTS[engine];
  const { input, source, stretches } = reduction;
  const { files } = dialect;
  const create = 'path' in input && 'create' in files ? [files.create(input.path)] : [];
  const steps = [
    ...stretchSteps(dialect, stretches),
    ...(source === 'activity' ? reportSteps : requestSteps)(dialect, reduction),
    seatStep(dialect),
  ];
  return [
    ...headComments(dialect, reduction).map(commentLine),
    ...create,
    `WITH\n${steps.map(stepText).join(',\n')}`,
    `${finalSelect(dialect)};\n`,
  ].join('\n');
}

function headComments(dialect: Dialect, reduction: Reduction): string[] {
  const usage = reduction.source === 'activity' ? 'Activity reports' : 'Request usage';
  return [
    `${usage} reduced to a usage summary: exact sums per seat and stretch of a month.`,
    'What does not fit a type makes it fail. When overage_changes.csv changes, write it anew.',
    ...dialect.howToRun(reduction),
  ];
}

/** The months that an overage change divides (O2). */
function stretchSteps(dialect: Dialect, stretches: readonly KnownStretch[]): Step[] {
  if (stretches.length === 0) return [];
  const rows = stretches.map(({ profileId, from, to }) => [
    dialect.text(profileId),
    dialect.instantLiteral(from),
    dialect.instantLiteral(to),
    dialect.text(instantText(from)),
    dialect.text(instantText(to)),
  ]);
  const columns = ['profile_id', 'starts_at', 'ends_at', 'stretch_from', 'stretch_to'];
  const comment =
    'Months with an overage change, cut at each change. Any other month is one stretch.';
  return [valuesStep('stretches', columns, rows, comment)];
}

/** Merges the sums of one user under several forms of the id; turns months into stretches. */
function seatStep(dialect: Dialect): Step {
  const firstDay = dialect.firstDay('used_in');
  const bound = (known: string, day: string): string =>
    `coalesce(${known}, CAST(${day} AS ${dialect.textType}) || 'T00:00:00Z') AS ${known}`;
  return {
    name: 'seats',
    query: select(
      [
        'profile_id',
        `${bareUserId(dialect, 'user_id')} AS user_id`,
        `${firstDay} AS first_day`,
        bound('stretch_from', firstDay),
        bound('stretch_to', dialect.nextFirstDay(firstDay)),
        'sum(credits) AS credits',
        'sum(requests) AS requests',
      ],
      'sums',
      ['GROUP BY 1, 2, 3, 4, 5'],
    ),
    comment: 'User ids in their bare form, a whole month as one stretch.',
  };
}

function finalSelect(dialect: Dialect): string {
  const { textType } = dialect;
  return select(
    [
      `substr(CAST(first_day AS ${textType}), 1, 7) AS month`,
      `${guarded(dialect, 'profile_id')} AS profile_id`,
      `${guarded(dialect, 'user_id')} AS user_id`,
      'stretch_from',
      'stretch_to',
      `${creditsText(dialect)} AS credits`,
      'requests',
    ],
    'seats',
    ['ORDER BY first_day, seats.profile_id, seats.user_id, stretch_from, stretch_to'],
  );
}

/** An id as written in a summary: no spreadsheet takes it for a formula. */
function guarded(dialect: Dialect, id: string): string {
  const isFormula = dialect.matches(`seats.${id}`, GUARDED_ID_PATTERN);
  return `CASE WHEN ${isFormula} THEN '''' || seats.${id} ELSE seats.${id} END`;
}

/** Exact text with at least two decimals; a sum of floating point numbers has no exact text (M1). */
function creditsText(dialect: Dialect): string {
  const text = `CAST(credits AS ${dialect.textType})`;
  const isApproximate = `lower(typeof(credits)) IN ('double', 'float', 'real')`;
  const failure = dialect.fail(
    `'credits must be DECIMAL, not ' || typeof(credits)`,
    dialect.textType,
  );
  const withPoint = `${text} || CASE WHEN ${text} LIKE '%.%' THEN '00' ELSE '.00' END`;
  const trimmed = dialect.replaced(withPoint, '([.][0-9]{2}[0-9]*?)0*\\z', '$1');
  return `CASE WHEN ${isApproximate} THEN ${failure} ELSE ${trimmed} END`;
}
