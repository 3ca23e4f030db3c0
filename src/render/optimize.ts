import type { Decimal } from '../domain/decimal.ts';
import type { MonthInvoice } from '../domain/invoice.ts';
import type { Cents } from '../domain/money.ts';
import type { Sheet } from '../domain/sheet.ts';
import { countShown, moneyShown, wholeCreditsShown } from './amounts.ts';
import {
  BLANK,
  drawnTable,
  type TableBlock,
  type TableCell,
  type TableColumn,
  zeroCell,
} from './block-table.ts';
import { type Labels, labelsOf } from './labels.ts';
import { type Paint, type Palette, paletteOf } from './palette.ts';
import { type RowView, rowViewsOf, seatKeyOfRow } from './row-view.ts';
import { seatColumns } from './seat-columns.ts';
import { visible } from './terminal.ts';
import { truncate, wrapped } from './width.ts';

/** A tier's cost for one seat, as far as the table shows it. */
export interface TierCost {
  readonly tier: string;
  readonly rank: number;
  readonly cost: Cents;
  readonly isPossible: boolean;
}

export interface Choice {
  readonly options: readonly TierCost[];
  /** Without a step there is no seat from then on. */
  readonly next: { readonly step?: { readonly tier: string } };
}

/** What the table for people shows, and how. */
export interface OptimizeTable {
  /** The rows as arranged. */
  readonly sheet: Sheet;
  /** The bill of the last month, which knows the names. */
  readonly invoice: MonthInvoice;
  /** The costs on each tier, and what the seat holds next month, by `seatKey`. */
  readonly choices: ReadonlyMap<string, Choice>;
  /** How many months were added up. */
  readonly months: number;
  readonly overage?: 'on' | 'off';
  /** Rows are in an order that was asked for, and so are not grouped by advice. */
  readonly isArranged: boolean;
  /** Some seats are not shown. */
  readonly isPartial: boolean;
  readonly width: number;
  readonly color: boolean;
}

interface View extends OptimizeTable {
  readonly palette: Palette;
  readonly labels: Labels;
  readonly tiers: readonly string[];
  readonly rows: readonly RowView[];
}

/**
 * The advice as a table: what each tier would cost side by side, the seats grouped by what
 * to do, idle ones first and the highest saving at the top, then the totals and the top
 * savings in words. A cost with `!` is of a tier that would have blocked some of the usage.
 */
export function optimizeTable(table: OptimizeTable): string {
  const rows = table.sheet.rows.map(rowViewsOf(table.sheet));
  const labels = labelsOf([table.invoice]);
  const view: View = {
    ...table,
    palette: paletteOf(table.color),
    labels,
    tiers: tiersOf(table),
    rows,
  };
  const lines = [...titleLines(view), ...bodyLines(view)];
  return lines.map((line) => `${line}\n`).join('');
}

/** All tiers that any of the seats could hold, from the lowest. */
function tiersOf({ choices }: OptimizeTable): string[] {
  const ranks = new Map<string, number>();
  for (const { options } of choices.values()) {
    for (const { tier, rank } of options) ranks.set(tier, rank);
  }
  return [...ranks].sort(([, a], [, b]) => a - b).map(([tier]) => tier);
}

function titleLines({ sheet, months, overage, palette, width }: View): string[] {
  const span = months === 1 ? sheet.month : `${months} months to ${sheet.month}`;
  const asked = overage === undefined ? '' : ` · as if overage were ${overage}`;
  const title = `Kiro tiers · ${span} · ${visible(sheet.currency)}${asked}`;
  const about = `What each seat would cost on each tier for ${months === 1 ? 'a full month' : `${months} full months`} with the usage it had, and what the best one saves per month.`;
  return [
    ...wrapped(title, width).map(palette.strong),
    ...wrapped(about, width).map((line) => palette.faint(line)),
  ];
}

function bodyLines(view: View): string[] {
  const { sheet, rows, palette, width } = view;
  if (rows.length === 0) return [truncate(`No seats to show in ${sheet.month}.`, width)];
  const seats = seatColumns(rows, view.labels, view);
  const columns = [...seats.columns, ...adviceColumns(view)];
  const blocks = view.isArranged ? [{ rows }] : adviceBlocks(view);
  const shown = blocks.map(
    (block): TableBlock<RowView> => ({
      ...('advice' in block ? { heading: blockHeading(block, view) } : {}),
      rows: block.rows,
      below: seats.below,
    }),
  );
  const count = countShown(rows.length, 'seat');
  const shortLabel = view.isPartial ? 'Total shown' : 'Total';
  const total = {
    label: `${shortLabel}, ${count}`,
    shortLabel,
    totals: rowViewsOf(sheet)(sheet.totals),
  };
  const drawn = drawnTable(columns, [{ blocks: shown, total }], { width, palette });
  const hasTiers = drawn.shown.some(({ name }) => name === undefined);
  return [
    '',
    ...drawn.pages.flat(),
    ...drawn.leftOut,
    ...sumLines(view),
    ...(hasTiers ? blockedNote(view) : []),
    ...topSavings(view),
  ];
}

interface AdviceBlock {
  readonly advice: string;
  readonly rows: readonly RowView[];
}

const BLOCKS: readonly (readonly [advice: string, heading: string])[] = [
  ['idle', 'Not used: unsubscribe'],
  ['downgrade', 'Downgrade: a lower tier costs less'],
  ['upgrade', 'Upgrade: a higher tier costs or blocks less'],
  ['keep', 'Keep'],
];

/** The seats by what to do, in each block the highest saving first, then the highest cost. */
function adviceBlocks({ rows }: View): AdviceBlock[] {
  return BLOCKS.map(([advice]) => ({
    advice,
    rows: rows.filter(({ cellOf }) => cellOf('advice') === advice).sort(bySaving),
  })).filter((block) => block.rows.length > 0);
}

/** Per month; of a single month that is the saving itself. */
function savingOf({ cellOf }: RowView): Cents {
  return (cellOf('monthly_saving') ?? cellOf('saving')) as Cents;
}

function bySaving(a: RowView, b: RowView): number {
  return Number(savingOf(b) - savingOf(a) || costOf(b) - costOf(a));
}

function costOf({ cellOf }: RowView): Cents {
  return cellOf('current_cost') as Cents;
}

function blockHeading({ advice, rows }: AdviceBlock, { sheet, palette, width }: View): string[] {
  const heading = BLOCKS.find(([kind]) => kind === advice)?.[1] ?? '';
  const seats = countShown(rows.length, 'seat');
  const saving = rows.map(savingOf).reduce((sum, one) => sum + one, 0n);
  const sum = saving === 0n ? '' : `, ${savingText(saving, sheet.currency)}`;
  return wrapped(`${heading} (${seats}${sum})`, width).map(palette.strong);
}

function savingText(saving: Cents, currency: string): string {
  return saving < 0n
    ? `${moneyShown(-saving, currency)} more per month`
    : `saves ${moneyShown(saving, currency)} per month`;
}

/** After a cost: the tier would have blocked some of the usage. */
const BLOCKED_MARK = '!';

function adviceColumns(view: View): TableColumn<RowView>[] {
  const { tiers, palette } = view;
  return [
    {
      name: 'credits_used',
      kind: 'figure',
      heading: 'Credits',
      shrink: { drop: 1 },
      cell: ({ cellOf }) => ({ text: wholeCreditsShown(cellOf('credits_used') as Decimal) }),
    },
    {
      name: 'tier',
      kind: 'name',
      heading: 'Now',
      shrink: { comfort: 12, minimum: 5 },
      cell: (row) => ({ text: nowText(row, view) }),
    },
    ...tiers.map(
      (tier, index): TableColumn<RowView> => ({
        kind: 'figure',
        heading: `${visible(tier)} `,
        // The dearest goes first.
        shrink: { drop: 3 + tiers.length - index },
        cell: (row) => tierCell(tier, row, view),
      }),
    ),
    {
      name: 'recommended_tier',
      kind: 'name',
      heading: 'Best',
      shrink: { comfort: 11, minimum: 11 },
      cell: (row) => bestCell(row, view),
    },
    {
      name: 'monthly_saving',
      kind: 'figure',
      heading: 'Saves/month',
      cell: (row) => savingCell(savingOf(row), row.currency, palette),
      total: (row) => ({ text: moneyShown(savingOf(row), row.currency) }),
    },
    ...(view.rows.some(isIdle) ? idleColumns(palette) : []),
  ];
}

/** Not used in the newest month, whatever the advice. */
function isIdle({ cellOf }: RowView): boolean {
  return cellOf('idle_since') !== '';
}

/** Since when a seat is not used, and what it has cost since. */
function idleColumns(palette: Palette): TableColumn<RowView>[] {
  const idleCost = ({ cellOf, currency }: RowView): TableCell => {
    const cost = cellOf('idle_cost') as Cents;
    return cost === 0n ? zeroCell(palette) : { text: moneyShown(cost, currency) };
  };
  return [
    {
      name: 'idle_since',
      kind: 'mark',
      heading: 'Idle since',
      shrink: { drop: 3 },
      cell: ({ cellOf }) => ({ text: cellOf('idle_since') as string, paint: palette.idle }),
    },
    {
      name: 'idle_cost',
      kind: 'figure',
      heading: 'Cost since',
      shrink: { drop: 2 },
      cell: (row) => (isIdle(row) ? idleCost(row) : BLANK),
      total: idleCost,
    },
  ];
}

/** `Power → Pro`, where the seat holds another tier from next month on. */
function nowText(row: RowView, { choices }: View): string {
  const tier = visible(row.cellOf('tier') as string);
  const next = choices.get(seatKeyOfRow(row))?.next;
  if (next === undefined || next.step?.tier === row.cellOf('tier')) return tier;
  return `${tier} → ${next.step === undefined ? 'none' : visible(next.step.tier)}`;
}

function tierCostsOf(row: RowView, { choices }: View): readonly TierCost[] {
  return choices.get(seatKeyOfRow(row))?.options ?? [];
}

/** A cost: the best in green, one that blocks usage faint and marked. */
function tierCell(tier: string, row: RowView, view: View): TableCell {
  const { palette } = view;
  const option = tierCostsOf(row, view).find((one) => one.tier === tier);
  if (option === undefined) return { ...zeroCell(palette), text: '– ' };
  const mark = option.isPossible ? ' ' : BLOCKED_MARK;
  const text = `${moneyShown(option.cost, row.currency)}${mark}`;
  const paint = tierPaint(option, row.cellOf('recommended_tier') === tier, palette);
  return paint === undefined ? { text } : { text, paint };
}

function tierPaint({ isPossible }: TierCost, isBest: boolean, palette: Palette): Paint | undefined {
  if (isBest) return palette.good;
  return isPossible ? undefined : palette.faint;
}

function bestCell(row: RowView, { choices, palette }: View): TableCell {
  const { cellOf } = row;
  const next = choices.get(seatKeyOfRow(row))?.next;
  if (next !== undefined && next.step === undefined) return { text: 'ends', paint: palette.faint };
  const tier = visible(cellOf('recommended_tier') as string);
  switch (cellOf('advice')) {
    case 'idle':
      return { text: 'unsubscribe', paint: palette.idle };
    case 'downgrade':
      return { text: `↓ ${tier}`, paint: palette.good };
    case 'upgrade':
      return { text: `↑ ${tier}`, paint: palette.refund };
    default:
      return { text: `= ${tier}`, paint: palette.faint };
  }
}

function savingCell(saving: Cents, currency: string, palette: Palette): TableCell {
  if (saving === 0n) return zeroCell(palette);
  const text = moneyShown(saving, currency);
  return saving < 0n ? { text, paint: palette.refund } : { text, paint: palette.good };
}

/** The sums in words. */
function sumLines(view: View): string[] {
  const { width, sheet } = view;
  const totals = rowViewsOf(sheet)(sheet.totals);
  const money = (name: string): string => moneyShown(totals.cellOf(name) as Cents, sheet.currency);
  const span = view.months === 1 ? sheet.month : `the ${view.months} months`;
  const [saving, best] = ['saving', 'recommended_cost'].map((name) => totals.cellOf(name) as Cents);
  const ahead = moneyShown((saving ?? 0n) + (best ?? 0n), sheet.currency);
  const sums = `On the tiers of next month the seats would have cost ${ahead} for ${span}, on the best ones ${money('recommended_cost')}.`;
  return [...wrapped(sums, width), ...wrapped(idleText(view), width)];
}

/** What the mark means, where there is one. */
function blockedNote(view: View): string[] {
  const { rows, palette, width } = view;
  const isBlocking = rows.some((row) =>
    tierCostsOf(row, view).some(({ isPossible }) => !isPossible),
  );
  if (!isBlocking) return [];
  const note = `${BLOCKED_MARK} the tier would have blocked some of the usage`;
  return wrapped(note, width).map((line) => palette.faint(line));
}

/** `2 paid seats were not used: $40.00 per month, and $60.00 since they were last used.` */
function idleText({ rows, sheet }: View): string {
  const idle = rows.filter(({ cellOf }) => cellOf('advice') === 'idle');
  if (idle.length === 0) return '';
  const cost = idle.map(savingOf).reduce((sum, one) => sum + one, 0n);
  const seats = `${countShown(idle.length, 'paid seat')} ${idle.length === 1 ? 'was' : 'were'}`;
  const since = idle.reduce((sum, { cellOf }) => sum + (cellOf('idle_cost') as Cents), 0n);
  const soFar = since === 0n ? '' : `, and ${moneyShown(since, sheet.currency)} since the last use`;
  return `${seats} not used: ${moneyShown(cost, sheet.currency)} per month${soFar}.`;
}

const TOP_SAVINGS = 5;

/** The seats that save most, each with its advice in words. */
function topSavings({ rows, sheet, labels, palette, width }: View): string[] {
  const best = rows
    .filter((row) => savingOf(row) > 0n)
    .sort((a, b) => Number(savingOf(b) - savingOf(a)))
    .slice(0, TOP_SAVINGS);
  if (best.length === 0) return [];
  const amounts = best.map((row) => moneyShown(savingOf(row), sheet.currency));
  const indent = Math.max(...amounts.map(({ length }) => length)) + 2;
  return [
    '',
    palette.strong('Top savings per month'),
    ...best.flatMap(({ cellOf }, index) => {
      const user = labels.userLabel(cellOf('user_id') as string);
      const profile = labels.profileLabel(cellOf('profile_id') as string);
      const since = cellOf('idle_since') as string;
      const idle = since === '' ? '' : ` Not used since ${since}.`;
      const text = `${user}, ${profile}: ${visible(cellOf('detail') as string)}${idle}`;
      return wrapped(text, Math.max(20, width - indent)).map((line, at) => {
        const start = (at === 0 ? (amounts[index] ?? '') : '').padStart(indent - 2);
        return `${at === 0 ? palette.good(start) : start}  ${line}`;
      });
    }),
  ];
}
