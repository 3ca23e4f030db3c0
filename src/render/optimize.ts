import type { Decimal } from '../domain/decimal.ts';
import type { MonthInvoice } from '../domain/invoice.ts';
import type { Cents } from '../domain/money.ts';
import type { Sheet } from '../domain/sheet.ts';
import { countShown, creditsShown, cutDecimals, moneyShown } from './amounts.ts';
import { BLANK, Grid, type GridCell, type GridColumn, type GridRow } from './grid.ts';
import { type Labels, labelsOf } from './labels.ts';
import { type Paint, type Palette, paletteOf } from './palette.ts';
import { type SeatColumns, seatColumns } from './seat-columns.ts';
import { CREDIT_PLACES, type RowView, rowViewsOf, seatKeyOfRow } from './table-columns.ts';
import { visible } from './terminal.ts';
import { truncate, wrapped } from './width.ts';

/** A tier's cost for one seat, as far as the table shows it. */
export interface TierCost {
  readonly tier: string;
  readonly rank: number;
  readonly cost: Cents;
  readonly isPossible: boolean;
}

/** What the table for people shows, and how. */
export interface OptimizeTable {
  /** The rows as arranged. */
  readonly sheet: Sheet;
  /** The bill of the last month, which knows the names. */
  readonly invoice: MonthInvoice;
  /** The costs on each tier, by `seatKey`. */
  readonly choices: ReadonlyMap<string, { readonly options: readonly TierCost[] }>;
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
  readonly seats: SeatColumns;
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
    seats: seatColumns(rows, labels, table.width),
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
  const about = `Each seat's cost on each tier for ${months === 1 ? 'a full month' : 'full months'} with the usage it had.`;
  return [
    palette.strong(truncate(title, width)),
    ...wrapped(about, width).map((line) => palette.faint(line)),
  ];
}

function bodyLines(view: View): string[] {
  const { sheet, rows, palette, width } = view;
  if (rows.length === 0) return [truncate(`No seats to show in ${sheet.month}.`, width)];
  const blocks = view.isArranged ? [{ rows }] : adviceBlocks(view);
  const columns = columnsOf(view);
  const drawn = blocks.map((block) => ({
    ...block,
    cells: block.rows.map((row) => rowOf(row, view)),
  }));
  const totals = totalRow(view);
  const allRows = [...drawn.flatMap(({ cells }) => cells), totals];
  const grid = new Grid(columns, allRows, width);
  const rule = palette.faint('─'.repeat(grid.width));
  return [
    '',
    grid.headings(palette.strong),
    rule,
    ...drawn.flatMap((block, index) => [
      ...(index > 0 ? [''] : []),
      ...('advice' in block ? blockHeading(block, view) : []),
      ...grid.lines(block.cells),
    ]),
    rule,
    ...grid.lines([totals]),
    ...sumLines(view),
    ...topSavings(view),
  ];
}

interface AdviceBlock {
  readonly advice: string;
  readonly rows: readonly RowView[];
}

const BLOCKS: readonly (readonly [advice: string, heading: string])[] = [
  ['idle', 'Idle: unsubscribe'],
  ['downgrade', 'Downgrade: a lower tier costs less'],
  ['upgrade', 'Upgrade: a higher tier costs less or unblocks usage'],
  ['keep', 'Keep'],
];

/** The seats by what to do, in each block the highest saving first. */
function adviceBlocks({ rows }: View): AdviceBlock[] {
  return BLOCKS.map(([advice]) => ({
    advice,
    rows: rows.filter(({ cellOf }) => cellOf('advice') === advice).sort(bySaving),
  })).filter((block) => block.rows.length > 0);
}

function savingOf({ cellOf }: RowView): Cents {
  return cellOf('saving') as Cents;
}

function bySaving(a: RowView, b: RowView): number {
  return Number(savingOf(b) - savingOf(a));
}

function blockHeading({ advice, rows }: AdviceBlock, { sheet, palette, width }: View): string[] {
  const heading = BLOCKS.find(([kind]) => kind === advice)?.[1] ?? '';
  const seats = countShown(rows.length, 'seat');
  const saving = rows.map(savingOf).reduce((sum, one) => sum + one, 0n);
  const sum = saving === 0n ? '' : `, ${savingText(saving, sheet.currency)}`;
  return [palette.strong(truncate(`${heading} (${seats}${sum})`, width))];
}

function savingText(saving: Cents, currency: string): string {
  return saving < 0n
    ? `${moneyShown(-saving, currency)} more`
    : `${moneyShown(saving, currency)} saved`;
}

/** Behind a cost: the tier would have blocked some of the usage. */
const BLOCKED_MARK = '!';

function columnsOf({ seats, tiers }: View): GridColumn[] {
  return [
    ...seats.columns,
    { heading: 'Credits used', shortHeading: 'Credits', align: 'right', drop: 1 },
    { heading: 'Now', align: 'left', cut: 'end', comfort: 10, minimum: 5 },
    ...tiers.map((tier): GridColumn => ({ heading: `${visible(tier)} `, align: 'right' })),
    { heading: 'Best', align: 'left', cut: 'end', comfort: 11, minimum: 6 },
    { heading: 'Saving', align: 'right' },
  ];
}

function rowOf(row: RowView, view: View): GridRow {
  const { seats, palette } = view;
  const { cellOf } = row;
  return [
    ...seats.cells(row),
    { text: cutDecimals(creditsShown(cellOf('credits_used') as Decimal), CREDIT_PLACES) },
    { text: visible(cellOf('tier') as string) },
    ...tierCells(row, view),
    bestCell(row, palette),
    savingCell(savingOf(row), row.currency, palette),
  ];
}

function tierCostsOf(row: RowView, { choices }: View): readonly TierCost[] {
  return choices.get(seatKeyOfRow(row))?.options ?? [];
}

/** The costs side by side: the best in green, those that block usage faint and marked. */
function tierCells(row: RowView, view: View): GridCell[] {
  const { cellOf, currency } = row;
  const { tiers, palette } = view;
  const options = tierCostsOf(row, view);
  return tiers.map((tier): GridCell => {
    const option = options.find((one) => one.tier === tier);
    if (option === undefined) return { text: '– ', paint: palette.faint };
    const mark = option.isPossible ? ' ' : BLOCKED_MARK;
    const text = `${moneyShown(option.cost, currency)}${mark}`;
    const paint = tierPaint(option, cellOf('recommended_tier') === tier, palette);
    return paint === undefined ? { text } : { text, paint };
  });
}

function tierPaint({ isPossible }: TierCost, isBest: boolean, palette: Palette): Paint | undefined {
  if (isBest) return palette.good;
  return isPossible ? undefined : palette.faint;
}

function bestCell({ cellOf }: RowView, palette: Palette): GridCell {
  const tier = visible(cellOf('recommended_tier') as string);
  switch (cellOf('advice')) {
    case 'idle':
      return { text: 'unsubscribe', paint: palette.overage };
    case 'downgrade':
      return { text: `↓ ${tier}`, paint: palette.good };
    case 'upgrade':
      return { text: `↑ ${tier}`, paint: palette.refund };
    default:
      return { text: `= ${tier}`, paint: palette.faint };
  }
}

function savingCell(saving: Cents, currency: string, palette: Palette): GridCell {
  if (saving === 0n) return { text: '–', paint: palette.faint };
  const text = moneyShown(saving, currency);
  return saving < 0n ? { text, paint: palette.refund } : { text, paint: palette.good };
}

function totalRow({ sheet, seats, tiers, isPartial, rows, palette }: View): GridRow {
  const totals = rowViewsOf(sheet)(sheet.totals);
  const count = countShown(rows.length, 'seat');
  const label = isPartial ? `Total shown, ${count}` : `Total, ${count}`;
  const money = (name: string): string => moneyShown(totals.cellOf(name) as Cents, sheet.currency);
  return [
    { text: label, paint: palette.strong, spansBlanks: true },
    ...seats.columns.slice(1).map(() => BLANK),
    BLANK,
    BLANK,
    ...tiers.map(() => BLANK),
    BLANK,
    { text: money('saving'), paint: palette.strong },
  ];
}

/** The sums in words, and what the mark means. */
function sumLines(view: View): string[] {
  const { rows, palette, width, sheet } = view;
  const totals = rowViewsOf(sheet)(sheet.totals);
  const money = (name: string): string => moneyShown(totals.cellOf(name) as Cents, sheet.currency);
  const sums = `On the present tiers ${money('current_cost')}, on the best ones ${money('recommended_cost')}.`;
  const isBlocking = rows.some((row) =>
    tierCostsOf(row, view).some(({ isPossible }) => !isPossible),
  );
  const note = `${BLOCKED_MARK} the tier would have blocked some of the usage`;
  return [
    ...wrapped(sums, width),
    ...(isBlocking ? wrapped(note, width).map((line) => palette.faint(line)) : []),
  ];
}

const TOP_SAVINGS = 5;

/** The seats that save most, each with its advice in words. */
function topSavings({ rows, sheet, labels, palette, width }: View): string[] {
  const best = rows
    .filter((row) => savingOf(row) > 0n)
    .sort(bySaving)
    .slice(0, TOP_SAVINGS);
  if (best.length === 0) return [];
  const amounts = best.map((row) => moneyShown(savingOf(row), sheet.currency));
  const indent = Math.max(...amounts.map(({ length }) => length)) + 2;
  return [
    '',
    palette.strong('Top savings'),
    ...best.flatMap(({ cellOf }, index) => {
      const user = labels.userLabel(cellOf('user_id') as string);
      const profile = labels.profileLabel(cellOf('profile_id') as string);
      const text = `${user}, ${profile}: ${visible(cellOf('detail') as string)}`;
      return wrapped(text, Math.max(20, width - indent)).map((line, at) => {
        const start = (at === 0 ? (amounts[index] ?? '') : '').padStart(indent - 2);
        return `${at === 0 ? palette.good(start) : start}  ${line}`;
      });
    }),
  ];
}
