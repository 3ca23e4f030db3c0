import type { TextColumn } from './csv-lines.ts';
import type { Dialect, Step } from './dialect.ts';
import { select } from './query.ts';
import type { Reduction } from './reduction.ts';
import { sumStep } from './sums.ts';
import { tableName, textSteps } from './text-rows.ts';
import { creditsFrom, instantFrom } from './text-values.ts';

const COLUMNS: readonly TextColumn[] = [
  { name: 'timestamp', alias: 'instant_text' },
  { name: 'profile_id', alias: 'profile_id' },
  { name: 'user_id', alias: 'user_id' },
  { name: 'credits', alias: 'credits_text' },
];

/** The steps from request usage to its sums; the last one is `sums`. */
export function requestSteps(dialect: Dialect, reduction: Reduction): Step[] {
  const { input } = reduction;
  const column = (name: string): string => `u.${dialect.identifier(name)}`;
  if ('table' in input && !input.isText) {
    const timestamp = column('timestamp');
    const names = {
      from: tableName(dialect, input.table),
      usedAt: dialect.instantOf(timestamp),
      checkedAt: dialect.checkedInstant(timestamp),
    };
    return [sumStep(dialect, reduction, { ...names, requests: 'count(*)', column })];
  }
  return [
    ...textSteps(dialect, reduction, COLUMNS),
    {
      name: 'usage_rows',
      query: select(
        [
          `${instantFrom(dialect, 'instant_text')} AS used_at`,
          'profile_id',
          'user_id',
          `${creditsFrom(dialect, 'credits_text')} AS credits`,
        ],
        'texts',
      ),
      comment: 'Instants in UTC and exact credits; what is neither fails.',
    },
    sumStep(dialect, reduction, {
      from: 'usage_rows',
      usedAt: 'u.used_at',
      requests: 'count(*)',
      column,
    }),
  ];
}
