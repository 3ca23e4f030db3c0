import type { Advice, SeatAdvice } from '../domain/advice.ts';
import type { MonthInvoice } from '../domain/invoice.ts';
import { type Cents, sumCents } from '../domain/money.ts';
import type { Tier } from '../domain/tier.ts';
import { dayText, type EpochDay, epochDayAt } from '../domain/usage-days.ts';
import { countShown, moneyShown, wholeCreditsShown } from './amounts.ts';
import { BLANK, type TableCell, type TableColumn, zeroCell } from './block-table.ts';
import {
  drawnSeats,
  moneyCell,
  type SeatGroup,
  type SeatTable,
  type SeatView,
  seatView,
} from './seat-columns.ts';
import { visible } from './terminal.ts';
import { chunksOfLines, truncate, wrapped } from './width.ts';

/** What the table for people shows, and how. */
interface OptimizeTable extends SeatTable {
  /** In the order in which they are shown. */
  readonly advices: readonly SeatAdvice[];
  /** All tiers that any of the seats could hold, from the lowest. */
  readonly tiers: readonly Tier[];
  /** An advice in words. */
  readonly detailOf: (advice: SeatAdvice) => string;
  /** The bill of the last month, which knows the names. */
  readonly invoice: MonthInvoice;
  /** How many months were added up. */
  readonly months: number;
  readonly overage: 'on' | 'off' | undefined;
}

type View = OptimizeTable & SeatView;

/** The sums of the seats shown. */
interface Totals {
  readonly monthlySaving: Cents;
  readonly idleCost: Cents;
}

type AdviceColumn = TableColumn<SeatAdvice, Totals>;

/**
 * The advice as a table: what each tier would cost side by side, the seats grouped by what
 * to do, idle ones first and the highest saving at the top, then the totals and the top
 * savings in words. A cost with `!` is of a tier that would have blocked some of the usage.
 */
export function optimizeTable(table: OptimizeTable): Iterable<string> {
  const view = seatView(table, table.invoice);
  return chunksOfLines(linesOf(view));
}

function titleLines({ month, currency, months, overage, palette, width }: View): string[] {
  const span = months === 1 ? month : `${months} months to ${month}`;
  const asked = overage === undefined ? '' : ` · as if overage were ${overage}`;
  const title = `Kiro tiers · ${span} · ${visible(currency)}${asked}`;
  const about = `What each seat would cost on each tier for ${months === 1 ? 'a full month' : `${months} full months`} with the usage it had, and what the best one saves per month.`;
  return [
    ...wrapped(title, width).map(palette.strong),
    ...wrapped(about, width).map((line) => palette.faint(line)),
  ];
}

function* linesOf(view: View): Generator<string> {
  const { month, advices, width } = view;
  yield* titleLines(view);
  if (advices.length === 0) {
    yield truncate(`No seats to show in ${month}.`, width);
    return;
  }
  const count = countShown(advices.length, 'seat');
  const shortLabel = view.isPartial ? 'Total shown' : 'Total';
  const totals = { monthlySaving: savingOf(advices), idleCost: idleCostOf(advices) };
  const total = { label: `${shortLabel}, ${count}`, shortLabel, totals };
  const groups = view.isArranged ? [{ rows: advices }] : adviceGroups(view);
  const drawn = drawnSeats(adviceColumns(view), groups, total, view);
  yield '';
  for (const lines of drawn.pages) yield* lines;
  yield* drawn.leftOut;
  yield* sumLines(view);
  if (drawn.shown.some(({ name }) => name === undefined)) yield* blockedNote(view);
  yield* topSavings(view);
}

const GROUPS: readonly (readonly [advice: Advice, heading: string])[] = [
  ['idle', 'Not used: unsubscribe'],
  ['downgrade', 'Downgrade: a lower tier costs less'],
  ['upgrade', 'Upgrade: a higher tier costs or blocks less'],
  ['keep', 'Keep'],
];

/** The seats by what to do, in each group the highest saving first, then the highest cost. */
function adviceGroups(view: View): SeatGroup<SeatAdvice>[] {
  return GROUPS.flatMap(([advice, heading]) => {
    const rows = view.advices.filter((one) => one.advice === advice).sort(bySaving);
    return rows.length === 0 ? [] : [{ heading: groupHeading(heading, rows, view), rows }];
  });
}

function bySaving(a: SeatAdvice, b: SeatAdvice): number {
  return Number(b.monthlySaving - a.monthlySaving || b.current.cost - a.current.cost);
}

function savingOf(advices: readonly SeatAdvice[]): Cents {
  return sumCents(advices.map(({ monthlySaving }) => monthlySaving));
}

function idleCostOf(advices: readonly SeatAdvice[]): Cents {
  return sumCents(advices.map(({ idle }) => idle?.cost ?? 0n));
}

function groupHeading(
  heading: string,
  rows: readonly SeatAdvice[],
  { currency, palette, width }: View,
): string[] {
  const seats = countShown(rows.length, 'seat');
  const saving = savingOf(rows);
  const sum = saving === 0n ? '' : `, ${savingText(saving, currency)}`;
  return wrapped(`${heading} (${seats}${sum})`, width).map(palette.strong);
}

function savingText(saving: Cents, currency: string): string {
  return saving < 0n
    ? `${moneyShown(-saving, currency)} more per month`
    : `saves ${moneyShown(saving, currency)} per month`;
}

/** After a cost: the tier would have blocked some of the usage. */
const BLOCKED_MARK = '!';

function adviceColumns(view: View): AdviceColumn[] {
  const { advices, currency } = view;
  return [
    {
      name: 'credits_used',
      kind: 'figure',
      heading: 'Credits',
      shrink: { drop: 1 },
      cell: ({ creditsUsed }) => ({ text: wholeCreditsShown(creditsUsed) }),
    },
    {
      name: 'tier',
      kind: 'name',
      heading: 'Now',
      shrink: { comfort: 12, minimum: 5 },
      cell: (advice) => ({ text: nowText(advice) }),
    },
    ...tierColumns(view),
    {
      name: 'recommended_tier',
      kind: 'name',
      heading: 'Best',
      shrink: { comfort: 11, minimum: 11 },
      cell: (advice) => bestCell(advice, view),
    },
    {
      name: 'monthly_saving',
      kind: 'figure',
      heading: 'Saves/month',
      cell: ({ monthlySaving }) => savingCell(monthlySaving, view),
      total: ({ monthlySaving }) => ({ text: moneyShown(monthlySaving, currency) }),
    },
    ...(advices.some(({ idle }) => idle) ? idleColumns(view) : []),
  ];
}

/** What each tier would have cost; where a line is too narrow, the dearest goes first. */
function tierColumns(view: View): AdviceColumn[] {
  const { tiers } = view;
  return tiers.map((tier, index) => ({
    kind: 'figure',
    heading: `${visible(tier)} `,
    shrink: { drop: 3 + tiers.length - index },
    cell: (advice) => tierCell(tier, advice, view),
  }));
}

/** Since when a seat is not used, and what it has cost since; whatever the advice. */
function idleColumns(view: View): AdviceColumn[] {
  const { palette, currency } = view;
  const costCell = (cost: Cents): TableCell => moneyCell(cost, currency, palette);
  return [
    {
      name: 'idle_since',
      kind: 'mark',
      heading: 'Idle since',
      shrink: { drop: 3 },
      cell: ({ idle }) =>
        idle === undefined ? BLANK : { text: dayText(idle.since), paint: palette.idle },
    },
    {
      name: 'idle_cost',
      kind: 'figure',
      heading: 'Cost since',
      shrink: { drop: 2 },
      cell: ({ idle }) => (idle === undefined ? BLANK : costCell(idle.cost)),
      total: ({ idleCost }) => costCell(idleCost),
    },
  ];
}

/** `Power → Pro`, where the seat holds another tier from next month on. */
function nowText({ current, next: { step } }: SeatAdvice): string {
  const tier = visible(current.tier);
  if (step?.tier === current.tier) return tier;
  return `${tier} → ${step === undefined ? 'none' : visible(step.tier)}`;
}

/** A cost: the best in green, one that blocks usage faint and marked. */
function tierCell(tier: Tier, { options, recommended }: SeatAdvice, view: View): TableCell {
  const { palette, currency } = view;
  const option = options.find((one) => one.tier === tier);
  if (option === undefined) return { ...zeroCell(palette), text: '– ' };
  const mark = option.isPossible ? ' ' : BLOCKED_MARK;
  const blocked = option.isPossible ? undefined : palette.faint;
  return {
    text: `${moneyShown(option.cost, currency)}${mark}`,
    paint: recommended?.tier === tier ? palette.good : blocked,
  };
}

function bestCell({ advice, next, recommended }: SeatAdvice, { palette }: View): TableCell {
  if (next.step === undefined) return { text: 'ends', paint: palette.faint };
  const tier = visible(recommended?.tier ?? '');
  switch (advice) {
    case 'idle':
      return { text: 'unsubscribe', paint: palette.idle };
    case 'downgrade':
      return { text: `↓ ${tier}`, paint: palette.good };
    case 'upgrade':
      return { text: `↑ ${tier}`, paint: palette.refund };
    case 'keep':
      return { text: `= ${tier}`, paint: palette.faint };
  }
}

function savingCell(saving: Cents, { currency, palette }: View): TableCell {
  if (saving === 0n) return zeroCell(palette);
  const text = moneyShown(saving, currency);
  return saving < 0n ? { text, paint: palette.refund } : { text, paint: palette.good };
}

/** The sums in words. */
function sumLines(view: View): string[] {
  const { width, month, currency, advices } = view;
  const best = sumCents(advices.map(({ recommended }) => recommended?.cost ?? 0n));
  const saving = sumCents(advices.map((advice) => advice.saving));
  const span = view.months === 1 ? month : `the ${view.months} months`;
  const sums = `On the tiers of next month the seats would have cost ${moneyShown(saving + best, currency)} for ${span}, on the best ones ${moneyShown(best, currency)}.`;
  return [...wrapped(sums, width), ...wrapped(idleText(view), width)];
}

/** What the mark means, where there is one. */
function blockedNote({ advices, palette, width }: View): string[] {
  const isBlocking = advices.some(({ options }) => options.some(({ isPossible }) => !isPossible));
  if (!isBlocking) return [];
  const note = `${BLOCKED_MARK} the tier would have blocked some of the usage`;
  return wrapped(note, width).map((line) => palette.faint(line));
}

/** `2 paid seats were not used: $40.00 per month, and $60.00 since they were last used.` */
function idleText(view: View): string {
  const { advices, currency } = view;
  const idle = advices.filter(({ advice }) => advice === 'idle');
  if (idle.length === 0) return '';
  const seats = `${countShown(idle.length, 'paid seat')} ${idle.length === 1 ? 'was' : 'were'}`;
  const since = idleCostOf(idle);
  const soFar = since === 0n ? '' : `, and ${moneyShown(since, currency)} since the last use`;
  return `${seats} not used: ${moneyShown(savingOf(idle), currency)} per month${soFar}.`;
}

/** A seat that is idle in the month may have been used after it. */
function idleSentence(since: EpochDay, { period }: MonthInvoice): string {
  return since > epochDayAt(period.end)
    ? `Used later, last on ${dayText(since - 1)}.`
    : `Not used since ${dayText(since)}.`;
}

const TOP_SAVINGS = 5;

/** The seats that save most, each with its advice in words. */
function topSavings(view: View): string[] {
  const { advices, currency, labels, palette, width } = view;
  const best = advices
    .filter(({ monthlySaving }) => monthlySaving > 0n)
    .sort((a, b) => Number(b.monthlySaving - a.monthlySaving))
    .slice(0, TOP_SAVINGS);
  if (best.length === 0) return [];
  const amounts = best.map(({ monthlySaving }) => moneyShown(monthlySaving, currency));
  const indent = Math.max(...amounts.map(({ length }) => length)) + 2;
  return [
    '',
    palette.strong('Top savings per month'),
    ...best.flatMap((advice, index) => {
      const { profile, userId } = advice.seat;
      const who = `${labels.userLabel(userId)}, ${labels.profileLabel(profile.profileId)}`;
      const { idle } = advice;
      const since = idle === undefined ? '' : ` ${idleSentence(idle.since, view.invoice)}`;
      const text = `${who}: ${visible(view.detailOf(advice))}${since}`;
      return wrapped(text, Math.max(20, width - indent)).map((line, at) => {
        const start = (at === 0 ? (amounts[index] ?? '') : '').padStart(indent - 2);
        return `${at === 0 ? palette.good(start) : start}  ${line}`;
      });
    }),
  ];
}
