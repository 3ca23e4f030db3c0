import type { BillingPeriod } from '../domain/billing-period.ts';
import type { ChargeLine } from '../domain/charge-line.ts';
import { compare, isPositive } from '../domain/decimal.ts';
import { type Instant, instantText } from '../domain/instant.ts';
import type {
  NextMonth,
  OverageStretch,
  SeatInvoice,
  Selection,
  Source,
  TierStep,
} from '../domain/invoice.ts';
import type { RateEdition } from '../domain/rate-card.ts';
import { creditsShown, moneyShown, priceShown } from './amounts.ts';
import { type Paint, type Palette, paletteOf } from './palette.ts';
import { visible } from './terminal.ts';
import { usageBar, usageOf } from './usage-bar.ts';
import { padded, truncate, wrapped } from './width.ts';

/** One seat in one month, or one user's usage without a seat, with all that its bill came from. */
export interface Story {
  readonly period: BillingPeriod;
  readonly edition: RateEdition;
  readonly seat: SeatInvoice;
  /** Names of groups by id. */
  readonly groupNames: ReadonlyMap<string, string>;
  readonly next: NextMonth;
}

export interface StoryLook {
  /** Lines are at most this wide. */
  readonly width: number;
  readonly color: boolean;
}

/**
 * The story of one seat in one month, for people, ending in LF: who, where the seat comes
 * from, the tier held, the credits, each charge with its arithmetic, and what comes next;
 * every statement with its rule. All figures are the engine's.
 */
export function explainText(story: Story, { width, color }: StoryLook): string {
  const palette = paletteOf(color);
  const sections: readonly Section[] = [
    sourcesSection(story),
    tierSection(story),
    creditsSection(story),
    chargesSection(story),
    nextSection(story),
  ];
  const lines = [
    ...heading(story, width, palette),
    ...sections.flatMap((section) => sectionLines(section, width, palette)),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

interface Section {
  readonly title: string;
  readonly items: readonly Item[];
}

/** A statement, with what stands before it in a column of its own: a date or a name. */
interface Item {
  readonly label?: string;
  readonly text: string;
  /** Belongs to the item above it. */
  readonly isNested?: boolean;
  /** A sentence below that says the same in words. */
  readonly note?: string;
  readonly look?: keyof Palette;
}

function heading({ seat, period, edition }: Story, width: number, palette: Palette): string[] {
  const { profile, userId, costCenter } = seat;
  const title = `${named(seat.userName, userId)} · ${named(profile.name, profile.profileId)} · ${period.month}`;
  const facts = [
    profile.accountId === '' ? '' : `account ${visible(profile.accountId)}`,
    visible(profile.region),
    costCenter === '' ? '' : `cost center ${visible(costCenter)}`,
    `rates of ${edition.from} in ${visible(edition.currency)} (M3, M4)`,
  ];
  const line = facts.filter((fact) => fact !== '').join(', ');
  return [
    ...wrapped(title, width).map(palette.strong),
    ...wrapped(line, width).map((text) => withRules(text, palette)),
  ];
}

/** `Alice Adams (8f3c…)`, or the id of what has no name. */
function named(name: string, id: string): string {
  const shown = visible(name).trim();
  return shown === '' || shown === id ? visible(id) : `${shown} (${visible(id)})`;
}

const INDENT = '  ';
const LABEL_GAP = '  ';

function sectionLines({ title, items }: Section, width: number, palette: Palette): string[] {
  if (items.length === 0) return [];
  const labelWidth = Math.max(...items.map(({ label }) => label?.length ?? 0));
  return [
    '',
    palette.strong(truncate(title, width)),
    ...items.flatMap((item) => itemLines(item, labelWidth, width, palette)),
  ];
}

function itemLines(item: Item, labelWidth: number, width: number, palette: Palette): string[] {
  const isLabeled = item.label !== undefined;
  const label = isLabeled ? `${padded(item.label ?? '', labelWidth)}${LABEL_GAP}` : '';
  const start = `${INDENT}${item.isNested ? '- ' : ''}${label}`;
  const room = Math.max(MINIMUM_ROOM, width - start.length);
  const paint: Paint = item.look === undefined ? (text) => text : palette[item.look];
  const statement = wrapped(item.text, room).map((text) => withRules(paint(text), palette));
  const note = wrapped(item.note ?? '', room).map((text) => palette.faint(text));
  return [...statement, ...note].map(
    (text, index) => `${index === 0 ? start : ' '.repeat(start.length)}${text}`,
  );
}

const MINIMUM_ROOM = 12;

/** Sets the ids of rules off by color. */
function withRules(text: string, palette: Palette): string {
  return text.replace(/\((?:[HSOM]\d(?:, )?)+\)/g, (rules) => palette.rule(rules));
}

/** Midnight as a date, any other instant in full. */
function when(at: Instant): string {
  return instantText(at).replace(/T00:00:00Z$/, '');
}

// Sources: H1, H2, H3

function sourcesSection(story: Story): Section {
  const { seat } = story;
  const items = seat.sources.flatMap((source) => sourceItems(source, story));
  if (items.length === 0) {
    items.push({
      text: 'None: no subscription of the user, nor of a group of theirs, is alive in this profile in the month (H1).',
    });
  }
  return { title: 'Where the seat comes from', items: [...items, ...activationItems(story)] };
}

function sourceItems(source: Source, story: Story): Item[] {
  const { subscription, membership } = source;
  const { tier, subscribedAt, unsubscribedAt } = subscription;
  const ends = unsubscribedAt === undefined ? '' : ` until ${when(unsubscribedAt)}`;
  const text = `${capitalized(sourceName(source, story))}: ${visible(tier)}, subscribed from ${when(subscribedAt)}${ends}${stay(membership)} (H1).`;
  return [{ text }, ...changeItems(source), ...endItems(source, story)];
}

function stay(membership: Source['membership']): string {
  if (membership === undefined) return '';
  const { joinedAt, leftAt } = membership;
  const joined = joinedAt === undefined ? 'since ever' : `from ${when(joinedAt)}`;
  return `; a member ${joined}${leftAt === undefined ? '' : ` until ${when(leftAt)}`}`;
}

/** The tier changes that the source lives through, up to the month's end. */
function changeItems({ subscription, from, until }: Source): Item[] {
  return subscription.tierChanges
    .filter(({ changedAt }) => changedAt >= from && (until === undefined || changedAt < until))
    .map(({ changedAt, tier }) => ({
      isNested: true,
      text: `changed to ${visible(tier)} at ${when(changedAt)} (H2)`,
    }));
}

function endItems({ until }: Source, { period }: Story): Item[] {
  if (until === undefined || until <= period.start || until >= period.end) return [];
  return [
    {
      isNested: true,
      text: `ends at ${when(until)}: what was held by then stays paid and usable to the end of the month (H4, S4)`,
    },
  ];
}

function activationItems({ seat, period }: Story): Item[] {
  const { activatedAt, sources } = seat;
  if (activatedAt === undefined || sources.length === 0) return [];
  if (activatedAt === 'never') return [{ text: 'Never activated (H3).' }];
  const late = activatedAt >= period.end ? ', after this month' : '';
  return [{ text: `Activated at ${when(activatedAt)}${late} (H3).` }];
}

/** `the user's own subscription` or `group Platform (g-1)`. */
function sourceName({ subscription }: Source, { groupNames }: Story): string {
  const { principalType, principalId } = subscription;
  if (principalType === 'user') return "the user's own subscription";
  return `group ${named(groupNames.get(principalId) ?? '', principalId)}`;
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

// The held tier: H3, H4, O6

function tierSection(story: Story): Section {
  const { seat } = story;
  const title = 'Tier held';
  if (seat.pending) {
    return {
      title,
      items: [
        {
          text: 'Pending: subscribed, but not active meanwhile, so no tier is held and nothing is charged (H3).',
        },
      ],
    };
  }
  if (seat.steps.length === 0) {
    return { title, items: [{ text: 'None: the user has no seat in this month (O6).' }] };
  }
  const items = seat.steps.map((step, index) => stepItem(step, seat.steps[index - 1], story));
  return { title, items: [...items, ...unheldItems(story)] };
}

function stepItem(step: TierStep, before: TierStep | undefined, story: Story): Item {
  const through = `through ${sourceName(step.source, story)}`;
  const tier = visible(step.tier);
  const label = when(step.at);
  if (before !== undefined) {
    const text = `${tier} ${through}: higher than ${visible(before.tier)}, so it counts at once (H4).`;
    return { label, text };
  }
  if (step.at === story.period.start) {
    return { label, text: `${tier} ${through}, held at the month's first instant (H4).` };
  }
  const why =
    step.at === story.seat.activatedAt
      ? 'the seat counts from its activation (H3, H4)'
      : 'the first tier that the seat holds in the month (H4)';
  return { label, text: `${tier} ${through}: ${why}.` };
}

/** What the sources select beside the steps: it counts, but raises nothing. Rule H4. */
function unheldItems(story: Story): Item[] {
  const { selections, steps } = story.seat;
  return selections
    .filter((selection) => !isStep(selection, steps))
    .map((selection) => ({ text: unheldText(selection, story) }));
}

function isStep({ at, tier, source }: Selection, steps: readonly TierStep[]): boolean {
  return steps.some((step) => step.source === source && step.at === at && step.tier === tier);
}

function unheldText({ at, tier, source }: Selection, story: Story): string {
  const held = story.seat.steps.findLast((step) => step.at <= at)?.tier ?? '';
  const through = `${visible(tier)} through ${sourceName(source, story)}`;
  const since = at > story.period.start ? ` from ${when(at)}` : '';
  if (tier === held) {
    return `${through}${since} counts too, but the tier is held once and charged once (H4).`;
  }
  const isChange = source.subscription.tierChanges.some(({ changedAt }) => changedAt === at);
  if (isChange && since !== '') {
    return `${through}${since} is lower than ${visible(held)}, which stays to the end of the month (H4, S4).`;
  }
  return `${through}${since} counts too, but ${visible(held)} is higher (H4).`;
}

// Credits: O1-O6

function creditsSection({ seat }: Story): Section {
  const title = 'Credits';
  const items: Item[] = [{ label: 'used', text: usedText(seat) }];
  if (seat.terms !== undefined) {
    items.push({
      label: 'allowance',
      text: `${creditsShown(seat.allowanceCredits, 0)} of ${visible(seat.terms.tier)}, the highest tier held, for the whole month (O1)`,
    });
  }
  if (seat.terms !== undefined && seat.usageRows > 0) items.push(...overageItems(seat));
  items.push(...unbilledItems(seat));
  return { title, items };
}

const BAR_CELLS = 12;

function usedText({ usageRows, creditsUsed, allowanceCredits }: SeatInvoice): string {
  if (usageRows === 0) return 'none';
  const requests = usageRows === 1 ? '1 row of usage' : `${usageRows} rows of usage`;
  const usage = usageOf(creditsUsed, allowanceCredits);
  const bar = usage === undefined ? '' : ` ${usageBar(usage, BAR_CELLS)}`;
  return `${creditsShown(creditsUsed)} in ${requests}${bar}`;
}

function overageItems(seat: SeatInvoice): Item[] {
  const { stretches, capCredits, overageCredits } = seat;
  const items: Item[] = stretches.map((stretch) => ({
    label: 'overage',
    text: stretchText(stretch),
  }));
  if (capCredits !== undefined) {
    const reached = compare(overageCredits, capCredits) >= 0 ? 'reached' : 'not reached';
    items.push({
      label: 'cap',
      text: `${creditsShown(capCredits, 0)} overage credits, in force at the month's end: ${reached} (O3)`,
    });
  }
  if (isPositive(overageCredits)) {
    items.push({
      label: 'charged',
      text: `${creditsShown(overageCredits)} overage credits (O2${capCredits === undefined ? '' : ', O3'})`,
      look: 'overage',
    });
  }
  return items;
}

function stretchText({ from, to, on, usedBefore, usedAfter, overageCredits }: OverageStretch) {
  const state = `${on ? 'on' : 'off'} from ${when(from)} to ${when(to)}`;
  const used = `credits used rise from ${creditsShown(usedBefore)} to ${creditsShown(usedAfter)}`;
  const beyond = isPositive(overageCredits)
    ? `, ${creditsShown(overageCredits)} of it beyond the allowance`
    : on
      ? ', none of it beyond the allowance'
      : ', none of it overage';
  return `${state}: ${used}${beyond} (O2)`;
}

function unbilledItems({ unbilledCredits, terms }: SeatInvoice): Item[] {
  if (!isPositive(unbilledCredits)) return [];
  const credits = creditsShown(unbilledCredits);
  const why =
    terms === undefined
      ? 'no tier is held, so there is no allowance and no charge (O6)'
      : 'used beyond the allowance, but neither included nor charged: the vendor would have blocked them (O5)';
  return [{ label: 'unbilled', text: `${credits}: ${why}`, look: 'alarm' }];
}

// Charges: S1-S4, O4, M2

function chargesSection(story: Story): Section {
  const { seat, edition } = story;
  const title = 'Charges';
  if (seat.lines.length === 0) return { title, items: [{ text: 'None.' }] };
  const lines = seat.lines.map((line, index) => chargeItem(line, seat.lines[index - 1], story));
  const total = `${moneyShown(seat.totalCharge, edition.currency)}${parts(story)}`;
  return {
    title,
    items: [...lines, { label: 'total', text: total, look: 'strong', note: ROUNDED }],
  };
}

const ROUNDED = 'Each line is rounded once, to the cent, half away from zero (M2).';

/** What the total is made of, where it has two parts. */
function parts({ seat, edition }: Story): string {
  if (seat.overageCharge === 0n) return '';
  const { currency } = edition;
  return ` = ${moneyShown(seat.subscriptionCharge, currency)} subscription + ${moneyShown(seat.overageCharge, currency)} overage`;
}

function chargeItem(line: ChargeLine, before: ChargeLine | undefined, story: Story): Item {
  const { currency } = story.edition;
  const amount = moneyShown(line.amount, currency);
  const label = line.date;
  const price = priceShown(line.unitPrice, currency);
  if (line.quantity.unit === 'credits') {
    const text = `${creditsShown(line.quantity.credits)} x ${price} = ${amount}  (${line.rule})`;
    return {
      label,
      text,
      look: 'overage',
      note: `Overage credits x the rate of ${visible(line.tier)}.`,
    };
  }
  const { sign, days, daysInMonth } = line.quantity;
  const minus = sign < 0 ? '-' : '';
  const share = days === daysInMonth ? '1' : `${days}/${daysInMonth}`;
  const text = `${minus}${price} x ${share} = ${amount}  (${line.rule})`;
  const note = subscriptionNote(line, before, story);
  return { label, text, note, ...(sign < 0 ? { look: 'refund' as const } : {}) };
}

function subscriptionNote(line: ChargeLine, before: ChargeLine | undefined, story: Story): string {
  const tier = visible(line.tier);
  if (line.lineType === 'refund') {
    return `Refund: takes back, to the cent, the ${tier} charge of ${before?.date ?? line.date}.`;
  }
  if (line.rule === 'S1') return `${tier} is held at the month's first instant: charged in full.`;
  if (line.rule === 'S3') return `Upgrade: ${tier} is charged in full, whatever the day.`;
  const { quantity } = line;
  if (story.edition.firstMonth === 'full') {
    return `New seat: the rate card charges the first month of ${tier} in full.`;
  }
  const days = quantity.unit === 'month' ? `${quantity.days} of ${quantity.daysInMonth}` : '';
  return `New seat: ${tier} for the ${days} days from ${line.date} to ${story.period.lastDate}, both included.`;
}

// The next month: H3, H4, S1, S4

function nextSection(story: Story): Section {
  const { next } = story;
  return { title: `Next month, ${next.month}`, items: [{ text: nextText(story) }] };
}

function nextText(story: Story): string {
  const { seat, next } = story;
  if (next.step === undefined) return withoutNext(seat);
  const tier = visible(next.step.tier);
  const through = sourceName(next.step.source, story);
  return `${tier} through ${through}${changeTo(next.step.tier, seat)}${nextPrice(story)} (H4, S1).`;
}

function withoutNext({ terms, pending, sources }: SeatInvoice): string {
  if (terms !== undefined) {
    return 'The seat ends: no tier is held at the first instant, and nothing is charged from the subscriptions known now (H4, S4).';
  }
  if (pending) return 'Still not charged, as long as the seat is not activated (H3).';
  return sources.length === 0
    ? 'No seat either, from the subscriptions known now (H1).'
    : 'No tier is held at the first instant (H4).';
}

function changeTo(tier: string, { terms }: SeatInvoice): string {
  if (terms === undefined) return ', held from the first instant';
  if (terms.tier === tier) return ' goes on';
  return ` takes the place of ${visible(terms.tier)}`;
}

function nextPrice({ next, edition }: Story): string {
  if (next.terms === undefined) return '';
  const price = priceShown(next.terms.price, next.currency ?? edition.currency);
  return `: ${price}, and a new allowance of ${creditsShown(next.terms.credits, 0)} credits; unused ones do not roll over`;
}
