import { shortInstantText } from '../../domain/instant.ts';
import type { SeatInvoice, TierStep } from '../../domain/invoice.ts';
import { creditsShown, priceShown } from '../amounts.ts';
import { visible } from '../terminal.ts';
import { type Section, type Story, sourceName } from './section.ts';

/** What becomes of the seat in the next month (H1, H3, H4, S1, S2, S4). */
export function nextSection(story: Story): Section {
  const { next } = story;
  return { title: `Next month, ${next.month}`, items: [{ text: nextText(story) }] };
}

function nextText(story: Story): string {
  const { seat, next } = story;
  if (next.step !== undefined) {
    return `${heldThrough(next.step, story)}${changeTo(next.step.tier, seat)}${nextPrice(story)} (H4, S1).`;
  }
  if (next.later !== undefined) return laterText(next.later, story);
  if (next.pending) return 'Still not charged, as long as the seat is not activated (H3).';
  return seat.terms === undefined
    ? 'No seat either, from the subscriptions known now (H1).'
    : 'The seat ends: no tier is held at the first instant, and nothing is charged from the subscriptions known now (H4, S4).';
}

/** A new seat that starts inside the next month. */
function laterText(step: TierStep, story: Story): string {
  const { seat } = story;
  const held = heldThrough(step, story);
  const at = shortInstantText(step.at);
  if (seat.terms !== undefined) {
    return `The seat ends (H4, S4), and begins again at ${at}: ${held}, as a new seat of that month (S2).`;
  }
  const rules = step.at === seat.activatedAt ? 'H3, S2' : 'S2';
  return `${held} from ${at}, as a new seat of that month (${rules}).`;
}

function heldThrough({ tier, source }: TierStep, story: Story): string {
  return `${visible(tier)} through ${sourceName(source, story)}`;
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
