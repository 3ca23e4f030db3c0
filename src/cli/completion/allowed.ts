import type { Argument, Option } from 'commander';
import { FORECAST_COLUMNS } from '../../billing/forecast/sheet.ts';
import { OPTIMIZE_COLUMNS } from '../../billing/optimize/sheet.ts';
import { trendColumns } from '../../billing/trend.ts';
import { viewColumns } from '../../billing/views.ts';
import type { Column } from '../../domain/sheet.ts';
import { CHARGEBACK_VIEWS, VIEWS } from '../../domain/view.ts';
import { chargebackColumns } from '../../reconcile/chargeback.ts';
import { SEAT_COLUMNS } from '../../reconcile/reconciliation-sheets.ts';
import { STORY_COLUMNS } from '../../render/explain/sheet.ts';
import { PROBLEM_COLUMNS } from '../../render/problems.ts';
import { RATE_COLUMNS } from '../../render/rates.ts';
import { SUMMARY_SHEET_COLUMNS } from '../../usage/summary/summary-columns.ts';
import { takesRange, trendView, view } from '../options.ts';
import type { DataValues } from './values.ts';

/** What is allowed in one place of a line. */
export interface Allowed {
  /** What the shell completes itself, besides the words. */
  readonly kind: 'words' | 'files' | 'directories';
  readonly words?: readonly string[];
  /** Values that are asked of the data directory while the line is completed. */
  readonly data?: DataValues;
  /** The separator of several of them in one word. */
  readonly separator?: ',' | '..';
}

export const NOTHING: Allowed = { kind: 'words' };

const MONTHS: Allowed = {
  kind: 'words',
  words: ['last', 'current', 'ytd'],
  data: 'month',
  separator: '..',
};

/** By the name of an option. */
const BY_NAME: Readonly<Record<string, Allowed>> = {
  month: { kind: 'words', words: ['last', 'current'], data: 'month' },
  profile: { kind: 'words', data: 'profile' },
  group: { kind: 'words', data: 'group' },
  user: { kind: 'words', data: 'user' },
  costCenter: { kind: 'words', data: 'cost center' },
};

/** What an option of a command takes, if it takes a value. */
export function valuesOf(option: Option, command: string): Allowed {
  const name = option.attributeName();
  if (option.argChoices !== undefined) {
    const takesTwo = [view, trendView].includes(option);
    return { kind: 'words', words: option.argChoices, ...(takesTwo && { separator: ',' }) };
  }
  if (['sort', 'columns', 'where'].includes(name)) {
    const words = new Set(COLUMNS[command]?.map((column) => column.name));
    return { kind: 'words', words: [...words], ...(name === 'columns' && { separator: ',' }) };
  }
  if (takesRange(option)) return MONTHS;
  const [, placeholder = ''] = /<(.+)>/.exec(option.flags) ?? [];
  return BY_NAME[name] ?? pathOf(placeholder);
}

/** What an operand of a command may be. */
export function operandValues(operand: Argument): Allowed {
  if (operand.argChoices !== undefined) return { kind: 'words', words: operand.argChoices };
  return pathOf(operand.name());
}

function pathOf(placeholder: string): Allowed {
  if (placeholder === 'dir') return { kind: 'directories' };
  return ['file', 'path'].includes(placeholder) ? { kind: 'files' } : NOTHING;
}

/** The columns of a command; for `invoice` those of all views, as another option selects the view. */
const COLUMNS: Readonly<Record<string, readonly Column[]>> = {
  invoice: VIEWS.flatMap(viewColumns),
  explain: STORY_COLUMNS,
  check: PROBLEM_COLUMNS,
  rates: RATE_COLUMNS,
  summarize: SUMMARY_SHEET_COLUMNS,
  trend: VIEWS.flatMap((view) => (view === 'line' ? [] : trendColumns([], view, 'total_charge'))),
  optimize: OPTIMIZE_COLUMNS,
  forecast: FORECAST_COLUMNS,
  reconcile: SEAT_COLUMNS,
  chargeback: CHARGEBACK_VIEWS.flatMap(chargebackColumns),
};
