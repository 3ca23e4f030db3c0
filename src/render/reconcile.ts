import { shortProfileId } from '../domain/ids.ts';
import type { Cents } from '../domain/money.ts';
import type { Sheet } from '../domain/sheet.ts';
import { countShown, moneyShown } from './amounts.ts';
import {
  drawnTable,
  type TableCell,
  type TableColumn,
  type TotalsRow,
  zeroCell,
} from './block-table.ts';
import { type Palette, paletteOf } from './palette.ts';
import { type RowView, rowViewsOf } from './row-view.ts';
import { belowAlike, labelCell, NARROW } from './seat-columns.ts';
import { visible } from './terminal.ts';
import { displayWidth, padded, truncate, wrapped } from './width.ts';

/** What the table for people shows, and how. */
export interface ReconcileTable {
  /** A row per seat that differs, in the order in which they are shown; maybe only the first of them. */
  readonly differing: Sheet;
  /** How many seats there are of each kind. */
  readonly counts: { readonly matching: number; readonly differing: number };
  /** Whether some seats are filtered out, so that the amounts are not of the whole month. */
  readonly isPartial: boolean;
  /** A row per step from our total to AWS's. */
  readonly bridge: Sheet;
  /** What Amazon Q charges users on top. */
  readonly amazonQ: Sheet;
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
 * each with the likely reason below it; then the bridge from our total to AWS's, and apart from
 * both what Amazon Q charges the same users. Lines are at most `width` columns wide, as `Grid` says.
 */
export function reconcileTable(table: ReconcileTable): string {
  const rows = table.differing.rows.map(rowViewsOf(table.differing));
  const view: View = { ...table, palette: paletteOf(table.color), rows };
  const lines = [...titleLines(view), '', ...seatLines(view), '', ...bridgeLines(view)];
  lines.push(...amazonQLines(view));
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
  return [...wrapped(title, width).map(palette.strong), ...wrapped(summary, width)];
}

function seatLines(view: View): string[] {
  const { rows, counts, palette, width } = view;
  if (counts.differing === 0) return [palette.good('Every seat matches.')];
  const alike = belowAlike(rows, labelsOf(view), { ...view, hasProfiles: width >= NARROW });
  const below = (row: RowView): string[] => [...alike(row), ...reasonLines(row, view)];
  const blocks = [{ rows, below }];
  const page = { blocks, total: totalRow(view) };
  const { pages, leftOut } = drawnTable(seatColumns(view), [page], { width, palette });
  return [...pages.flat(), ...leftOut];
}

const REASON_INDENT = 4;

function reasonLines({ cellOf }: RowView, { width, palette }: View): string[] {
  const reason = visible(cellOf('reason') as string);
  if (reason === '') return [];
  const room = width - REASON_INDENT;
  return wrapped(reason, room).map((line) => `${' '.repeat(REASON_INDENT)}${palette.faint(line)}`);
}

/** From this width on, each side's amount is split in two. */
const DETAIL_WIDTH = 110;

/** The amounts that are shown, by the sheet's columns that they add up. */
interface AmountColumn {
  readonly heading: string;
  readonly parts: readonly [string, ...string[]];
}

function amountColumns(width: number): AmountColumn[] {
  if (width < DETAIL_WIDTH) {
    return [
      { heading: 'Ours', parts: ['our_subscription', 'our_overage'] },
      { heading: 'AWS', parts: ['aws_subscription', 'aws_overage'] },
    ];
  }
  return [
    { heading: 'Our subscription', parts: ['our_subscription'] },
    { heading: "AWS's", parts: ['aws_subscription'] },
    { heading: 'Our overage', parts: ['our_overage'] },
    { heading: "AWS's", parts: ['aws_overage'] },
  ];
}

function partsOf(row: RowView, { parts }: AmountColumn): Cents {
  return parts.reduce((sum: Cents, part) => sum + moneyOf(row, part), 0n);
}

/** What is dropped first where a line is too narrow: ids beside names, the profile, then each side's amount. */
function seatColumns(view: View): TableColumn<RowView>[] {
  const { width, palette } = view;
  return [
    ...userColumns(palette),
    {
      name: 'profile_id',
      kind: 'name',
      heading: 'Profile',
      shrink: { comfort: 16, minimum: 6, drop: 2 },
      cell: ({ cellOf }) => ({
        text: profileLabel(cellOf('profile_id') as string, view.profileNames),
      }),
    },
    ...amountColumns(width).map((column) => amountTableColumn(column, view)),
    {
      name: 'difference',
      kind: 'figure',
      heading: 'Difference',
      cell: (row) => differenceCell(moneyOf(row, 'difference'), row.currency, palette),
      total: (row) => ({ text: signed(moneyOf(row, 'difference'), row.currency) }),
    },
    {
      name: 'verdict',
      kind: 'name',
      heading: 'Verdict',
      shrink: { comfort: 21, minimum: 8 },
      cell: ({ cellOf }) => verdictCell(cellOf('verdict') as string, palette),
    },
  ];
}

/** The name, or the id where there is none. */
function userLabel(userId: string, userName: string): string {
  return visible(userName).trim() || visible(userId);
}

function labelsOf({ rows, profileNames }: View): Parameters<typeof belowAlike>[1] {
  const names = new Map(
    rows.map(({ cellOf }) => [cellOf('user_id') as string, cellOf('user_name') as string]),
  );
  return {
    userLabel: (userId) => userLabel(userId, names.get(userId) ?? ''),
    profileLabel: (profileId) => profileLabel(profileId, profileNames),
    profilesAreDistinct: new Set(profileNames.values()).size === profileNames.size,
  };
}

/** Who a row is of: the name, and the id beside it where there is one. */
function userColumns(palette: Palette): TableColumn<RowView>[] {
  return [
    {
      name: 'user_name',
      kind: 'name',
      heading: 'User',
      shrink: { comfort: 18, minimum: 6 },
      cell: ({ cellOf }) => {
        const userId = cellOf('user_id') as string;
        return labelCell(userLabel(userId, cellOf('user_name') as string), userId);
      },
    },
    {
      name: 'user_id',
      kind: 'id',
      heading: 'User id',
      shrink: { comfort: 13, drop: 1 },
      cell: ({ cellOf }) => {
        const isNamed = visible(cellOf('user_name') as string).trim() !== '';
        return { text: isNamed ? visible(cellOf('user_id') as string) : '', paint: palette.faint };
      },
    },
  ];
}

function amountTableColumn(column: AmountColumn, { width, palette }: View): TableColumn<RowView> {
  const cell = (row: RowView): TableCell => amountCell(partsOf(row, column), row.currency, palette);
  return {
    name: column.parts[0],
    kind: 'figure',
    heading: column.heading,
    shrink: width < DETAIL_WIDTH ? { drop: 3 } : {},
    cell,
    total: cell,
  };
}

function profileLabel(profileId: string, names: View['profileNames']): string {
  return visible(names.get(profileId) ?? '').trim() || visible(shortProfileId(profileId));
}

function amountCell(amount: Cents, currency: string, palette: Palette): TableCell {
  if (amount === 0n) return zeroCell(palette);
  return { text: moneyShown(amount, currency) };
}

/** What AWS charges too much is an alarm; what it charges too little is not. */
function differenceCell(amount: Cents, currency: string, palette: Palette): TableCell {
  const paint = amount > 0n ? palette.alarm : palette.refund;
  return { text: signed(amount, currency), paint };
}

function signed(amount: Cents, currency: string): string {
  return `${amount > 0n ? '+' : ''}${moneyShown(amount, currency)}`;
}

function verdictCell(text: string, palette: Palette): TableCell {
  return { text, paint: text === 'amount differs' ? palette.overage : palette.alarm };
}

/** The sums of the rows shown: the sheet's own totals are of all seats. */
function totalRow({ rows, counts, differing: { currency } }: View): TotalsRow<RowView> {
  const isAll = rows.length === counts.differing;
  const sumOf = (name: string): Cents =>
    rows.reduce((all: Cents, row) => all + moneyOf(row, name), 0n);
  return {
    label: isAll ? differText(rows.length) : `${countShown(rows.length, 'seat')} shown`,
    totals: { cellOf: sumOf, currency },
  };
}

function differText(count: number): string {
  return `${countShown(count, 'seat')} ${count === 1 ? 'differs' : 'differ'}`;
}

/** A row per user who is also charged by Amazon Q; nothing where there are none. */
function amazonQLines({ amazonQ, palette, width }: View): string[] {
  if (amazonQ.rows.length === 0) return [];
  const rows = amazonQ.rows.map(rowViewsOf(amazonQ));
  const { currency } = amazonQ;
  const columns: TableColumn<RowView>[] = [
    ...userColumns(palette),
    {
      name: 'account_id',
      kind: 'id',
      heading: 'Account',
      shrink: { drop: 2 },
      cell: ({ cellOf }) => ({ text: visible(cellOf('account_id') as string) }),
    },
    {
      name: 'amount',
      kind: 'figure',
      heading: 'Amazon Q',
      cell: (row) => ({ text: moneyShown(moneyOf(row, 'amount'), currency) }),
      total: (row) => ({ text: moneyShown(moneyOf(row, 'amount'), currency) }),
    },
  ];
  const sum = rows.reduce((all: Cents, row) => all + moneyOf(row, 'amount'), 0n);
  const total = {
    label: `Total, ${countShown(rows.length, 'charge')}`,
    totals: { cellOf: () => sum, currency },
  };
  const { pages, leftOut } = drawnTable(columns, [{ blocks: [{ rows }], total }], {
    width,
    palette,
  });
  const heading = 'Charged under Amazon Q Developer, too, which is in no amount above';
  return ['', ...wrapped(heading, width).map(palette.strong), ...pages.flat(), ...leftOut];
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
  return { item, amount, label: stepLabel(item, detail, count ?? 0, monthText) };
}

/** What a step of the bridge from our total to AWS's is called; `detail` is that of its row. */
export function stepLabel(item: string, detail: string, count: number, month: string): string {
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
