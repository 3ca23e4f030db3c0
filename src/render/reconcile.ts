import { type Cents, sumCents } from '../domain/money.ts';
import type {
  AmazonQRow,
  BillStep,
  BothSides,
  ReconciledSeat,
  SeatComparison,
  Verdict,
} from '../domain/reconciliation.ts';
import type { SheetMonth } from '../domain/sheet.ts';
import { countShown, moneyShown } from './amounts.ts';
import {
  drawnPage,
  figureColumn,
  type TableCell,
  type TableColumn,
  type TotalsRow,
} from './block-table.ts';
import { type Labels, labelOf, labelsOf } from './labels.ts';
import { type Look, type Paint, type Palette, paletteOf } from './palette.ts';
import { belowAlike, labelCell, moneyCell, NARROW, teamCell } from './seat-columns.ts';
import { visible } from './terminal.ts';
import { displayWidth, padded, textOfLines, truncate, wrapped } from './width.ts';

/** What the table for people shows, and how. */
interface ReconcileTable extends Look {
  readonly month: SheetMonth;
  /** The seats that differ, in the order in which they are shown; maybe only the first of them. */
  readonly seats: readonly ReconciledSeat[];
  /** All seats that were compared, and how many of them differ. */
  readonly compared: readonly SeatComparison[];
  readonly differing: number;
  /** Whether some seats are filtered out, so that the amounts are not of the whole month. */
  readonly isPartial: boolean;
  /** The steps from our total to AWS's. */
  readonly bridge: readonly BillStep[];
  /** What Amazon Q charges users on top. */
  readonly amazonQ: readonly AmazonQRow[];
  /** How far apart two amounts may be and still match: `0.01`. */
  readonly tolerance: string;
}

interface View extends ReconcileTable {
  readonly palette: Palette;
  readonly labels: Labels;
}

/**
 * The reconciliation for people, every line ending in LF: first the seats that differ,
 * each with the likely reason below it; then the bridge from our total to AWS's, and apart from
 * both what Amazon Q charges the same users. Lines are at most `width` columns wide, as
 * `drawnTable` says.
 */
export function reconcileTable(table: ReconcileTable): string {
  const view = { ...table, palette: paletteOf(table.color), labels: labelsOf(table.compared) };
  return textOfLines([
    ...titleLines(view),
    '',
    ...(view.differing === 0 ? [] : [...seatLines(view), '']),
    ...bridgeLines(view),
    ...amazonQLines(view),
  ]);
}

function titleLines(view: View): string[] {
  const { month, compared, differing, palette, width, tolerance, isPartial } = view;
  const part = isPartial ? ' · seats shown only' : '';
  const title = `Kiro reconciliation · ${month.month} · ${visible(month.currency)} · AWS's bill against our invoice${part}`;
  const within = tolerance === '0' ? 'to the cent' : `within ${tolerance}`;
  const matching = compared.length - differing;
  const matches = `${countShown(matching, 'seat')} ${matching === 1 ? 'matches' : 'match'} ${within}`;
  const summary =
    differing > 0
      ? wrapped(`${matches}, ${differText(differing)}.`, width)
      : wrapped(`${matching > 1 ? 'All ' : ''}${matches}.`, width).map(palette.good);
  return [...wrapped(title, width).map(palette.strong), ...summary];
}

function seatLines(view: View): string[] {
  const { seats, palette, width, labels } = view;
  if (seats.length === 0) return ['No seats to show.'];
  const alike = belowAlike(seats, labels, { ...view, hasProfiles: width >= NARROW });
  const below = (seat: ReconciledSeat): string[] => [
    ...alike.below(seat),
    ...reasonLines(seat, view),
  ];
  const blocks = [{ rows: seats, below }];
  return drawnPage(seatColumns(view), { blocks, total: totalRow(view) }, { width, palette });
}

const REASON_INDENT = 4;

function reasonLines(seat: ReconciledSeat, { width, palette }: View): string[] {
  const reason = visible(seat.reason);
  if (reason === '') return [];
  const room = width - REASON_INDENT;
  return wrapped(reason, room).map((line) => `${' '.repeat(REASON_INDENT)}${palette.faint(line)}`);
}

/** From this width on, each side's amount is split in two. */
const DETAIL_WIDTH = 110;

type SeatColumn = TableColumn<ReconciledSeat, BothSides>;

/** What is dropped first where a line is too narrow: ids beside names, the profile, then each side's amount. */
function seatColumns({ month: { currency }, labels, width, palette }: View): SeatColumn[] {
  return [
    ...userColumns(palette),
    {
      name: 'profile_id',
      kind: 'name',
      heading: 'Profile',
      shrink: { comfort: 16, minimum: 6, drop: 2 },
      cell: ({ profile }) => teamCell(labels.profileLabel(profile.profileId)),
    },
    ...amountColumns(width < DETAIL_WIDTH, currency, palette),
    {
      name: 'difference',
      kind: 'figure',
      heading: 'Difference',
      cell: ({ difference }) => differenceCell(difference, currency, palette),
      total: ({ difference }) => ({ text: signed(difference, currency) }),
    },
    {
      name: 'verdict',
      kind: 'name',
      heading: 'Verdict',
      shrink: { comfort: 21, minimum: 8 },
      cell: ({ verdict }) => verdictCell(verdict, palette),
    },
  ];
}

/** The amounts, each named by the first column of the CSV that it is from. */
function amountColumns(isNarrow: boolean, currency: string, palette: Palette): SeatColumn[] {
  const amounts = (name: string, heading: string, of: (sides: BothSides) => Cents): SeatColumn =>
    figureColumn(name, heading, isNarrow ? 3 : undefined, (sides: BothSides) =>
      moneyCell(of(sides), currency, palette),
    );
  if (isNarrow) {
    return [
      amounts('our_subscription', 'Ours', (of) => of.ourSubscription + of.ourOverage),
      amounts('aws_subscription', 'AWS', (of) => of.awsSubscription + of.awsOverage),
    ];
  }
  return [
    amounts('our_subscription', 'Our subscription', (of) => of.ourSubscription),
    amounts('aws_subscription', "AWS's", (of) => of.awsSubscription),
    amounts('our_overage', 'Our overage', (of) => of.ourOverage),
    amounts('aws_overage', "AWS's", (of) => of.awsOverage),
  ];
}

type UserRow = Pick<ReconciledSeat, 'userId' | 'userName'>;

/** Who a row is of: the name, and the id beside it where there is one. */
function userColumns(palette: Palette): TableColumn<UserRow, unknown>[] {
  const label = ({ userId, userName }: UserRow): string => labelOf(userId, userName);
  return [
    {
      name: 'user_name',
      kind: 'name',
      heading: 'User',
      shrink: { comfort: 18, minimum: 6 },
      cell: (row) => labelCell(label(row), row.userId),
    },
    {
      name: 'user_id',
      kind: 'id',
      heading: 'User id',
      shrink: { comfort: 13, drop: 1 },
      cell: (row) => {
        const id = visible(row.userId);
        return { text: label(row) === id ? '' : id, paint: palette.faint };
      },
    },
  ];
}

/** What AWS charges too much is an alarm; what it charges too little is not. */
function differenceCell(amount: Cents, currency: string, palette: Palette): TableCell {
  const paint = amount > 0n ? palette.alarm : palette.refund;
  return { text: signed(amount, currency), paint };
}

function signed(amount: Cents, currency: string): string {
  return `${amount > 0n ? '+' : ''}${moneyShown(amount, currency)}`;
}

function verdictCell(text: Verdict, palette: Palette): TableCell {
  return { text, paint: text === 'amount differs' ? palette.overage : palette.alarm };
}

/** The sums of the seats shown. */
function totalRow({ seats, differing }: View): TotalsRow<BothSides> {
  const sumOf = (name: keyof BothSides): Cents => sumCents(seats.map((seat) => seat[name]));
  return {
    label:
      seats.length === differing
        ? differText(differing)
        : `${countShown(seats.length, 'seat')} shown`,
    totals: {
      ourSubscription: sumOf('ourSubscription'),
      awsSubscription: sumOf('awsSubscription'),
      ourOverage: sumOf('ourOverage'),
      awsOverage: sumOf('awsOverage'),
      difference: sumOf('difference'),
    },
  };
}

function differText(count: number): string {
  return `${countShown(count, 'seat')} ${count === 1 ? 'differs' : 'differ'}`;
}

/** A row per user who is also charged by Amazon Q; nothing where there are none. */
function amazonQLines({ amazonQ, month: { currency }, palette, width }: View): string[] {
  if (amazonQ.length === 0) return [];
  const columns: TableColumn<AmazonQRow, Pick<AmazonQRow, 'amount'>>[] = [
    ...userColumns(palette),
    {
      name: 'account_id',
      kind: 'id',
      heading: 'Account',
      shrink: { drop: 2 },
      cell: ({ accountId }) => ({ text: visible(accountId) }),
    },
    figureColumn('amount', 'Amazon Q', undefined, ({ amount }: Pick<AmazonQRow, 'amount'>) => ({
      text: moneyShown(amount, currency),
    })),
  ];
  const total = {
    label: `Total, ${countShown(amazonQ.length, 'charge')}`,
    totals: { amount: sumCents(amazonQ.map(({ amount }) => amount)) },
  };
  const heading = 'Charged under Amazon Q Developer, too, which is in no amount above';
  return [
    '',
    ...wrapped(heading, width).map(palette.strong),
    ...drawnPage(columns, { blocks: [{ rows: amazonQ }], total }, { width, palette }),
  ];
}

const SUMS: ReadonlySet<BillStep['item']> = new Set(['our_total', 'aws_total']);

function bridgeLines({ bridge, month, isPartial, palette, width }: View): string[] {
  const { currency } = month;
  const monthText = isPartial ? `${month.month} (seats shown)` : month.month;
  const steps = bridge.map((step) => {
    const { item, detail = '', amount } = step;
    const text = SUMS.has(item) ? moneyShown(amount, currency) : signed(amount, currency);
    return { step, label: stepLabel({ ...step, detail: visible(detail) }, monthText), text };
  });
  const amountWidth = Math.max(...steps.map(({ text }) => displayWidth(text)));
  const widest = Math.max(...steps.map(({ label }) => displayWidth(label)));
  const labelWidth = Math.max(8, Math.min(widest, width - amountWidth - GAP));
  const rule = palette.faint('─'.repeat(labelWidth + GAP + amountWidth));
  return [
    palette.strong(truncate("From our invoice to AWS's bill", width)),
    ...steps.flatMap(({ step, label, text }) => {
      const [first = '', ...rest] = wrapped(label, labelWidth);
      // The amount is beside the first line of a long label.
      const line = `${padded(first, labelWidth + GAP)}${padded(text, amountWidth, 'right')}`;
      const lines = [line, ...rest.map((part) => `  ${part}`)];
      return [...(step.item === 'aws_total' ? [rule] : []), ...lines.map(stepPaint(step, palette))];
    }),
  ];
}

const GAP = 2;

function stepPaint({ item, amount }: BillStep, { strong, alarm }: Palette): Paint {
  if (SUMS.has(item)) return strong;
  const isAlarm = item === 'unknown' || (item === 'unexplained' && amount !== 0n);
  return isAlarm ? alarm : (text) => text;
}

/** What a step of the bridge from our total to AWS's is called. */
export function stepLabel({ item, detail = '', rows: count = 0 }: BillStep, month: string): string {
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
    case 'unexplained':
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
