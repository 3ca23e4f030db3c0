import type { Cents } from '../domain/money.ts';
import type { Sheet } from '../domain/sheet.ts';
import { countShown, moneyShown } from './amounts.ts';
import { BLANK, Grid, type GridCell, type GridColumn, type GridRow, ZERO_MARK } from './grid.ts';
import { type Palette, paletteOf } from './palette.ts';
import { type RowView, rowViewsOf } from './table-columns.ts';
import { visible } from './terminal.ts';
import { displayWidth, padded, truncate, wrapped } from './width.ts';

/** What the table for people shows, and how. */
export interface ReconcileTable {
  /** A row per seat that differs, in the order in which they are told; maybe only the first of them. */
  readonly differing: Sheet;
  /** How many seats there are of each kind. */
  readonly counts: { readonly matching: number; readonly differing: number };
  /** Whether some seats are filtered out, so that the amounts are not of the whole month. */
  readonly isPartial: boolean;
  /** A row per step from our total to AWS's. */
  readonly bridge: Sheet;
  /** Names of profiles by id, where they have one. */
  readonly profileNames: ReadonlyMap<string, string>;
  /** How far apart two amounts may be and still match: `0.01`. */
  readonly tolerance: string;
  readonly width: number;
  readonly color: boolean;
}

interface View extends ReconcileTable {
  readonly palette: Palette;
  readonly rows: readonly RowView[];
}

/**
 * The reconciliation for people, every line ending in LF: first the seats that differ,
 * each with the likely reason below it; then the bridge from our total to AWS's. Lines are at most `width` columns wide, as `Grid` says.
 */
export function reconcileTable(table: ReconcileTable): string {
  const rows = table.differing.rows.map(rowViewsOf(table.differing));
  const view: View = { ...table, palette: paletteOf(table.color), rows };
  const lines = [...titleLines(view), '', ...seatLines(view), '', ...bridgeLines(view)];
  return lines.map((line) => `${line}\n`).join('');
}

function moneyOf({ cellOf }: RowView, name: string): Cents {
  return cellOf(name) as Cents;
}

function titleLines({ differing, counts, palette, width, tolerance, isPartial }: View): string[] {
  const { month, currency } = differing;
  const part = isPartial ? ' · seats shown only' : '';
  const title = `Kiro reconciliation · ${month} · ${visible(currency)} · AWS's bill against our invoice${part}`;
  const { matching } = counts;
  const within = tolerance === '0' ? 'to the cent' : `within ${tolerance}`;
  const summary = `${countShown(matching, 'seat')} ${matching === 1 ? 'matches' : 'match'} ${within}, ${differText(counts.differing)}.`;
  return [palette.strong(truncate(title, width)), truncate(summary, width)];
}

function seatLines(view: View): string[] {
  const { rows, counts, palette, width } = view;
  if (counts.differing === 0) return [palette.good('Every seat matches.')];
  const cells = rows.map((row) => seatRow(row, view));
  const total = totalRow(view);
  const grid = new Grid(seatColumns(view), [...cells, total], width);
  const rule = palette.faint('─'.repeat(grid.width));
  const lines = grid.lines(cells);
  return [
    grid.headings(palette.strong),
    rule,
    ...lines.flatMap((line, index) => [line, ...reasonLines(rows[index] as RowView, view)]),
    rule,
    ...grid.lines([total]),
  ];
}

const REASON_INDENT = 4;

function reasonLines({ cellOf }: RowView, { width, palette }: View): string[] {
  const reason = visible(cellOf('reason') as string);
  if (reason === '') return [];
  const room = width - REASON_INDENT;
  return wrapped(reason, room).map((line) => `${' '.repeat(REASON_INDENT)}${palette.faint(line)}`);
}

/** From this width on each side's amount is told in its two parts. */
const DETAIL_WIDTH = 110;

/** The amounts that are shown, by the sheet's columns that they add up. */
interface AmountColumn {
  readonly heading: string;
  readonly parts: readonly string[];
}

function amountColumns(width: number): AmountColumn[] {
  if (width < DETAIL_WIDTH) {
    return [
      { heading: 'Ours', parts: ['our_subscription', 'our_overage'] },
      { heading: 'AWS', parts: ['aws_subscription', 'aws_overage'] },
    ];
  }
  return [
    { heading: 'Our subscr.', parts: ['our_subscription'] },
    { heading: 'AWS subscr.', parts: ['aws_subscription'] },
    { heading: 'Our overage', parts: ['our_overage'] },
    { heading: 'AWS overage', parts: ['aws_overage'] },
  ];
}

function partsOf(row: RowView, { parts }: AmountColumn): Cents {
  return parts.reduce((sum: Cents, part) => sum + moneyOf(row, part), 0n);
}

/** What is dropped first where a line is too narrow: ids beside names, the profile, then each side's amount. */
function seatColumns({ width }: View): GridColumn[] {
  return [
    { heading: 'User', align: 'left', cut: 'end', comfort: 18, minimum: 6 },
    { heading: 'User id', align: 'left', cut: 'middle', comfort: 13, drop: 1 },
    { heading: 'Profile', align: 'left', cut: 'end', comfort: 16, minimum: 6, drop: 2 },
    ...amountColumns(width).map(
      (column): GridColumn => ({
        heading: column.heading,
        align: 'right',
        ...(width < DETAIL_WIDTH ? { drop: 3 } : {}),
      }),
    ),
    { heading: 'Difference', shortHeading: 'Diff.', align: 'right' },
    { heading: 'Verdict', align: 'left', cut: 'end', comfort: 21, minimum: 8 },
  ];
}

function seatRow(row: RowView, { palette, profileNames, width }: View): GridRow {
  const { cellOf, currency } = row;
  const userId = visible(cellOf('user_id') as string);
  const name = visible(cellOf('user_name') as string).trim();
  const profileId = cellOf('profile_id') as string;
  const profileName = visible(profileNames.get(profileId) ?? '').trim();
  return [
    name === '' ? { text: userId, cut: 'middle' } : { text: name },
    { text: name === '' ? '' : userId, paint: palette.faint },
    profileName === '' ? { text: visible(profileId), cut: 'middle' } : { text: profileName },
    ...amountColumns(width).map((column) => amountCell(partsOf(row, column), currency, palette)),
    differenceCell(moneyOf(row, 'difference'), currency, palette),
    verdictCell(cellOf('verdict') as string, palette),
  ];
}

function amountCell(amount: Cents, currency: string, palette: Palette): GridCell {
  if (amount === 0n) return { text: ZERO_MARK, paint: palette.faint };
  return { text: moneyShown(amount, currency) };
}

/** What AWS charges too much is an alarm; what it charges too little is not. */
function differenceCell(amount: Cents, currency: string, palette: Palette): GridCell {
  const paint = amount > 0n ? palette.alarm : palette.refund;
  return { text: signed(amount, currency), paint };
}

function signed(amount: Cents, currency: string): string {
  return `${amount > 0n ? '+' : ''}${moneyShown(amount, currency)}`;
}

function verdictCell(text: string, palette: Palette): GridCell {
  return { text, paint: text === 'amount differs' ? palette.overage : palette.alarm };
}

function totalRow({ rows, counts, differing: { currency }, palette, width }: View): GridRow {
  const difference = rows.reduce((all, row) => all + moneyOf(row, 'difference'), 0n);
  const sums = amountColumns(width).map((column): GridCell => {
    const total = rows.reduce((all: Cents, row) => all + partsOf(row, column), 0n);
    return { ...amountCell(total, currency, palette), paint: palette.strong };
  });
  const isAll = rows.length === counts.differing;
  const label = isAll ? differText(rows.length) : `${countShown(rows.length, 'seat')} shown`;
  return [
    { text: label, paint: palette.strong, spansBlanks: true },
    BLANK,
    BLANK,
    ...sums,
    { text: signed(difference, currency), paint: palette.strong },
    BLANK,
  ];
}

function differText(count: number): string {
  return `${countShown(count, 'seat')} ${count === 1 ? 'differs' : 'differ'}`;
}

/** One step of the bridge as people read it. */
interface Step {
  readonly label: string;
  readonly amount: Cents;
  readonly item: string;
}

const SUMS: ReadonlySet<string> = new Set(['our_total', 'aws_total']);

function bridgeLines(view: View): string[] {
  const { bridge, palette, width } = view;
  const steps = bridge.rows.map(rowViewsOf(bridge)).map((row) => stepOf(row, view));
  const amounts = steps.map(({ item, amount }) =>
    SUMS.has(item) ? moneyShown(amount, bridge.currency) : signed(amount, bridge.currency),
  );
  const amountWidth = Math.max(...amounts.map(displayWidth));
  const widest = Math.max(...steps.map(({ label }) => displayWidth(label)));
  const labelWidth = Math.max(8, Math.min(widest, width - amountWidth - GAP));
  const rule = palette.faint('─'.repeat(labelWidth + GAP + amountWidth));
  const heading = palette.strong(truncate("From our invoice to AWS's bill", width));
  return [
    heading,
    ...steps.flatMap((step, index) => [
      ...(step.item === 'aws_total' ? [rule] : []),
      ...stepLines(step, amounts[index] ?? '', { labelWidth, amountWidth, palette }),
    ]),
  ];
}

const GAP = 2;

/** The label, on several lines where it is long, and the amount on the first of them. */
function stepLines(
  { label, item, amount }: Step,
  text: string,
  {
    labelWidth,
    amountWidth,
    palette,
  }: { labelWidth: number; amountWidth: number; palette: Palette },
): string[] {
  const [first = '', ...rest] = wrapped(label, labelWidth);
  const line = `${padded(first, labelWidth + GAP)}${padded(text, amountWidth, 'right')}`;
  const isAlarm = item === 'unknown' || (item === 'unexplained' && amount !== 0n);
  const paint = SUMS.has(item) ? palette.strong : isAlarm ? palette.alarm : undefined;
  const more = rest.map((part) => `  ${part}`);
  return [line, ...more].map((one) => (paint === undefined ? one : paint(one)));
}

function stepOf({ cellOf }: RowView, { bridge, isPartial }: View): Step {
  const item = cellOf('item') as string;
  const detail = visible(cellOf('detail') as string);
  const count = cellOf('rows') as number | undefined;
  const amount = cellOf('amount') as Cents;
  const monthText = isPartial ? `${bridge.month} (seats shown)` : bridge.month;
  return { item, amount, label: labelOf(item, detail, count ?? 0, monthText) };
}

function labelOf(item: string, detail: string, count: number, month: string): string {
  const rows = countShown(count, 'row');
  switch (item) {
    case 'our_total':
      return `Our invoice of ${month}, ${countShown(count, 'seat')} charged`;
    case 'differences':
      return `Differences of seats (${differText(count)})`;
    case 'unknown':
      return `Unknown: ${detail}, ${rows}`;
    case 'adjustment':
      return `${adjustmentName(detail)}, ${rows}`;
    case 'rounding':
      return 'Rounding';
    case 'aws_total':
      return `AWS's bill of ${month}, ${rows} of Kiro`;
    default:
      return 'Unexplained';
  }
}

const ADJUSTMENTS: Readonly<Record<string, string>> = {
  Credit: 'AWS credits (Credit)',
  EdpDiscount: 'Enterprise discount (EdpDiscount)',
  SppDiscount: 'Solution provider discount (SppDiscount)',
  Tax: 'Tax',
  Refund: 'Refunds of no seat (Refund)',
};

function adjustmentName(kind: string): string {
  return ADJUSTMENTS[kind] ?? kind;
}
